// Whether an OCSP response may be believed about one certificate (certificate-status §5, RFC 6960 §3.2). Pure. An
// unsigned error, an answer about something else or from somebody without authority changes no state.
import {
  algorithmPolicy,
  readCertificate,
  sameName,
  signatureVerdict,
  signedBy,
  verifySignature,
} from '../x509/index.ts';
import type { CertificateView } from '../x509/types.ts';
import { SKEW } from './crl-acceptance.ts';
import {
  isAbout,
  isHashOf,
  keyHashOf,
  type Asked,
  type BasicResponse,
  type OcspResponse,
  type SingleResponse,
} from './ocsp.ts';
import type { RefusalCode, RemarkCode } from './reasons.ts';

const DAY = 86_400_000;
const OCSP_SIGNING = '1.3.6.1.5.5.7.3.9';
/** id-pkix-ocsp-nocheck, RFC 6960 §4.2.2.2.1. */
const NO_CHECK = '1.3.6.1.5.5.7.48.1.5';

export type OcspQuestion = {
  response: OcspResponse;
  asked: Asked;
  /** Bytes of the certificate itself, for certHash; null: a record without its file. */
  certificate: Buffer | null;
  nonce: Buffer | null;
  /** Whether the CRL of the issuer, verified and current, lists a delegate's serial; null: there is no such CRL. */
  delegateListed: (serial: string) => boolean | null;
  /** thisUpdate of the newest answer we hold about this certificate. */
  known: number | null;
  now: number;
  /** Hours an answer without nextUpdate may be used. */
  maxAgeHours: number;
  skew?: number;
  allowWeak?: boolean;
};

export type OcspAnswer = {
  /** `non_issued`: the CA says it never issued this serial (RFC 6960 §2.2, §4.4.8). */
  status: 'good' | 'revoked' | 'on_hold' | 'unknown' | 'non_issued';
  reason: number | null;
  revokedAt: number | null;
  thisUpdate: number;
  nextUpdate: number | null;
  producedAt: number;
};
export type AcceptedOcsp = { accepted: true; answer: OcspAnswer; signer: CertificateView; remarks: RemarkCode[] };
export type RefusedOcsp = { accepted: false; code: RefusalCode; remarks: RemarkCode[] };

/** Outer statuses (RFC 6960 §4.2.1): unsigned, so they change nothing. */
const UNSIGNED: Record<number, RefusalCode> = {
  1: 'ocsp_malformed_request',
  2: 'ocsp_internal_error',
  3: 'ocsp_try_later',
  5: 'ocsp_sig_required',
  6: 'ocsp_unauthorized',
};

/** @returns what the responder says about the certificate, or the first rule that fails */
export function acceptOcsp(q: OcspQuestion): AcceptedOcsp | RefusedOcsp {
  const refuse = (code: RefusalCode): RefusedOcsp => ({ accepted: false, code, remarks: [] });
  const { basic, outerStatus } = q.response;
  if (outerStatus !== 0) return refuse(UNSIGNED[outerStatus] ?? 'unreadable');
  if (!basic) return refuse('not_basic');
  const single = latest(basic, q.asked);
  if (!single) return refuse('not_about_this');
  const signer = signerOf(basic, q);
  if ('code' in signer) return refuse(signer.code);
  if (basic.unknownCritical || single.unknownCritical) return refuse('unknown_critical');
  if (q.nonce && basic.nonce && !basic.nonce.equals(q.nonce)) return refuse('nonce_mismatch');
  if (single.certHash && q.certificate && !isHashOf(single.certHash, q.certificate)) return refuse('hash_mismatch');
  const answer = answerOf(basic, single);
  const wrong = timing(answer, q);
  return wrong ? refuse(wrong) : { accepted: true, answer, signer: signer.certificate, remarks: signer.remarks };
}

/** The matching answer with the latest thisUpdate, never "the only one" (§5 no. 2). */
const latest = (basic: BasicResponse, asked: Asked): SingleResponse | undefined =>
  basic.singles.filter((s) => isAbout(s.certId, asked)).sort((a, b) => b.thisUpdate - a.thisUpdate)[0];

type Signer = { certificate: CertificateView; remarks: RemarkCode[] } | { code: RefusalCode };

/** The CA itself, or a delegate that this CA authorised directly; a chain to a trusted root is not enough (no. 4). */
function signerOf(basic: BasicResponse, q: OcspQuestion): Signer {
  const { issuer } = q.asked;
  if (isResponder(basic, issuer)) return signature(basic, issuer, q) ?? { certificate: issuer, remarks: [] };
  let failure: RefusalCode = 'responder_unauthorised';
  for (const der of basic.certificates) {
    const delegate = readQuietly(der);
    if (!delegate || !isResponder(basic, delegate)) continue;
    const wrong = signature(basic, delegate, q) ?? authority(delegate, basic, q);
    if (!wrong) return { certificate: delegate, remarks: longLived(delegate) };
    failure = wrong.code;
  }
  return { code: basic.certificates.length ? failure : 'responder_mismatch' };
}

function isResponder(basic: BasicResponse, certificate: CertificateView): boolean {
  return 'name' in basic.responder
    ? basic.responder.name.equals(certificate.subject.der)
    : basic.responder.keyHash.equals(keyHashOf(certificate));
}

function signature(basic: BasicResponse, by: CertificateView, q: OcspQuestion): { code: RefusalCode } | null {
  const policy = algorithmPolicy(basic.algorithm.der, by.publicKey);
  if (policy === 'forbidden' || (policy === 'weak' && !q.allowWeak)) return { code: 'weak_algorithm' };
  const fits = verifySignature(basic.tbs, basic.algorithm.der, basic.signature, by.publicKey.spki);
  return fits ? null : { code: 'bad_signature' };
}

function authority(delegate: CertificateView, basic: BasicResponse, q: OcspQuestion): { code: RefusalCode } | null {
  const { issuer } = q.asked;
  if (!delegate.eku?.includes(OCSP_SIGNING) || !sameName(delegate.issuer, issuer.subject))
    return { code: 'responder_unauthorised' };
  if (delegate.keyUsage && !delegate.keyUsage.some((use) => use === 'digitalSignature' || use === 'nonRepudiation')) {
    return { code: 'responder_unauthorised' };
  }
  const policy = signatureVerdict(delegate, issuer);
  if (policy === 'forbidden' || (policy === 'weak' && !q.allowWeak)) return { code: 'weak_algorithm' };
  if (!signedBy(delegate, issuer)) return { code: 'responder_unauthorised' };
  if (basic.producedAt < delegate.notBefore.ms || basic.producedAt > delegate.notAfter.ms)
    return { code: 'delegate_expired' };
  if (delegate.extensions.some((e) => e.oid === NO_CHECK)) return null;
  const listed = q.delegateListed(delegate.serial);
  return listed === false ? null : { code: listed ? 'delegate_revoked' : 'delegate_unchecked' };
}

const longLived = (delegate: CertificateView): RemarkCode[] =>
  delegate.extensions.some((e) => e.oid === NO_CHECK) && delegate.notAfter.ms - delegate.notBefore.ms > 90 * DAY
    ? ['long_delegate']
    : [];

function readQuietly(der: Buffer): CertificateView | null {
  try {
    return readCertificate(der);
  } catch {
    return null;
  }
}

function answerOf(basic: BasicResponse, single: SingleResponse): OcspAnswer {
  const { revokedAt, reason, thisUpdate, nextUpdate } = single;
  // "Non-issued" is said as revoked, on hold, on 1 January 1970 (RFC 6960 §2.2, §4.4.8).
  const nonIssued = single.status === 'revoked' && reason === 6 && revokedAt === 0;
  const revoked = nonIssued ? 'non_issued' : reason === 6 ? 'on_hold' : 'revoked';
  const status = single.status === 'revoked' ? revoked : single.status;
  return { status, reason, revokedAt, thisUpdate, nextUpdate, producedAt: basic.producedAt };
}

/** §5 no. 6. An answer past its time still proves a revocation, never that a certificate is good. */
function timing(answer: OcspAnswer, q: OcspQuestion): RefusalCode | null {
  const skew = q.skew ?? SKEW;
  const { thisUpdate, nextUpdate, producedAt, status } = answer;
  if (thisUpdate > q.now + skew || producedAt > q.now + skew) return 'from_future';
  if (producedAt < thisUpdate) return 'produced_disordered';
  if (nextUpdate !== null && nextUpdate < thisUpdate) return 'times_disordered';
  if (q.known !== null && thisUpdate < q.known) return 'older_than_known';
  const until = nextUpdate ?? thisUpdate + q.maxAgeHours * 3_600_000;
  const proves = status === 'revoked' || status === 'on_hold';
  return until < q.now - skew && !proves ? 'expired' : null;
}
