// The OCSP half of a judgement from files: one answer about one certificate, as a word or as the rule it fails.
import { HOUR } from '../calendar.ts';
import { LENIENT, STRICT } from '../x509/index.ts';
import type { CertificateView } from '../x509/types.ts';
import { SKEW } from './crl-acceptance.ts';
import type { Word } from './decide.ts';
import { OCSP_AGE } from './file-verdict.ts';
import type { FilesRequest } from './from-files.ts';
import type { OcspResponse } from './ocsp.ts';
import { acceptOcsp } from './ocsp-acceptance.ts';
import { delegateListed } from './ocsp-delegate.ts';
import type { RefusalCode } from './refusals.ts';
import type { Held } from './subject.ts';

/** When an answer speaks: that of its newest single response. */
export const ocspTime = (response: OcspResponse): number =>
  Math.max(0, ...(response.basic?.singles.map((single) => single.thisUpdate) ?? []));

/** @param lists what the lists of the issuer say so far, for a delegate's own status */
export function takeOcsp(
  response: OcspResponse,
  { certificate, issuer }: { certificate: CertificateView; issuer: CertificateView },
  request: FilesRequest,
  known: Word | null,
  lists: readonly Held[],
): Word | RefusalCode {
  const verdict = acceptOcsp({
    response,
    asked: { serial: certificate.serial, issuer },
    certificate: certificate.der,
    nonce: null,
    delegateListed: (delegate) => delegateListed(lists, delegate, request.at),
    known,
    now: request.at,
    maxAgeHours: (request.maxAge ?? OCSP_AGE) / HOUR,
    skew: request.skew ?? SKEW,
    algorithms: request.allowWeak ? LENIENT : STRICT,
  });
  if (!verdict.accepted) return verdict.code;
  const { status, reason, revokedAt, invalidityAt, thisUpdate, nextUpdate } = verdict.answer;
  return {
    source: 'ocsp',
    status: status === 'non_issued' ? 'on_hold' : status,
    reason,
    revokedAt,
    invalidityAt,
    evidenceId: response.sha256,
    thisUpdate,
    nextUpdate,
    confirmedAt: thisUpdate,
  };
}
