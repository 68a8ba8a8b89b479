// The CRLs and OCSP answers of a judgement from files: read once for each file, however often it is asked about.
import { DerError } from '../x509/index.ts';
import type { CertificateView } from '../x509/types.ts';
import { readCrl, type Crl } from './crl.ts';
import type { Explained, FilesRequest } from './from-files.ts';
import { readResponse, type OcspResponse } from './ocsp.ts';
import { refusalWords, type RefusalCode } from './refusals.ts';

export type Objects = {
  crls: Crl[];
  ocsps: OcspResponse[];
  /** Every certificate that came along: candidates for signers, nothing more. */
  pool: CertificateView[];
  /** What could not be read. */
  explanations: Explained[];
  /** CRL signers being judged, so that two that vouch for each other end. */
  asking: Set<string>;
  /** Answers that were about a certificate that was asked about, whatever came of them. */
  heard: Set<OcspResponse>;
};

export function refused(code: RefusalCode, kind: 'crl' | 'ocsp' = 'crl'): Explained {
  const { text, clause } = refusalWords(kind, code);
  return { code, text, clause };
}

const readCrlOnce = once(readCrl);
const readResponseOnce = once(readResponse);

export function readObjects(request: FilesRequest): Objects {
  const crls = (request.crls ?? []).map(readCrlOnce);
  const ocsps = (request.ocsps ?? []).map(readResponseOnce);
  const unreadable = (kind: 'crl' | 'ocsp', bytes: readonly Buffer[], read: readonly unknown[]): Explained[] => {
    const torn = bytes.filter((_, i) => read[i] === null);
    if (torn.length === 0) return [];
    const { text, clause } = refused('unreadable', kind);
    const names = new Set(torn.flatMap((one) => request.nameOf?.(one) ?? []));
    return [{ code: `${kind}_unreadable`, text: names.size ? `${[...names].join(', ')}: ${text}` : text, clause }];
  };
  return {
    crls: crls.filter((crl) => crl !== null),
    ocsps: ocsps.filter((ocsp) => ocsp !== null),
    pool: [...request.anchors, ...(request.intermediates ?? [])],
    explanations: [...unreadable('crl', request.crls ?? [], crls), ...unreadable('ocsp', request.ocsps ?? [], ocsps)],
    asking: new Set(),
    heard: new Set(),
  };
}

/** A reader that remembers its answer for the very same bytes in memory; null: they cannot be read. */
function once<T>(reader: (bytes: Buffer) => T): (bytes: Buffer) => T | null {
  const known = new WeakMap<Buffer, { answer: T | null }>();
  return (bytes) => {
    const before = known.get(bytes);
    if (before) return before.answer;
    let answer: T | null = null;
    try {
      answer = reader(bytes);
    } catch (error) {
      if (!(error instanceof DerError)) throw error;
    }
    known.set(bytes, { answer });
    return answer;
  };
}
