// Accepted lists whose bytes are gone from our disk, or changed there: what was believed by them stays, one such list stops
// no other, people are told, and the address that published it is asked for the whole of it again (certificate-status §12).
import { transact, type Context } from '../context.ts';
import { AppError } from '../errors.ts';
import * as files from '../files/index.ts';
import type { Standing } from './standing.ts';
import * as store from './store.ts';

const LOST =
  'Berkas bukti CRL dari alamat ini hilang atau berubah di penyimpanan Siaga; CRL-nya diminta lagi seutuhnya.';

/** Reports what cannot be read any more of the objects that hold together. @returns whether there is any */
export function reportLost(ctx: Context, standing: readonly Standing[]): boolean {
  const lost = standing
    .flatMap(({ complete, delta }) => [complete, ...(delta ? [delta] : [])])
    .filter((row) => !isThere(ctx, row));
  if (lost.length) transact(ctx, (tx) => lost.forEach((row) => report(tx, row)));
  return lost.length > 0;
}

/** The same bytes came again: they lie where they should. */
export function bringBack(ctx: Context, row: store.EvidenceRow, bytes: Buffer): void {
  if (isThere(ctx, row)) return;
  files.restore(ctx, bytes);
  transact(ctx, (tx) => {
    for (const signal of store.signalsAbout(tx.db, 'underived', row.id))
      if (signal.certificateId === null)
        store.setSignal(tx.db, signal.id, {
          settledAt: tx.now(),
          settledBy: 'system',
          settledWhy: 'Berkasnya diterima lagi, byte demi byte sama.',
        });
  });
}

function isThere(ctx: Context, row: store.EvidenceRow): boolean {
  if (store.thinnedOf(ctx.db, row.id)) return true;
  try {
    files.read(ctx, row.sha256);
    return true;
  } catch (error) {
    if (error instanceof AppError) return false;
    throw error;
  }
}

function report(tx: Context, row: store.EvidenceRow): void {
  const at = tx.now();
  const { id: evidenceId, sourceId } = row;
  store.addSignal(tx.db, { kind: 'underived', sourceId, evidenceId, detail: JSON.stringify({ lost: true }), at });
  for (const source of store.sourcesHolding(tx.db, evidenceId)) {
    // Asked already without a condition, and failing: its pause is not for us to end.
    if (source.failures > 0 && (source.etag ?? source.lastModified) === null) continue;
    store.setSource(tx.db, source.id, {
      etag: null,
      lastModified: null,
      dueAt: at,
      failures: Math.max(source.failures, 1),
      failedSince: source.failedSince ?? at,
      failureCode: 'lost',
      failureText: LOST,
    });
  }
}
