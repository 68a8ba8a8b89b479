// Whether a CRL may be believed (certificate-status §2, RFC 5280 §6.3.3), and what it then says about one certificate.
// Pure: keys, clock and what we hold come in as values. A refusal changes no state, whatever the list contains.
import { children, single, TAG, value } from '../x509/der.ts';
import { algorithmPolicy, sameName, verifySignature } from '../x509/index.ts';
import type { CertificateView } from '../x509/types.ts';
import type { Crl, Crossing, Entry } from './crl.ts';
import type { RefusalCode, RemarkCode, SilenceCode } from './reasons.ts';

/** Tolerance of "in the future" tests (§8). */
export const SKEW = 5 * 60_000;

/** What we hold for the same issuer key and scope: the guard against going back (§2 no. 5). */
export type Known = { sha256: string; number: string | null; thisUpdate: number; entryCount: number };

export type CrlQuestion = {
  crl: Crl;
  crossing: Crossing;
  /** CA certificates that may have signed it: same name, every key generation. */
  signers: readonly CertificateView[];
  /** Whether a CA certificate's own path reaches an accepted anchor at an instant. */
  anchored: (certificate: CertificateView, at: number) => boolean;
  known: Known | null;
  now: number;
  skew?: number;
  allowWeak?: boolean;
};

export type Refused = { accepted: false; code: RefusalCode; remarks: RemarkCode[] };
export type AcceptedCrl = { accepted: true; signer: CertificateView; remarks: RemarkCode[] };

/** @returns the CA certificate that signed and remarks, or the first rule that fails */
export function acceptCrl(q: CrlQuestion): AcceptedCrl | Refused {
  const { crl, crossing } = q;
  const refuse = (code: RefusalCode): Refused => ({ accepted: false, code, remarks: [] });
  const skew = q.skew ?? SKEW;
  // no. 2
  if (!crl.algorithm.der.equals(crl.innerAlgorithm.der)) return refuse('algorithm_mismatch');
  // no. 3
  const signer = signerOf(q);
  if (typeof signer === 'string') return refuse(signer);
  // no. 4
  if (crl.thisUpdate.ms > q.now + skew) return refuse('from_future');
  if (crl.thisUpdate.ms < signer.notBefore.ms) return refuse('before_issuer');
  if (crl.nextUpdate && crl.nextUpdate.ms <= crl.thisUpdate.ms) return refuse('times_disordered');
  // no. 6
  if (crl.unknownCritical.length || crossing.unknownCritical) return refuse('unknown_critical');
  // no. 7, 9, 10
  const only = crl.scope ? [crl.scope.onlyUser, crl.scope.onlyCa, crl.scope.onlyAttribute].filter(Boolean).length : 0;
  if (only > 1) return refuse('scope_malformed');
  if (crl.scope?.onlyAttribute) return refuse('attribute_only');
  if (crossing.namesIssuer && !crl.scope?.indirect) return refuse('issuer_in_direct');
  if (crl.deltaOf !== null) return refuse('delta_alone');
  // no. 5
  if (q.known && goesBack(crl, q.known)) return refuse('older_than_known');
  return { accepted: true, signer, remarks: remarksOn(q) };
}

/** The CA certificate whose key made the signature, by key identifier first; else the rule that no candidate passed. */
function signerOf(q: CrlQuestion): CertificateView | RefusalCode {
  const { crl } = q;
  const named = q.signers.filter((ca) => sameName(ca.subject, crl.issuer));
  const candidates = crl.keyId ? named.filter((ca) => ca.ski === null || ca.ski === crl.keyId) : named;
  if (candidates.length === 0) return 'issuer_unknown';
  let failure: RefusalCode = 'bad_signature';
  for (const ca of candidates) {
    const policy = algorithmPolicy(crl.algorithm.der, ca.publicKey);
    if (policy === 'forbidden' || (policy === 'weak' && !q.allowWeak)) failure = 'weak_algorithm';
    else if (!verifySignature(crl.tbs, crl.algorithm.der, crl.signature, ca.publicKey.spki)) continue;
    else if (ca.keyUsage && !ca.keyUsage.includes('cRLSign')) failure = 'no_crl_sign';
    else if (!q.anchored(ca, Math.min(crl.thisUpdate.ms, q.now))) failure = 'issuer_untrusted';
    else return ca;
  }
  return failure;
}

function goesBack(crl: Crl, known: Known): boolean {
  if (crl.sha256 === known.sha256) return false;
  if (crl.thisUpdate.ms < known.thisUpdate) return true;
  return crl.number !== null && known.number !== null && integer(crl.number) < integer(known.number);
}

/** CRLNumber has up to 20 octets (RFC 5280 §5.2.3): never a float. */
const integer = (hex: string): bigint => (hex.startsWith('-') ? -BigInt(`0x${hex.slice(1)}`) : BigInt(`0x${hex}`));

/** Fewer entries than this are no mass; a list that loses more than this share of them is quarantined (§3). */
const MASS = 20;
const SHRINK = 0.5;

function remarksOn({ crl, crossing, known, now }: CrlQuestion): RemarkCode[] {
  const found: RemarkCode[] = [];
  if (!crl.nextUpdate) found.push('no_next_update');
  else if (crl.nextUpdate.ms < now) found.push('past_next_update');
  if (crl.number === null) found.push('no_number');
  if (known && known.sha256 !== crl.sha256) {
    if (crl.number !== null && crl.number === known.number) found.push('same_number');
    if (known.entryCount >= MASS && crossing.count < known.entryCount * SHRINK) found.push('shrunk');
  }
  for (const entries of crossing.found.values()) {
    if (entries.length > 1) found.push('duplicate_entry');
    if (entries.some((e) => e.revokedAt > crl.thisUpdate.ms)) found.push('revoked_in_future');
    if (entries.some((e) => e.reason === 8)) found.push('remove_in_complete');
    if (entries.some((e) => e.reason !== null && (e.reason > 10 || e.reason === 7))) found.push('bad_reason');
  }
  return [...new Set(found)];
}

/** The certificate that a list of its own issuer is asked about. Names of its distribution points are hex of their DER (crl.ts `uriName`). */
export type Subject = {
  serial: string;
  ca: boolean;
  notBefore: number | null;
  notAfter: number | null;
  /** `elsewhere`: the point names another CRL issuer, so that the issuer's own list is not what it points to. */
  points: { names: readonly string[]; reasons: readonly number[] | null; elsewhere?: boolean }[];
};

/** What a list says. `silent`: nothing, and why. `reasons` of a good word: which reasons it covers, null all. */
export type ListWord =
  | { status: 'revoked' | 'on_hold'; reason: number | null; revokedAt: number; invalidityAt: number | null }
  | { status: 'good'; reasons: readonly number[] | null }
  | { status: 'silent'; why: SilenceCode };

/** What an accepted list says about a certificate of its issuer (§2 no. 7–15). */
export function wordOf(crl: Crl, entries: readonly Entry[], subject: Subject): ListWord {
  const covered = coverage(crl, subject);
  if (!covered) return { status: 'silent', why: 'out_of_scope' };
  const own = entries.filter((entry) => entry.issuer === null || names(entry.issuer, crl.issuer.der));
  const effective = own.filter((entry) => entry.reason !== 8);
  if (effective.length) return listed(effective);
  if (own.length) return { status: 'silent', why: 'removal_unproven' };
  if (subject.notAfter !== null && subject.notAfter < crl.thisUpdate.ms) {
    if (crl.expiredSince === null || crl.expiredSince > subject.notAfter)
      return { status: 'silent', why: 'expired_before' };
  }
  if (subject.notBefore !== null && subject.notBefore > crl.thisUpdate.ms)
    return { status: 'silent', why: 'issued_after' };
  return { status: 'good', reasons: covered.reasons };
}

/** Earliest revocation date wins among duplicates (no. 11). */
function listed(entries: readonly Entry[]): ListWord {
  const entry = [...entries].sort((a, b) => a.revokedAt - b.revokedAt)[0]!;
  const { reason, revokedAt, invalidityAt } = entry;
  return { status: reason === 6 ? 'on_hold' : 'revoked', reason, revokedAt, invalidityAt };
}

/** certificateIssuer holds GeneralNames; a directory name [4] wraps the Name's DER. */
const names = (generalNames: Buffer, issuer: Buffer): boolean =>
  children(single(generalNames, TAG.sequence), 64).some((name) => name.tag === 0xa4 && value(name).equals(issuer));

/** Whether the list's scope contains the certificate, and for which reasons (RFC 5280 §6.3.3 b and d). */
function coverage(crl: Crl, subject: Subject): { reasons: readonly number[] | null } | null {
  const scope = crl.scope;
  // RFC 5280 §6.3.3 (b)(1): a point with cRLIssuer is served by that issuer's list, never by the certificate issuer's own.
  const points = subject.points.filter((p) => !p.elsewhere);
  if (subject.points.length > 0 && points.length === 0) return null;
  if (!scope) return { reasons: null };
  if (scope.onlyUser && subject.ca) return null;
  if (scope.onlyCa && !subject.ca) return null;
  // A relative name needs the issuer's name to resolve; without that the scope stays unproven.
  if (scope.relative) return null;
  if (scope.names.length === 0) return { reasons: scope.reasons };
  const point = points.find((p) => p.names.some((name) => scope.names.includes(name)));
  return point ? { reasons: meet(scope.reasons, point.reasons) } : null;
}

function meet(a: readonly number[] | null, b: readonly number[] | null): readonly number[] | null {
  if (!a || !b) return a ?? b;
  return a.filter((reason) => b.includes(reason));
}

/** ReasonFlags 1–8 (RFC 5280 §4.2.1.13); bit 0 is unused. */
const ALL_REASONS = [1, 2, 3, 4, 5, 6, 7, 8];
/** Whether the words together cover every reason, so that absence means good (no. 8). */
export const coversAllReasons = (masks: readonly (readonly number[] | null)[]): boolean =>
  masks.some((mask) => mask === null) || ALL_REASONS.every((reason) => masks.some((mask) => mask!.includes(reason)));
