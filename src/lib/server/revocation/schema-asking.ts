// Asking: what people want checked, how hosts and the clock answered, how far a walk has come.
import { sql } from 'drizzle-orm';
import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';
import { certificate } from '../certificates/schema.ts';
import { flag, id, instant, json, known } from '../db/columns.ts';
import { revocationSource } from './schema.ts';

/**
 * Certificates that were asked about in vain. Those about which their responders, in good health, had nothing usable to say
 * (RFC 5019 §2.2.3) are asked again after pauses that grow; all of them after those that were not asked yet, so that they
 * neither hammer a responder nor keep others from being asked. An answer deletes the row.
 */
export const revocationUnanswered = sqliteTable('revocation_unanswered', {
  certificateId: text('certificate_id')
    .primaryKey()
    .references(() => certificate.id),
  refusals: integer('refusals').notNull(),
  dueAt: instant('due_at').notNull(),
});

/**
 * Hosts from which certificates of issuers may be fetched (AIA). Nothing is fetched before a person allowed the host;
 * the decision and its withdrawal are appended (certificate-status §7: an upload must not become a request by itself).
 */
export const issuerHost = sqliteTable(
  'issuer_host',
  {
    id: id(),
    host: text('host').notNull(),
    decision: text('decision', { enum: ['allowed', 'withdrawn', 'refused'] }).notNull(),
    reason: text('reason').notNull(),
    decidedBy: text('decided_by').notNull(),
    decidedAt: instant('decided_at').notNull(),
  },
  (t) => [...known(t), index('issuer_host_by_host').on(t.host, t.decidedAt)],
);

/** What an address of an issuer's certificate answered last; the certificates themselves are candidates elsewhere. */
export const issuerFetch = sqliteTable(
  'issuer_fetch',
  {
    id: id(),
    url: text('url').notNull(),
    outcome: text('outcome', { enum: ['found', 'same', 'refused', 'failed'] }).notNull(),
    /** What came of it, for people. */
    text: text('text').notNull(),
    /** SHA-256 of the answer's bytes. */
    sha256: text('sha256'),
    failures: integer('failures').notNull().default(0),
    fetchedAt: instant('fetched_at').notNull(),
    /** Not before this instant. */
    dueAt: instant('due_at').notNull(),
  },
  (t) => [...known(t), uniqueIndex('issuer_fetch_by_url').on(t.url)],
);

/** What people asked for and jobs do within a second: a check of one certificate, an object carried by hand. */
export const revocationRequested = sqliteTable(
  'revocation_requested',
  {
    id: id(),
    kind: text('kind', { enum: ['check', 'source', 'upload'] }).notNull(),
    certificateId: text('certificate_id').references(() => certificate.id),
    sourceId: text('source_id').references(() => revocationSource.id),
    name: text('name').notNull().default(''),
    size: integer('size').notNull().default(0),
    /** Address of the uploaded bytes in the store until they are judged. */
    sha256: text('sha256'),
    requestedBy: text('requested_by').notNull(),
    requestedAt: instant('requested_at').notNull(),
    startedAt: instant('started_at'),
    finishedAt: instant('finished_at'),
    ok: flag('ok'),
    /** What came of it, for people; and as data. */
    text: text('text'),
    result: json<unknown>('result'),
  },
  (t) => [
    ...known(t),
    index('revocation_requested_waiting')
      .on(t.requestedAt)
      .where(sql`${t.finishedAt} is null`),
    index('revocation_requested_by_kind').on(t.kind, t.requestedAt),
  ],
);

/** Clock of another host minus ours when it answered (Date header): what the clock watch judges by (§8). */
export const clockReading = sqliteTable(
  'clock_reading',
  {
    id: id(),
    host: text('host').notNull(),
    at: instant('at').notNull(),
    offset: integer('offset').notNull(),
  },
  (t) => [index('clock_reading_by_time').on(t.at)],
);

/** A test of every host that sources, issuers and mail depend on. */
export const reachRun = sqliteTable('reach_run', {
  id: id(),
  requestedBy: text('requested_by').notNull(),
  requestedAt: instant('requested_at').notNull(),
  finishedAt: instant('finished_at'),
});

/** What one end-point answered in a test, step by step. */
export const reachResult = sqliteTable(
  'reach_result',
  {
    id: id(),
    runId: text('run_id')
      .notNull()
      .references(() => reachRun.id),
    kind: text('kind', { enum: ['crl', 'ocsp', 'aia', 'smtp'] }).notNull(),
    host: text('host').notNull(),
    port: integer('port').notNull(),
    protocol: text('protocol', { enum: ['http', 'https', 'smtp', 'smtps'] }).notNull(),
    ok: flag('ok'),
    /** The step that failed. */
    step: text('step', { enum: ['dns', 'connect', 'tls', 'first_byte', 'status'] }),
    text: text('text').notNull(),
    addresses: json<string[]>('addresses').notNull(),
    ms: integer('ms'),
    checkedAt: instant('checked_at'),
    certificates: integer('certificates').notNull(),
    urls: integer('urls').notNull(),
  },
  (t) => [...known(t), uniqueIndex('reach_result_once').on(t.runId, t.kind, t.host, t.port, t.protocol)],
);

/** Addresses of delta CRLs (freshestCRL) that certificates of ours name; read once from each certificate's bytes. */
export const freshestAddress = sqliteTable(
  'freshest_address',
  { fingerprint: text('fingerprint').notNull(), url: text('url').notNull() },
  (t) => [primaryKey({ columns: [t.fingerprint, t.url] })],
);

/** How far a walk over rows that are only ever appended has come. */
export const revocationWalk = sqliteTable('revocation_walk', {
  name: text('name').primaryKey(),
  done: integer('done').notNull(),
});
