// What the demo CA says about its certificates: CRLs (complete, delta, scoped) and OCSP answers, good and bad ones.
import { createHash } from 'node:crypto';
import {
  Cursor,
  inside,
  integerHex,
  oid as readOid,
  sequence,
  single,
  TAG,
  value,
  whole,
  type Tlv,
} from '#lib/server/x509/der.ts';
import * as der from '#lib/server/x509/der-writer.ts';
import { extension, uriName, type Authority, type RawExtension } from './ca-certificate.ts';
import { algorithm, signatureFor, signWith, type SignatureKind } from './ca-keys.ts';

/** RFC 5280 §5.3.1. 6 is hold, 8 is removeFromCRL (delta only). */
export type ReasonCode = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10;

export type RevokedEntry = {
  /** Hex, as stored. */
  serial: string;
  revokedAt: number;
  reason?: ReasonCode;
  invalidityDate?: number;
  /** Encoded Name: certificateIssuer of an indirect CRL. */
  issuer?: Buffer;
  extra?: RawExtension[];
};

export type CrlRequest = {
  entries: RevokedEntry[];
  /** null: no CRLNumber. */
  number: number | bigint | null;
  thisUpdate: number;
  /** null: left out. */
  nextUpdate: number | null;
  /** Encoded AKI is written unless false. */
  aki?: boolean;
  /** IssuingDistributionPoint. */
  scope?: {
    url?: string;
    onlyUser?: boolean;
    onlyCa?: boolean;
    reasons?: number[];
    indirect?: boolean;
    onlyAttribute?: boolean;
  };
  /** BaseCRLNumber: this is a delta. */
  deltaOf?: number | bigint;
  extra?: RawExtension[];
  version?: 1 | 2;
  signature?: SignatureKind;
};

/** Signs a CRL (DER). */
export function makeCrl(issuer: Omit<Authority, 'certificate'>, request: CrlRequest): Buffer {
  const kind = request.signature ?? signatureFor(issuer.key);
  const v2 = request.version !== 1;
  const extensions = v2 ? crlExtensions(issuer, request) : [];
  const tbs = der.seq(
    ...(v2 ? [der.integer(1)] : []),
    algorithm(kind),
    issuer.name,
    der.time(request.thisUpdate),
    ...(request.nextUpdate === null ? [] : [der.time(request.nextUpdate)]),
    ...(request.entries.length ? [der.seq(...request.entries.map(entry))] : []),
    ...(extensions.length ? [der.tagged(0, der.seq(...extensions))] : []),
  );
  return der.seq(tbs, algorithm(kind), der.bits(signWith(kind, tbs, issuer.key)));
}

function entry(revoked: RevokedEntry): Buffer {
  const extensions: Buffer[] = [];
  if (revoked.reason !== undefined)
    extensions.push(extension({ oid: '2.5.29.21', value: der.enumerated(revoked.reason) }));
  if (revoked.invalidityDate !== undefined) {
    extensions.push(extension({ oid: '2.5.29.24', value: der.generalizedTime(revoked.invalidityDate) }));
  }
  if (revoked.issuer) {
    extensions.push(extension({ oid: '2.5.29.29', critical: true, value: der.seq(der.tagged(4, revoked.issuer)) }));
  }
  extensions.push(...(revoked.extra ?? []).map(extension));
  return der.seq(
    der.integer(revoked.serial),
    der.time(revoked.revokedAt),
    ...(extensions.length ? [der.seq(...extensions)] : []),
  );
}

function crlExtensions(issuer: Omit<Authority, 'certificate'>, request: CrlRequest): Buffer[] {
  const out: RawExtension[] = [];
  if (request.aki !== false) out.push({ oid: '2.5.29.35', value: der.seq(der.primitive(0, issuer.keyId)) });
  if (request.number !== null) out.push({ oid: '2.5.29.20', value: der.integer(request.number) });
  if (request.deltaOf !== undefined)
    out.push({ oid: '2.5.29.27', critical: true, value: der.integer(request.deltaOf) });
  if (request.scope) out.push({ oid: '2.5.29.28', critical: true, value: issuingPoint(request.scope) });
  return [...out, ...(request.extra ?? [])].map(extension);
}

function issuingPoint(scope: NonNullable<CrlRequest['scope']>): Buffer {
  const flag = (n: number, on?: boolean) => (on ? [der.primitive(n, Buffer.from([0xff]))] : []);
  return der.seq(
    ...(scope.url ? [der.tagged(0, der.tagged(0, uriName(scope.url)))] : []),
    ...flag(1, scope.onlyUser),
    ...flag(2, scope.onlyCa),
    ...(scope.reasons ? [der.retag(0x83, der.namedBits(scope.reasons))] : []),
    ...flag(4, scope.indirect),
    ...flag(5, scope.onlyAttribute),
  );
}

/** One question of an OCSP request: the CertID as sent, to be repeated in the answer, and what it contains. */
export type CertId = { der: Buffer; hash: string; nameHash: Buffer; keyHash: Buffer; serial: string };
export type OcspQuestion = { ids: CertId[]; nonce: Buffer | null };

const HASHES: Record<string, string> = { '1.3.14.3.2.26': 'sha1', '2.16.840.1.101.3.4.2.1': 'sha256' };
const NONCE = '1.3.6.1.5.5.7.48.1.2';

/** Reads an OCSPRequest (RFC 6960 §4.1). Throws DerError. */
export function readOcspRequest(bytes: Buffer): OcspQuestion {
  const tbs = sequence(sequence(single(bytes, TAG.sequence)).next());
  tbs.optional(0xa0);
  tbs.optional(0xa1);
  const ids: CertId[] = [];
  const list = sequence(tbs.next());
  while (!list.done) ids.push(readCertId(sequence(list.next()).next()));
  const extensions = tbs.optional(0xa2);
  return { ids, nonce: extensions ? readNonce(sequence(inside(extensions))) : null };
}

function readCertId(tlv: Tlv): CertId {
  const parts = sequence(tlv);
  const hash = HASHES[readOid(sequence(parts.next()).next())] ?? '';
  const [nameHash, keyHash] = [value(parts.next(TAG.octetString)), value(parts.next(TAG.octetString))];
  return { der: Buffer.from(whole(tlv)), hash, nameHash, keyHash, serial: integerHex(parts.next(TAG.integer)) };
}

function readNonce(extensions: Cursor): Buffer | null {
  while (!extensions.done) {
    const parts = sequence(extensions.next());
    if (readOid(parts.next()) !== NONCE) continue;
    parts.optional(TAG.boolean);
    return Buffer.from(value(parts.next(TAG.octetString)));
  }
  return null;
}

/** The CertID of a certificate below this authority (RFC 6960 §4.1.1). */
export function certId(
  issuer: Pick<Authority, 'name' | 'key'>,
  serial: string,
  hash: 'sha1' | 'sha256' = 'sha1',
): Buffer {
  const digest = (bytes: Buffer) => createHash(hash).update(bytes).digest();
  const spki = sequence(single(issuer.key.spki, TAG.sequence));
  spki.next();
  const keyBits = value(spki.next(TAG.bitString)).subarray(1);
  return encodeCertId(hash, digest(issuer.name), digest(keyBits), serial);
}

export function encodeCertId(hash: 'sha1' | 'sha256', nameHash: Buffer, keyHash: Buffer, serial: string): Buffer {
  const oid = hash === 'sha1' ? '1.3.14.3.2.26' : '2.16.840.1.101.3.4.2.1';
  return der.seq(der.seq(der.oid(oid), der.nothing()), der.octets(nameHash), der.octets(keyHash), der.integer(serial));
}

export type OcspAnswer = {
  /** CertID in DER; from the request or from `certId()`. */
  id: Buffer;
  status: 'good' | 'unknown' | { revokedAt: number; reason?: ReasonCode };
  thisUpdate: number;
  /** Absent: left out, as BSrE's responder does. */
  nextUpdate?: number;
  extra?: RawExtension[];
};

export type OcspResponseRequest = {
  answers: OcspAnswer[];
  producedAt: number;
  /** The request's nonce extension value, echoed. */
  nonce?: Buffer | null;
  /** Default: by key hash. */
  responderId?: 'key' | 'name';
  /** Certificates sent along; default the signer's own. */
  certificates?: Buffer[];
  extra?: RawExtension[];
  signature?: SignatureKind;
};

/** A signed, successful OCSPResponse (DER). The signer is the CA itself or its delegate. */
export function makeOcspResponse(signer: Authority, request: OcspResponseRequest): Buffer {
  const kind = request.signature ?? signatureFor(signer.key);
  const extensions: RawExtension[] = [
    ...(request.nonce ? [{ oid: NONCE, value: request.nonce }] : []),
    ...(request.extra ?? []),
  ];
  const responder =
    request.responderId === 'name' ? der.tagged(1, signer.name) : der.tagged(2, der.octets(signer.keyId));
  const tbs = der.seq(
    responder,
    der.generalizedTime(request.producedAt),
    der.seq(...request.answers.map(singleResponse)),
    ...(extensions.length ? [der.tagged(1, der.seq(...extensions.map(extension)))] : []),
  );
  const certificates = request.certificates ?? [signer.certificate];
  const basic = der.seq(
    tbs,
    algorithm(kind),
    der.bits(signWith(kind, tbs, signer.key)),
    ...(certificates.length ? [der.tagged(0, der.seq(...certificates))] : []),
  );
  const wrapped = der.seq(der.oid('1.3.6.1.5.5.7.48.1.1'), der.octets(basic));
  return der.seq(der.enumerated(0), der.tagged(0, wrapped));
}

function singleResponse(answer: OcspAnswer): Buffer {
  return der.seq(
    answer.id,
    certStatus(answer.status),
    der.generalizedTime(answer.thisUpdate),
    ...(answer.nextUpdate === undefined ? [] : [der.tagged(0, der.generalizedTime(answer.nextUpdate))]),
    ...(answer.extra?.length ? [der.tagged(1, der.seq(...answer.extra.map(extension)))] : []),
  );
}

function certStatus(status: OcspAnswer['status']): Buffer {
  if (status === 'good') return der.primitive(0, Buffer.alloc(0));
  if (status === 'unknown') return der.primitive(2, Buffer.alloc(0));
  const reason = status.reason === undefined ? [] : [der.tagged(0, der.enumerated(status.reason))];
  return der.tagged(1, der.generalizedTime(status.revokedAt), ...reason);
}

/** An unsigned refusal: 1 malformedRequest, 2 internalError, 3 tryLater, 5 sigRequired, 6 unauthorized. */
export const makeOcspError = (status: 1 | 2 | 3 | 5 | 6): Buffer => der.seq(der.enumerated(status));
