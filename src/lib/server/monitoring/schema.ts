import { sql } from 'drizzle-orm';
import { check, index, integer, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';
import { certificate, authority } from '../certificates/schema.ts';
import { id, instant, json, known, ordered } from '../db/columns.ts';
import { revocationSource } from '../revocation/schema.ts';

/**
 * Something a person should know about, raised once and settled by a date. One row per subject and kind as long as it is
 * open: a later rung makes the same alert more urgent, it does not make another one.
 */
export const alert = sqliteTable(
  'alert',
  {
    id: id(),
    kind: text('kind', {
      enum: [
        'expiry',
        'authority_expiry',
        'revoked',
        'on_hold',
        'early_removal',
        'conflict',
        'non_issued',
        'source_failing',
        'source_ageing',
        'source_stale',
        'source_suspect',
        'authority_revoked',
        'underived',
        'clock',
      ],
    }).notNull(),
    /** What it is about: one of the three; none: the machine itself. */
    certificateId: text('certificate_id').references(() => certificate.id),
    authorityId: text('authority_id').references(() => authority.id),
    sourceId: text('source_id').references(() => revocationSource.id),
    urgency: text('urgency', { enum: ['digest', 'immediate'] }).notNull(),
    severity: text('severity', { enum: ['info', 'warning', 'serious', 'critical'] }).notNull(),
    /** Facts of the moment it was raised; the page reads the record itself for what holds now. */
    detail: json<Record<string, string | number>>('detail').notNull(),
    raisedAt: instant('raised_at').notNull(),
    /** When a later rung or repetition last renewed it. */
    renewedAt: instant('renewed_at').notNull(),
    acknowledgedAt: instant('acknowledged_at'),
    acknowledgedBy: text('acknowledged_by'),
    acknowledgedWhy: text('acknowledged_why'),
    /** Quiet until; never past the last day of the certificate (§10). */
    snoozedUntil: instant('snoozed_until'),
    settledAt: instant('settled_at'),
    settledWhy: text('settled_why', {
      enum: ['renewed', 'revoked', 'expired_history', 'recovered', 'retired', 'handled', 'released', 'overtaken'],
    }),
    /** The signal of `revocation` it was made from. */
    signalId: text('signal_id'),
  },
  (t) => [
    ...known(t),
    ordered(t.raisedAt, t.renewedAt),
    ordered(t.raisedAt, t.acknowledgedAt),
    ordered(t.raisedAt, t.settledAt),
    check(
      'alert_one_subject',
      sql`(${t.certificateId} is not null) + (${t.authorityId} is not null) + (${t.sourceId} is not null) <= 1`,
    ),
    // One for each kind of subject: drizzle-kit cannot write an index over an expression with commas.
    uniqueIndex('alert_open_by_certificate')
      .on(t.kind, t.certificateId)
      .where(sql`${t.settledAt} is null`),
    uniqueIndex('alert_open_by_authority')
      .on(t.kind, t.authorityId)
      .where(sql`${t.settledAt} is null`),
    uniqueIndex('alert_open_by_source')
      .on(t.kind, t.sourceId)
      .where(sql`${t.settledAt} is null`),
    uniqueIndex('alert_open_of_machine')
      .on(t.kind)
      .where(
        sql`${t.settledAt} is null and ${t.certificateId} is null and ${t.authorityId} is null and ${t.sourceId} is null`,
      ),
    uniqueIndex('alert_by_signal')
      .on(t.signalId)
      .where(sql`${t.signalId} is not null`),
    index('alert_open').on(t.settledAt, t.raisedAt),
    index('alert_by_certificate').on(t.certificateId),
  ],
);

/**
 * Ledger of the ladders: a rung that has a row never speaks again. Keyed by the certificate's fingerprint (or its record,
 * when the file has not come), so that neither a transfer nor a new import repeats it.
 */
export const rung = sqliteTable(
  'rung',
  {
    id: id(),
    /** Fingerprint, 'record:<id>', 'authority:<fingerprint>' or 'source:<id>:<evidence id>'. */
    subject: text('subject').notNull(),
    profile: text('profile', { enum: ['signer', 'tls', 'authority', 'crl'] }).notNull(),
    /** Days before the end (percent of the interval for a CRL). */
    step: integer('step').notNull(),
    outcome: text('outcome', { enum: ['fired', 'collapsed', 'suppressed', 'history'] }).notNull(),
    at: instant('at').notNull(),
  },
  (t) => [...known(t), uniqueIndex('rung_once').on(t.subject, t.profile, t.step)],
);

/** What was put into a person's digest or sent at once: an alert goes to a person once per renewal. */
export const alertNotice = sqliteTable(
  'alert_notice',
  {
    id: id(),
    alertId: text('alert_id')
      .notNull()
      .references(() => alert.id),
    /** Renewal it speaks of (`alert.renewed_at`). */
    renewal: instant('renewal').notNull(),
    /** 'user:<id>', or 'holder:<id>' for an owner without an account. */
    person: text('person').notNull(),
    lane: text('lane', { enum: ['digest', 'immediate'] }).notNull(),
    messageKey: text('message_key').notNull(),
    at: instant('at').notNull(),
  },
  (t) => [
    ...known(t),
    uniqueIndex('alert_notice_once').on(t.alertId, t.renewal, t.person),
    index('alert_notice_by_message').on(t.messageKey),
  ],
);
