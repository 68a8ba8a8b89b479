// What holds about one certificate now, from its issuer's lists and its own OCSP answer; and the memory of what lists named.
import type { Context } from '../context.ts';
import { children, single, TAG, value, whole } from '../x509/der.ts';
import { readCertificate } from '../x509/index.ts';
import type { Name } from '../x509/types.ts';
import type { FreshnessPolicy, State, Word } from './decide.ts';
import * as store from './store.ts';
import { subjectOfRow, subjectOfView, wordOfLists, type Held, type ListsWord, type Subject } from './subject.ts';

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

/** Certificates as lists are asked about them. Their own distribution points are read only where a list has a scope. */
export class Subjects {
  private readonly scoped: boolean;
  private readonly urls = new Map<string, readonly string[]>();
  private readonly alike = new Map<string, Subject>();
  private readonly issuer: Name | null;

  constructor(lists: readonly Held[], issuer: Name | null) {
    this.scoped = lists.some((list) => list.crl.scope !== null);
    this.issuer = issuer;
  }

  ask(tx: Context, row: store.Checked, run: Run): ListsWord {
    const der = this.scoped && row.fingerprint ? store.derOf(tx.db, row.fingerprint) : null;
    const subject = der
      ? { ...this.pointsOf(der), serial: row.serial, notBefore: row.notBefore, notAfter: row.notAfter }
      : subjectOfRow({ ...row, crlUrls: this.urlsOf(row.crlUrls) }, this.issuer ?? undefined);
    const known = run.listed.has(row.serial);
    return wordOfLists(run.lists, subject, ({ scope }) =>
      known ? run.listings.get(`${scope} ${row.serial}`) : undefined,
    );
  }

  /** Certificates of an issuer differ in serial and dates; distribution points and kind are read once for all alike. */
  private pointsOf(der: Buffer): Subject {
    const key = scopeKey(der);
    const known = this.alike.get(key);
    if (known) return known;
    const subject = subjectOfView(readCertificate(der));
    this.alike.set(key, subject);
    return subject;
  }

  /** Most certificates of an issuer name the same addresses. */
  private urlsOf(json: string): readonly string[] {
    const known = this.urls.get(json);
    if (known) return known;
    const urls = JSON.parse(json) as string[];
    this.urls.set(json, urls);
    return urls;
  }
}

/** cRLDistributionPoints and basicConstraints, as the ends of their OIDs (2.5.29.n). */
const SCOPING = [31, 19];

/** Those extensions of a certificate that decide which lists speak about it, and its issuer's name: their bytes. */
function scopeKey(der: Buffer): string {
  const tbs = children(children(single(der, TAG.sequence))[0]!);
  const versioned = tbs[0]!.tag === 0xa0 ? 1 : 0;
  const issuer = whole(tbs[versioned + 2]!);
  const wrapper = tbs.find((part) => part.tag === 0xa3);
  const extensions = wrapper ? children(single(value(wrapper), TAG.sequence)) : [];
  const scoping = extensions.filter(({ bytes, content }) => {
    const id = bytes.subarray(content, content + 5);
    return id[0] === TAG.oid && id[1] === 3 && id[2] === 0x55 && id[3] === 0x1d && SCOPING.includes(id[4]!);
  });
  return Buffer.concat([issuer, ...scoping.map(whole)]).toString('latin1');
}

/** A record without its file is revoked by issuer and serial, never made good. */
export function wordsOf(row: store.Checked, list: Word | null, answer: store.AnswerRow | undefined): Word[] {
  if (row.fingerprint === null) return list && negative(list) ? [list] : [];
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
export function wordOfAnswer({ certificateId: _, ...said }: store.AnswerRow): Word {
  return { ...said, source: 'ocsp', status: said.status === 'non_issued' ? 'on_hold' : said.status };
}

/** Keeps what lists said about a serial they named: the memory by which a removal is noticed. */
export function remember(tx: Context, serial: string, said: ListsWord, run: Run): void {
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
