import { sql } from 'drizzle-orm';
import { check, index, integer, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';
import { id, instant, json, known, ordered } from '../db/columns.ts';
import { file } from '../files/schema.ts';

/** Frozen rows and figures of one period; appended, never changed (triggers). Reports are printed from it. */
export const snapshot = sqliteTable(
  'snapshot',
  {
    id: id(),
    number: text('number').notNull(),
    period: text('period').notNull(),
    /** The instant whose state is described: the period's end, or the taking when the period still runs. */
    stateAt: instant('state_at').notNull(),
    takenAt: instant('taken_at').notNull(),
    takenBy: text('taken_by').notNull(),
    /** Head of the trail at the taking. */
    asOfSize: integer('as_of_size').notNull(),
    asOfRoot: text('as_of_root').notNull(),
    /** Canonical rows, as a file of the store. */
    rowsSha256: text('rows_sha256')
      .notNull()
      .references(() => file.sha256),
  },
  (t) => [
    ordered(t.stateAt, t.takenAt),
    uniqueIndex('snapshot_by_number').on(t.number),
    index('snapshot_by_period').on(t.period, t.takenAt),
  ],
);

/** One figure of a snapshot, with what it was counted from. */
export const figure = sqliteTable(
  'figure',
  {
    id: id(),
    snapshotId: text('snapshot_id')
      .notNull()
      .references(() => snapshot.id),
    /** F-01 … */
    code: text('code').notNull(),
    version: integer('version').notNull(),
    /** In the unit's thousandths, so that it is an integer; null: not known (nothing to count from). */
    value: integer('value'),
    numerator: integer('numerator'),
    denominator: integer('denominator'),
    rowCount: integer('row_count').notNull(),
    rowSetHash: text('row_set_hash').notNull(),
  },
  (t) => [uniqueIndex('figure_by_code').on(t.snapshotId, t.code)],
);

/**
 * A report, one row for each version. `requested` and `sealing` are work for the jobs process: to print the draft, to
 * print the approved bytes. Nothing of an approved report changes (trigger).
 */
export const report = sqliteTable(
  'report',
  {
    id: id(),
    number: text('number').notNull(),
    kind: text('kind', {
      enum: [
        'annual-mayor',
        'annual-governor',
        'annual-bssn',
        'annual-bsre',
        'evaluation',
        'utilisation',
        'inventory',
        'incidents',
        'brief',
      ],
    }).notNull(),
    period: text('period').notNull(),
    version: integer('version').notNull(),
    snapshotId: text('snapshot_id').references(() => snapshot.id),
    state: text('state', { enum: ['requested', 'draft', 'sealing', 'approved', 'failed'] }).notNull(),
    /** Steps done of the building, and what went wrong. */
    progress: integer('progress').notNull().default(0),
    message: text('message'),
    /** Printings of the approved bytes that failed in a row, and when the next one is tried. */
    attempts: integer('attempts').notNull().default(0),
    retryAt: instant('retry_at'),
    /** The narrative: section → template with {F-07} placeholders. */
    narrative: json<Record<string, string>>('narrative').notNull(),
    /** Number and date of the accompanying letter, typed from the office's agenda. */
    letterNumber: text('letter_number').notNull().default(''),
    contentHash: text('content_hash'),
    draftSha256: text('draft_sha256').references(() => file.sha256),
    /** The immutable bytes, from approval on. */
    pdfSha256: text('pdf_sha256').references(() => file.sha256),
    supersedesId: text('supersedes_id'),
    /** Why there is a new version of something approved (erratum). */
    reason: text('reason').notNull().default(''),
    requestedBy: text('requested_by').notNull(),
    requestedAt: instant('requested_at').notNull(),
    editedBy: text('edited_by'),
    builtAt: instant('built_at'),
    /** Last recomputation: how many figures differed. */
    recomputedAt: instant('recomputed_at'),
    differences: integer('differences'),
    approvedBy: text('approved_by'),
    approvedAt: instant('approved_at'),
  },
  (t) => [
    ...known(t),
    ordered(t.requestedAt, t.approvedAt),
    check('report_version', sql`${t.version} >= 1`),
    uniqueIndex('report_by_number').on(t.number),
    uniqueIndex('report_by_version').on(t.kind, t.period, t.version),
    index('report_by_state').on(t.state, t.requestedAt),
    check('report_approved_whole', sql`(${t.state} in ('sealing', 'approved')) = (${t.approvedAt} is not null)`),
    check('report_sealed', sql`(${t.state} = 'approved') = (${t.pdfSha256} is not null)`),
    check(
      'report_second_person',
      sql`${t.approvedBy} is null or ${t.approvedBy} not in (${t.requestedBy}, coalesce(${t.editedBy}, ''))`,
    ),
  ],
);

/** Who received a report, when, by which way, with which proof. Appended. */
export const reportDispatch = sqliteTable(
  'report_dispatch',
  {
    id: id(),
    reportId: text('report_id')
      .notNull()
      .references(() => report.id),
    party: text('party', { enum: ['mayor', 'governor', 'bssn', 'bsre', 'other'] }).notNull(),
    addressee: text('addressee').notNull(),
    way: text('way', { enum: ['email', 'courier', 'portal', 'hand'] }).notNull(),
    letterNumber: text('letter_number').notNull(),
    sentAt: instant('sent_at').notNull(),
    /** Receipt of the addressee: number or words; '' while none came. */
    receipt: text('receipt').notNull(),
    proofSha256: text('proof_sha256').references(() => file.sha256),
    proofName: text('proof_name'),
    by: text('by').notNull(),
    enteredAt: instant('entered_at').notNull(),
  },
  (t) => [...known(t), index('report_dispatch_by_report').on(t.reportId, t.sentAt)],
);

/** The brief as it was last printed, so that a leader gets it at once; replaced by each new printing. */
export const preparedBrief = sqliteTable('prepared_brief', {
  id: integer('id').primaryKey(),
  /** Hash of the rows it was printed from; other rows, other brief. */
  rowsHash: text('rows_hash').notNull(),
  day: text('day').notNull(),
  stateAt: instant('state_at').notNull(),
  sha256: text('sha256')
    .notNull()
    .references(() => file.sha256),
});
