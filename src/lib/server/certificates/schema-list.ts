// What lists live from: search, kept counts, saved views and acts on many certificates.
import { sql } from 'drizzle-orm';
import { blob, check, index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';
import { agency } from '../agencies/schema.ts';
import { date, flag, id, instant, json, known, ordered } from '../db/columns.ts';
import { certificate } from './schema.ts';

/** Counts at the end of each WIB day, stored from the first day; trends and reports read them. */
export const dailyCount = sqliteTable(
  'daily_count',
  {
    id: id(),
    day: date('day').notNull(),
    agencyId: text('agency_id').references(() => agency.id),
    label: text('label').notNull(),
    count: integer('count').notNull(),
  },
  (t) => [
    check('daily_count_positive', sql`${t.count} >= 0`),
    uniqueIndex('daily_count_by_day').on(t.day, t.agencyId, t.label),
  ],
);

/**
 * The full-text index's own key for each certificate: the row number of a table with a text key may change under VACUUM.
 * `certificate_fts` and the triggers that keep both stand in drizzle/0003_inventory_hand.sql.
 */
export const certificateSearch = sqliteTable(
  'certificate_search',
  {
    docid: integer('docid').primaryKey(),
    certificateId: text('certificate_id')
      .notNull()
      .references(() => certificate.id),
  },
  (t) => [uniqueIndex('certificate_search_by_certificate').on(t.certificateId)],
);

/** How a large estate counts, as of an instant (`census.ts`). One row; small estates are counted live and have none. */
export const certificateCensus = sqliteTable('certificate_census', {
  id: integer('id').primaryKey(),
  takenAt: instant('taken_at').notNull(),
  /** How long the trail was: a longer one says that something happened since. */
  trail: integer('trail').notNull(),
  rows: blob('rows', { mode: 'buffer' }).notNull(),
});

/** What a page shows of a large estate and would take too long to work out for each visit, as of an instant (`kept.ts`). */
export const keptSurvey = sqliteTable('kept_survey', {
  name: text('name', { enum: ['matching', 'renewals'] }).primaryKey(),
  takenAt: instant('taken_at').notNull(),
  rows: blob('rows', { mode: 'buffer' }).notNull(),
});

/** An address of the list with a name: a person's own, or shared with the office. */
export const savedView = sqliteTable(
  'saved_view',
  {
    id: id(),
    owner: text('owner').notNull(),
    name: text('name').notNull(),
    /** The list's address without '?': filters, sort, columns. */
    query: text('query').notNull(),
    shared: flag('shared').notNull().default(false),
    /** What the owner's menu opens. */
    preferred: flag('preferred').notNull().default(false),
    createdAt: instant('created_at').notNull(),
    archivedAt: instant('archived_at'),
  },
  (t) => [...known(t), ordered(t.createdAt, t.archivedAt), index('saved_view_by_owner').on(t.owner, t.archivedAt)],
);

/** One act over many certificates; what it did to each stands in `bulk_item`. Large ones are done by jobs. */
export const bulkAct = sqliteTable(
  'bulk_act',
  {
    id: id(),
    number: text('number').notNull(),
    kind: text('kind', { enum: ['transfer', 'retire', 'archive', 'restore'] }).notNull(),
    /** Where to, and the typed reason. */
    input: json<{ agencyId?: string; why: string }>('input').notNull(),
    state: text('state', { enum: ['requested', 'running', 'done'] }).notNull(),
    total: integer('total').notNull(),
    done: integer('done').notNull().default(0),
    /** SHA-256 over the ids in order, as confirmed. */
    idsHash: text('ids_hash').notNull(),
    requestedBy: text('requested_by').notNull(),
    requestedAt: instant('requested_at').notNull(),
    finishedAt: instant('finished_at'),
  },
  (t) => [
    ...known(t),
    ordered(t.requestedAt, t.finishedAt),
    check('bulk_act_progress', sql`${t.done} between 0 and ${t.total}`),
    uniqueIndex('bulk_act_by_number').on(t.number),
    index('bulk_act_by_state').on(t.state, t.requestedAt),
  ],
);

/** One certificate of a bulk act: it waits, was changed, or was left as it is, and why. */
export const bulkItem = sqliteTable(
  'bulk_item',
  {
    bulkId: text('bulk_id')
      .notNull()
      .references(() => bulkAct.id),
    seq: integer('seq').notNull(),
    certificateId: text('certificate_id')
      .notNull()
      .references(() => certificate.id),
    outcome: text('outcome', { enum: ['waiting', 'changed', 'skipped'] }).notNull(),
    reason: text('reason'),
  },
  (t) => [...known(t), primaryKey({ columns: [t.bulkId, t.seq] })],
);
