// What happens to an obligation besides its letters: other ways out (counter, portal, telephone), the authority's
// receipt, and the decision not to report, which always takes a second person. Perwali Pasal 19(1), 20(2).
import { eq } from 'drizzle-orm';
import { transact, type Context } from '../context.ts';
import { newId } from '../db/index.ts';
import { accept, conflict, forbidden, invalid, notFound } from '../errors.ts';
import { demand } from '../permission.ts';
import { channels, parties, receiptGrades } from '#lib/terms.ts';
import { clockOf, type Dossier, type Obligation } from './dossier.ts';
import { by, demandRunning, moment, openOf, trace } from './desk.ts';
import { viewOf } from './clocks.ts';
import { isWritten } from './grades.ts';
import {
  carryInput,
  reasonInput,
  receiptInput,
  type CarryInput,
  type ReasonInput,
  type ReceiptInput,
} from './input.ts';
import * as t from './schema.ts';

/** The obligation with its incident, if the incident is still worked on. */
export function owed(ctx: Context, obligationId: string): { dossier: Dossier; obligation: Obligation } {
  const dossier = demandRunning(openOf(ctx, { obligation: obligationId }));
  const obligation = dossier.obligations.find((o) => o.id === obligationId);
  if (!obligation) throw notFound('Kewajiban ini tidak ada.');
  return { dossier, obligation };
}

const known = (o: Obligation) => ({ at: clockOf(o).startAt, what: 'insiden diketahui Dinas' });

/**
 * Records that the authority was reached outside of e-mail. A counter or a portal counts as sent, with its proof; a
 * telephone call is written down but meets nothing: it is confirmed in writing.
 */
export function carry(ctx: Context, obligationId: string, input: CarryInput): void {
  demand(ctx.actor, 'letters.send');
  const given = accept(carryInput, input, 'Penyampaian belum dicatat; periksa isian yang ditandai.');
  transact(ctx, (tx) => {
    const { dossier, obligation } = owed(tx, obligationId);
    const { at, reason } = moment(tx, given, known(obligation));
    const evidenceId = proof(dossier, given.evidenceId);
    const letter = obligation.letters.findLast((l) => l.lockedAt !== null && l.withdrawnAt === null) ?? null;
    if (given.channel !== 'phone') {
      if (!letter) throw conflict('Setujui suratnya dahulu; yang disampaikan adalah surat yang sudah dikunci.');
      if (!evidenceId)
        throw invalid('Penyampaian belum dicatat.', {
          evidenceId: 'Unggah buktinya dahulu (cap, tangkapan layar), lalu pilih di sini.',
        });
    }
    tx.db
      .insert(t.transmission)
      .values({
        id: newId(tx.now()),
        obligationId,
        letterId: given.channel === 'phone' ? null : letter!.id,
        channel: given.channel,
        at,
        address: given.address,
        person: given.person,
        note: given.note,
        evidenceId,
        by: by(tx),
        enteredAt: tx.now(),
      })
      .run();
    trace(tx, dossier, {
      action: 'letter.carried',
      also: [['obligation', obligationId]],
      details: { party: parties[obligation.party], channel: channels[given.channel], at },
      ...(reason ? { reason } : {}),
    });
  });
}

/** Records what the authority gave back, with its own number. */
export function recordReceipt(ctx: Context, obligationId: string, input: ReceiptInput): void {
  demand(ctx.actor, 'letters.receipt');
  const given = accept(receiptInput, input, 'Tanda terima belum dicatat; periksa isian yang ditandai.');
  transact(ctx, (tx) => {
    const { dossier, obligation } = owed(tx, obligationId);
    const sent = obligation.transmissions.filter(isWritten);
    if (sent.length === 0)
      throw conflict('Belum ada yang disampaikan secara tertulis kepada instansi ini; telepon saja belum cukup.');
    const { at, reason } = moment(tx, given, known(obligation));
    tx.db
      .insert(t.receipt)
      .values({
        id: newId(tx.now()),
        obligationId,
        letterId: sent.at(-1)!.letterId,
        grade: given.grade,
        at,
        authorityNumber: given.authorityNumber,
        person: given.person,
        note: given.note,
        evidenceId: proof(dossier, given.evidenceId),
        by: by(tx),
        enteredAt: tx.now(),
      })
      .run();
    trace(tx, dossier, {
      action: 'letter.receipt',
      also: [['obligation', obligationId]],
      details: {
        party: parties[obligation.party],
        grade: receiptGrades[given.grade],
        authority: given.authorityNumber,
        at,
      },
      ...(reason ? { reason } : {}),
    });
  });
}

function proof(dossier: Dossier, evidenceId: string): string | null {
  if (!evidenceId) return null;
  if (!dossier.evidence.some((e) => e.id === evidenceId))
    throw invalid('Bukti ini bukan milik insiden ini.', { evidenceId: 'Pilih bukti insiden ini.' });
  return evidenceId;
}

/** Proposes not to report; nothing is decided before a second person agrees. */
export function proposeWaiver(ctx: Context, obligationId: string, input: ReasonInput): void {
  demand(ctx.actor, 'incidents.decide');
  const { reason } = accept(reasonInput, input, 'Usulan belum disimpan.');
  transact(ctx, (tx) => {
    const { dossier, obligation } = owed(tx, obligationId);
    const view = viewOf(obligation);
    if (view.settledAt !== null) throw conflict('Kewajiban ini sudah terpenuhi atau diputuskan.');
    if (view.proposal) throw conflict('Usulan sudah menunggu orang kedua.');
    tx.db
      .insert(t.obligationDecision)
      .values({ id: newId(tx.now()), obligationId, reason, proposedBy: by(tx), proposedAt: tx.now() })
      .run();
    trace(tx, dossier, {
      action: 'obligation.waiver_proposed',
      also: [['obligation', obligationId]],
      details: { party: parties[obligation.party] },
      reason,
    });
  });
}

/** The second person's word; never the one who proposed. */
export function decideWaiver(ctx: Context, obligationId: string, agree: boolean): void {
  demand(ctx.actor, 'incidents.second');
  transact(ctx, (tx) => {
    const { dossier, obligation } = owed(tx, obligationId);
    const { proposal, settledAt } = viewOf(obligation);
    if (!proposal) throw conflict('Tidak ada usulan yang menunggu.');
    if (agree && settledAt !== null)
      throw conflict('Laporan ini sudah terkirim; tolak usulannya agar catatannya sesuai.');
    if (proposal.proposedBy === by(tx)) throw forbidden('Usulan ini milik Anda sendiri; orang lain yang memutuskan.');
    const outcome = agree ? ('confirmed' as const) : ('refused' as const);
    tx.db
      .update(t.obligationDecision)
      .set({ outcome, decidedBy: by(tx), decidedAt: tx.now() })
      .where(eq(t.obligationDecision.id, proposal.id))
      .run();
    const action = agree ? ('obligation.waiver_confirmed' as const) : ('obligation.waiver_refused' as const);
    trace(tx, dossier, {
      action,
      also: [['obligation', obligationId]],
      details: { party: parties[obligation.party] },
      reason: proposal.reason,
    });
  });
}
