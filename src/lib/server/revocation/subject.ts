// The certificate that lists are asked about, from a row or from its bytes, and what all lists say together. Pure.
import { extensionOf, EXTENSION, sameName } from '../x509/index.ts';
import { Cursor, DerError, sequence, single, TAG, whole } from '../x509/der.ts';
import { readDistributionPoints } from '../x509/general-name.ts';
import type { CertificateView, DistributionPoint, Name } from '../x509/types.ts';
import { freshestUrls, type Crl, type Crossing, type Entry } from './crl.ts';
import { pointNames } from './crl-scope.ts';
import { coversAllReasons, wordOf, type Point, type Reasons, type Subject } from './crl-word.ts';
import type { SilenceCode } from './silences.ts';
import type { Word } from './decide.ts';

export type { Subject } from './crl-word.ts';

/** A record without its file: nobody knows which lists it points to. */
export const unread = (issuer: Name | null): Pick<Subject, 'ca' | 'issuer' | 'points'> => ({
  ca: false,
  issuer,
  points: null,
});

/** From the certificate's bytes: every name and reason of its distribution points, byte for byte. */
export function subjectOfView(view: CertificateView): Subject {
  const { serial, ca, notBefore, notAfter, issuer } = view;
  const unreadable = view.oddities.some(({ oid }) => oid === EXTENSION.crlDistributionPoints);
  const points = unreadable ? null : view.crlDistributionPoints.map((point) => pointOf(point, issuer));
  return { serial, ca, notBefore: notBefore.ms, notAfter: notAfter.ms, issuer, points, unreadable };
}

function pointOf({ der, reasons, crlIssuer }: DistributionPoint, issuer: Name): Point {
  try {
    // A relative name is relative to the CRL issuer; several of them leave it without a meaning (§4.2.1.13).
    return { names: namesOf(der, (crlIssuer?.[0] ?? issuer).der), reasons, issuers: crlIssuer };
  } catch (error) {
    // A name that cannot be read is met by no list.
    if (error instanceof DerError) return { names: [], reasons, issuers: [] };
    throw error;
  }
}

/** A DistributionPoint's names, or those of its cRLIssuer when it has no distributionPoint (§2 no. 7). */
function namesOf(der: Buffer, issuer: Buffer): string[] {
  const parts = sequence(single(der, TAG.sequence));
  const point = parts.optional(0xa0);
  if (point) return pointNames(point, issuer);
  parts.optional(0x81);
  const issuers = parts.optional(0xa2);
  if (!issuers) return [];
  const cursor = new Cursor(issuers);
  const names: string[] = [];
  while (!cursor.done) names.push(whole(cursor.next()).toString('hex'));
  return names;
}

/** Where the certificate says that deltas are published (freshestCRL, RFC 5280 §4.2.1.15). */
export function freshestUrlsOf(view: CertificateView): string[] {
  const extension = extensionOf(view, EXTENSION.freshestCrl);
  if (!extension) return [];
  try {
    return freshestUrls(readDistributionPoints(single(extension.value, TAG.sequence)));
  } catch (error) {
    if (error instanceof DerError) return [];
    throw error;
  }
}

/** One accepted list, or a list with its delta worked in (delta.ts), crossed with our serials. */
export type Held = {
  crl: Crl;
  crossing: Crossing;
  /** The delta that was worked in, and what it took away without right. */
  delta?: Crl | null;
  earlyRemoved?: readonly Entry[];
  evidenceId: string;
  scope: string;
  confirmedAt: number;
  quarantined: boolean;
  /** Its number was another list's before: it may revoke, not release, until one with a higher number comes (§2 no. 5). */
  doubtful?: boolean;
  /** Signed by another key of the issuer's name (crl-signers.ts). */
  onlyRevokes?: boolean;
};

/** What a list named the certificate as. */
export type Named = { status: 'revoked' | 'on_hold'; revokedAt: number };

export type ListsWord = {
  word: Word | null;
  silence: SilenceCode | null;
  /** Lists that name the certificate. */
  namedBy: Held[];
};

/**
 * What all current lists of the issuer say together about one certificate: a revocation in any of them counts, absence
 * counts as good only when together they cover every reason (§2 no. 8).
 * @param before what a list of the same line named the certificate as, last
 */
export function wordOfLists(
  lists: readonly Held[],
  subject: Subject,
  before: (held: Held) => Named | undefined = () => undefined,
): ListsWord {
  const said = lists.map((held) => ({
    held,
    word: wordOf(held.crl, held.crossing.found.get(subject.serial) ?? [], subject),
  }));
  const good = said.flatMap(({ held, word }) =>
    word.status === 'good' && !held.onlyRevokes ? [{ held, reasons: word.reasons }] : [],
  );
  const negative = said.filter(
    ({ held, word }) => word.status === 'revoked' || (word.status === 'on_hold' && !isOutdated(held, good)),
  );
  if (negative.length) {
    const first = negative.find(({ word }) => word.status === 'revoked') ?? negative[0]!;
    const word = wordFrom(first.held, first.word as Listed);
    word.removed = negative.some(({ held }) => held.earlyRemoved?.some(({ serial }) => serial === subject.serial));
    return { word, silence: null, namedBy: negative.map(({ held }) => held) };
  }
  if (good.length) {
    const covered = coversAllReasons(good.map(({ reasons }) => reasons));
    const word = jointWord(needed(good), covered ? 'good' : 'undetermined');
    const named = good.flatMap(({ held }) => before(held) ?? []);
    word.removed = named.length > 0;
    const holds = named.filter(({ status }) => status === 'on_hold');
    if (holds.length) word.heldBefore = Math.max(...holds.map(({ revokedAt }) => revokedAt));
    word.quarantined = good.some(({ held }) => held.quarantined);
    word.doubtful = good.some(({ held }) => held.doubtful);
    return { word, silence: covered ? null : 'partial_reasons', namedBy: [] };
  }
  return { ...(endedHold(said, subject, before) ?? silent(said)), namedBy: [] };
}

/**
 * Where nobody knows which lists speak about a certificate their silence proves nothing good; but the hold that a line told of
 * is over when its next sound list does not tell of it (§4), and then nothing is known.
 */
function endedHold(
  said: readonly { held: Held }[],
  { points }: Subject,
  before: (held: Held) => Named | undefined,
): Pick<ListsWord, 'word' | 'silence'> | null {
  const holding = said.map(({ held }) => held).filter((held) => before(held)?.status === 'on_hold');
  const unsound = holding.some(({ onlyRevokes, quarantined, doubtful }) => onlyRevokes || quarantined || doubtful);
  if (points !== null || holding.length === 0 || unsound) return null;
  return { word: { ...jointWord(holding, 'undetermined'), removed: true, endsHold: true }, silence: 'out_of_scope' };
}

type Part = { held: Held; reasons: Reasons };

/**
 * A hold is over when newer lists of all reasons do not know it: newer than the list itself where only another key of the
 * issuer's name told of it; issued after the list had ended by its own word where its CRL issuer went on under another
 * scope, so that nothing will ever follow in its line.
 */
function isOutdated({ crl, onlyRevokes }: Held, good: readonly Part[]): boolean {
  const end = onlyRevokes ? crl.thisUpdate.ms : Math.max(crl.nextUpdate?.ms ?? 0, crl.thisUpdate.ms);
  const newer = good.filter(
    ({ held }) => held.crl.thisUpdate.ms > end && (onlyRevokes || sameName(held.crl.issuer, crl.issuer)),
  );
  return coversAllReasons(newer.map(({ reasons }) => reasons));
}

/** The list that covers every reason for longest; else the newest parts that say something of a reason the newer do not. */
function needed(good: readonly Part[]): Held[] {
  const byEnd = [...good].sort((a, b) => nextOf(a.held) - nextOf(b.held));
  const whole = byEnd.findLast(({ reasons }) => reasons === null);
  if (whole) return [whole.held];
  const byAge = [...good].sort((a, b) => b.held.crl.thisUpdate.ms - a.held.crl.thisUpdate.ms);
  const seen = new Set<number>();
  const parts = byAge.filter(({ reasons }) => {
    const before = seen.size;
    for (const reason of reasons!) seen.add(reason);
    return seen.size > before;
  });
  return (parts.length ? parts : byAge.slice(0, 1)).map(({ held }) => held);
}

/** Whether a list may cover only some reasons, of its own or because a certificate asks its point only about some. */
export const mayBePart = ({ scope }: Crl): boolean =>
  scope !== null && (scope.reasons !== null || scope.names.length > 0);

/** Parts are together as new, as long valid and as lately confirmed as the worst of them, which is the evidence. */
function jointWord(parts: readonly Held[], status: 'good' | 'undetermined'): Word {
  const words = parts.map((held) => wordFrom(held, { status }));
  const ends = words.map(({ nextUpdate }) => nextUpdate);
  return {
    ...words.reduce((a, b) => (b.confirmedAt < a.confirmedAt ? b : a)),
    thisUpdate: Math.min(...words.map(({ thisUpdate }) => thisUpdate)),
    nextUpdate: ends.includes(null) ? null : Math.min(...ends.map(Number)),
    confirmedAt: Math.min(...words.map(({ confirmedAt }) => confirmedAt)),
  };
}

const nextOf = (held: Held): number => held.crl.nextUpdate?.ms ?? 0;

type Listed = { status: 'revoked' | 'on_hold'; reason: number | null; revokedAt: number; invalidityAt: number | null };

function wordFrom(held: Held, said: Listed | { status: 'good' | 'undetermined' }): Word {
  const listed = 'reason' in said ? said : { reason: null, revokedAt: null, invalidityAt: null };
  return {
    source: 'crl',
    status: said.status,
    reason: listed.reason,
    revokedAt: listed.revokedAt,
    invalidityAt: listed.invalidityAt,
    evidenceId: held.evidenceId,
    thisUpdate: held.crl.thisUpdate.ms,
    nextUpdate: held.crl.nextUpdate?.ms ?? null,
    confirmedAt: held.confirmedAt,
  };
}

/** A list that would speak about the certificate, and by this proves nothing: it stays undetermined. */
const TELLING: readonly SilenceCode[] = ['issued_after', 'removal_unproven', 'unreadable_points'];

/** What such a list leaves undetermined; the others say nothing. */
function silent(said: readonly { held: Held; word: ReturnType<typeof wordOf> }[]): Pick<ListsWord, 'word' | 'silence'> {
  const whys = said.flatMap(({ held, word }): { held: Held; why: SilenceCode }[] =>
    word.status === 'silent'
      ? [{ held, why: word.why }]
      : word.status === 'good' && held.onlyRevokes
        ? [{ held, why: 'other_key' }]
        : [],
  );
  const telling =
    whys.find(({ why }) => TELLING.includes(why)) ??
    (whys.every(({ why }) => why === 'other_key') ? whys[0] : undefined);
  if (telling) return { word: wordFrom(telling.held, { status: 'undetermined' }), silence: telling.why };
  return { word: null, silence: whys[0]?.why ?? null };
}
