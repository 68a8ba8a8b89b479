import { sql } from 'drizzle-orm';
import { index, integer, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';
import { date, id, instant, json, known, ordered } from '../db/columns.ts';

/**
 * What the office did in a period before Siaga, as a summary "dari arsip": counts, whom it was reported to, the document
 * they come from. A row is never edited (trigger); a correction withdraws it and enters another.
 */
export const pastSummary = sqliteTable(
  'past_summary',
  {
    id: id(),
    kind: text('kind', { enum: ['evaluation', 'incidents'] }).notNull(),
    /** '2024' or '2024-S1'. */
    period: text('period').notNull(),
    /** Of an evaluation: agencies, findings, closed. Of incidents: how many of each type (Pasal 19). null: not known. */
    counts: json<Record<string, number | null>>('counts').notNull(),
    /** Mean score of an evaluation in hundredths of a point of 100; null: not known. */
    score: integer('score'),
    reportedTo: text('reported_to').notNull().default(''),
    reportedOn: date('reported_on'),
    /** Number and date of the document, or where it lies. */
    reference: text('reference').notNull(),
    fileSha256: text('file_sha256'),
    fileName: text('file_name'),
    /** The row that this one corrects. */
    corrects: text('corrects'),
    enteredBy: text('entered_by').notNull(),
    enteredAt: instant('entered_at').notNull(),
    withdrawnAt: instant('withdrawn_at'),
    withdrawnBy: text('withdrawn_by'),
    withdrawnWhy: text('withdrawn_why'),
  },
  (t) => [
    ...known(t),
    ordered(t.enteredAt, t.withdrawnAt),
    uniqueIndex('past_summary_one_in_force')
      .on(t.kind, t.period)
      .where(sql`${t.withdrawnAt} is null`),
    index('past_summary_by_period').on(t.period, t.kind),
  ],
);
