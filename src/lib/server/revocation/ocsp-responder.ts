// Who may answer for a CA (certificate-status §5 no. 3–5, RFC 6960 §4.2.2.2): the CA itself, a delegate that this CA
// certified directly, or a responder that a person configured for it. A chain to a trusted root is not enough. Pure.
import {
  algorithmAllowed,
  certificateParts,
  readCertificate,
  RECOGNISED_EXTENSIONS,
  sameName,
  signedBy,
  verifySignature,
  type AlgorithmRules,
} from '../x509/index.ts';
import { whole } from '../x509/der.ts';
import type { CertificateView } from '../x509/types.ts';
import { keyHashOf } from './ocsp-certid.ts';
import type { BasicResponse } from './ocsp.ts';
import type { RefusalCode } from './refusals.ts';
import type { RemarkCode } from './remarks.ts';

const DAY = 86_400_000;
const OCSP_SIGNING = '1.3.6.1.5.5.7.3.9';
/** id-pkix-ocsp-nocheck, RFC 6960 §4.2.2.2.1. */
const NO_CHECK = '1.3.6.1.5.5.7.48.1.5';

export type ResponderQuestion = {
  basic: BasicResponse;
  /** The CA that issued the certificate asked about. */
  issuer: CertificateView;
  /** Responders that a person configured for this CA (RFC 6960 §4.2.2.2 no. 1). */
  configured: readonly CertificateView[];
  /** What the CA's current lists say about a delegate: true listed, false verified absence, null nobody can say. */
  delegateListed: (delegate: CertificateView) => boolean | null;
  algorithms: AlgorithmRules;
};

export type Signer = { certificate: CertificateView; remarks: RemarkCode[] } | { code: RefusalCode };

/** The one whose key made the signature and who may make it; else what whoever made it lacks. */
export function responderOf(q: ResponderQuestion): Signer {
  const { basic, issuer } = q;
  let failure: RefusalCode = 'responder_mismatch';
  for (const candidate of [issuer, ...q.configured]) {
    if (!isResponder(basic, candidate)) continue;
    const wrong = signature(q, candidate) ?? (candidate === issuer ? null : atWork(q, candidate));
    if (!wrong) return { certificate: candidate, remarks: candidate === issuer ? [] : ['configured_responder'] };
    failure = moreTelling(failure, wrong);
  }
  for (const der of basic.certificates) {
    const delegate = readQuietly(der);
    if (!delegate || !isResponder(basic, delegate)) continue;
    const wrong = signature(q, delegate) ?? authority(q, delegate);
    if (!wrong) return { certificate: delegate, remarks: longLived(delegate) };
    failure = moreTelling(failure, wrong);
  }
  return { code: failure };
}

/** That a namesake's key does not fit says less than what the signer himself lacks. */
const moreTelling = (before: RefusalCode, now: RefusalCode): RefusalCode =>
  before === 'responder_mismatch' || before === 'bad_signature' ? now : before;

/** ResponderID byName or byKey names this certificate (RFC 6960 §4.2.2.3). */
function isResponder(basic: BasicResponse, certificate: CertificateView): boolean {
  return 'name' in basic.responder
    ? basic.responder.name.equals(certificate.subject.der)
    : basic.responder.keyHash.equals(keyHashOf(certificate));
}

function signature({ basic, algorithms }: ResponderQuestion, by: CertificateView): RefusalCode | null {
  if (!algorithmAllowed(basic.algorithm.der, by.publicKey, algorithms)) return 'weak_algorithm';
  const fits = verifySignature(basic.tbs, basic.algorithm.der, basic.signature, by.publicKey.spki);
  return fits ? null : 'bad_signature';
}

/** A delegate: certified by this very CA for OCSP signing, valid when it answered, and not revoked. */
function authority(q: ResponderQuestion, delegate: CertificateView): RefusalCode | null {
  if (!delegate.eku?.includes(OCSP_SIGNING) || !sameName(delegate.issuer, q.issuer.subject))
    return 'responder_unauthorised';
  if (delegate.keyUsage && !delegate.keyUsage.some((use) => use === 'digitalSignature' || use === 'nonRepudiation'))
    return 'responder_unauthorised';
  if (!isSound(delegate)) return 'responder_unauthorised';
  const certified = whole(certificateParts(delegate.der).algorithm);
  if (!algorithmAllowed(certified, q.issuer.publicKey, q.algorithms)) return 'weak_algorithm';
  if (!signedBy(delegate, q.issuer)) return 'responder_unauthorised';
  const late = atWork(q, delegate);
  if (late) return late;
  if (noCheck(delegate)) return null;
  // Its list, never its own OCSP: that would go round in circles.
  const listed = q.delegateListed(delegate);
  return listed === false ? null : listed ? 'delegate_revoked' : 'delegate_unchecked';
}

/** Nothing in it that path validation would refuse (RFC 5280 §4.2, §6.1.4 o). */
const isSound = (certificate: CertificateView): boolean =>
  certificate.extensions.every(({ oid, critical }) => !critical || RECOGNISED_EXTENSIONS.has(oid)) &&
  !certificate.oddities.some(({ rule }) => rule === 'duplicate_extension' || rule === 'unreadable_extension');

const atWork = ({ basic }: ResponderQuestion, responder: CertificateView): RefusalCode | null =>
  basic.producedAt < responder.notBefore.ms || basic.producedAt > responder.notAfter.ms ? 'delegate_expired' : null;

export const noCheck = (delegate: CertificateView): boolean => delegate.extensions.some(({ oid }) => oid === NO_CHECK);

const longLived = (delegate: CertificateView): RemarkCode[] =>
  noCheck(delegate) && delegate.notAfter.ms - delegate.notBefore.ms > 90 * DAY ? ['long_delegate'] : [];

/** A certificate of whatever came along; null when it cannot be read. */
export function readQuietly(der: Buffer): CertificateView | null {
  try {
    return readCertificate(der);
  } catch {
    return null;
  }
}
