// A list that suddenly names far fewer certificates (certificate-status §3): alarm, and its silence releases nobody until
// a person decides with a reason, or a later list is whole again. What it does name still counts.
import * as audit from '../audit/index.ts';
import { transact, type Context } from '../context.ts';
import { conflict, invalid } from '../errors.ts';
import { demand } from '../permission.ts';
import * as settings from '../settings/index.ts';
import { massChange, type Counts } from './mass-change.ts';
import * as store from './store.ts';

type Taken = { issuerKey: string; scope: string; evidenceId: string; sourceId: string | null } & Counts;

/** How many entries a list of the line is compared with: those before it shrank, while that is undecided. */
export const expectedCount = (ctx: Context, issuerKey: string, scope: string, held: number): number =>
  store.openQuarantine(ctx.db, issuerKey, scope)?.fromCount ?? held;

/** Begins a quarantine when a line lost too much by a list or a delta, ends it when it is whole again. */
export function watchCount(tx: Context, list: Taken): void {
  const open = store.openQuarantine(tx.db, list.issuerKey, list.scope);
  const expected = open?.fromCount ?? list.before;
  const change = massChange(expected, list.after, settings.get(tx, 'massChange'));
  if (change && !open) {
    const { issuerKey, scope, evidenceId, sourceId, after: count } = list;
    const since = tx.now();
    store.addQuarantine(tx.db, { issuerKey, scope, evidenceId, fromCount: expected, toCount: count, since });
    const detail = JSON.stringify({ from: expected, to: count });
    store.addSignal(tx.db, { kind: 'shrunk', sourceId, evidenceId, detail, at: since });
  }
  if (!change && open) end(tx, open, 'recovered', { by: 'system', reason: 'CRL kembali lengkap.' });
}

/**
 * A person has looked: `release` lets the line's silence count again, `keep` leaves it held back.
 * @param evidenceId the list that shrank
 * @throws AppError not_found, conflict when it was ended already
 */
export function decideQuarantine(
  ctx: Context,
  evidenceId: string,
  { decision, reason }: { decision: 'release' | 'keep'; reason: string },
): void {
  demand(ctx.actor, 'revocation.check');
  const why = reason.trim().slice(0, 500);
  if (why.length < 10)
    throw invalid('Tuliskan apa yang dijawab penerbit, paling sedikit sepuluh huruf.', { reason: 'Isi alasan.' });
  transact(ctx, (tx) => {
    const row = store.quarantineOf(tx.db, evidenceId);
    if (!row || row.endedAt !== null)
      throw conflict('Karantina CRL ini sudah selesai. Muat ulang halaman untuk melihat keadaannya sekarang.');
    const by = audit.actorKey(ctx.actor);
    if (decision === 'release') end(tx, row, 'release', { by, reason: why });
    else store.setQuarantine(tx.db, row.id, { decision, decidedAt: tx.now(), decidedBy: by, reason: why });
    audit.record(tx, {
      action: 'quarantine.decided',
      targets: [['evidence', evidenceId]],
      details: { decision: decision === 'release' ? 'dilepas' : 'tetap ditahan' },
      reason: why,
    });
  });
}

/** What was held back is crossed again by the next sweep, which the urgent lane starts at once. */
function end(
  tx: Context,
  row: store.QuarantineRow,
  decision: 'release' | 'recovered',
  { by, reason }: { by: string; reason: string },
): void {
  const now = tx.now();
  store.setQuarantine(tx.db, row.id, { decision, decidedAt: now, decidedBy: by, reason, endedAt: now });
  store.crossAgain(tx.db, row.issuerKey, row.scope);
  for (const signal of store.signalsAbout(tx.db, 'shrunk', row.evidenceId))
    store.setSignal(tx.db, signal.id, { settledAt: now, settledBy: by, settledWhy: reason });
}
