// OCSP on the wire (RFC 6960 §4): builds a request and reads a response. Reading believes nothing; whether the answer
// counts is ocsp-acceptance.ts.
import { createHash } from 'node:crypto';
import {
  bitString,
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
import * as write from '../x509/der-writer.ts';
import type { CertificateView } from '../x509/types.ts';
import { wholeOctets } from './crl.ts';

const OID = {
  basic: '1.3.6.1.5.5.7.48.1.1',
  nonce: '1.3.6.1.5.5.7.48.1.2',
  archiveCutoff: '1.3.6.1.5.5.7.48.1.6',
  extendedRevoke: '1.3.6.1.5.5.7.48.1.9',
  /** Common PKI / ISIS-MTT CertHash. */
  certHash: '1.3.36.8.3.13',
  crlReference: '1.3.6.1.5.5.7.48.1.3',
} as const;

/** Digest OIDs of a CertID. SHA-1 here names, it does not sign. */
const DIGEST: Record<string, string> = {
  '1.3.14.3.2.26': 'sha1',
  '2.16.840.1.101.3.4.2.1': 'sha256',
  '2.16.840.1.101.3.4.2.2': 'sha384',
  '2.16.840.1.101.3.4.2.3': 'sha512',
};

/** No response is larger (certificate-status §5 no. 1). */
export const MAX_RESPONSE = 64 * 1024;

/** The certificate asked about: its serial and the CA that issued it. */
export type Asked = { serial: string; issuer: CertificateView };

/**
 * An unsigned request for one certificate with a SHA-1 CertID (what every responder knows) and a nonce.
 * @param nonce 32 random octets (RFC 9654 §2.1), or null
 */
export function buildRequest(asked: Asked, nonce: Uint8Array | null): Buffer {
  const { nameHash, keyHash } = issuerHashes(asked.issuer, 'sha1');
  const certId = write.seq(
    write.seq(write.oid('1.3.14.3.2.26'), write.nothing()),
    write.octets(nameHash),
    write.octets(keyHash),
    write.integer(asked.serial),
  );
  // The nonce is an OCTET STRING inside the extension's OCTET STRING (RFC 8954 §2.1).
  const extensions = nonce
    ? [write.tagged(2, write.seq(write.seq(write.oid(OID.nonce), write.octets(write.octets(nonce)))))]
    : [];
  return write.seq(write.seq(write.seq(write.seq(certId)), ...extensions));
}

function issuerHashes(issuer: CertificateView, digest: string): { nameHash: Buffer; keyHash: Buffer } {
  const spki = sequence(single(issuer.publicKey.spki, TAG.sequence));
  spki.next(TAG.sequence);
  const key = bitString(spki.next(TAG.bitString)).bits;
  return {
    nameHash: createHash(digest).update(issuer.subject.der).digest(),
    keyHash: createHash(digest).update(key).digest(),
  };
}

/** SHA-1 of the public key's BIT STRING content: a ResponderID byKey. */
export const keyHashOf = (certificate: CertificateView): Buffer => issuerHashes(certificate, 'sha1').keyHash;

export type SingleResponse = {
  certId: { digest: string | null; nameHash: Buffer; keyHash: Buffer; serial: string };
  status: 'good' | 'revoked' | 'unknown';
  revokedAt: number | null;
  reason: number | null;
  thisUpdate: number;
  nextUpdate: number | null;
  certHash: { digest: string | null; value: Buffer } | null;
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
    if (id === OID.nonce) found.nonce = nonceOf(content);
    else if (id === OID.extendedRevoke) found.extendedRevoke = true;
    else if (critical) found.unknownCritical = true;
  });
  return { responder, producedAt, singles, ...found };
}

/** The inner OCTET STRING; some responders leave it out and write the octets directly. */
function nonceOf(content: Buffer): Buffer {
  if (content[0] === TAG.octetString && content[1] === content.length - 2) return Buffer.from(content.subarray(2));
  return Buffer.from(content);
}

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
    unknownCritical: false,
  };
  eachExtension(extensions, (id, critical, content) => {
    if (id === OID.certHash) single.certHash = readCertHash(content);
    else if (critical && id !== OID.archiveCutoff && id !== OID.crlReference) single.unknownCritical = true;
  });
  return single;
}

function readCertId(parts: Cursor): SingleResponse['certId'] {
  const digest = DIGEST[oid(sequence(parts.next()).next())] ?? null;
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

function readCertHash(content: Buffer): SingleResponse['certHash'] {
  const parts = sequence(single(content, TAG.sequence));
  return { digest: DIGEST[oid(sequence(parts.next()).next())] ?? null, value: value(parts.next(TAG.octetString)) };
}

function eachExtension(wrapper: Tlv | null, see: (id: string, critical: boolean, content: Buffer) => void): void {
  if (!wrapper) return;
  for (const extension of list(sequence(inside(wrapper)), 64)) {
    const parts = sequence(extension);
    const id = oid(parts.next());
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

/** Whether a CertID names this certificate: recomputed, never taken on trust (RFC 6960 §4.1.1). */
export function isAbout(certId: SingleResponse['certId'], asked: Asked): boolean {
  if (!certId.digest || certId.serial !== asked.serial) return false;
  const { nameHash, keyHash } = issuerHashes(asked.issuer, certId.digest);
  return nameHash.equals(certId.nameHash) && keyHash.equals(certId.keyHash);
}

/** Whether a certHash is of these bytes. */
export const isHashOf = (certHash: NonNullable<SingleResponse['certHash']>, der: Buffer): boolean =>
  !!certHash.digest && createHash(certHash.digest).update(der).digest().equals(certHash.value);
