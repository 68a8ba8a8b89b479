// What people should know about, raised once: rungs of the expiry ladders crossed, certificates revoked or on hold,
// contradictions between verified sources, sources that fail (one alert for the source, not one for each certificate).
// Invariants: one open alert for each subject and kind; a rung that has a ledger row never speaks again (UNIQUE), whoever
// owns the certificate by then; long-expired certificates at first import are history; every review can be repeated or
// killed. What it does not do: it decides no status (revocation, certificates) and sends nothing (notifications).
// certificate-status §10; Perwali 27/2020 Pasal 18 a–c.
import { createHash } from 'node:crypto';
import * as audit from '../audit/index.ts';
import { MINUTE } from '../calendar.ts';
import * as certificates from '../certificates/index.ts';
import { transact, type Context } from '../context.ts';
import { conflict, invalid, notFound } from '../errors.ts';
import { demand, scope } from '../permission.ts';
import * as revocation from '../revocation/index.ts';
import { review } from './review.ts';
import * as store from './store.ts';
import { tell } from './telling.ts';
import { aboutOf, hrefOf, kindWord, sentenceOf, wordOf, type Word } from './words.ts';

export { inWords, review, type Reviewed } from './review.ts';
export { SOURCE_KINDS, type AlertKind, type KindFilter, type ListFilter, type ListedAlert } from './store.ts';
export { tasks } from './tasks.ts';
export { alertKinds, kindWord } from './words.ts';

/** The morning's digest, one message a person, on working days. @returns how many messages were queued */
export function digest(ctx: Context): number {
  demand(ctx.actor, 'alerts.acknowledge');
  review(ctx);
  return tell(ctx, 'digest');
}

/** So long after a review another is not hurried: a sweep may be writing thousands of changes. */
const PAUSE = MINUTE;

/** A cheap look for the jobs process: whether something happened to a certificate, or a source began to fail, since the last review began. */
export const newsWaiting = (ctx: Context, since: number): boolean =>
  since <= ctx.now() - PAUSE && store.newestNews(ctx.db, revocation.FAILING_AFTER) >= since;

export type AlertView = store.ListedAlert & { word: Word; about: string; sentence: string; href: string };

/** Alerts that the actor may see, newest first. */
export function list(ctx: Context, filter: store.ListFilter = {}): { rows: AlertView[]; next: string | null } {
  demand(ctx.actor, 'alerts.view');
  const limit = filter.limit ?? 50;
  const rows = store.page(ctx.db, { ...filter, limit: limit + 1 }, scope(ctx.actor));
  const shown = rows.slice(0, limit).map((row) => view(row, ctx.now()));
  const last = shown.at(-1);
  return { rows: shown, next: rows.length > limit && last ? `${last.renewedAt}_${last.id}` : null };
}

const view = (row: store.ListedAlert, now: number): AlertView => ({
  ...row,
  word: wordOf(row, now),
  about: aboutOf(row),
  sentence: sentenceOf(row, now),
  href: hrefOf(row),
});

/** How many of each kind in a state. */
export function counts(
  ctx: Context,
  state: store.ListFilter['state'] = 'open',
  agency?: string,
): Partial<Record<store.AlertKind, number>> {
  demand(ctx.actor, 'alerts.view');
  return Object.fromEntries(store.countByKind(ctx.db, state, scope(ctx.actor), agency).map((row) => [row.kind, row.n]));
}

/** How many open alerts speak about the places where revocation is published. */
export function sourceAlerts(ctx: Context): number {
  const open = counts(ctx);
  return store.SOURCE_KINDS.reduce((sum, kind) => sum + (open[kind] ?? 0), 0);
}

function whatIsDone(reason: string): string {
  const why = reason.trim().slice(0, 500);
  if (why.length < 5)
    throw invalid('Tuliskan apa yang sedang dilakukan, paling sedikit lima huruf.', { reason: 'Isi keterangan.' });
  return why;
}

/**
 * "Sudah diketahui" for every open alert of a kind and an agency that the actor sees.
 * @param expected how many the person was shown
 * @throws AppError conflict when they are no longer those
 */
export function acknowledgeAll(
  ctx: Context,
  filter: Pick<store.ListFilter, 'kind' | 'agency'>,
  { reason, expected }: { reason: string; expected: number },
): number {
  demand(ctx.actor, 'alerts.acknowledge');
  const why = whatIsDone(reason);
  return transact(ctx, (tx) => {
    const ids = store.openIds(tx.db, filter, scope(ctx.actor));
    if (ids.length !== expected)
      throw conflict(`Jumlahnya berubah: sekarang ${ids.length} peringatan terbuka. Periksa kembali, lalu ulangi.`);
    const values = { acknowledgedAt: tx.now(), acknowledgedBy: audit.actorKey(ctx.actor), acknowledgedWhy: why };
    for (const id of ids) store.set(tx.db, id, values);
    if (ids.length)
      audit.record(tx, {
        action: 'alerts.acknowledged',
        targets: [],
        details: {
          count: ids.length,
          kind: kindWord(filter.kind),
          sha256: createHash('sha256').update(ids.join('\n')).digest('hex'),
        },
        reason: why,
      });
    return ids.length;
  });
}

/** "Sudah diketahui": quiet until a later rung, with a reason that stands on the weekly Tinjau. */
export function acknowledge(ctx: Context, id: string, reason: string): void {
  demand(ctx.actor, 'alerts.acknowledge');
  const why = whatIsDone(reason);
  transact(ctx, (tx) => {
    const row = visible(tx, id);
    if (row.settledAt !== null || row.acknowledgedAt !== null) return;
    store.set(tx.db, id, { acknowledgedAt: tx.now(), acknowledgedBy: audit.actorKey(ctx.actor), acknowledgedWhy: why });
    trace(tx, row, 'alert.acknowledged', why);
  });
}

/** What ends by itself when its cause is gone. */
const SELF_ENDING: readonly store.AlertKind[] = ['expiry', 'source_failing', 'source_ageing', 'source_stale', 'clock'];

/** Closes an alert about something that happened (a revocation that was wanted, a contradiction explained). */
export function settle(ctx: Context, id: string, reason: string): void {
  demand(ctx.actor, 'alerts.acknowledge');
  const why = reason.trim().slice(0, 500);
  if (why.length < 5) throw invalid('Tuliskan alasannya, paling sedikit lima huruf.', { reason: 'Isi alasan.' });
  transact(ctx, (tx) => {
    const row = visible(tx, id);
    if (row.settledAt !== null) return;
    if (SELF_ENDING.includes(row.kind)) {
      throw invalid(
        'Peringatan ini selesai sendiri bila sebabnya hilang. Tandai "sudah diketahui" bila sedang ditangani.',
      );
    }
    if (row.signalId) revocation.settleSignal(tx, row.signalId, why);
    store.set(tx.db, id, {
      settledAt: tx.now(),
      settledWhy: 'handled',
      acknowledgedBy: audit.actorKey(ctx.actor),
      acknowledgedWhy: why,
    });
    trace(tx, row, 'alert.settled', why);
  });
}

/** An alert of a certificate outside the actor's agencies is not found. */
function visible(ctx: Context, id: string): store.AlertRow {
  const row = store.byId(ctx.db, id);
  if (!row) throw notFound('Peringatan ini tidak ada.');
  if (row.certificateId) certificates.get(ctx, row.certificateId);
  else if (scope(ctx.actor) !== 'all') throw notFound('Peringatan ini tidak ada.');
  return row;
}

function trace(tx: Context, row: store.AlertRow, action: 'alert.acknowledged' | 'alert.settled', reason: string): void {
  const targets = row.certificateId ? [['certificate', row.certificateId] as const] : [];
  audit.record(tx, {
    action,
    targets: [...targets, ['alert', row.id]],
    details: { kind: kindWord(row.kind) },
    reason,
  });
}
