import { sql } from 'drizzle-orm';
import { check, index, integer, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';
import { id, instant, json, known, ordered } from '../db/columns.ts';
import { LANES } from './lane.ts';

/**
 * The outbox: a message is queued in the transaction of the decision and delivered later. The idempotency key makes a
 * second letter with another identity impossible; `Message-ID` is derived from it.
 */
export const message = sqliteTable(
  'message',
  {
    id: id(),
    idempotencyKey: text('idempotency_key').notNull(),
    channel: text('channel', { enum: ['email'] }).notNull(),
    /** What kind of message: order of delivery, what happens to the body, whether the switch holds it (lane.ts). */
    lane: text('lane', { enum: LANES }).notNull(),
    /** What it is about: ['dispatch', id], ['alert', id], ['invitation', user id] … */
    subjectKind: text('subject_kind').notNull(),
    subjectRef: text('subject_ref').notNull(),
    recipient: text('recipient').notNull(),
    subject: text('subject').notNull(),
    /** Emptied after delivery for links and notices; kept for letters (their PDF is a file of the record). */
    body: text('body').notNull(),
    attachments: json<{ sha256: string; name: string; mediaType: string }[]>('attachments').notNull(),
    state: text('state', { enum: ['held', 'queued', 'sent', 'failed', 'cancelled'] }).notNull(),
    attempts: integer('attempts').notNull().default(0),
    nextAt: instant('next_at').notNull(),
    /** A worker has it until then; a lease that ran out without a record is an uncertain attempt. */
    leaseUntil: instant('lease_until'),
    queuedAt: instant('queued_at').notNull(),
    sentAt: instant('sent_at'),
    /** Server's answer to DATA, e.g. "250 2.0.0 Ok: queued as …". */
    remoteReply: text('remote_reply'),
    messageId: text('message_id').notNull(),
  },
  (t) => [
    ...known(t),
    ordered(t.queuedAt, t.sentAt),
    check('message_sent_whole', sql`(${t.state} = 'sent') = (${t.sentAt} is not null)`),
    check('message_attempts', sql`${t.attempts} >= 0`),
    uniqueIndex('message_by_key').on(t.idempotencyKey),
    index('message_by_state').on(t.state, t.nextAt, t.queuedAt),
    index('message_by_subject').on(t.subjectKind, t.subjectRef),
  ],
);

/** Every try, appended. */
export const messageAttempt = sqliteTable(
  'message_attempt',
  {
    id: id(),
    messageId: text('message_id')
      .notNull()
      .references(() => message.id),
    at: instant('at').notNull(),
    result: text('result', { enum: ['sent', 'transient', 'permanent', 'uncertain'] }).notNull(),
    reply: text('reply').notNull(),
  },
  (t) => [...known(t), index('message_attempt_by_message').on(t.messageId, t.at)],
);
