// The certificate a list is asked about, from a row or from its bytes, and what all lists of its issuer say together.
// Pure.
import { Cursor, sequence, single, TAG } from '../x509/der.ts';
import { sameName } from '../x509/name.ts';
import type { CertificateView } from '../x509/types.ts';
import type { Crl, Crossing } from './crl.ts';
import { pointNames, uriName } from './crl.ts';
import { coversAllReasons, wordOf, type Subject } from './crl-acceptance.ts';
import type { SilenceCode } from './reasons.ts';
import type { Word } from './decide.ts';

/** From what a row knows: addresses only, no reasons. Enough for lists without a scope. */
export const subjectOfRow = (row: {
  serial: string;
  notBefore: number | null;
  notAfter: number | null;
  crlUrls: readonly string[];
}): Subject => ({
  serial: row.serial,
  ca: false,
  notBefore: row.notBefore,
  notAfter: row.notAfter,
  points: row.crlUrls.map((url) => ({ names: [uriName(url)], reasons: null })),
});

/** From the certificate's bytes: every name and reason of its distribution points, byte for byte. */
export const subjectOfView = (view: CertificateView): Subject => ({
  serial: view.serial,
  ca: view.ca,
  notBefore: view.notBefore.ms,
  notAfter: view.notAfter.ms,
  points: view.crlDistributionPoints.map((point) => ({
    names: namesOf(point.der),
    reasons: point.reasons,
    elsewhere: point.crlIssuer !== null && !point.crlIssuer.some((name) => sameName(name, view.issuer)),
  })),
});

/** A DistributionPoint's names, or those of its cRLIssuer when it has no distributionPoint (§2 no. 7). */
function namesOf(der: Buffer): string[] {
  const parts = sequence(single(der, TAG.sequence));
  const point = parts.optional(0xa0);
  if (point) return pointNames(point).names;
  parts.optional(0x81);
  const issuers = parts.optional(0xa2);
  if (!issuers) return [];
  const cursor = new Cursor(issuers);
  const names: string[] = [];
  while (!cursor.done) {
    const name = cursor.next();
    names.push(name.bytes.subarray(name.start, name.end).toString('hex'));
  }
  return names;
}

/** One accepted list of the issuer, crossed with our serials. */
export type Held = {
  crl: Crl;
  crossing: Crossing;
  evidenceId: string;
  scope: string;
  confirmedAt: number;
  quarantined: boolean;
};

export type ListsWord = {
  word: Word | null;
  silence: SilenceCode | null;
  /** Lists that name the certificate. */ namedBy: Held[];
};

/**
 * What all current lists of the issuer say together about one certificate: a revocation in any of them counts, absence
 * counts as good only when together they cover every reason (§2 no. 8).
 * @param removed whether a list named the certificate before, by scope
 */
export function wordOfLists(lists: readonly Held[], subject: Subject, removed: (held: Held) => boolean): ListsWord {
  const said = lists.map((held) => ({
    held,
    word: wordOf(held.crl, held.crossing.found.get(subject.serial) ?? [], subject),
  }));
  const negative = said.filter(({ word }) => word.status === 'revoked' || word.status === 'on_hold');
  if (negative.length) {
    const first = negative.find(({ word }) => word.status === 'revoked') ?? negative[0]!;
    return {
      word: wordFrom(first.held, first.word as Listed),
      silence: null,
      namedBy: negative.map(({ held }) => held),
    };
  }
  const good = said.flatMap(({ held, word }) => (word.status === 'good' ? [{ held, reasons: word.reasons }] : []));
  if (good.length) {
    const whole = good.find(({ reasons }) => reasons === null);
    const oldest = whole ?? [...good].sort((a, b) => nextOf(a.held) - nextOf(b.held))[0]!;
    const covered = coversAllReasons(good.map(({ reasons }) => reasons));
    const word = wordFrom(oldest.held, { status: covered ? 'good' : 'undetermined' });
    word.removed = good.some(({ held }) => removed(held));
    word.quarantined = good.some(({ held }) => held.quarantined);
    return { word, silence: covered ? null : 'partial_reasons', namedBy: [] };
  }
  return { ...silent(said), namedBy: [] };
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

/** A list that came before the certificate, or removes without proof, leaves it undetermined; the others say nothing. */
function silent(said: readonly { held: Held; word: ReturnType<typeof wordOf> }[]): Pick<ListsWord, 'word' | 'silence'> {
  const whys = said.flatMap(({ held, word }) => (word.status === 'silent' ? [{ held, why: word.why }] : []));
  const telling = whys.find(({ why }) => why === 'issued_after' || why === 'removal_unproven');
  if (telling) return { word: wordFrom(telling.held, { status: 'undetermined' }), silence: telling.why };
  return { word: null, silence: whys[0]?.why ?? null };
}
