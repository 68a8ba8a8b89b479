// The outbox: a message is queued in the transaction of the decision it tells of and delivered later by the jobs
// process. Invariants: one idempotency key is one message with one Message-ID for ever; a try is claimed with a lease
// before the network is touched and recorded afterwards, so a killed process leaves an *uncertain* try that is marked,
// never hidden, and repeated under the same identity; while the switch (settings.mail) is off everything but the test
// mail is held, letters too. What it does not do: it does not decide who is told, nor whether a duty is met by it.
import { createHash } from 'node:crypto';
import { and, eq, inArray, sql } from 'drizzle-orm';
import * as audit from '../audit/index.ts';
import { HOUR } from '../calendar.ts';
import { transact, type Context } from '../context.ts';
import { newId } from '../db/index.ts';
import { accept, conflict, invalid, notFound } from '../errors.ts';
import { can, demand } from '../permission.ts';
import * as settings from '../settings/index.ts';
import type { Task } from '../work.ts';
import { switchInput, type SwitchInput } from './input.ts';
import { isAddress, type Lane } from './lane.ts';
import { message } from './schema.ts';
import * as store from './store.ts';

export { deliver, deliveryWaiting } from './delivery.ts';
export { LANES, isAddress, type Lane } from './lane.ts';
export type { Attempt, Filter, MessageState, Row } from './store.ts';

export type Attachment = { sha256: string; name: string; mediaType: string };
export type Message = {
  /** What makes it the same message: 'letter:<id>:<address>'. A second call with the key changes nothing. */
  key: string;
  subject: string;
  recipient: string;
  /** Plain text. */
  body: string;
  /** Files of the store, already registered. */
  attachments?: Attachment[];
  /** The record it is about, e.g. ['letter', id]. */
  about: readonly [kind: string, ref: string];
  lane?: Lane;
};

/**
 * Puts a message into the outbox; call it inside the transaction of the decision. The caller asked for permission and
 * writes the audit entry of its own act; leaving and failing are entries of their own.
 * @returns the message's id, the same for the same key
 * @throws AppError invalid when the recipient is not one plain address
 */
export function queue(ctx: Context, input: Message): string {
  const now = ctx.now();
  if (!isAddress(input.recipient))
    throw invalid('Alamat surel tujuan tidak benar.', { email: 'Periksa alamat surel.' });
  const lane = input.lane ?? 'notice';
  const held = lane !== 'test' && !settings.get(ctx, 'mail').enabled;
  const row = ctx.db
    .insert(message)
    .values({
      id: newId(now),
      idempotencyKey: input.key,
      channel: 'email',
      lane,
      subjectKind: input.about[0],
      subjectRef: input.about[1],
      recipient: input.recipient,
      subject: oneLine(input.subject),
      body: input.body,
      attachments: input.attachments ?? [],
      state: held ? 'held' : 'queued',
      nextAt: now,
      queuedAt: now,
      messageId: messageId(input.key),
    })
    .onConflictDoNothing({ target: message.idempotencyKey })
    .returning({ id: message.id })
    .get();
  return row?.id ?? store.byKey(ctx.db, input.key)!.id;
}

/** Derived from the key, so that the same message has the same identity on every try (RFC 5322 §3.6.4). */
const messageId = (key: string): string =>
  `<${createHash('sha256').update(key).digest('hex').slice(0, 40)}@siaga.invalid>`;

const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim().slice(0, 200);

const SENDER_REFUSED = 'Alamat pengirim belum benar.';

/** Messages, newest first; a link's text is nobody's to read. */
export function list(ctx: Context, filter: store.Filter = {}): { rows: store.Row[]; next: string | null } {
  demand(ctx.actor, 'mail.view');
  return store.page(ctx.db, filter);
}

/** How many messages in each state. */
export function counts(ctx: Context): Record<store.MessageState, number> {
  demand(ctx.actor, 'mail.view');
  return store.counts(ctx.db);
}

/** Tries of several messages, for the rooms that show how far their letter came. */
export const tries = (ctx: Context, ids: readonly string[]): store.Attempt[] => store.attempts(ctx.db, ids);

/** What leaves the moment the switch goes on ("Yang akan dikirim"), letters first. */
export function preview(ctx: Context): store.Row[] {
  demand(ctx.actor, 'mail.view');
  return store.held(ctx.db);
}

/**
 * Turns sending on and releases what was held and is in `release`; the rest of the held messages is cancelled, because
 * the person read the list and left them out.
 */
export function switchOn(
  ctx: Context,
  input: SwitchInput,
  release: readonly string[],
): { released: number; cancelled: number } {
  demand(ctx.actor, 'mail.switch');
  const given = accept(switchInput, input, SENDER_REFUSED);
  return transact(ctx, (tx) => {
    settings.set(tx, 'mail', { enabled: true, from: given.from, replyTo: given.replyTo }, { source: given.source });
    const now = tx.now();
    const wanted = new Set(release);
    const waiting = store.held(tx.db).map((row) => row.id);
    const released = waiting.filter((id) => wanted.has(id));
    const cancelled = waiting.filter((id) => !wanted.has(id));
    if (released.length)
      tx.db.update(message).set({ state: 'queued', nextAt: now }).where(inArray(message.id, released)).run();
    if (cancelled.length)
      tx.db
        .update(message)
        .set({ state: 'cancelled', ...store.FORGOTTEN })
        .where(inArray(message.id, cancelled))
        .run();
    audit.record(tx, {
      action: 'mail.switched_on',
      targets: [['setting', 'mail']],
      details: { released: released.length, cancelled: cancelled.length },
    });
    return { released: released.length, cancelled: cancelled.length };
  });
}

/** Turns sending off; what is still queued is held. */
export function switchOff(ctx: Context, reason: string): void {
  demand(ctx.actor, 'mail.switch');
  if (reason.trim().length < 5) throw invalid('Tulis alasan mematikan pengiriman.', { reason: 'Tulis alasannya.' });
  transact(ctx, (tx) => {
    settings.set(tx, 'mail', { ...settings.get(tx, 'mail'), enabled: false }, { source: reason.trim() });
    const held = tx.db
      .update(message)
      .set({ state: 'held', leaseUntil: null })
      .where(and(eq(message.state, 'queued'), sql`${message.lane} <> 'test'`, sql`${message.leaseUntil} is null`))
      .run().changes;
    audit.record(tx, {
      action: 'mail.switched_off',
      targets: [['setting', 'mail']],
      details: { held },
      reason: reason.trim(),
    });
  });
}

/** One mail to prove that sending works; it leaves even while the switch is off. */
export function sendTest(ctx: Context, recipient: string): string {
  demand(ctx.actor, 'mail.switch');
  const now = ctx.now();
  const address = recipient.trim();
  if (!isAddress(address))
    throw invalid('Surel uji belum dikirim.', { recipient: 'Isi satu alamat surel, mis. nama@batam.go.id.' });
  if (!settings.get(ctx, 'mail').from)
    throw invalid('Isi alamat pengirim lebih dahulu.', { from: 'Isi alamat pengirim.' });
  return transact(ctx, (tx) => {
    const id = queue(tx, {
      key: `test:${newId(now)}`,
      subject: 'Surel uji dari Siaga',
      recipient: address,
      body: 'Surel ini membuktikan bahwa Siaga dapat mengirim surat elektronik dari kantor Anda. Tidak perlu dibalas.\n',
      about: ['setting', 'mail'],
      lane: 'test',
    });
    audit.record(tx, { action: 'mail.tested', targets: [['message', id]], personal: { address } });
    return id;
  });
}

/** Stores the sender's address without switching sending on, so that a test mail can leave first. */
export function setSender(ctx: Context, input: SwitchInput): void {
  demand(ctx.actor, 'mail.switch');
  const given = accept(switchInput, input, SENDER_REFUSED);
  const { source, ...sender } = given;
  settings.set(ctx, 'mail', { ...settings.get(ctx, 'mail'), ...sender }, { source });
}

/** Tries a message again that was given up, under the same identity. */
export function retry(ctx: Context, id: string): void {
  // Who answers for the letter, or who keeps the mail running: it was approved and sent once already.
  if (!can(ctx.actor, 'mail.switch')) demand(ctx.actor, 'letters.send');
  const now = ctx.now();
  transact(ctx, (tx) => {
    const row = store.one(tx.db, id);
    if (!row) throw notFound('Surat elektronik ini tidak ada dalam kotak keluar.');
    if (row.state !== 'failed') throw conflict('Hanya surel yang gagal dapat dikirim ulang.');
    const state = settings.get(tx, 'mail').enabled ? 'queued' : 'held';
    tx.db
      .update(message)
      .set({ state, nextAt: now, queuedAt: now, attempts: 0, leaseUntil: null })
      .where(eq(message.id, id))
      .run();
    audit.record(tx, {
      action: 'message.retried',
      targets: [
        ['message', id],
        [row.aboutKind, row.aboutRef],
      ],
    });
  });
}

/** Takes a message that has not left out of the queue. */
export function cancel(ctx: Context, id: string, reason: string): void {
  demand(ctx.actor, 'mail.switch');
  if (reason.trim().length < 5) throw invalid('Tulis alasan pembatalan.', { reason: 'Tulis alasannya.' });
  transact(ctx, (tx) => {
    const row = store.one(tx.db, id);
    if (!row) throw notFound('Surat elektronik ini tidak ada dalam kotak keluar.');
    if (!['held', 'queued', 'failed'].includes(row.state) || row.leased)
      throw conflict('Surel ini sudah atau sedang dikirim.');
    tx.db
      .update(message)
      .set({ state: 'cancelled', ...store.FORGOTTEN })
      .where(eq(message.id, id))
      .run();
    audit.record(tx, {
      action: 'message.cancelled',
      targets: [
        ['message', id],
        [row.aboutKind, row.aboutRef],
      ],
      reason: reason.trim(),
    });
  });
}

/** Mail that needs a person: given up, or waiting behind the switch for more than a day. */
export function tasks(ctx: Context): Task[] {
  const count = store.counts(ctx.db);
  const found: Task[] = [];
  const failed = store.failedNotices(ctx.db);
  if (failed) {
    found.push({
      key: 'notifications.failed',
      kind: 'system',
      title: `Periksa ${failed} surel yang gagal dikirim`,
      about: 'Surat Elektronik',
      dueAt: null,
      href: '/system/mail?state=failed',
      button: 'Periksa',
      act: 'mail.switch',
    });
  }
  const oldest = count.held ? store.oldestHeld(ctx.db) : null;
  if (oldest !== null && ctx.now() - oldest > 24 * HOUR) {
    found.push({
      key: 'notifications.held',
      kind: 'system',
      title: `Nyalakan pengiriman surel; ${count.held} surel tertahan`,
      about: 'Surat Elektronik',
      dueAt: null,
      href: '/system/mail',
      button: 'Baca dan Nyalakan',
      act: 'mail.switch',
    });
  }
  return found;
}
