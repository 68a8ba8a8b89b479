// Review, closing and what may come instead of it. The gate decides, not the button (incident-escalation §9).
import { eq } from 'drizzle-orm';
import { midSentence } from '#lib/format.ts';
import * as certificates from '../certificates/index.ts';
import { transact, type Context } from '../context.ts';
import { newId } from '../db/index.ts';
import { accept, conflict, forbidden, invalid } from '../errors.ts';
import { demand } from '../permission.ts';
import { by, demandRunning, open, trace } from './desk.ts';
import { currentReview, isSettled, type Dossier, type Verdict } from './dossier.ts';
import { rehash } from './evidence.ts';
import { stateFacts } from './facts.ts';
import { gateOf, obligationItems, unmet } from './gate.ts';
import { mergeInput, reasonInput, reviewInput, type MergeInput, type ReasonInput, type ReviewInput } from './input.ts';
import * as t from './schema.ts';
import { isOver, stateOf } from './states.ts';
import * as store from './store.ts';

/** Writes the review; each change is a new version, and approval starts again. */
export function writeReview(ctx: Context, number: string, input: ReviewInput): void {
  demand(ctx.actor, 'incidents.handle');
  const given = accept(reviewInput, input, 'Tinjauan belum disimpan; periksa isian yang ditandai.');
  transact(ctx, (tx) => {
    const dossier = demandRunning(open(tx, number));
    const version = dossier.reviews.length + 1;
    tx.db
      .insert(t.review)
      .values({
        id: newId(tx.now()),
        incidentId: dossier.id,
        version,
        ...given,
        writtenBy: by(tx),
        writtenAt: tx.now(),
      })
      .run();
    trace(tx, dossier, { action: 'incident.reviewed', details: { version } });
  });
}

/** Approves the newest review; never one's own. */
export function approveReview(ctx: Context, number: string): void {
  demand(ctx.actor, 'incidents.second');
  transact(ctx, (tx) => {
    const dossier = demandRunning(open(tx, number));
    const review = currentReview(dossier);
    if (!review || review.approvedAt !== null) throw conflict('Tidak ada tinjauan yang menunggu persetujuan.');
    if (review.writtenBy === by(tx)) throw forbidden('Tinjauan ini Anda tulis sendiri; orang lain yang menyetujui.');
    tx.db
      .update(t.review)
      .set({ approvedBy: by(tx), approvedAt: tx.now() })
      .where(eq(t.review.id, review.id))
      .run();
    trace(tx, dossier, { action: 'incident.review_approved', details: { version: review.version } });
  });
}

/** Closes the incident when everything the gate asks for is there. @throws AppError conflict naming what is missing */
export function close(ctx: Context, number: string): void {
  demand(ctx.actor, 'incidents.close');
  transact(ctx, (tx) => {
    const dossier = demandRunning(open(tx, number));
    const missing = unmet(gateOf(dossier));
    if (missing.length)
      throw conflict(`Belum dapat ditutup: ${missing.map(({ label }) => midSentence(label)).join('; ')}.`);
    const damaged = rehash(tx, dossier);
    if (damaged.length)
      throw conflict(
        `Belum dapat ditutup: bukti ${damaged.join(', ')} tidak lagi sesuai dengan sidiknya. Hubungi administrator.`,
      );
    end(tx, dossier, { kind: 'closed', intoId: null, reason: '' });
    trace(tx, dossier, { action: 'incident.closed' });
  });
}

/** Opens a closed incident again; the past stays as it is, the review starts anew. */
export function reopen(ctx: Context, number: string, input: ReasonInput): void {
  demand(ctx.actor, 'incidents.decide');
  const { reason } = accept(reasonInput, input, 'Insiden belum dibuka kembali.');
  transact(ctx, (tx) => {
    const dossier = open(tx, number);
    if (!isOver(stateOf(stateFacts(dossier)))) throw conflict('Insiden ini masih terbuka.');
    end(tx, dossier, { kind: 'reopened', intoId: null, reason });
    for (const c of dossier.certificates) certificates.mark(tx, c.id, 'open_incident', dossier.number);
    for (const r of dossier.requests.filter((request) => !isSettled(request)))
      certificates.mark(tx, r.certificateId, 'pending_revocation', dossier.number);
    trace(tx, dossier, { action: 'incident.reopened', reason });
  });
}

/** Decides that it was no incident after all. What was owed must have been sent or waived by a second person. */
export function dismiss(ctx: Context, number: string, input: ReasonInput): void {
  demand(ctx.actor, 'incidents.decide');
  const { reason } = accept(reasonInput, input, 'Keputusan belum disimpan.');
  transact(ctx, (tx) => {
    const dossier = demandRunning(open(tx, number));
    demandSettled(dossier);
    end(tx, dossier, { kind: 'not_incident', intoId: null, reason });
    trace(tx, dossier, { action: 'incident.not_incident', reason });
  });
}

/** Decides that it is the same as another incident, which goes on; the number keeps leading there. */
export function duplicateOf(ctx: Context, number: string, input: MergeInput): void {
  demand(ctx.actor, 'incidents.decide');
  const given = accept(mergeInput, input, 'Keputusan belum disimpan.');
  transact(ctx, (tx) => {
    const dossier = demandRunning(open(tx, number));
    const intoId = store.idByNumber(tx, given.incident.toUpperCase());
    if (!intoId || intoId === dossier.id)
      throw invalid('Keputusan belum disimpan.', { incident: 'Isi nomor insiden lain yang ada.' });
    const into = demandRunning(store.dossier(tx.db, intoId));
    demandSettled(dossier);
    end(tx, dossier, { kind: 'duplicate', intoId, reason: given.reason });
    trace(tx, dossier, {
      action: 'incident.duplicate',
      also: [['incident', intoId]],
      details: { into: into.number },
      reason: given.reason,
    });
  });
}

function demandSettled(dossier: Dossier): void {
  const missing = unmet(obligationItems(dossier));
  if (missing.length) {
    throw conflict(
      `Kewajiban melapor belum selesai: ${missing.map((item) => item.label).join('; ')}. Kirim, atau usulkan tidak dilaporkan kepada orang kedua.`,
    );
  }
}

function end(ctx: Context, dossier: Dossier, verdict: Pick<Verdict, 'kind' | 'intoId' | 'reason'>): void {
  ctx.db
    .insert(t.verdict)
    .values({ id: newId(ctx.now()), incidentId: dossier.id, ...verdict, at: ctx.now(), by: by(ctx) })
    .run();
  if (verdict.kind === 'reopened') return;
  for (const c of dossier.certificates) certificates.unmark(ctx, c.id, 'open_incident', dossier.number);
  for (const r of dossier.requests) certificates.unmark(ctx, r.certificateId, 'pending_revocation', dossier.number);
}
