// A CA whose CRL numbers begin below those that we hold, although the list is newer (certificate-status §2 no. 5): restored from a
// backup, or rolled back by somebody. Refused until a person let the numbering begin anew, knowing what that changes; people
// are told as soon as it is seen. Letting it begin anew takes nothing away that was proved: the list is judged by every other
// rule, whom it does not name any more stays revoked and is an early removal, and it releases nobody from a hold; its successor may.
//
// Each key of a line counts for itself. The question stands below a head: the list with the greatest number that the key gave;
// it is moot when there is another head. It is a finding of its own (its object is the list that was refused), so that it
// neither hides nor ends what else is found about the head, such as two lists of one number.
import { serialDecimal } from '#lib/format.ts';
import * as audit from '../audit/index.ts';
import { transact, type Context } from '../context.ts';
import { conflict, invalid, notFound } from '../errors.ts';
import { demand } from '../permission.ts';
import type { Crl, Crossing } from './crl.ts';
import type { Known } from './crl-acceptance.ts';
import { changesBy } from './renumbering-preview.ts';
import { detailOf, renumberedIn, type Renumbered } from './signal-words.ts';
import * as store from './store.ts';

type Seen = {
  crl: Crl;
  crossing: Crossing;
  issuerKey: string;
  scope: string;
  /** Who signed it. */
  key: string;
  sourceId: string | null;
  refusedId: string;
};

/** One finding for each head, with what it would change by the list that was seen last. */
export function tellRenumbered(ctx: Context, seen: Seen): void {
  const { crl, crossing, sourceId, refusedId } = seen;
  const head = store.greatestNumbered(ctx.db, { ...seen, deltaOf: crl.deltaOf });
  if (!head) return;
  const renumbered: Renumbered = {
    head: head.id,
    known: head.crlNumber!,
    knownAt: head.thisUpdate,
    ...changesBy(ctx, { crl, crossing, head }),
    accepted: null,
  };
  const { sha256, number } = crl;
  const thisUpdate = crl.thisUpdate.ms;
  const detail = JSON.stringify({
    refused: refusedId,
    issuer: head.issuerName,
    sha256,
    number,
    thisUpdate,
    renumbered,
  });
  transact(ctx, (tx) => {
    const [before] = store.renumberings(tx.db, head.id);
    const accepted = before && renumberedIn(before.detail)!.accepted !== null;
    if (before && !accepted)
      // A person who judged that it does not begin anew is not asked again; but may think better of it.
      return store.setSignal(tx.db, before.id, { detail, sourceId: sourceId ?? before.sourceId });
    // Below what a person let begin, an old list says nothing; a newer one begins anew once more.
    if (before && thisUpdate <= Number(detailOf(before.detail)['thisUpdate'])) return;
    store.addSignal(tx.db, { kind: 'same_number', sourceId, evidenceId: refusedId, detail, at: tx.now() });
  });
}

/** Whether a list is still the one with the greatest number that its key gave. */
function isHead({ db }: Context, row: store.EvidenceRow): boolean {
  const key = store.keyOfAuthority(db, row.signerFingerprint);
  return key !== undefined && store.greatestNumbered(db, { ...row, key })?.id === row.id;
}

const headOf = ({ db }: Context, { head }: Renumbered): store.EvidenceRow | undefined => store.evidenceById(db, head);

/** Whether a person may still let the numbering begin anew, also after another judged that it does not. */
export function isUndecided(ctx: Context, detail: string): boolean {
  const renumbered = renumberedIn(detail);
  const head = renumbered?.accepted === null && headOf(ctx, renumbered);
  return !!head && isHead(ctx, head);
}

/** After a list of a line was accepted: where its key went on there is nothing to decide any more. */
export function wentOn(tx: Context, line: { issuerKey: string; scope: string }): void {
  const settledWhy = 'Berakhir sendiri: penerbit melanjutkan barisnya dengan CRL yang diterima.';
  for (const { id, detail } of store.renumberings(tx.db, null)) {
    const head = headOf(tx, renumberedIn(detail)!);
    const isOfLine = head && head.issuerKey === line.issuerKey && head.scope === line.scope;
    if (isOfLine && !isHead(tx, head))
      store.setSignal(tx.db, id, { settledAt: tx.now(), settledBy: 'system', settledWhy });
  }
}

/** What a list must not fall behind when a person let the numbering begin anew below this head: the list that was shown. */
export function begunAnew({ db }: Context, head: store.EvidenceRow): Known['numbered'] {
  const accepted = store.renumberings(db, head.id).find(({ detail }) => renumberedIn(detail)!.accepted !== null);
  if (!accepted) return null;
  const { number, sha256 } = detailOf(accepted.detail);
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
    if (renumbered.accepted !== null)
      throw conflict('Temuan ini sudah diputuskan. Muat ulang halaman untuk melihatnya.');
    const detail = detailOf(row.detail);
    if (detail['sha256'] !== shown)
      throw conflict('Sementara itu datang CRL yang lain. Tinjau lagi apa yang berubah karenanya, lalu putuskan.');
    const head = headOf(tx, renumbered)!;
    if (!isHead(tx, head))
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
