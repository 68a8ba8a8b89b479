// Accepted lists whose bytes are gone from our disk, or changed there: what was believed by them stays, one such list stops
// no other, people are told, and the address that published it is asked for the whole of it again (certificate-status §12).
import { transact, type Context } from '../context.ts';
import * as files from '../files/index.ts';
import { heldObject, unlessLost } from './held-object.ts';
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
  transact(ctx, (tx) => returned(tx, row));
}

/** What somebody put back on the disk speaks again. */
export function noticeReturned(ctx: Context): void {
  for (const { kind, certificateId, evidenceId } of store.openSignals(ctx.db)) {
    if (kind !== 'underived' || certificateId !== null || evidenceId === null) continue;
    const row = store.evidenceById(ctx.db, evidenceId);
    if (row && isThere(ctx, row)) transact(ctx, (tx) => returned(tx, row));
  }
}

/** Its line is crossed again: meanwhile the silence of the issuer's lists meant nothing. */
function returned(tx: Context, row: store.EvidenceRow): void {
  store.crossAgain(tx.db, row.issuerKey, row.scope);
  for (const signal of store.signalsAbout(tx.db, 'underived', row.id))
    if (signal.certificateId === null)
      store.setSignal(tx.db, signal.id, {
        settledAt: tx.now(),
        settledBy: 'system',
        settledWhy: 'Berkasnya ada lagi, byte demi byte sama.',
      });
}

const isThere = (ctx: Context, row: store.EvidenceRow): boolean => unlessLost(() => heldObject(ctx, row)) !== null;

function report(tx: Context, row: store.EvidenceRow): void {
  const at = tx.now();
  const { id: evidenceId, sourceId } = row;
  const detail = JSON.stringify({ lost: true });
  if (!store.addSignal(tx.db, { kind: 'underived', sourceId, evidenceId, detail, at }))
    store.reopenLost(tx.db, evidenceId);
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
