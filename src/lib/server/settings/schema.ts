import { sql } from 'drizzle-orm';
import { check, index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';
import { date, id, instant, json } from '../db/columns.ts';

/** One row for each version of each setting; the newest in force counts. Never updated. */
export const setting = sqliteTable(
  'setting',
  {
    id: id(),
    key: text('key').notNull(),
    version: integer('version').notNull(),
    value: json<unknown>('value').notNull(),
    /** Where the value comes from: a decree, a letter, "kebijakan Dinas". */
    source: text('source').notNull(),
    inForceFrom: date('in_force_from').notNull(),
    setBy: text('set_by').notNull(),
    setAt: instant('set_at').notNull(),
  },
  (t) => [check('setting_version', sql`${t.version} >= 1`), uniqueIndex('setting_by_key_version').on(t.key, t.version)],
);

/** Last number given in a series and year; numbers are allotted inside the transaction that uses them. */
export const numberSeries = sqliteTable(
  'number_series',
  { series: text('series').notNull(), year: integer('year').notNull(), last: integer('last').notNull() },
  (t) => [check('number_series_last', sql`${t.last} >= 0`), primaryKey({ columns: [t.series, t.year] })],
);

export const holiday = sqliteTable(
  'holiday',
  {
    date: date('date').primaryKey(),
    name: text('name').notNull(),
    source: text('source').notNull(),
    enteredAt: instant('entered_at').notNull(),
  },
  (t) => [index('holiday_by_date').on(t.date)],
);
