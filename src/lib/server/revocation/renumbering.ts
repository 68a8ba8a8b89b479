// A CA whose CRL numbers begin below those that we hold, although the list is newer (certificate-status §2 no. 5): restored from a
// backup, or rolled back by somebody. Refused until a person let the numbering begin anew, knowing what that changes; people
// are told as soon as it is seen. Letting it begin anew takes nothing away that was proved: the list is judged by every other
// rule, whom it does not name any more stays revoked and is an early removal, and it releases nobody from a hold; its successor may.
import { serialDecimal } from '#lib/format.ts';
import * as audit from '../audit/index.ts';
import { transact, type Context } from '../context.ts';
import { conflict, invalid, notFound } from '../errors.ts';
import { demand } from '../permission.ts';
import type { Crl, Crossing } from './crl.ts';
import type { Known } from './crl-acceptance.ts';
import { detailOf, renumberedIn, type Renumbered } from './signal-words.ts';
import * as store from './store.ts';

/** So many serials of each kind are kept for the preview. */
const NAMED = 20;

type Seen = {
  crl: Crl;
  crossing: Crossing;
  /** The last object of its kind in the line, and what a new one must not fall behind. */
  head: store.EvidenceRow;
  known: Known;
  issuerKey: string;
  scope: string;
  /** Who signed it: each key counts for itself. */
  key: string;
  sourceId: string | null;
  refusedId: string;
};

/** One finding for each head of a line, with what it would change by the list that was seen last. */
export function tellRenumbered(ctx: Context, seen: Seen): void {
  const { crl, head, sourceId, refusedId } = seen;
  const facts = {
    refused: refusedId,
    issuer: head.issuerName,
    sha256: crl.sha256,
    number: crl.number,
    thisUpdate: crl.thisUpdate.ms,
  };
  const detail = JSON.stringify({ ...facts, renumbered: changesBy(ctx, seen) });
  transact(ctx, (tx) => {
    const before = store.signalOn(tx.db, 'same_number', head.id);
    if (!before)
      return store.addSignal(tx.db, { kind: 'same_number', sourceId, evidenceId: head.id, detail, at: tx.now() });
    // What a person decided about it stands.
    if (before.settledAt !== null && renumberedIn(before.detail)) return;
    return store.setSignal(tx.db, before.id, { detail, sourceId, settledAt: null, settledBy: null, settledWhy: null });
  });
}

function changesBy(ctx: Context, { crl, crossing, known, head, issuerKey, scope, key }: Seen): Renumbered {
  const now = ctx.now();
  const named = store.namedByLine(ctx.db, issuerKey, scope, now);
  const gone = named.filter(({ serial }) => !crossing.found.has(serial));
  const before = new Set(named.map(({ serial }) => serial));
  const come = [...crossing.found.keys()].filter((serial) => !before.has(serial));
  const some = (status: string) => gone.filter((row) => row.status === status).map(({ serial }) => serial);
  const group = (serials: readonly string[]) => ({ count: serials.length, serials: serials.slice(0, NAMED) });
  return {
    key,
    isDelta: crl.deltaOf !== null,
    known: known.numbered!.number,
    knownAt: head.thisUpdate,
    entries: { before: head.entryCount ?? 0, after: crossing.count },
    revoked: group(some('revoked')),
    held: group(some('on_hold')),
    come: group(come),
    accepted: null,
  };
}

/** The line went on after this head by its old numbering: there is nothing to decide any more. */
export function wentOn(tx: Context, head: store.EvidenceRow): void {
  const signal = store.signalOn(tx.db, 'same_number', head.id);
  if (!signal || signal.settledAt !== null || !renumberedIn(signal.detail)) return;
  const settledWhy = 'Berakhir sendiri: penerbit melanjutkan penomoran yang lama.';
  store.setSignal(tx.db, signal.id, { settledAt: tx.now(), settledBy: 'system', settledWhy });
}

/**
 * What a list of this key must not fall behind when a person let the numbering begin anew after the head of its line: the
 * list that the person was shown. It holds for that head alone; whatever is accepted next begins the new numbering or voids it.
 */
export function begunAnew(ctx: Context, head: store.EvidenceRow, key: string): Known['numbered'] {
  const signal = store.signalOn(ctx.db, 'same_number', head.id);
  const renumbered = signal && renumberedIn(signal.detail);
  if (!renumbered || renumbered.accepted === null || renumbered.key !== key) return null;
  const { number, sha256 } = detailOf(signal.detail);
  return { number: String(number), sha256: String(sha256) };
}

/**
 * A person lets the numbering of a line begin anew. The list itself is fetched or carried again, and judged by every rule.
 * @param shown SHA-256 of the list whose changes the person was shown
 * @throws AppError not_found, invalid, conflict when another list came since, or it was decided already
 */
export function acceptRenumbering(
  ctx: Context,
  id: string,
  { reason, shown }: { reason: string; shown: string },
): void {
  demand(ctx.actor, 'revocation.renumber');
  const why = reason.trim().slice(0, 500);
  if (why.length < 10)
    throw invalid('Tuliskan apa yang dijawab penerbit, paling sedikit sepuluh huruf.', { reason: 'Isi alasan.' });
  transact(ctx, (tx) => {
    const row = store.signalById(tx.db, id);
    const renumbered = row && renumberedIn(row.detail);
    if (!row || !renumbered) throw notFound('Temuan tentang penomoran CRL ini tidak ada.');
    if (row.settledAt !== null) throw conflict('Temuan ini sudah diputuskan. Muat ulang halaman untuk melihatnya.');
    const detail = detailOf(row.detail);
    if (detail['sha256'] !== shown)
      throw conflict('Sementara itu datang CRL yang lain. Tinjau lagi apa yang berubah karenanya, lalu putuskan.');
    const head = store.evidenceById(tx.db, row.evidenceId!)!;
    const line = store.lineOf(tx.db, head.issuerKey, head.scope);
    if (![line?.evidenceId, line?.deltaEvidenceId].includes(head.id))
      throw conflict('Penerbit sudah melanjutkan penomoran yang lama; tidak ada lagi yang perlu diterima.');
    const now = tx.now();
    const by = audit.actorKey(tx.actor);
    store.setSignal(tx.db, id, {
      detail: JSON.stringify({ ...detail, renumbered: { ...renumbered, accepted: now } }),
      settledAt: now,
      settledBy: by,
      settledWhy: why,
    });
    const source = row.sourceId ? store.sourceById(tx.db, row.sourceId) : undefined;
    if (source?.retiredAt === null && !store.openOfSource(tx.db, source.id))
      store.addRequest(tx.db, { kind: 'source', sourceId: source.id, requestedBy: by, requestedAt: now });
    audit.record(tx, {
      action: 'source.renumbered',
      targets: [['evidence', head.id], ...(source ? [['source', source.id] as const] : [])],
      details: {
        issuer: head.issuerName,
        from: serialDecimal(renumbered.known),
        to: serialDecimal(String(detail['number'])),
        sha256: shown,
      },
      reason: why,
    });
  });
}
