// A list that verifies but may not be used (a critical extension nobody knows, a delta without its base), is a namesake's of
// the issuer, or does not contain a certificate in its scope, determines no status of it;
// that it names a certificate of ours is told to people all the same: "mungkin dicabut" (certificate-status §2 no. 3 and 6,
// RFC 5280 §5.2). Never a hint of good.
import { transact, type Context } from '../context.ts';
import { hintsAbout, tellOf, type Hint } from './authority-signals.ts';
import { cross, type Crl } from './crl.ts';
import { wordOf, wordOutside, type ListWord, type NegativeWord } from './crl-word.ts';
import { issuedSerials } from './issued.ts';
import type { Issuers } from './issuers.ts';
import type { RefusalCode } from './refusals.ts';
import { detailOf } from './signal-words.ts';
import * as store from './store.ts';
import { subjectOfView, type ListsWord } from './subject.ts';
import { entryOf, Subjects, type Run } from './words-of.ts';

type Said = { reason: number | null; revokedAt: number };
type Refused = { issuerKey: string; sourceId: string | null; refusedId: string; code: RefusalCode; issuers: Issuers };

/** Raises a hint for each certificate that the list names; returns the serials of all it names that are not known as such. */
export function hint(ctx: Context, crl: Crl, { issuerKey, sourceId, refusedId, code, issuers }: Refused): string[] {
  const dataOnly = store.dataOnlyOf(ctx.db, issuerKey);
  const cas = issuers.issuedBy(issuerKey);
  const { found } = cross(crl, issuedSerials(ctx.db, issuerKey, issuers));
  if (found.size === 0) return [];
  const subjects = new Subjects(issuers, issuerKey);
  const list = { issuer: issuers.nameOf(issuerKey) || crl.issuer.text, sha256: crl.sha256, code };
  const about = { ...list, number: crl.number, thisUpdate: crl.thisUpdate.ms };
  return transact(ctx, (tx) => {
    const named = new Set<string>();
    for (const [serial, entries] of found) {
      const records = new Map([
        ...dataOnly.filter((row) => row.serial === serial).map((row) => [row.id, row] as const),
        ...store.idsOf(tx.db, issuerKey, serial).map((id) => [id, store.checkedById(tx.db, id)!] as const),
      ]);
      for (const [certificateId, row] of records) {
        const words = subjects.of(tx, row).map((subject) => namedAs(crl, entries, subject));
        const word = words.find((each) => each !== null);
        if (!word || isKnown(row.state, word.status, crl.thisUpdate.ms)) continue;
        named.add(serial);
        // The object is no evidence: it is kept among the refused ones.
        tellOnce(tx, { certificateId, sourceId, evidenceId: refusedId }, word, about);
      }
      for (const ca of cas.filter(({ view, revokedAt }) => view.serial === serial && revokedAt === null)) {
        const word = namedAs(crl, entries, subjectOfView(ca.view));
        if (!word) continue;
        named.add(serial);
        const said = { reason: word.reason, revokedAt: word.revokedAt };
        if (!isNews(hintsAbout(tx, ca), said)) continue;
        tellOf(tx, ca, { kind: 'hint', evidenceId: refusedId, sourceId, facts: { ...said, ...about } });
      }
    }
    return [...named];
  });
}

type Place = Pick<store.SignalRow, 'certificateId' | 'evidenceId'> & { sourceId?: string | null };

function tellOnce(tx: Context, at: Place, { reason, revokedAt }: Said, about: Record<string, unknown>): void {
  const said = { reason, revokedAt };
  if (!isNews(hintsOf(tx, at.certificateId!), said)) return;
  store.addSignal(tx.db, { kind: 'hint', ...at, detail: JSON.stringify({ ...said, ...about }), at: tx.now() });
}

/** Lists that are believed name a record without its file, but its sheet may mean another CA that bears the name. */
export function hintOfDoubt(tx: Context, row: store.Checked, { namedBy }: ListsWord, issuer: string): void {
  for (const held of namedBy) {
    const { status, ...said } = entryOf(held, row.serial);
    if (isKnown(row.state, status, held.crl.thisUpdate.ms)) continue;
    tellOnce(tx, { certificateId: row.id, evidenceId: held.evidenceId }, said, { issuer, code: 'several_issuers' });
  }
}

/**
 * Lists that are believed name it, but their scope does not contain it (another distribution point, only CAs), and none
 * that may speak about it does: the CA itself gives that serial as revoked.
 */
export function hintOutside(tx: Context, row: store.Checked, { lists, subjects, issuerName }: Run): void {
  for (const held of lists) {
    const entries = held.crossing.found.get(row.serial);
    const words = entries ? subjects.of(tx, row).map((subject) => wordOutside(held.crl, entries, subject)) : [];
    const word = words.find((each) => each !== null);
    if (!word || isKnown(row.state, word.status, held.crl.thisUpdate.ms)) continue;
    const about = { issuer: issuerName, code: 'other_scope' };
    tellOnce(tx, { certificateId: row.id, evidenceId: held.evidenceId }, word, about);
  }
}

/** What a list that may not be used names a certificate as, inside its scope or outside; null: it does not. */
function namedAs(...[crl, entries, subject]: Parameters<typeof wordOf>): NegativeWord | null {
  const word = wordOf(crl, entries, subject);
  return isNegative(word) ? word : wordOutside(crl, entries, subject);
}

const isNegative = (word: ListWord): word is NegativeWord => word.status === 'revoked' || word.status === 'on_hold';

/** A revocation that is known already, or a hold that newer evidence knows or released, is no news. */
const isKnown = (state: store.Checked['state'], status: 'revoked' | 'on_hold', thisUpdate: number): boolean =>
  state.status === 'revoked' ||
  (status === 'on_hold' && (state.status === 'on_hold' || (state.thisUpdate ?? 0) > thisUpdate));

const hintsOf = (tx: Context, certificateId: string): Hint[] =>
  store
    .signalsOf(tx.db, certificateId)
    .filter(({ kind }) => kind === 'hint')
    .map(({ settledAt, detail }) => ({ settledAt, said: detailOf(detail) }));

/** An address serves the same list every hour: people are told once, and again when it says something else. */
const isNews = (hints: readonly Hint[], { reason, revokedAt }: Said): boolean =>
  hints.every(
    ({ settledAt, said }) => settledAt !== null && (said['reason'] !== reason || said['revokedAt'] !== revokedAt),
  );
