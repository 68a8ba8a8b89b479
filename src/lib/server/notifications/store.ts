// Queries over the outbox. A link's text never leaves this file for a person.
import { and, asc, desc, eq, inArray, isNull, lt, lte, or, sql } from 'drizzle-orm';
import type { Db } from '../db/index.ts';
import { FORGOTTEN_SUBJECT, LANES, NAMES_PEOPLE, showsBody, type Lane } from './lane.ts';
import { message, messageAttempt } from './schema.ts';

export type MessageState = 'held' | 'queued' | 'sent' | 'failed' | 'cancelled';
export type Attempt = {
  messageId: string;
  at: number;
  result: 'sent' | 'transient' | 'permanent' | 'uncertain';
  reply: string;
};
export type Row = {
  id: string;
  lane: Lane;
  aboutKind: string;
  aboutRef: string;
  recipient: string;
  subject: string;
  /** null: not shown (a link) or emptied after delivery. */
  body: string | null;
  attachments: { sha256: string; name: string; mediaType: string }[];
  state: MessageState;
  attempts: number;
  nextAt: number;
  queuedAt: number;
  sentAt: number | null;
  remoteReply: string | null;
  leased: boolean;
};
export type Filter = {
  state?: MessageState;
  lane?: Lane;
  about?: readonly [string, string];
  after?: string;
  limit?: number;
};

const shown = (row: typeof message.$inferSelect): Row => ({
  id: row.id,
  lane: row.lane,
  aboutKind: row.subjectKind,
  aboutRef: row.subjectRef,
  recipient: row.recipient,
  subject: row.subject,
  body: showsBody(row.lane) && row.body ? row.body : null,
  attachments: row.attachments,
  state: row.state,
  attempts: row.attempts,
  nextAt: row.nextAt,
  queuedAt: row.queuedAt,
  sentAt: row.sentAt,
  remoteReply: row.remoteReply,
  leased: row.leaseUntil !== null,
});

export const byKey = (db: Db, key: string) =>
  db.select({ id: message.id }).from(message).where(eq(message.idempotencyKey, key)).get();

export function one(db: Db, id: string): Row | null {
  const row = db.select().from(message).where(eq(message.id, id)).get();
  return row ? shown(row) : null;
}

/** The text of a message that nobody needs any more is gone, and the names of people in its subject with it. */
export const FORGOTTEN = {
  body: '',
  subject: sql<string>`case ${message.subjectKind} when ${NAMES_PEOPLE} then ${FORGOTTEN_SUBJECT} else ${message.subject} end`,
};

/** Newest first, keyset by id (UUIDv7 sorts by birth). */
export function page(db: Db, filter: Filter): { rows: Row[]; next: string | null } {
  const limit = Math.min(filter.limit ?? 50, 500);
  const rows = db
    .select()
    .from(message)
    .where(
      and(
        filter.state ? eq(message.state, filter.state) : undefined,
        filter.lane ? eq(message.lane, filter.lane) : undefined,
        filter.about
          ? and(eq(message.subjectKind, filter.about[0]), eq(message.subjectRef, filter.about[1]))
          : undefined,
        filter.after ? lt(message.id, filter.after) : undefined,
      ),
    )
    .orderBy(desc(message.id))
    .limit(limit + 1)
    .all();
  const next = rows.length > limit ? rows[limit - 1]!.id : null;
  return { rows: rows.slice(0, limit).map(shown), next };
}

export function counts(db: Db): Record<MessageState, number> {
  const result = { held: 0, queued: 0, sent: 0, failed: 0, cancelled: 0 };
  const rows = db
    .select({ state: message.state, n: sql<number>`count(*)` })
    .from(message)
    .groupBy(message.state)
    .all();
  for (const row of rows) result[row.state] = row.n;
  return result;
}

const laneOrder = sql`case ${message.lane} ${sql.join(
  LANES.map((lane, i) => sql`when ${lane} then ${i}`),
  sql` `,
)} end`;

export const held = (db: Db): Row[] =>
  db.select().from(message).where(eq(message.state, 'held')).orderBy(laneOrder, asc(message.queuedAt)).all().map(shown);

export const oldestHeld = (db: Db): number | null =>
  db
    .select({ at: sql<number | null>`min(${message.queuedAt})` })
    .from(message)
    .where(eq(message.state, 'held'))
    .get()?.at ?? null;

/** Failed messages that no other room answers for; a failed letter is a task of its incident. */
export const failedNotices = (db: Db): number =>
  db
    .select({ n: sql<number>`count(*)` })
    .from(message)
    .where(and(eq(message.state, 'failed'), sql`${message.lane} <> 'letter'`))
    .get()!.n;

export const attempts = (db: Db, ids: readonly string[]): Attempt[] =>
  ids.length === 0
    ? []
    : db
        .select({
          messageId: messageAttempt.messageId,
          at: messageAttempt.at,
          result: messageAttempt.result,
          reply: messageAttempt.reply,
        })
        .from(messageAttempt)
        .where(inArray(messageAttempt.messageId, [...ids]))
        .orderBy(asc(messageAttempt.at), asc(messageAttempt.id))
        .all();

/** What may be tried now: due and free, or held by a worker whose lease ran out. */
const deliverable = (now: number, enabled: boolean) =>
  and(
    eq(message.state, 'queued'),
    lte(message.nextAt, now),
    or(isNull(message.leaseUntil), lte(message.leaseUntil, now)),
    enabled ? undefined : eq(message.lane, 'test'),
  );

export const nextDeliverable = (db: Db, now: number, enabled: boolean) =>
  db.select().from(message).where(deliverable(now, enabled)).orderBy(laneOrder, asc(message.nextAt)).limit(1).get();

/** Messages whose state does not fit the switch: it was turned by the settings page. */
export const misplaced = (db: Db, enabled: boolean): string[] =>
  db
    .select({ id: message.id })
    .from(message)
    .where(
      enabled
        ? eq(message.state, 'held')
        : and(eq(message.state, 'queued'), sql`${message.lane} <> 'test'`, isNull(message.leaseUntil)),
    )
    .all()
    .map((row) => row.id);
