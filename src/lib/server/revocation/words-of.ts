// What holds about one certificate now, from its issuer's lists and its own OCSP answer; and the memory of what lists named.
import type { Context } from '../context.ts';
import type { FreshnessPolicy, State, Word } from './decide.ts';
import type { Issuers, KnownIssuer } from './issuers.ts';
import { scopingOf } from './scoping.ts';
import * as store from './store.ts';
import { unread, wordOfLists, type Held, type ListsWord, type Subject } from './subject.ts';

/** One crossing of an issuer's lists with its certificates. */
export type Run = {
  issuerKey: string;
  issuerName: string;
  lists: Held[];
  /** Serials that the lists were walked for. */
  wanted: ReadonlySet<string>;
  listings: Map<string, store.ListingRow>;
  /** Serials that a list named at least once. */
  listed: Set<string>;
  policy: FreshnessPolicy;
  /** How many objects had been accepted when it began. */
  order: number;
  subjects: Subjects;
};

/** What lists said about the serials that they named. */
export type Memory = Pick<Run, 'issuerKey' | 'lists' | 'listings' | 'listed'>;

export const rememberedBy = (listings: readonly store.ListingRow[]): Pick<Memory, 'listings' | 'listed'> => ({
  listings: new Map(listings.map((row) => [`${row.scope} ${row.serial}`, row])),
  listed: new Set(listings.map((row) => row.serial)),
});

/** Certificates as the lists of one issuer are asked about them. */
export class Subjects {
  private readonly issuers: Issuers;
  private readonly issuerKey: string;
  private readonly then: boolean;

  /** @param then whether as they were when no other CA of a name was known: what was decided by that is derived by it */
  constructor(issuers: Issuers, issuerKey: string, then = false) {
    this.issuers = issuers;
    this.issuerKey = issuerKey;
    this.then = then;
  }

  /** What they say; about a record without its file nothing while it may be another CA's, though they name its serial. */
  ask(tx: Context, row: store.Checked, run: Omit<Memory, 'issuerKey'>): ListsWord {
    const known = run.listed.has(row.serial);
    const words = this.of(tx, row).map((subject) =>
      wordOfLists(run.lists, subject, ({ scope }) => (known ? run.listings.get(`${scope} ${row.serial}`) : undefined)),
    );
    const said = words.find(({ namedBy }) => namedBy.length > 0) ?? words[0] ?? NOTHING_SAID;
    return this.isTheirs(tx, row) ? said : { ...said, word: null };
  }

  /** One; of a record without its file one for each name of this issuer that its sheet may mean, maybe none. */
  of({ db }: Context, { fingerprint, issuer, serial, notBefore, notAfter }: store.Checked): Subject[] {
    const own = fingerprint === null ? null : scopingOf(db, fingerprint);
    const scopings = own ? [own] : this.named(issuer).map(({ view }) => unread(view.subject));
    return scopings.map((scoping) => ({ ...scoping, serial, notBefore, notAfter }));
  }

  /**
   * Whether a certificate is this issuer's beyond doubt, (issuer, serial) being its identity: by its file, or because the sheet
   * can mean no other CA. Whose it was taken for when no other was known it remains.
   */
  private isTheirs({ db }: Context, { fingerprint, issuer, state }: store.Checked): boolean {
    if (this.then || fingerprint !== null || this.meant(issuer).length === 1) return true;
    return state.evidenceId !== null && store.evidenceById(db, state.evidenceId)?.issuerKey === this.issuerKey;
  }

  private readonly named = (issuer: string | null): KnownIssuer[] =>
    this.meant(issuer).filter(({ view }) => view.publicKey.spkiSha256 === this.issuerKey);

  private readonly meant = (issuer: string | null): readonly KnownIssuer[] =>
    issuer ? this.issuers.meant(issuer) : [];
}

const NOTHING_SAID: ListsWord = { word: null, silence: null, namedBy: [] };

/** A record without its file is revoked by issuer and serial, never made good: of a hold that is over nothing stays known. */
export function wordsOf(row: store.Checked, list: Word | null, answer: store.AnswerRow | undefined): Word[] {
  if (row.fingerprint === null) {
    if (!list || negative(list)) return list ? [list] : [];
    const endsHold = list.status === 'good' || list.endsHold;
    return endsHold && row.state.status === 'on_hold' ? [{ ...list, status: 'undetermined', endsHold }] : [];
  }
  const words = list ? [heldBack(row, list)] : [];
  if (answer) words.push(wordOfAnswer(answer));
  // noRevAvail, ocsp-nocheck and the like say that nothing will be published (RFC 9608): only a revocation is news.
  return row.state.status === 'not_applicable' ? words.filter(negative) : words;
}

const CERTAIN: readonly State['status'][] = ['good', 'released', 'on_hold', 'revoked', 'not_applicable'];
const negative = (word: Word): boolean => word.status === 'revoked' || word.status === 'on_hold';

/**
 * A list under quarantine confirms what was good, but a certificate about which nothing certain was known proves nothing by
 * being absent from it, however often; and what vanished from it vanished with many others, so that nobody is asked about each.
 */
function heldBack(row: store.Checked, word: Word): Word {
  if (!word.quarantined) return word;
  const quiet = { ...word, removed: false };
  return word.status === 'good' && !CERTAIN.includes(row.state.status) ? { ...quiet, status: 'undetermined' } : quiet;
}

/** "Never issued" counts as on hold: not usable, and open to correction by a newer answer; a signal tells people why. */
export function wordOfAnswer(answer: Omit<store.AnswerRow, 'certificateId'>): Word {
  const { status, reason, revokedAt, invalidityAt, evidenceId, thisUpdate, nextUpdate, confirmedAt } = answer;
  const said = { status, reason, revokedAt, invalidityAt, evidenceId, thisUpdate, nextUpdate, confirmedAt };
  return { ...said, source: 'ocsp', status: said.status === 'non_issued' ? 'on_hold' : said.status };
}

/** Keeps what lists said about a serial they named: the memory by which a removal is noticed. */
export function remember(tx: Context, serial: string, said: ListsWord, run: Memory): void {
  if (said.namedBy.length === 0 && !run.listed.has(serial)) return;
  for (const held of run.lists) {
    const key = `${held.scope} ${serial}`;
    const known = run.listings.get(key);
    const entry = said.namedBy.includes(held) ? entryOf(held, serial) : null;
    const removed = said.word?.removed === true && !held.quarantined;
    if (!entry && (!known || known.removedEvidenceId || !removed)) continue;
    const row: store.ListingRow = entry
      ? {
          issuerKey: run.issuerKey,
          scope: held.scope,
          serial,
          ...entry,
          firstEvidenceId: known?.firstEvidenceId ?? held.evidenceId,
          firstSeenAt: known?.firstSeenAt ?? tx.now(),
          evidenceId: held.evidenceId,
          removedEvidenceId: null,
        }
      : { ...known!, removedEvidenceId: held.evidenceId };
    if (known && sameListing(known, row)) continue;
    store.putListing(tx.db, row);
    run.listings.set(key, row);
    run.listed.add(serial);
  }
}

/** What a list names a serial as: of several entries the earliest. */
export function entryOf(
  held: Held,
  serial: string,
): Pick<store.ListingRow, 'status' | 'reason' | 'revokedAt' | 'invalidityAt'> {
  const first = [...held.crossing.found.get(serial)!].sort((a, b) => a.revokedAt - b.revokedAt)[0]!;
  return {
    status: first.reason === 6 ? 'on_hold' : 'revoked',
    reason: first.reason,
    revokedAt: first.revokedAt,
    invalidityAt: first.invalidityAt,
  };
}

const sameListing = (a: store.ListingRow, b: store.ListingRow): boolean =>
  a.status === b.status &&
  a.reason === b.reason &&
  a.revokedAt === b.revokedAt &&
  a.invalidityAt === b.invalidityAt &&
  a.removedEvidenceId === b.removedEvidenceId;
