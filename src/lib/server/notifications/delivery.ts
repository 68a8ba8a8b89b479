// Delivery: claim one message with a lease in a short transaction, send outside of any, record what happened in
// another. A lease that ran out without a record is itself a fact: the try is written down as uncertain before the
// message is claimed again. Nothing here can give a message a second identity.
import { and, eq, inArray } from 'drizzle-orm';
import * as audit from '../audit/index.ts';
import { transact, type Context } from '../context.ts';
import { newId } from '../db/index.ts';
import { AppError } from '../errors.ts';
import * as files from '../files/index.ts';
import type { Mail, MailResult, Outbound } from '../outbound/index.ts';
import * as settings from '../settings/index.ts';
import { GIVE_UP_AFTER, keepsBody, LEASE, pause } from './lane.ts';
import { message, messageAttempt } from './schema.ts';
import * as store from './store.ts';

export type Delivery = { outbound: Pick<Outbound, 'sendMail'>; smtpUrl: string };
type Claimed = typeof message.$inferSelect;

/** Messages a run takes at most, and the refusals in a row after which the server counts as away. */
const BATCH = 100;
const AWAY_AFTER = 3;
const LOST = 'Proses berhenti sebelum jawaban server tercatat; surel mungkin sudah diterima.';

/** Whether there is anything to do; asked every few seconds. */
export function deliveryWaiting(ctx: Context): boolean {
  const { enabled } = settings.get(ctx, 'mail');
  return !!store.nextDeliverable(ctx.db, ctx.now(), enabled) || store.misplaced(ctx.db, enabled).length > 0;
}

/**
 * Delivers what is due, letters first. Safe to be killed anywhere and to run twice at once.
 * @returns how many messages were tried
 */
export async function deliver(ctx: Context, { outbound, smtpUrl }: Delivery): Promise<number> {
  const mail = settings.get(ctx, 'mail');
  followSwitch(ctx, mail.enabled);
  if (!smtpUrl || !mail.from) return 0;
  let tried = 0;
  for (let away = 0; tried < BATCH && away < AWAY_AFTER; tried += 1) {
    const claimed = claim(ctx, mail.enabled);
    if (!claimed) break;
    const result = await send(ctx, claimed, { outbound, smtpUrl }, mail);
    settle(ctx, claimed, result);
    away = result.result === 'transient' ? away + 1 : 0;
  }
  return tried;
}

/** The switch may have been turned on the settings page: what is held or queued follows it. */
function followSwitch(ctx: Context, enabled: boolean): void {
  if (store.misplaced(ctx.db, enabled).length === 0) return;
  transact(ctx, (tx) => {
    const ids = store.misplaced(tx.db, enabled);
    const state = enabled ? ('queued' as const) : ('held' as const);
    for (let i = 0; i < ids.length; i += 500) {
      tx.db
        .update(message)
        .set({ state, nextAt: tx.now() })
        .where(inArray(message.id, ids.slice(i, i + 500)))
        .run();
    }
    audit.record(tx, {
      action: enabled ? 'mail.released' : 'mail.held',
      targets: [['setting', 'mail']],
      details: { count: ids.length },
    });
  });
}

/** Takes the next due message for `LEASE`; an unrecorded earlier try becomes an uncertain one. */
function claim(ctx: Context, enabled: boolean): Claimed | null {
  const now = ctx.now();
  return transact(ctx, (tx) => {
    const row = store.nextDeliverable(tx.db, now, enabled);
    if (!row) return null;
    if (row.leaseUntil !== null) addAttempt(tx, row.id, { result: 'uncertain', reply: LOST });
    return tx.db
      .update(message)
      .set({ leaseUntil: now + LEASE, attempts: row.attempts + 1 })
      .where(eq(message.id, row.id))
      .returning()
      .get();
  });
}

/** The network. An attachment that cannot be read ends the message: sending it without would be another letter. */
async function send(
  ctx: Context,
  row: Claimed,
  delivery: Delivery,
  from: { from: string; replyTo: string },
): Promise<MailResult> {
  try {
    const mail: Mail = {
      from: from.from,
      to: row.recipient,
      ...(from.replyTo ? { replyTo: from.replyTo } : {}),
      subject: row.subject,
      text: row.body,
      messageId: row.messageId,
      headers: { 'Auto-Submitted': 'auto-generated' },
      attachments: row.attachments.map((a) => ({
        name: a.name,
        mediaType: a.mediaType,
        content: files.read(ctx, a.sha256),
      })),
    };
    return await delivery.outbound.sendMail(delivery.smtpUrl, mail);
  } catch (error) {
    if (error instanceof AppError)
      return { result: 'permanent', reply: `Lampiran tidak dapat dibaca: ${error.message}` };
    return { result: 'uncertain', reply: 'Pengiriman terputus oleh galat yang tidak dikenal.' };
  }
}

/**
 * Writes what happened. It is a fact, so it is written even when the lease was lost meanwhile; only a `sent` may then
 * still change the message, because that cannot be undone by another worker.
 */
function settle(ctx: Context, row: Claimed, result: MailResult): void {
  const { fence: _, ...free } = ctx;
  const now = ctx.now();
  transact(free, (tx) => {
    addAttempt(tx, row.id, result);
    const mine = and(eq(message.id, row.id), eq(message.state, 'queued'), eq(message.attempts, row.attempts));
    if (result.result === 'sent') {
      const change = { state: 'sent' as const, sentAt: now, remoteReply: result.reply, leaseUntil: null };
      const rest = keepsBody(row.lane) ? {} : store.FORGOTTEN;
      const done = tx.db
        .update(message)
        .set({ ...change, ...rest })
        .where(and(eq(message.id, row.id), inArray(message.state, ['queued', 'failed'])))
        .run();
      if (done.changes) record(tx, 'message.sent', row);
      return;
    }
    const givenUp = result.result === 'permanent' || now - row.queuedAt > GIVE_UP_AFTER;
    const change = givenUp
      ? { state: 'failed' as const, leaseUntil: null, remoteReply: result.reply }
      : { nextAt: now + pause(row.attempts, row.id), leaseUntil: null, remoteReply: result.reply };
    const done = tx.db.update(message).set(change).where(mine).run();
    if (done.changes && givenUp) record(tx, 'message.failed', row);
  });
}

const record = (ctx: Context, action: 'message.sent' | 'message.failed', row: Claimed): number =>
  audit.record(ctx, {
    action,
    targets: [
      ['message', row.id],
      [row.subjectKind, row.subjectRef],
    ],
    details: { tries: row.attempts },
    personal: { recipient: row.recipient },
  });

const addAttempt = (ctx: Context, id: string, { result, reply }: MailResult): void =>
  void ctx.db
    .insert(messageAttempt)
    .values({ id: newId(ctx.now()), messageId: id, at: ctx.now(), result, reply })
    .run();
