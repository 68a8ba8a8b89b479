// Whether a CRL may be believed (certificate-status §2, RFC 5280 §6.3.3). Pure: keys, clock and what we hold come in as
// values. A refusal changes no state, whatever the list contains. What an accepted list says is crl-word.ts.
import { algorithmAllowed, sameName, STRICT, verifySignature, type AlgorithmRules } from '../x509/index.ts';
import type { CertificateView } from '../x509/types.ts';
import { massChange, type Counts, type MassRule } from './mass-change.ts';
import type { Crl, Crossing } from './crl.ts';
import { combines, crlNumber } from './delta.ts';
import type { RefusalCode } from './refusals.ts';
import type { RemarkCode } from './remarks.ts';

/** Tolerance of "in the future" tests (§8). */
export const SKEW = 5 * 60_000;

/** What we hold for the same issuer key and scope: the guard against going back (§2 no. 5). */
export type Known = {
  sha256: string;
  thisUpdate: number;
  entryCount: number;
  /** The greatest number of the line and the list that bore it; lists without a number came after it perhaps. */
  numbered: { number: string; sha256: string } | null;
  /** The greatest before a person let the numbering begin anew (renumbering.ts); then `numbered` is of the new one. */
  abandoned?: Known['numbered'];
};

export type CrlQuestion = {
  crl: Crl;
  crossing: Crossing;
  /** CA certificates that may have signed it: same name, every key generation. */
  signers: readonly CertificateView[];
  /** Whether a CA certificate's own path reaches an accepted anchor at an instant. */
  anchored: (certificate: CertificateView, at: number) => boolean;
  /** The list before of the same kind (complete or delta) of this line; several keys may keep lists of one scope. */
  known: Known | null | ((signer: CertificateView) => Known | null);
  /** For a delta: the complete list of the line. */
  complete?: Crl | null;
  now: number;
  skew?: number;
  algorithms?: AlgorithmRules;
  /** How many entries the line has before and after it; without, a complete list is compared with the one before it. */
  counts?: Counts | null;
  /** How much a list may lose at once. */
  mass?: MassRule;
};

export type Refused = { accepted: false; code: RefusalCode; remarks: RemarkCode[] };
export type AcceptedCrl = { accepted: true; signer: CertificateView; remarks: RemarkCode[] };

/** @returns the CA certificate that signed and remarks, or the first rule that fails */
export function acceptCrl(q: CrlQuestion): AcceptedCrl | Refused {
  const signer = crlSigner(q);
  const code = typeof signer === 'string' ? signer : (wrongTimes(q, signer) ?? wrongContent(q));
  if (code) return { accepted: false, code, remarks: [] };
  const by = signer as CertificateView;
  const known = typeof q.known === 'function' ? q.known(by) : q.known;
  const back = known && goesBack(q.crl, known);
  if (back) return { accepted: false, code: back, remarks: [] };
  return { accepted: true, signer: by, remarks: remarksOn(q, known) };
}

type SignerQuestion = Pick<CrlQuestion, 'crl' | 'signers' | 'anchored' | 'now' | 'algorithms'>;

/** no. 2 and 3: the CA certificate whose key made the signature, or the rule that no candidate passed. */
export function crlSigner(q: SignerQuestion): CertificateView | RefusalCode {
  const { crl } = q;
  if (!crl.algorithm.der.equals(crl.innerAlgorithm.der)) return 'algorithm_mismatch';
  const named = q.signers.filter((ca) => sameName(ca.subject, crl.issuer));
  const candidates = crl.keyId ? named.filter((ca) => ca.ski === null || ca.ski === crl.keyId) : named;
  if (candidates.length === 0) return 'issuer_unknown';
  let failure: RefusalCode = 'bad_signature';
  for (const ca of candidates) {
    if (!algorithmAllowed(crl.algorithm.der, ca.publicKey, q.algorithms ?? STRICT)) failure = 'weak_algorithm';
    else if (!isSignedBy(crl, ca)) continue;
    else if (ca.keyUsage && !ca.keyUsage.includes('cRLSign')) failure = 'no_crl_sign';
    else if (!q.anchored(ca, Math.min(crl.thisUpdate.ms, q.now))) failure = 'issuer_untrusted';
    else return ca;
  }
  return failure;
}

const verified = new WeakMap<Crl, Map<string, boolean>>();

/** Verified once for each list and key: one list is asked about many certificates. */
function isSignedBy(crl: Crl, { publicKey }: CertificateView): boolean {
  const answers = verified.get(crl) ?? new Map<string, boolean>();
  const known = answers.get(publicKey.spkiSha256);
  if (known !== undefined) return known;
  const answer = verifySignature(crl.tbs, crl.algorithm.der, crl.signature, publicKey.spki);
  verified.set(crl, answers.set(publicKey.spkiSha256, answer));
  return answer;
}

/** no. 4 */
function wrongTimes({ crl, now, skew = SKEW }: CrlQuestion, signer: CertificateView): RefusalCode | null {
  if (crl.thisUpdate.ms > now + skew) return 'from_future';
  if (crl.thisUpdate.ms < signer.notBefore.ms) return 'before_issuer';
  return crl.nextUpdate && crl.nextUpdate.ms <= crl.thisUpdate.ms ? 'times_disordered' : null;
}

/** no. 6, 7, 9 and 10 */
function wrongContent({ crl, crossing, complete }: CrlQuestion): RefusalCode | null {
  if (crl.unknownCritical.length || crossing.unknownCritical) return 'unknown_critical';
  const only = crl.scope ? [crl.scope.onlyUser, crl.scope.onlyCa, crl.scope.onlyAttribute].filter(Boolean).length : 0;
  if (only > 1 || crl.scopeMalformed) return 'scope_malformed';
  if (crl.scope?.onlyAttribute) return 'attribute_only';
  if (crossing.namesIssuer && !crl.scope?.indirect) return 'issuer_in_direct';
  if (crl.deltaOf === null) return null;
  if (!complete) return 'delta_alone';
  return combines(complete, crl) ? null : 'delta_unfit';
}

/** no. 5; a list that is newer and has a lower number is another matter than an old one (renumbering.ts). */
function goesBack({ sha256, thisUpdate, number }: Crl, known: Known): RefusalCode | null {
  if (sha256 === known.sha256) return null;
  if (thisUpdate.ms < known.thisUpdate) return 'older_than_known';
  const { numbered } = known;
  return number !== null && numbered && crlNumber(number) < crlNumber(numbered.number) ? 'number_lower' : null;
}

function remarksOn({ crl, crossing, now, mass, counts = null }: CrlQuestion, known: Known | null): RemarkCode[] {
  const found: RemarkCode[] = [];
  const isDelta = crl.deltaOf !== null;
  if (!crl.nextUpdate) found.push('no_next_update');
  else if (crl.nextUpdate.ms < now) found.push('past_next_update');
  if (crl.number === null) found.push('no_number');
  if (crl.entries && crl.entries.from === crl.entries.to) found.push('empty_entries');
  const numbers = [known?.numbered, known?.abandoned];
  if (numbers.some((one) => one?.number === crl.number && one?.sha256 !== crl.sha256)) found.push('same_number');
  if (known?.abandoned && crl.number !== null && crlNumber(crl.number) < crlNumber(known.abandoned.number))
    found.push('renumbered');
  const compared = counts ?? (known && !isDelta ? { before: known.entryCount, after: crossing.count } : null);
  if (compared && massChange(compared.before, compared.after, mass)) found.push('shrunk');
  for (const entries of crossing.found.values()) {
    if (entries.length > 1) found.push('duplicate_entry');
    if (entries.some((e) => e.revokedAt > crl.thisUpdate.ms)) found.push('revoked_in_future');
    if (!isDelta && entries.some((e) => e.reason === 8)) found.push('remove_in_complete');
    if (entries.some((e) => e.reason !== null && (e.reason > 10 || e.reason === 7))) found.push('bad_reason');
  }
  return [...new Set(found)];
}
