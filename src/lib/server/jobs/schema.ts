import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import { flag, id, instant, known } from '../db/columns.ts';

/** Who may run a job now. The token grows with every take-over; a result recorded under an old token is refused. */
export const jobLease = sqliteTable('job_lease', {
  name: text('name').primaryKey(),
  owner: text('owner').notNull(),
  until: instant('until').notNull(),
  token: integer('token').notNull(),
});

/** Run log: one row a run that did something, failed, or was asked for. Swept after 90 days. */
export const jobRun = sqliteTable(
  'job_run',
  {
    id: id(),
    name: text('name').notNull(),
    startedAt: instant('started_at').notNull(),
    finishedAt: instant('finished_at'),
    ok: flag('ok'),
    /** What was done, in a sentence, or why it failed. */
    message: text('message'),
  },
  (t) => [...known(t), index('job_run_by_name').on(t.name, t.startedAt)],
);

/** "Jalankan sekarang": asked for by a person, picked up within a second. */
export const jobRequest = sqliteTable('job_request', {
  name: text('name').primaryKey(),
  requestedBy: text('requested_by').notNull(),
  requestedAt: instant('requested_at').notNull(),
});

/** What rows asked for and the process died of, or is doing now (attempts.ts). */
export const jobAttempt = sqliteTable('job_attempt', {
  row: text('row').primaryKey(),
  /** How far the work had come: what moves on is not given up. */
  place: integer('place').notNull(),
  begun: integer('begun').notNull(),
  at: instant('at').notNull(),
});

/** Sign of life of the jobs process, written at most every half minute. */
export const heartbeat = sqliteTable('heartbeat', {
  id: integer('id').primaryKey(),
  at: instant('at').notNull(),
  pid: integer('pid').notNull(),
});

/** What each nightly backup is, and what opening and checking it said. */
export const backupRun = sqliteTable(
  'backup_run',
  {
    id: id(),
    name: text('name').notNull(),
    at: instant('at').notNull(),
    ok: flag('ok').notNull(),
    message: text('message').notNull(),
    bytes: integer('bytes').notNull(),
    files: integer('files').notNull(),
    auditSize: integer('audit_size').notNull(),
    auditRoot: text('audit_root').notNull(),
  },
  (t) => [...known(t), index('backup_run_by_time').on(t.at)],
);
