// Typed, versioned settings with source and date in force; the number series; holidays. A change is a new version,
// never an edit, so that a report of last year can be explained by the settings of last year.
import { and, desc, eq, gte, lte, sql } from 'drizzle-orm';
import type * as v from 'valibot';
import * as audit from '../audit/index.ts';
import { wibDate, wibYear } from '../calendar.ts';
import { transact, type Context } from '../context.ts';
import { ready } from '../db/bulk.ts';
import { newId, type Db } from '../db/index.ts';
import { accept } from '../errors.ts';
import { demand } from '../permission.ts';
import { definitions, type SettingKey, type SettingValue } from './definitions.ts';
import { holiday, numberSeries, setting } from './schema.ts';

export { definitions, type SettingKey, type SettingValue } from './definitions.ts';

/** The value in force today, or the default that ships with Siaga. */
export function get<K extends SettingKey>(ctx: Context, key: K): SettingValue<K> {
  const row = ready(ctx.db, inForce).get({ key, today: wibDate(ctx.now()) });
  if (!row) return definitions[key].fallback as SettingValue<K>;
  // A new field of a later release takes its default from the shipped value.
  const fallback = definitions[key].fallback;
  return (Array.isArray(row.value) ? row.value : { ...fallback, ...(row.value as object) }) as SettingValue<K>;
}

const inForce = (db: Db) =>
  db
    .select({ value: setting.value })
    .from(setting)
    .where(and(eq(setting.key, sql.placeholder('key')), lte(setting.inForceFrom, sql.placeholder('today'))))
    .orderBy(desc(setting.version))
    .limit(1)
    .prepare();

/** All versions of a setting, newest first. */
export function history(ctx: Context, key: SettingKey) {
  demand(ctx.actor, 'settings.view');
  return ctx.db.select().from(setting).where(eq(setting.key, key)).orderBy(desc(setting.version)).all();
}

/** Stores a new version. @throws AppError invalid with a message for each field */
export function set<K extends SettingKey>(
  ctx: Context,
  key: K,
  value: SettingValue<K>,
  origin: { source: string; inForceFrom?: string },
): void {
  demand(ctx.actor, key === 'mail' ? 'mail.switch' : 'settings.edit');
  const schema = definitions[key].schema as v.GenericSchema;
  const given = accept(schema, value, 'Pengaturan belum benar; periksa isian yang ditandai.', key);
  const now = ctx.now();
  transact(ctx, (tx) => {
    const last = tx.db
      .select({ version: sql<number>`coalesce(max(${setting.version}), 0)` })
      .from(setting)
      .where(eq(setting.key, key))
      .get();
    const version = (last?.version ?? 0) + 1;
    tx.db
      .insert(setting)
      .values({
        id: newId(now),
        key,
        version,
        value: given,
        source: origin.source,
        inForceFrom: origin.inForceFrom ?? wibDate(now),
        setBy: audit.actorKey(ctx.actor),
        setAt: now,
      })
      .run();
    audit.record(tx, {
      action: 'setting.changed',
      targets: [['setting', key]],
      details: { key: definitions[key].label, version, source: origin.source },
    });
  });
}

/**
 * The next number of a series, without gaps, e.g. `INS-2026-0042`; year by WIB.
 * Call it inside the transaction that stores the number: a roll-back gives it back.
 */
export function allot(ctx: Context, series: string): string {
  const year = wibYear(ctx.now());
  const row = ctx.db
    .insert(numberSeries)
    .values({ series, year, last: 1 })
    .onConflictDoUpdate({
      target: [numberSeries.series, numberSeries.year],
      set: { last: sql`${numberSeries.last} + 1` },
    })
    .returning({ last: numberSeries.last })
    .get();
  return `${series}-${year}-${String(row.last).padStart(4, '0')}`;
}

/** Holidays as the calendar's pure functions want them. */
export function holidays(ctx: Context): Set<string> {
  return new Set(
    ctx.db
      .select({ date: holiday.date })
      .from(holiday)
      .all()
      .map((row) => row.date),
  );
}

export const listHolidays = (ctx: Context, year: string) =>
  ctx.db
    .select()
    .from(holiday)
    .where(and(gte(holiday.date, `${year}-01-01`), lte(holiday.date, `${year}-12-31`)))
    .orderBy(holiday.date)
    .all();

/** Adds or renames holidays (SKB 3 Menteri). */
export function setHolidays(ctx: Context, days: { date: string; name: string }[], source: string): void {
  demand(ctx.actor, 'settings.edit');
  const now = ctx.now();
  transact(ctx, (tx) => {
    for (const day of days) {
      tx.db
        .insert(holiday)
        .values({ ...day, source, enteredAt: now })
        .onConflictDoUpdate({ target: holiday.date, set: { name: day.name, source } })
        .run();
    }
    audit.record(tx, { action: 'holidays.changed', targets: [], details: { count: days.length, source } });
  });
}
