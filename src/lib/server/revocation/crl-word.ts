// What an accepted CRL says about one certificate (certificate-status §2 no. 7–15, RFC 5280 §6.3.3): whether the
// certificate is in its scope, and what its entries or their absence mean. Pure.
import { children, DerError, inside, single, TAG } from '../x509/der.ts';
import { readName, sameName } from '../x509/name.ts';
import type { Name } from '../x509/types.ts';
import type { Crl, Entry } from './crl.ts';
import { directoryName } from './crl-scope.ts';
import type { SilenceCode } from './silences.ts';

/** ReasonFlags as bit positions; null: all reasons. */
export type Reasons = readonly number[] | null;

/** A distribution point of the certificate. Names are hex of their DER (crl-scope.ts). */
export type Point = {
  names: readonly string[];
  reasons: Reasons;
  /** cRLIssuer; null or absent: the certificate's issuer publishes here itself. */
  issuers?: readonly Name[] | null;
};

/** The certificate that a list is asked about. */
export type Subject = {
  serial: string;
  ca: boolean;
  notBefore: number | null;
  notAfter: number | null;
  /** Its issuer; null: taken to be the issuer of the list, which then cannot be an indirect one of somebody else. */
  issuer: Name | null;
  /** null: nobody knows (a record without its file, or points that cannot be read). */
  points: readonly Point[] | null;
  /** Its extension of distribution points is damaged, or there twice: it may name another CRL issuer, or only some reasons. */
  unreadable?: boolean;
};

/** What a list says. `silent`: nothing, and why. `reasons` of a good word: which reasons it covers. */
export type ListWord = NegativeWord | { status: 'good'; reasons: Reasons } | { status: 'silent'; why: SilenceCode };

export type NegativeWord = {
  status: 'revoked' | 'on_hold';
  reason: number | null;
  revokedAt: number;
  invalidityAt: number | null;
};

/** What an accepted list says about a certificate. */
export function wordOf(crl: Crl, entries: readonly Entry[], subject: Subject): ListWord {
  const covered = coverage(crl, subject);
  if (!covered) return { status: 'silent', why: 'out_of_scope' };
  const own = entries.filter((entry) => isOf(entry, crl, subject.issuer ?? crl.issuer));
  const effective = own.filter((entry) => entry.reason !== 8);
  if (effective.length) return listed(effective);
  if (own.length) return { status: 'silent', why: 'removal_unproven' };
  if (subject.unreadable) return { status: 'silent', why: 'unreadable_points' };
  if (covered.silent) return { status: 'silent', why: 'out_of_scope' };
  if (subject.notAfter !== null && subject.notAfter < crl.thisUpdate.ms) {
    if (crl.expiredSince === null || crl.expiredSince > subject.notAfter)
      return { status: 'silent', why: 'expired_before' };
  }
  if (subject.notBefore !== null && subject.notBefore > crl.thisUpdate.ms)
    return { status: 'silent', why: 'issued_after' };
  return { status: 'good', reasons: covered.reasons };
}

/**
 * What a list of the certificate's own CA names it as although its scope does not contain it: no word (§6.3.3 b), but
 * (issuer, serial) is its identity, so that nobody else is meant. null: it does not, or it may mean an attribute certificate.
 */
export function wordOutside(crl: Crl, entries: readonly Entry[], subject: Subject): NegativeWord | null {
  const issuer = subject.issuer ?? crl.issuer;
  if (crl.scope?.onlyAttribute || !sameName(crl.issuer, issuer) || coverage(crl, subject)) return null;
  const own = entries.filter((entry) => entry.reason !== 8 && isOf(entry, crl, issuer));
  return own.length ? listed(own) : null;
}

/** Earliest revocation date wins among duplicates (no. 11); a hold beside a revocation is no hold. */
function listed(entries: readonly Entry[]): NegativeWord {
  const revoked = entries.filter((entry) => entry.reason !== 6);
  const candidates = revoked.length ? revoked : entries;
  const { reason, revokedAt, invalidityAt } = [...candidates].sort((a, b) => a.revokedAt - b.revokedAt)[0]!;
  return { status: revoked.length ? 'revoked' : 'on_hold', reason, revokedAt, invalidityAt };
}

/** (issuer, serial) match, never the serial alone (no. 9): the entry's issuer, by default the list's. */
function isOf(entry: Entry, crl: Crl, issuer: Name): boolean {
  if (!entry.issuer) return sameName(crl.issuer, issuer);
  try {
    return children(single(entry.issuer, TAG.sequence), 64).some(
      (name) => name.tag === 0xa4 && sameName(readName(inside(name)), issuer),
    );
  } catch (error) {
    if (error instanceof DerError) return false;
    throw error;
  }
}

/**
 * Whether the list's scope contains the certificate, and for which reasons (RFC 5280 §6.3.3 b and d). `silent`: what it
 * does not name it proves nothing about.
 */
function coverage(crl: Crl, subject: Subject): { reasons: Reasons; silent?: boolean } | null {
  const { scope } = crl;
  // Lists of attribute certificates have serials of their own.
  if (scope?.onlyAttribute || (scope?.onlyUser && subject.ca) || (scope?.onlyCa && !subject.ca)) return null;
  const own = subject.issuer === null || sameName(crl.issuer, subject.issuer);
  // "a DP with both the reasons and the cRLIssuer fields omitted and a distribution point name of the certificate issuer"
  const implied: Point = { names: [directoryName(crl.issuer.der)], reasons: null };
  const served = (subject.points?.length ? subject.points : [implied]).filter((point) => isServed(point, crl, own));
  const limit = scope?.reasons ?? null;
  const meets = ({ names }: Point) => !scope?.names.length || names.some((name) => scope.names.includes(name));
  // A list of the issuer that names no point is the one of that implied point too, whatever the others say of reasons.
  if (served.length && own && !scope?.names.length) return { reasons: limit };
  const masks = served.filter(meets).map(({ reasons }) => meet(limit, reasons));
  if (masks.length) return { reasons: masks.reduce(join) };
  // Where the points name others, or are not known, what the issuer itself lists still counts by issuer and serial (§1); that
  // it lists nothing is not for it to prove.
  return own && (subject.points === null || meets(implied)) ? { reasons: limit, silent: true } : null;
}

/** §6.3.3 (b)(1): a point with cRLIssuer is served by that issuer's list; one without by the certificate issuer's. */
const isServed = ({ issuers }: Point, crl: Crl, own: boolean): boolean =>
  issuers ? issuers.some((name) => sameName(name, crl.issuer)) && (own || crl.scope?.indirect === true) : own;

const meet = (a: Reasons, b: Reasons): Reasons => (!a || !b ? (a ?? b) : a.filter((reason) => b.includes(reason)));
const join = (a: Reasons, b: Reasons): Reasons => (!a || !b ? null : [...new Set([...a, ...b])]);

/** ReasonFlags 1–8 (RFC 5280 §4.2.1.13); bit 0 is unused. */
const ALL_REASONS = [1, 2, 3, 4, 5, 6, 7, 8];
/** Whether the words together cover every reason, so that absence means good (no. 8). */
export const coversAllReasons = (masks: readonly Reasons[]): boolean =>
  masks.some((mask) => mask === null) || ALL_REASONS.every((reason) => masks.some((mask) => mask!.includes(reason)));
