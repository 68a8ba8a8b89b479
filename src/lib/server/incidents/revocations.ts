// Asking for a revocation and watching it happen: diketahui → diminta → diteruskan ke BSrE with a number → terlihat on a
// verified CRL. The last one is never typed; it is read from the certificate's verified status. Pasal 12 d and 6 c.
import * as certificates from '../certificates/index.ts';
import { transact, type Context } from '../context.ts';
import { newId } from '../db/index.ts';
import { accept, conflict, invalid, notFound } from '../errors.ts';
import { demand } from '../permission.ts';
import { revocationRequestReasons } from '#lib/terms.ts';
import { by, demandRunning, moment, open, openOf, trace } from './desk.ts';
import { stampOf, type Dossier, type RevocationRequest, type RevocationStepKind } from './dossier.ts';
import {
  forwardInput,
  reasonInput,
  requestInput,
  ticketInput,
  type ForwardInput,
  type ReasonInput,
  type RequestInput,
  type TicketInput,
} from './input.ts';
import * as t from './schema.ts';
import * as store from './store.ts';

/** Records that the owner (or the agency) asks for a revocation. @returns the request's id */
export function requestRevocation(ctx: Context, number: string, input: RequestInput): string {
  demand(ctx.actor, 'incidents.handle');
  const given = accept(requestInput, input, 'Permintaan pencabutan belum dicatat.');
  return transact(ctx, (tx) => {
    const dossier = demandRunning(open(tx, number));
    if (!dossier.certificates.some((c) => c.id === given.certificateId)) {
      throw invalid('Permintaan pencabutan belum dicatat.', {
        certificateId: 'Kaitkan sertifikat ini dengan insiden lebih dahulu.',
      });
    }
    if (dossier.requests.some((r) => r.certificateId === given.certificateId))
      throw conflict('Pencabutan sertifikat ini sudah diminta pada insiden ini.');
    const { at, reason } = moment(tx, given, {
      at: stampOf(dossier, 'detected')?.at ?? 0,
      what: 'insiden diketahui pemilik',
    });
    const id = newId(tx.now());
    tx.db
      .insert(t.revocationRequest)
      .values({
        id,
        incidentId: dossier.id,
        certificateId: given.certificateId,
        reason: given.reasonCode,
        createdAt: tx.now(),
        createdBy: by(tx),
      })
      .run();
    stepRow(tx, id, { kind: 'requested', at, note: given.note });
    certificates.mark(tx, given.certificateId, 'pending_revocation', dossier.number);
    trace(tx, dossier, {
      action: 'revocation.requested',
      also: [['certificate', given.certificateId]],
      details: { reason: revocationRequestReasons[given.reasonCode], at },
      ...(reason ? { reason } : {}),
    });
    seen(tx, store.dossier(tx.db, dossier.id));
    return id;
  });
}

/** Records the number under which the request went to BSrE. */
export function forwardRevocation(ctx: Context, requestId: string, input: ForwardInput): void {
  demand(ctx.actor, 'incidents.handle');
  const given = accept(forwardInput, input, 'Penerusan ke BSrE belum dicatat.');
  transact(ctx, (tx) => {
    const { dossier, request } = running(tx, requestId, 'forwarded');
    const requested = request.steps.find((s) => s.kind === 'requested');
    const { at, reason } = moment(tx, given, requested && { at: requested.at, what: 'pencabutan diminta' });
    stepRow(tx, requestId, { kind: 'forwarded', at, number: given.number, note: given.note });
    trace(tx, dossier, {
      action: 'revocation.forwarded',
      also: [['certificate', request.certificateId]],
      details: { letter: given.number, at },
      ...(reason ? { reason } : {}),
    });
  });
}

/** Records BSrE's ticket. */
export function receiveRevocation(ctx: Context, requestId: string, input: TicketInput): void {
  demand(ctx.actor, 'incidents.handle');
  const given = accept(ticketInput, input, 'Tiket BSrE belum dicatat.');
  transact(ctx, (tx) => {
    const { dossier, request } = running(tx, requestId, 'received');
    const forwarded = request.steps.find((s) => s.kind === 'forwarded');
    if (!forwarded) throw conflict('Catat dahulu nomor penerusan ke BSrE.');
    const { at, reason } = moment(tx, given, { at: forwarded.at, what: 'diteruskan ke BSrE' });
    stepRow(tx, requestId, { kind: 'received', at, number: given.number, note: given.note });
    trace(tx, dossier, {
      action: 'revocation.received',
      also: [['certificate', request.certificateId]],
      details: { ticket: given.number, at },
      ...(reason ? { reason } : {}),
    });
  });
}

/** Documents why this revocation will not be seen on a CRL (e.g. the issuer publishes none). */
export function exceptRevocation(ctx: Context, requestId: string, input: ReasonInput): void {
  demand(ctx.actor, 'incidents.decide');
  const { reason } = accept(reasonInput, input, 'Pengecualian belum dicatat.');
  transact(ctx, (tx) => {
    const { dossier, request } = running(tx, requestId, 'exception');
    if (request.steps.some((s) => s.kind === 'seen'))
      throw conflict('Pencabutan ini sudah terlihat; pengecualian tidak diperlukan.');
    stepRow(tx, requestId, { kind: 'exception', at: tx.now(), note: reason });
    certificates.unmark(tx, request.certificateId, 'pending_revocation', dossier.number);
    trace(tx, dossier, { action: 'revocation.exception', also: [['certificate', request.certificateId]], reason });
  });
}

function running(
  ctx: Context,
  requestId: string,
  step: RevocationStepKind,
): { dossier: Dossier; request: RevocationRequest } {
  const dossier = demandRunning(openOf(ctx, { request: requestId }));
  const request = dossier.requests.find((r) => r.id === requestId);
  if (!request) throw notFound('Permintaan pencabutan ini tidak ada.');
  if (request.steps.some((s) => s.kind === step)) throw conflict('Langkah ini sudah dicatat; muat ulang halaman.');
  return { dossier, request };
}

function stepRow(
  ctx: Context,
  requestId: string,
  row: { kind: RevocationStepKind; at: number; number?: string; note?: string; evidenceId?: string | null },
): void {
  ctx.db
    .insert(t.revocationStep)
    .values({ id: newId(ctx.now()), requestId, ...row, enteredBy: by(ctx), enteredAt: ctx.now() })
    .run();
}

/**
 * Reads the verified status of certificates whose revocation was asked for and records what is seen. A job: twice gives
 * the same, and a killed run is completed by the next.
 * @returns how many were newly seen
 */
export function observeRevocation(ctx: Context): number {
  demand(ctx.actor, 'incidents.handle');
  let count = 0;
  for (const dossier of store.dossiers(ctx.db, store.find(ctx, { open: true }))) {
    if (!dossier.requests.some((r) => toSee(dossier, r))) continue;
    count += transact(ctx, (tx) => seen(tx, store.dossier(tx.db, dossier.id)));
  }
  return count;
}

/** The certificate of a request that is revoked by verified evidence but not yet recorded as seen. */
function toSee(dossier: Dossier, request: RevocationRequest) {
  if (request.steps.some((s) => s.kind === 'seen')) return null;
  const certificate = dossier.certificates.find((c) => c.id === request.certificateId);
  return certificate?.facets.revocation === 'revoked' && certificate.revocationSeenAt !== null ? certificate : null;
}

function seen(ctx: Context, dossier: Dossier): number {
  let count = 0;
  for (const request of dossier.requests) {
    const certificate = toSee(dossier, request);
    if (!certificate) continue;
    stepRow(ctx, request.id, { kind: 'seen', at: certificate.revocationSeenAt!, evidenceId: certificate.evidenceId });
    certificates.unmark(ctx, request.certificateId, 'pending_revocation', dossier.number);
    trace(ctx, dossier, {
      action: 'revocation.seen',
      also: [['certificate', request.certificateId]],
      details: { at: certificate.revocationSeenAt! },
    });
    count += 1;
  }
  return count;
}
