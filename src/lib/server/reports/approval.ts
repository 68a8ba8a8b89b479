// The second person's part and what follows it: counting again, approving, sending with proof.
import { date } from '#lib/format.ts';
import * as audit from '../audit/index.ts';
import { MINUTE } from '../calendar.ts';
import { transact, type Context } from '../context.ts';
import { newId } from '../db/index.ts';
import { accept, conflict, forbidden, invalid, notFound } from '../errors.ts';
import * as files from '../files/index.ts';
import { demand } from '../permission.ts';
import { definitions } from './figures.ts';
import { dispatchInput, REFUSED, type DispatchInput } from './input.ts';
import type { Difference } from './recheck.ts';
import { existing, madeBy } from './report.ts';
import { differencesOf, snapshotOf } from './snapshots.ts';
import * as store from './store.ts';

/** Counts all figures again from the stored rows with other code. */
export function recompute(ctx: Context, id: string): Difference[] {
  demand(ctx.actor, 'reports.view');
  const row = existing(ctx, id);
  const differences = differencesOf(ctx, snapshotOf(ctx, row.snapshotId));
  transact(ctx, (tx) => {
    // An approved row is closed to changes; the trail keeps the result.
    if (row.state === 'draft')
      store.updateReport(tx.db, row.id, { recomputedAt: tx.now(), differences: differences.length });
    audit.record(tx, {
      action: 'report.recomputed',
      targets: [['report', row.id]],
      details: { number: row.number, count: definitions.length, differences: differences.length },
    });
  });
  return differences;
}

/**
 * Approves the draft that was looked at; the jobs process prints the final bytes.
 * @param contentHash of the draft as the approver saw it
 * @param interim said on purpose that figures of a period that still ran are approved as such
 * @throws AppError invalid until that was said; forbidden for its maker or editor; conflict when it changed, or figures differ from their rows
 */
export function approve(ctx: Context, id: string, contentHash: string, interim = false): void {
  demand(ctx.actor, 'reports.approve');
  const me = audit.actorKey(ctx.actor);
  const row = existing(ctx, id);
  if (madeBy(ctx, row)) throw forbidden('Penyusun laporan tidak dapat menyetujuinya sendiri. Minta orang kedua.');
  if (row.state !== 'draft') throw conflict('Laporan ini bukan draf yang menunggu persetujuan.');
  if (row.contentHash !== contentHash)
    throw conflict('Draf telah berubah sejak Anda membukanya. Periksa kembali sebelum menyetujui.');
  const { stateAt } = snapshotOf(ctx, row.snapshotId);
  if (store.isInterim(row.period, stateAt) && !interim)
    throw invalid('Periode ini belum berakhir ketika angkanya diambil, jadi laporan ini bukan laporan akhir.', {
      interim: `Centang untuk menyetujuinya sebagai laporan sementara per ${date(stateAt)}, atau tunggu periode berakhir dan ambil angka baru.`,
    });
  const differences = differencesOf(ctx, snapshotOf(ctx, row.snapshotId));
  if (differences.length)
    throw conflict(
      `Hitung ulang menemukan ${differences.length} perbedaan; laporan tidak dapat disetujui. Ambil angka baru.`,
    );
  const now = ctx.now();
  transact(ctx, (tx) => {
    const current = existing(tx, id);
    if (current.state !== 'draft' || current.contentHash !== contentHash)
      throw conflict('Draf telah berubah sejak Anda membukanya. Periksa kembali sebelum menyetujui.');
    store.updateReport(tx.db, row.id, {
      state: 'sealing',
      approvedBy: me,
      approvedAt: now,
      recomputedAt: now,
      differences: 0,
    });
    audit.record(tx, {
      action: 'report.approved',
      targets: [['report', row.id]],
      details: { number: row.number, version: row.version, hash: contentHash },
    });
  });
}

/** Records that an approved report went to somebody, with proof. */
export async function dispatch(
  ctx: Context,
  id: string,
  input: DispatchInput,
  proof?: { name: string; bytes: Uint8Array; mediaType: string },
): Promise<void> {
  demand(ctx.actor, 'reports.send');
  const given = accept(dispatchInput, input, REFUSED);
  if (proof) await files.demandNoKey(proof, 'proof');
  const row = existing(ctx, id);
  if (row.state !== 'approved') throw conflict('Hanya laporan yang sudah disetujui yang dapat dicatat penyampaiannya.');
  const now = ctx.now();
  if (given.sentAt > now) throw invalid('Waktu penyampaian belum terjadi.', { sentAt: 'Isi waktu yang sudah lewat.' });
  // A person writes the minute; the approval in that same minute came before.
  if (given.sentAt < row.approvedAt! - (row.approvedAt! % MINUTE))
    throw invalid('Waktu penyampaian mendahului persetujuan.', { sentAt: 'Isi waktu setelah persetujuan.' });
  const stored = proof && proof.bytes.length ? files.put(ctx, proof.bytes) : null;
  transact(ctx, (tx) => {
    if (stored) files.register(tx, stored, proof!.mediaType || 'application/octet-stream');
    store.insertDispatch(tx.db, {
      id: newId(now),
      reportId: row.id,
      ...given,
      proofSha256: stored?.sha256 ?? null,
      proofName: stored ? proof!.name.slice(0, 160) : null,
      by: audit.actorKey(ctx.actor),
      enteredAt: now,
    });
    audit.record(tx, {
      action: 'report.dispatched',
      targets: [['report', row.id]],
      details: { number: row.number, way: given.way },
      // Typed by people: often somebody's name.
      personal: { addressee: given.addressee, receipt: given.receipt || '-' },
    });
  });
}

/** The proof of a dispatch, for download. */
export function proof(ctx: Context, reportId: string, dispatchId: string): { bytes: Buffer; name: string } {
  demand(ctx.actor, 'reports.view');
  const found = store.dispatchById(ctx.db, dispatchId);
  if (!found?.proofSha256 || found.reportId !== existing(ctx, reportId).id) throw notFound('Bukti tidak ditemukan.');
  audit.record(ctx, {
    action: 'file.read',
    targets: [['report', found.reportId]],
    details: { name: `bukti ${found.proofSha256.slice(0, 16)}` },
  });
  return { bytes: files.read(ctx, found.proofSha256), name: found.proofName ?? 'bukti' };
}
