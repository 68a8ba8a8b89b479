// Reads an OCSP response (RFC 6960 §4.2). Reading believes nothing; whether the answer counts is ocsp-acceptance.ts.
import { createHash } from 'node:crypto';
import {
  boolean,
  DerError,
  inside,
  integerHex,
  oid,
  sequence,
  single,
  smallInteger,
  TAG,
  time,
  value,
  whole,
  type Cursor,
  type Tlv,
} from '../x509/der.ts';
import { wholeOctets } from './crl.ts';
import { digestOf, type CertId, type Digest } from './ocsp-certid.ts';
import { NONCE_OID, nonceValue } from './ocsp-request.ts';

const OID = {
  basic: '1.3.6.1.5.5.7.48.1.1',
  archiveCutoff: '1.3.6.1.5.5.7.48.1.6',
  extendedRevoke: '1.3.6.1.5.5.7.48.1.9',
  /** Common PKI / ISIS-MTT CertHash. */
  certHash: '1.3.36.8.3.13',
  crlReference: '1.3.6.1.5.5.7.48.1.3',
  /** CRL entry extensions, which a single answer may carry too (§4.4.5). */
  reasonCode: '2.5.29.21',
  invalidityDate: '2.5.29.24',
} as const;

/** No response is larger (certificate-status §5 no. 1). */
export const MAX_RESPONSE = 64 * 1024;

export type SingleResponse = {
  certId: CertId;
  status: 'good' | 'revoked' | 'unknown';
  revokedAt: number | null;
  reason: number | null;
  thisUpdate: number;
  nextUpdate: number | null;
  certHash: { digest: Digest | null; value: Buffer } | null;
  /** The responder keeps answers about certificates that expired since this instant (§4.4.4). */
  archiveCutoff: number | null;
  invalidityAt: number | null;
  /** A reasonCode among the singleExtensions, where it does not belong (CA/B BR §7.3.2). */
  reasonInSingle: boolean;
  unknownCritical: boolean;
};

export type OcspResponse = {
  der: Buffer;
  sha256: string;
  /** 0 successful … 6 unauthorized (RFC 6960 §4.2.1). Everything but 0 is unsigned. */
  outerStatus: number;
  basic: BasicResponse | null;
};

export type BasicResponse = {
  tbs: Buffer;
  algorithm: { oid: string; der: Buffer };
  signature: Buffer;
  responder: { name: Buffer } | { keyHash: Buffer };
  producedAt: number;
  singles: SingleResponse[];
  /** Value of the nonce extension as it came. */
  nonce: Buffer | null;
  extendedRevoke: boolean;
  unknownCritical: boolean;
  /** DER of the certificates that came along. */
  certificates: Buffer[];
};

const PEM = /-----BEGIN OCSP RESPONSE-----([A-Za-z0-9+/=\s]+)-----END OCSP RESPONSE-----/;

/** @throws DerError */
export function readResponse(bytes: Uint8Array): OcspResponse {
  let der = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (der.length > MAX_RESPONSE * 2) throw new DerError('response too large');
  if (der[0] !== TAG.sequence) {
    const armour = PEM.exec(der.toString('latin1'));
    if (armour) der = Buffer.from(armour[1]!, 'base64');
  }
  if (der.length > MAX_RESPONSE) throw new DerError('response too large');
  const outer = sequence(single(der, TAG.sequence));
  const outerStatus = smallInteger(outer.next(TAG.enumerated));
  const wrapper = outer.optional(0xa0);
  outer.finish();
  const result: OcspResponse = {
    der,
    sha256: createHash('sha256').update(der).digest('hex'),
    outerStatus,
    basic: null,
  };
  if (outerStatus !== 0 || !wrapper) return result;
  const typed = sequence(inside(wrapper));
  const type = oid(typed.next());
  const content = value(typed.next(TAG.octetString));
  typed.finish();
  return type === OID.basic ? { ...result, basic: readBasic(content) } : result;
}

function readBasic(bytes: Buffer): BasicResponse {
  const outer = sequence(single(bytes, TAG.sequence));
  const tbs = outer.next(TAG.sequence);
  const algorithm = outer.next(TAG.sequence);
  const signature = wholeOctets(outer.next(TAG.bitString));
  const extra = outer.optional(0xa0);
  outer.finish();
  return {
    tbs: whole(tbs),
    algorithm: { oid: oid(sequence(algorithm).next()), der: whole(algorithm) },
    signature,
    ...readData(sequence(tbs)),
    certificates: extra ? list(sequence(inside(extra)), 16).map(whole) : [],
  };
}

function readData(data: Cursor) {
  const version = data.optional(0xa0);
  if (version && smallInteger(inside(version, TAG.integer)) !== 0) throw new DerError('unknown OCSP version');
  const responder = readResponder(data.next());
  const producedAt = time(data.next(TAG.generalizedTime)).ms;
  const singles = list(sequence(data.next()), 256).map(readSingle);
  const found = { nonce: null as Buffer | null, extendedRevoke: false, unknownCritical: false };
  const extensions = data.optional(0xa1);
  data.finish();
  eachExtension(extensions, (id, critical, content) => {
    if (id === NONCE_OID) found.nonce = content;
    else if (id === OID.extendedRevoke) found.extendedRevoke = true;
    else if (critical) found.unknownCritical = true;
  });
  return { responder, producedAt, singles, ...found };
}

/** Whether a returned nonce is the one sent; some responders leave the inner OCTET STRING out. */
export const isNonce = (returned: Buffer, sent: Buffer): boolean =>
  returned.equals(nonceValue(sent)) || returned.equals(sent);

function readResponder(tlv: Tlv): BasicResponse['responder'] {
  if (tlv.tag === 0xa1) return { name: whole(inside(tlv, TAG.sequence)) };
  if (tlv.tag === 0xa2) return { keyHash: value(inside(tlv, TAG.octetString)) };
  throw new DerError('bad responder id');
}

function readSingle(tlv: Tlv): SingleResponse {
  const parts = sequence(tlv);
  const certId = readCertId(sequence(parts.next()));
  const state = readState(parts.next());
  const thisUpdate = time(parts.next(TAG.generalizedTime)).ms;
  const next = parts.optional(0xa0);
  const extensions = parts.optional(0xa1);
  parts.finish();
  const single: SingleResponse = {
    certId,
    ...state,
    thisUpdate,
    nextUpdate: next ? time(inside(next, TAG.generalizedTime)).ms : null,
    certHash: null,
    archiveCutoff: null,
    invalidityAt: null,
    reasonInSingle: false,
    unknownCritical: false,
  };
  eachExtension(extensions, (id, critical, content) => {
    if (id === OID.certHash) single.certHash = readCertHash(content);
    else if (id === OID.archiveCutoff) single.archiveCutoff = instantOf(content);
    else if (id === OID.invalidityDate) single.invalidityAt = instantOf(content);
    else if (id === OID.reasonCode) single.reasonInSingle = true;
    else if (critical && id !== OID.crlReference) single.unknownCritical = true;
  });
  return single;
}

function readCertId(parts: Cursor): CertId {
  const digest = digestOf(oid(sequence(parts.next()).next()));
  const nameHash = value(parts.next(TAG.octetString));
  const keyHash = value(parts.next(TAG.octetString));
  const serial = integerHex(parts.next(TAG.integer));
  parts.finish();
  return { digest, nameHash, keyHash, serial };
}

function readState(tlv: Tlv): Pick<SingleResponse, 'status' | 'revokedAt' | 'reason'> {
  if (tlv.tag === 0x80) return { status: 'good', revokedAt: null, reason: null };
  if (tlv.tag === 0x82) return { status: 'unknown', revokedAt: null, reason: null };
  if (tlv.tag !== 0xa1) throw new DerError('bad certificate status');
  // RevokedInfo is IMPLICIT: the context tag stands in place of its SEQUENCE.
  const info = sequence({ ...tlv, tag: TAG.sequence });
  const revokedAt = time(info.next(TAG.generalizedTime)).ms;
  const wrapper = info.optional(0xa0);
  info.finish();
  return { status: 'revoked', revokedAt, reason: wrapper ? smallInteger(inside(wrapper, TAG.enumerated)) : null };
}

const instantOf = (content: Buffer): number => time(single(content, TAG.generalizedTime)).ms;

function readCertHash(content: Buffer): SingleResponse['certHash'] {
  const parts = sequence(single(content, TAG.sequence));
  return { digest: digestOf(oid(sequence(parts.next()).next())), value: value(parts.next(TAG.octetString)) };
}

function eachExtension(wrapper: Tlv | null, see: (id: string, critical: boolean, content: Buffer) => void): void {
  if (!wrapper) return;
  const seen = new Set<string>();
  for (const extension of list(sequence(inside(wrapper)), 64)) {
    const parts = sequence(extension);
    const id = oid(parts.next());
    // Which of two would count is a guess (RFC 5280 §4.2 forbids it for the same syntax).
    if (seen.has(id)) throw new DerError('duplicate extension');
    seen.add(id);
    const flag = parts.optional(TAG.boolean);
    see(id, flag ? boolean(flag) : false, value(parts.next(TAG.octetString)));
    parts.finish();
  }
}

function list(cursor: Cursor, max: number): Tlv[] {
  const found: Tlv[] = [];
  while (!cursor.done) {
    if (found.length === max) throw new DerError('too many elements');
    found.push(cursor.next());
  }
  return found;
}

/** Whether a certHash is of these bytes. */
export const isHashOf = (certHash: NonNullable<SingleResponse['certHash']>, der: Buffer): boolean =>
  !!certHash.digest && createHash(certHash.digest).update(der).digest().equals(certHash.value);
