// Whether an OCSP response may be believed about one certificate (certificate-status §5, RFC 6960 §3.2). Pure. An
// unsigned error, an answer about something else or from somebody without authority changes no state. Who may answer
// is ocsp-responder.ts.
import { HOUR, MINUTE } from '../calendar.ts';
import { STRICT, type AlgorithmRules } from '../x509/index.ts';
import type { CertificateView } from '../x509/types.ts';
import { SKEW } from './crl-acceptance.ts';
import { isHashOf, isNonce, type BasicResponse, type OcspResponse, type SingleResponse } from './ocsp.ts';
import { isAbout, type Asked } from './ocsp-certid.ts';
import { readQuietly, responderOf } from './ocsp-responder.ts';
import type { RefusalCode } from './refusals.ts';
import type { RemarkCode } from './remarks.ts';

const DAY = 24 * HOUR;
const SERVER_AUTH = '1.3.6.1.5.5.7.3.1';
/** A CA may take a while until its responder knows what it has just issued (§5 no. 8). */
const JUST_ISSUED = 30 * MINUTE;

export type OcspQuestion = {
  response: OcspResponse;
  asked: Asked;
  /** Bytes of the certificate itself; null: a record without its file. */
  certificate: Buffer | null;
  nonce: Buffer | null;
  /** What the CA's current lists say about a delegate: true listed, false verified absence, null nobody can say. */
  delegateListed: (delegate: CertificateView) => boolean | null;
  /** Responders that a person configured for this CA. */
  configured?: readonly CertificateView[];
  /** The newest answer we hold about this certificate. */
  known: { status: string; thisUpdate: number } | null;
  now: number;
  /** How late it may already be, while our clock is doubted: by this an answer ends. */
  latest?: number;
  /** Hours an answer without nextUpdate may be used. */
  maxAgeHours: number;
  skew?: number;
  /** What signatures still prove (setting `evidenceAlgorithms`). */
  algorithms?: AlgorithmRules;
};

export type OcspAnswer = {
  /** `non_issued`: the CA says it never issued this serial (RFC 6960 §2.2, §4.4.8). */
  status: 'good' | 'revoked' | 'on_hold' | 'unknown' | 'non_issued';
  reason: number | null;
  revokedAt: number | null;
  invalidityAt: number | null;
  thisUpdate: number;
  nextUpdate: number | null;
  producedAt: number;
};

/** What an answer says of the certificate itself, without when it was made: as it is kept and believed. */
export function saidOf({
  status,
  reason,
  revokedAt,
  invalidityAt,
  thisUpdate,
  nextUpdate,
}: Omit<OcspAnswer, 'producedAt'>) {
  return { status, reason, revokedAt, invalidityAt, thisUpdate, nextUpdate };
}

type Judged = {
  remarks: RemarkCode[];
  /** The responder's clock just now: signed together with the nonce of our question, whatever else is wrong with it. */
  liveAt: number | null;
};
export type AcceptedOcsp = Judged & { accepted: true; answer: OcspAnswer; signer: CertificateView };
export type RefusedOcsp = Judged & { accepted: false; code: RefusalCode };

/** Outer statuses (RFC 6960 §4.2.1): unsigned, so they change nothing. */
export const UNSIGNED: Record<number, RefusalCode> = {
  1: 'ocsp_malformed_request',
  2: 'ocsp_internal_error',
  3: 'ocsp_try_later',
  5: 'ocsp_sig_required',
  6: 'ocsp_unauthorized',
};

/** @returns what the responder says about the certificate, or the first rule that fails */
export function acceptOcsp(q: OcspQuestion): AcceptedOcsp | RefusedOcsp {
  let liveAt: number | null = null;
  const refuse = (code: RefusalCode): RefusedOcsp => ({ accepted: false, code, remarks: [], liveAt });
  const { basic, outerStatus } = q.response;
  if (outerStatus !== 0) return refuse(UNSIGNED[outerStatus] ?? 'unreadable');
  if (!basic) return refuse('not_basic');
  const certificate = q.certificate && readQuietly(q.certificate);
  const asked = certificate ? { ...q.asked, issuerName: certificate.issuer.der } : q.asked;
  const single = latest(basic, asked);
  if (!single) return refuse('not_about_this');
  const signer = responderOf({
    basic,
    issuer: asked.issuer,
    configured: q.configured ?? [],
    delegateListed: q.delegateListed,
    algorithms: q.algorithms ?? STRICT,
  });
  if ('code' in signer) return refuse(signer.code);
  if (basic.unknownCritical || single.unknownCritical) return refuse('unknown_critical_ocsp');
  if (q.nonce && basic.nonce && !isNonce(basic.nonce, q.nonce)) return refuse('nonce_mismatch');
  if (q.nonce && basic.nonce) liveAt = basic.producedAt;
  if (single.certHash && q.certificate && !isHashOf(single.certHash, q.certificate)) return refuse('hash_mismatch');
  const answer = answerOf(basic, single);
  const wrong = timing(answer, q) ?? (certificate && lifetime(answer, certificate, single.archiveCutoff, q.now));
  if (wrong) return refuse(wrong);
  const remarks = [...signer.remarks, ...remarksOn(q, basic, single, answer, certificate)];
  return { accepted: true, answer, signer: signer.certificate, remarks, liveAt };
}

/** The matching answer with the latest thisUpdate, never "the only one" (§5 no. 2); of two as late the one that revokes. */
const latest = (basic: BasicResponse, asked: Asked): SingleResponse | undefined =>
  basic.singles
    .filter((single) => isAbout(single.certId, asked))
    .sort((a, b) => b.thisUpdate - a.thisUpdate || severity(a) - severity(b))[0];
const severity = ({ status, reason }: SingleResponse): number =>
  status === 'revoked' ? (reason === 6 ? 1 : 0) : status === 'unknown' ? 2 : 3;

/** "Non-issued" is said as revoked, on hold, on 1 January 1970 (RFC 6960 §2.2, §4.4.8). */
const isNonIssued = ({ status, reason, revokedAt }: SingleResponse): boolean =>
  status === 'revoked' && reason === 6 && revokedAt === 0;

function answerOf(basic: BasicResponse, single: SingleResponse): OcspAnswer {
  const { reason, revokedAt, invalidityAt, thisUpdate, nextUpdate } = single;
  const revoked = isNonIssued(single) ? 'non_issued' : reason === 6 ? 'on_hold' : 'revoked';
  const status = single.status === 'revoked' ? revoked : single.status;
  return { status, reason, revokedAt, invalidityAt, thisUpdate, nextUpdate, producedAt: basic.producedAt };
}

const usableUntil = ({ thisUpdate, nextUpdate }: OcspAnswer, maxAgeHours: number): number =>
  nextUpdate ?? thisUpdate + maxAgeHours * HOUR;

/** Responders out of step: a revocation is final, so an older answer that tells one counts where the newer tells none. */
const revokesAnyway = (status: OcspAnswer['status'], known: { status: string }): boolean =>
  status === 'revoked' && known.status !== 'revoked';

/** §5 no. 6. An answer past its time still proves a revocation, which is final; never a hold or that all is well. */
function timing(answer: OcspAnswer, q: OcspQuestion): RefusalCode | null {
  const skew = q.skew ?? SKEW;
  const { thisUpdate, nextUpdate, producedAt, status } = answer;
  if (thisUpdate > q.now + skew) return 'from_future';
  if (producedAt > q.now + skew) return 'produced_in_future';
  if (producedAt < thisUpdate) return 'produced_disordered';
  if (nextUpdate !== null && nextUpdate < thisUpdate) return 'times_disordered';
  if (q.known && thisUpdate < q.known.thisUpdate && !revokesAnyway(status, q.known)) return 'older_than_known';
  return usableUntil(answer, q.maxAgeHours) < (q.latest ?? q.now) - skew && status !== 'revoked' ? 'expired' : null;
}

/** Whether an answer can mean this certificate at all: it was there already, and the responder still keeps it. */
function lifetime(
  { status, producedAt }: OcspAnswer,
  { notBefore, notAfter }: CertificateView,
  archiveCutoff: number | null,
  now: number,
): RefusalCode | null {
  if (status === 'revoked' || status === 'on_hold') return null;
  const absent = status === 'unknown' || status === 'non_issued';
  if (absent) return now - notBefore.ms < JUST_ISSUED ? 'just_issued' : null;
  if (producedAt < notBefore.ms) return 'before_certificate';
  // After its end a responder may have forgotten it, unless it says how far back it remembers (RFC 6960 §4.4.4).
  const remembered = archiveCutoff !== null && archiveCutoff <= notAfter.ms;
  return producedAt > notAfter.ms && !remembered ? 'after_expiry' : null;
}

function remarksOn(
  q: OcspQuestion,
  basic: BasicResponse,
  single: SingleResponse,
  answer: OcspAnswer,
  certificate: CertificateView | null,
): RemarkCode[] {
  const found: RemarkCode[] = [];
  if (q.nonce && basic.nonce) found.push('live_answer');
  if (single.status === 'good' && ((single.certHash && q.certificate) || basic.extendedRevoke))
    found.push('issued_proven');
  if (isNonIssued(single) && !basic.extendedRevoke) found.push('non_issued_unmarked');
  if (single.archiveCutoff !== null && certificate && basic.producedAt > certificate.notAfter.ms)
    found.push('archived');
  if (single.reasonInSingle) found.push('reason_in_single');
  // 7 is unassigned, and removeFromCRL (8) belongs to delta CRLs (RFC 5280 §5.3.1).
  if (single.reason !== null && (single.reason > 10 || single.reason === 7 || single.reason === 8))
    found.push('bad_reason');
  if (answer.status === 'revoked' && usableUntil(answer, q.maxAgeHours) < (q.latest ?? q.now))
    found.push('past_answer');
  if (certificate?.eku?.includes(SERVER_AUTH) && answer.nextUpdate !== null) {
    const interval = answer.nextUpdate - answer.thisUpdate;
    if (interval < 8 * HOUR || interval > 10 * DAY) found.push('odd_interval');
  }
  return found;
}
