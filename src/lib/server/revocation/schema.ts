import { sql } from 'drizzle-orm';
import { blob, check, index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';
import { certificate } from '../certificates/schema.ts';
import { file } from '../files/schema.ts';
import { id, instant, json, known } from '../db/columns.ts';
import type { RemarkCode } from './remarks.ts';

/**
 * Where revocation is published: one row per (kind, issuer key, address), derived from the certificates that name it.
 * Counters and instants of fetching live here; what was accepted lives in `revocation_evidence`.
 */
export const revocationSource = sqliteTable(
  'revocation_source',
  {
    id: id(),
    kind: text('kind', { enum: ['crl', 'ocsp'] }).notNull(),
    url: text('url').notNull(),
    /** SHA-256 of the issuer's SPKI: several CA certificates may share the key. */
    issuerKey: text('issuer_key').notNull(),
    issuerName: text('issuer_name').notNull(),
    addedAt: instant('added_at').notNull(),
    /** When no certificate names it any more; it is then no longer asked. */
    retiredAt: instant('retired_at'),
    etag: text('etag'),
    lastModified: text('last_modified'),
    attemptedAt: instant('attempted_at'),
    /** Last verified confirmation: an accepted object, or 304 of the same bytes. */
    confirmedAt: instant('confirmed_at'),
    /** Not before this instant (hourly poll, back-off, Retry-After). */
    dueAt: instant('due_at').notNull(),
    /** Failures in a row; 0 after a success. */
    failures: integer('failures').notNull().default(0),
    failedSince: instant('failed_since'),
    failureCode: text('failure_code'),
    failureText: text('failure_text'),
    evidenceId: text('evidence_id'),
    /** Server's Date header minus our clock at the last answer, ms. */
    clockOffset: integer('clock_offset'),
  },
  (t) => [
    ...known(t),
    check('revocation_source_failures', sql`${t.failures} >= 0`),
    uniqueIndex('revocation_source_by_address').on(t.kind, t.issuerKey, t.url),
    index('revocation_source_due').on(t.dueAt),
  ],
);

/** An accepted CRL or OCSP response. Appended, never edited (trigger): what a status rests on. */
export const revocationEvidence = sqliteTable(
  'revocation_evidence',
  {
    id: id(),
    kind: text('kind', { enum: ['crl', 'ocsp'] }).notNull(),
    sourceId: text('source_id').references(() => revocationSource.id),
    /** 'fetched', or carried by hand. */
    origin: text('origin', { enum: ['fetched', 'uploaded'] }).notNull(),
    issuerKey: text('issuer_key').notNull(),
    issuerName: text('issuer_name').notNull(),
    /** SHA-256 of the IDP extension, or 'all': with the issuer key, the line in which CRLs follow one another. */
    scope: text('scope').notNull(),
    /** OCSP: the certificate it is about. */
    certificateId: text('certificate_id').references(() => certificate.id),
    sha256: text('sha256')
      .notNull()
      .references(() => file.sha256),
    size: integer('size').notNull(),
    thisUpdate: instant('this_update').notNull(),
    nextUpdate: instant('next_update'),
    producedAt: instant('produced_at'),
    crlNumber: text('crl_number'),
    /** BaseCRLNumber of a delta CRL (RFC 5280 §5.2.4); null: a complete list. */
    deltaOf: text('delta_of'),
    entryCount: integer('entry_count'),
    signerFingerprint: text('signer_fingerprint').notNull(),
    remarks: json<RemarkCode[]>('remarks').notNull(),
    acceptedAt: instant('accepted_at').notNull(),
    acceptedBy: text('accepted_by').notNull(),
  },
  (t) => [
    ...known(t),
    index('revocation_evidence_by_line').on(t.issuerKey, t.scope, t.thisUpdate),
    index('revocation_evidence_by_source').on(t.sourceId, t.acceptedAt),
    index('revocation_evidence_by_certificate').on(t.certificateId, t.thisUpdate),
  ],
);

/** Objects that were refused: the last ten per source, at most 64 kB of each. */
export const revocationRefused = sqliteTable(
  'revocation_refused',
  {
    id: id(),
    sourceId: text('source_id').references(() => revocationSource.id),
    kind: text('kind', { enum: ['crl', 'ocsp'] }).notNull(),
    at: instant('at').notNull(),
    by: text('by').notNull(),
    code: text('code').notNull(),
    sha256: text('sha256').notNull(),
    size: integer('size').notNull(),
    bytes: blob('bytes', { mode: 'buffer' }),
    name: text('name').notNull(),
  },
  (t) => [...known(t), index('revocation_refused_by_source').on(t.sourceId, t.at)],
);

/**
 * What the lists of one line (issuer key, scope) have said about a serial of ours that they named at least once.
 * A serial that was never named has no row: absence follows from the newest evidence of the line.
 */
export const revocationListing = sqliteTable(
  'revocation_listing',
  {
    issuerKey: text('issuer_key').notNull(),
    scope: text('scope').notNull(),
    serial: text('serial').notNull(),
    status: text('status', { enum: ['revoked', 'on_hold'] }).notNull(),
    reason: integer('reason'),
    revokedAt: instant('revoked_at').notNull(),
    invalidityAt: instant('invalidity_at'),
    firstEvidenceId: text('first_evidence_id').notNull(),
    firstSeenAt: instant('first_seen_at').notNull(),
    evidenceId: text('evidence_id').notNull(),
    /** The first list that no longer named it. */
    removedEvidenceId: text('removed_evidence_id'),
  },
  (t) => [...known(t), primaryKey({ columns: [t.issuerKey, t.scope, t.serial] })],
);

/**
 * A line of lists that follow one another: issuer key and scope. `evidenceId` is its newest complete list, `deltaEvidenceId`
 * the newest delta that fits it. `appliedEvidenceId` is the last object of the line, complete or delta, that was crossed
 * with our certificates; whoever finds a later one crosses on from there, so a killed sweep is completed by the next.
 */
export const revocationLine = sqliteTable(
  'revocation_line',
  {
    issuerKey: text('issuer_key').notNull(),
    scope: text('scope').notNull(),
    evidenceId: text('evidence_id')
      .notNull()
      .references(() => revocationEvidence.id),
    confirmedAt: instant('confirmed_at').notNull(),
    deltaEvidenceId: text('delta_evidence_id').references(() => revocationEvidence.id),
    deltaConfirmedAt: instant('delta_confirmed_at'),
    appliedEvidenceId: text('applied_evidence_id'),
    appliedAt: instant('applied_at'),
  },
  (t) => [primaryKey({ columns: [t.issuerKey, t.scope] })],
);

/** The newest accepted OCSP answer about a certificate. */
export const revocationAnswer = sqliteTable(
  'revocation_answer',
  {
    certificateId: text('certificate_id')
      .primaryKey()
      .references(() => certificate.id),
    status: text('status', { enum: ['good', 'revoked', 'on_hold', 'unknown', 'non_issued'] }).notNull(),
    reason: integer('reason'),
    revokedAt: instant('revoked_at'),
    invalidityAt: instant('invalidity_at'),
    thisUpdate: instant('this_update').notNull(),
    nextUpdate: instant('next_update'),
    confirmedAt: instant('confirmed_at').notNull(),
    evidenceId: text('evidence_id').notNull(),
  },
  (t) => known(t),
);

/** What a change of status raised for people: appended, settled by a date. */
export const revocationSignal = sqliteTable(
  'revocation_signal',
  {
    id: id(),
    kind: text('kind', {
      enum: [
        'early_removal',
        'conflict',
        'reason_changed',
        'date_changed',
        'lag',
        'non_issued',
        'same_number',
        'shrunk',
        'hint',
        // A state that its kept evidence does not yield again.
        'underived',
      ],
    }).notNull(),
    certificateId: text('certificate_id').references(() => certificate.id),
    sourceId: text('source_id').references(() => revocationSource.id),
    evidenceId: text('evidence_id'),
    detail: text('detail').notNull(),
    at: instant('at').notNull(),
    settledAt: instant('settled_at'),
    settledBy: text('settled_by'),
    settledWhy: text('settled_why'),
  },
  (t) => [
    ...known(t),
    // The same signal about the same evidence is raised once, however often a sweep repeats. (`case`, not `coalesce`:
    // drizzle-kit splits an index over expressions at every comma.)
    uniqueIndex('revocation_signal_once').on(
      t.kind,
      sql`(case when ${t.certificateId} is null then '' else ${t.certificateId} end)`,
      sql`(case when ${t.evidenceId} is null then '' else ${t.evidenceId} end)`,
    ),
    index('revocation_signal_open').on(t.settledAt, t.at),
    index('revocation_signal_by_certificate').on(t.certificateId),
  ],
);

/** In SQL the accepted object that a signal is about: of a numbering that begins anew the list that it falls below. */
export const signalObject = sql<
  string | null
>`case when ${revocationSignal.kind} = 'same_number' then coalesce(json_extract(${revocationSignal.detail}, '$.renumbered.head'), ${revocationSignal.evidenceId}) else ${revocationSignal.evidenceId} end`;

/**
 * When accepted bytes were confirmed (304, or the same bytes again), as spans without a gap longer than two polls: what
 * "how fresh was it on …" is answered from.
 */
export const revocationConfirmation = sqliteTable(
  'revocation_confirmation',
  {
    id: id(),
    evidenceId: text('evidence_id')
      .notNull()
      .references(() => revocationEvidence.id),
    from: instant('from').notNull(),
    to: instant('to').notNull(),
  },
  (t) => [index('revocation_confirmation_by_evidence').on(t.evidenceId, t.from)],
);

/**
 * What stays of a list whose bytes were thinned out (certificate-status §12): its DER without the entries, and the
 * entries that were ours. With them every state that it took part in can still be derived.
 */
export const revocationThinned = sqliteTable('revocation_thinned', {
  evidenceId: text('evidence_id')
    .primaryKey()
    .references(() => revocationEvidence.id),
  header: blob('header', { mode: 'buffer' }).notNull(),
  found: json<ThinnedEntry[]>('found').notNull(),
  at: instant('at').notNull(),
  /** Bytes given back to the disk. */
  freed: integer('freed').notNull(),
});

/** An entry of a thinned list that was ours; `issuer` is hex of its certificateIssuer names. Of an answer: what it said. */
export type ThinnedEntry = {
  serial: string;
  status?: 'good' | 'revoked' | 'on_hold' | 'unknown' | 'non_issued';
  revokedAt: number | null;
  reason: number | null;
  invalidityAt: number | null;
  issuer: string | null;
};

/**
 * A line that lost a large share of its entries at once (§3): until a person decides or a list is whole again, its
 * silence releases nobody; what it lists still counts.
 */
export const revocationQuarantine = sqliteTable(
  'revocation_quarantine',
  {
    id: id(),
    issuerKey: text('issuer_key').notNull(),
    scope: text('scope').notNull(),
    /** The list that shrank, and how many entries there were before and in it. */
    evidenceId: text('evidence_id')
      .notNull()
      .references(() => revocationEvidence.id),
    fromCount: integer('from_count').notNull(),
    toCount: integer('to_count').notNull(),
    since: instant('since').notNull(),
    decision: text('decision', { enum: ['release', 'keep', 'recovered'] }),
    decidedAt: instant('decided_at'),
    decidedBy: text('decided_by'),
    reason: text('reason'),
    endedAt: instant('ended_at'),
  },
  (t) => [
    ...known(t),
    uniqueIndex('revocation_quarantine_open')
      .on(t.issuerKey, t.scope)
      .where(sql`${t.endedAt} is null`),
    index('revocation_quarantine_by_evidence').on(t.evidenceId),
  ],
);
