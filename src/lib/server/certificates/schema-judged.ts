// What was judged of certificates, and what people decided about proposals.
import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';
import { agency } from '../agencies/schema.ts';
import { date, id, instant, known, ordered } from '../db/columns.ts';
import { authority, certificate } from './schema.ts';
import { holder } from './schema-holder.ts';

/**
 * Until when an object counts as fresh since it was confirmed again (304, or the same bytes): one row for the object, so that
 * a confirmation holds at once for any number of certificates. What rests on it counts as confirmed and fresh by its own
 * instants or by these, whichever are later (`freshness-sql.ts`).
 */
export const evidenceFreshness = sqliteTable('evidence_freshness', {
  evidenceId: text('evidence_id').primaryKey(),
  confirmedAt: instant('confirmed_at').notNull(),
  freshUntil: instant('fresh_until').notNull(),
});

/** A person said that a proposed holder is not the owner: never proposed again for this certificate. */
export const matchRefusal = sqliteTable(
  'match_refusal',
  {
    id: id(),
    certificateId: text('certificate_id')
      .notNull()
      .references(() => certificate.id),
    holderId: text('holder_id')
      .notNull()
      .references(() => holder.id),
    by: text('by').notNull(),
    at: instant('at').notNull(),
  },
  (t) => [uniqueIndex('match_refusal_by_pair').on(t.certificateId, t.holderId)],
);

/** What a person decided about a certificate and the one that may succeed it; the newest row of a pair holds. */
export const renewalDecision = sqliteTable(
  'renewal_decision',
  {
    id: id(),
    certificateId: text('certificate_id')
      .notNull()
      .references(() => certificate.id),
    successorId: text('successor_id')
      .notNull()
      .references(() => certificate.id),
    decision: text('decision', { enum: ['confirmed', 'rejected'] }).notNull(),
    why: text('why').notNull(),
    by: text('by').notNull(),
    at: instant('at').notNull(),
  },
  (t) => [...known(t), index('renewal_decision_by_pair').on(t.certificateId, t.successorId, t.at)],
);

/** What lint noticed (Catatan teknis). Rules are data in `lint.ts`. */
export const problem = sqliteTable(
  'problem',
  {
    id: id(),
    certificateId: text('certificate_id')
      .notNull()
      .references(() => certificate.id),
    rule: text('rule').notNull(),
    severity: text('severity', { enum: ['info', 'warning', 'serious', 'critical'] }).notNull(),
    detail: text('detail').notNull(),
    firstSeenAt: instant('first_seen_at').notNull(),
    endedAt: instant('ended_at'),
  },
  (t) => [
    ...known(t),
    ordered(t.firstSeenAt, t.endedAt),
    index('problem_by_certificate').on(t.certificateId, t.endedAt),
    index('problem_by_rule').on(t.rule, t.endedAt),
  ],
);

/** What the rules notice about an agency as a whole: its certificates that end in one week (expiry cliff). */
export const agencyProblem = sqliteTable(
  'agency_problem',
  {
    id: id(),
    agencyId: text('agency_id')
      .notNull()
      .references(() => agency.id),
    rule: text('rule').notNull(),
    /** Monday to Sunday in WIB. */
    from: date('from').notNull(),
    until: date('until').notNull(),
    count: integer('count').notNull(),
    total: integer('total').notNull(),
    firstSeenAt: instant('first_seen_at').notNull(),
    endedAt: instant('ended_at'),
  },
  (t) => [ordered(t.firstSeenAt, t.endedAt), index('agency_problem_by_rule').on(t.rule, t.endedAt)],
);

/**
 * A rule that fires on nearly all certificates of an issuer ("Ciri penerbit", certificate-status §9): shown once, on the
 * issuer, and counted nowhere else. Derived; `refreshTraits` keeps it.
 */
export const issuerTrait = sqliteTable(
  'issuer_trait',
  {
    authorityId: text('authority_id')
      .notNull()
      .references(() => authority.id),
    rule: text('rule').notNull(),
    fired: integer('fired').notNull(),
    total: integer('total').notNull(),
  },
  (t) => [primaryKey({ columns: [t.authorityId, t.rule] })],
);

/** Chains to be judged anew after a decision, a new CA certificate or a day: a row that jobs pick up, with progress. */
export const chainRun = sqliteTable(
  'chain_run',
  {
    id: id(),
    /** `open`: only chains that are not anchored, because a CA certificate came. */
    scope: text('scope', { enum: ['all', 'open'] }).notNull(),
    state: text('state', { enum: ['requested', 'running', 'done'] }).notNull(),
    /** The last certificate judged. */
    after: text('after').notNull().default(''),
    total: integer('total').notNull().default(0),
    done: integer('done').notNull().default(0),
    changed: integer('changed').notNull().default(0),
    requestedAt: instant('requested_at').notNull(),
    finishedAt: instant('finished_at'),
  },
  (t) => [...known(t), ordered(t.requestedAt, t.finishedAt), index('chain_run_by_state').on(t.state, t.requestedAt)],
);
