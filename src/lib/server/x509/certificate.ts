// Reads one certificate into a view, in one pass over its bytes (RFC 5280 §4.1). The skeleton must be right, or the
// file is unreadable (CertificateError); what is odd inside it is kept with a name (`oddities`), because an inventory
// must hold the certificates that exist. Reading says nothing about trust.
import { hash } from 'node:crypto';
import {
  bitString,
  boolean,
  Cursor,
  DerError,
  inside,
  integerHex,
  namedBits,
  oid,
  sequence,
  single,
  smallInteger,
  TAG,
  time,
  value,
  whole,
  type Tlv,
} from './der.ts';
import { readDistributionPoints, readGeneralName, readGeneralNames } from './general-name.ts';
import { readName } from './name.ts';
import { readPublicKey } from './public-key.ts';
import type { CertificateView, Extension, Instant, KeyUsage, Name, Oddity } from './types.ts';

/** The bytes are not a certificate that can be read. `reason` is technical English. */
export class CertificateError extends DerError {
  constructor(reason: string) {
    super(reason);
    this.name = 'CertificateError';
  }
}

/** Largest certificate that is looked at (certificate-status §7: AIA certificate 64 kB; odd ones with many names reach more). */
const MAX_CERTIFICATE = 1 << 20;

/** Reads a certificate from DER. The view keeps its own copy of the bytes. Throws CertificateError, nothing else. */
export function readCertificate(der: Uint8Array): CertificateView {
  if (der.length > MAX_CERTIFICATE) throw new CertificateError('certificate too large');
  try {
    return read(Buffer.from(der));
  } catch (error) {
    if (error instanceof DerError) throw new CertificateError(error.reason);
    throw error;
  }
}

function read(der: Buffer): CertificateView {
  const oddities: Oddity[] = [];
  const { tbs, algorithm } = certificateParts(der);
  const cursor = sequence(tbs);
  const version = readVersion(cursor, oddities);
  const serial = readSerial(cursor.next(TAG.integer), oddities);
  const innerAlgorithm = cursor.next(TAG.sequence);
  checkAlgorithm(innerAlgorithm);
  if (!whole(innerAlgorithm).equals(whole(algorithm))) oddities.push({ rule: 'algorithm_mismatch' });
  const issuer = readIssuer(cursor.next(TAG.sequence));
  if (issuer.rdns.length === 0) oddities.push({ rule: 'empty_issuer' });
  const { notBefore, notAfter } = readValidity(cursor.next(TAG.sequence), oddities);
  const subject = readName(cursor.next(TAG.sequence));
  if (subject.text.includes('\ufffd') || issuer.text.includes('\ufffd')) oddities.push({ rule: 'odd_string' });
  const { key, readable } = readPublicKey(cursor.next(TAG.sequence));
  if (!readable) oddities.push({ rule: 'unreadable_key' });
  cursor.optional(0x81);
  cursor.optional(0x82);
  const listed = cursor.optional(0xa3);
  cursor.finish();
  const extensions = listed ? readExtensions(inside(listed, TAG.sequence)) : [];
  if (extensions.length > 0 && version !== 3) oddities.push({ rule: 'extensions_without_v3' });
  return {
    der,
    fingerprint: hash('sha256', der, 'hex'),
    version,
    serial,
    subject,
    issuer,
    notBefore,
    notAfter,
    publicKey: key,
    signatureAlgorithmOid: oid(sequence(algorithm).next()),
    innerAlgorithmOid: oid(sequence(innerAlgorithm).next()),
    ...readKnown(extensions, oddities),
    extensions,
    oddities,
  };
}

export type CertificateParts = { tbs: Tlv; algorithm: Tlv; signature: Buffer };

/** The three parts of a certificate, or of a CRL or anything else that is SIGNED{} (RFC 5280 §4.1.1). */
export function certificateParts(der: Buffer): CertificateParts {
  const outer = sequence(single(der, TAG.sequence));
  const tbs = outer.next(TAG.sequence);
  const algorithm = outer.next(TAG.sequence);
  checkAlgorithm(algorithm);
  const { bits, unused } = bitString(outer.next(TAG.bitString));
  outer.finish();
  // A signature that is not whole octets is no signature (and some file in the field has one): it verifies never.
  return { tbs, algorithm, signature: unused === 0 ? bits : Buffer.alloc(0) };
}

/** AlgorithmIdentifier: an OID and at most one element. */
function checkAlgorithm(tlv: Tlv): void {
  const parts = sequence(tlv);
  oid(parts.next());
  if (!parts.done) parts.next();
  parts.finish();
}

/** 1, 2 or 3; other numbers exist in the field and are kept. A written default is no DER (X.690 §11.5). */
function readVersion(cursor: Cursor, oddities: Oddity[]): number {
  const tagged = cursor.optional(0xa0);
  if (!tagged) return 1;
  const number = parseInt(integerHex(inside(tagged, TAG.integer)), 16);
  if (number === 0) throw new DerError('default version encoded');
  if (number !== 1 && number !== 2) oddities.push({ rule: 'version' });
  return number + 1;
}

/**
 * Positive, at most 20 octets (RFC 5280 §4.1.2.2). One sign octet too many is read: there are encoders that always put
 * one in front. Anything longer than needed by more is not DER, and no reader takes it.
 */
function readSerial(tlv: Tlv, oddities: Oddity[]): string {
  const { bytes, content, end } = tlv;
  if (isPadded(bytes, content, end)) {
    if (bytes[content] !== 0 || isPadded(bytes, content + 1, end)) throw new DerError('integer not minimal');
    oddities.push({ rule: 'padded_serial' });
  }
  const serial = integerHex(tlv);
  if (serial.startsWith('-')) oddities.push({ rule: 'negative_serial' });
  if (serial === '0') oddities.push({ rule: 'zero_serial' });
  if (end - content > 20) oddities.push({ rule: 'long_serial' });
  return serial;
}

/** The first octet says nothing that the second does not say (X.690 §8.3.2). */
function isPadded(bytes: Buffer, content: number, end: number): boolean {
  const second = bytes[content + 1]! & 0x80;
  return end - content > 1 && ((bytes[content] === 0 && !second) || (bytes[content] === 0xff && second !== 0));
}

// Bulk imports meet the same issuer a hundred thousand times.
let lastIssuer: Name | null = null;
function readIssuer(tlv: Tlv): Name {
  const der = whole(tlv);
  if (lastIssuer?.der.equals(der)) return lastIssuer;
  const name = readName(tlv);
  lastIssuer = { ...name, der: Buffer.from(der) };
  return lastIssuer;
}

/** RFC 5280 §4.1.2.5: UTCTime YYMMDDHHMMSSZ until 2049, GeneralizedTime YYYYMMDDHHMMSSZ from 2050. */
function readValidity(tlv: Tlv, oddities: Oddity[]): { notBefore: Instant; notAfter: Instant } {
  const cursor = sequence(tlv);
  const [from, to] = [cursor.next(), cursor.next()];
  cursor.finish();
  const [notBefore, notAfter] = [time(from), time(to)];
  if (!isDerTime(notBefore) || !isDerTime(notAfter)) oddities.push({ rule: 'time_form' });
  if (notBefore.ms > notAfter.ms) oddities.push({ rule: 'validity_reversed' });
  return { notBefore, notAfter };
}
const isDerTime = ({ text, ms }: Instant): boolean =>
  text.length === 13
    ? text.endsWith('Z')
    : /^\d{14}Z$/.test(text) && (ms >= Date.UTC(2050, 0) || ms < Date.UTC(1950, 0));

function readExtensions(tlv: Tlv): Extension[] {
  const list = sequence(tlv);
  const extensions: Extension[] = [];
  while (!list.done) {
    const parts = sequence(list.next());
    const type = oid(parts.next());
    const flag = parts.optional(TAG.boolean);
    extensions.push({ oid: type, critical: flag ? boolean(flag) : false, value: value(parts.next(TAG.octetString)) });
    parts.finish();
    if (extensions.length > 256) throw new DerError('too many extensions');
  }
  return extensions;
}

export const EXTENSION = {
  subjectKeyIdentifier: '2.5.29.14',
  keyUsage: '2.5.29.15',
  subjectAltName: '2.5.29.17',
  issuerAltName: '2.5.29.18',
  basicConstraints: '2.5.29.19',
  nameConstraints: '2.5.29.30',
  crlDistributionPoints: '2.5.29.31',
  certificatePolicies: '2.5.29.32',
  policyMappings: '2.5.29.33',
  authorityKeyIdentifier: '2.5.29.35',
  policyConstraints: '2.5.29.36',
  extKeyUsage: '2.5.29.37',
  freshestCrl: '2.5.29.46',
  inhibitAnyPolicy: '2.5.29.54',
  authorityInformationAccess: '1.3.6.1.5.5.7.1.1',
} as const;

export const KEY_USAGE_BITS: KeyUsage[] = [
  'digitalSignature',
  'nonRepudiation',
  'keyEncipherment',
  'dataEncipherment',
  'keyAgreement',
  'keyCertSign',
  'cRLSign',
  'encipherOnly',
  'decipherOnly',
];

type Known = Pick<
  CertificateView,
  | 'san'
  | 'keyUsage'
  | 'eku'
  | 'ca'
  | 'pathLen'
  | 'policies'
  | 'ski'
  | 'aki'
  | 'crlDistributionPoints'
  | 'crlUrls'
  | 'ocspUrls'
  | 'caIssuers'
  | 'caIssuerNames'
>;

/** Fills what the known extensions say. One that cannot be read leaves its fields empty and is named. */
function readKnown(extensions: Extension[], oddities: Oddity[]): Known {
  const known: Known = {
    san: null,
    keyUsage: null,
    eku: null,
    ca: false,
    pathLen: null,
    policies: null,
    ski: null,
    aki: null,
    crlDistributionPoints: [],
    crlUrls: [],
    ocspUrls: [],
    caIssuers: [],
    caIssuerNames: [],
  };
  const seen = new Set<string>();
  for (const { oid: type, value: content } of extensions) {
    if (seen.has(type)) {
      oddities.push({ rule: 'duplicate_extension', oid: type });
      continue;
    }
    seen.add(type);
    const reader = READERS[type];
    if (!reader) continue;
    try {
      reader(known, content);
    } catch (error) {
      if (!(error instanceof DerError)) throw error;
      oddities.push({ rule: 'unreadable_extension', oid: type });
    }
  }
  return known;
}

const READERS: Record<string, (known: Known, content: Buffer) => void> = {
  [EXTENSION.subjectAltName]: (known, content) => void (known.san = readGeneralNames(single(content, TAG.sequence))),
  [EXTENSION.keyUsage]: (known, content) => {
    const bits = namedBits(single(content, TAG.bitString));
    known.keyUsage = bits.flatMap((bit) => KEY_USAGE_BITS[bit] ?? []);
  },
  [EXTENSION.extKeyUsage]: (known, content) => void (known.eku = oids(content)),
  [EXTENSION.basicConstraints]: (known, content) => {
    const parts = sequence(single(content, TAG.sequence));
    const flag = parts.optional(TAG.boolean);
    const length = parts.optional(TAG.integer);
    parts.finish();
    known.pathLen = length ? smallInteger(length) : null;
    known.ca = flag ? boolean(flag) : false;
  },
  [EXTENSION.certificatePolicies]: (known, content) => {
    const list = sequence(single(content, TAG.sequence));
    const policies: string[] = [];
    while (!list.done) {
      const parts = sequence(list.next());
      policies.push(oid(parts.next()));
      parts.optional(TAG.sequence);
      parts.finish();
    }
    known.policies = policies;
  },
  [EXTENSION.subjectKeyIdentifier]: (known, content) => {
    known.ski = value(single(content, TAG.octetString)).toString('hex');
  },
  [EXTENSION.authorityKeyIdentifier]: (known, content) => {
    const identifier = sequence(single(content, TAG.sequence)).optional(0x80);
    known.aki = identifier ? value(identifier).toString('hex') : null;
  },
  [EXTENSION.crlDistributionPoints]: (known, content) => {
    known.crlDistributionPoints = readDistributionPoints(single(content, TAG.sequence));
    known.crlUrls = known.crlDistributionPoints.flatMap(({ fullNames }) =>
      fullNames.flatMap(({ kind, value }) => (kind === 'uri' && /^https?:/i.test(value) ? value : [])),
    );
  },
  [EXTENSION.authorityInformationAccess]: (known, content) => {
    const list = sequence(single(content, TAG.sequence));
    while (!list.done) {
      const parts = sequence(list.next());
      const method = oid(parts.next());
      const location = readGeneralName(parts.next());
      parts.finish();
      if (method === '1.3.6.1.5.5.7.48.2') known.caIssuerNames.push(location);
      if (location.kind !== 'uri') continue;
      if (method === '1.3.6.1.5.5.7.48.1') known.ocspUrls.push(location.value);
      if (method === '1.3.6.1.5.5.7.48.2') known.caIssuers.push(location.value);
    }
  },
};

function oids(content: Buffer): string[] {
  const list = sequence(single(content, TAG.sequence));
  const found: string[] = [];
  while (!list.done) found.push(oid(list.next()));
  return found;
}

/** An extension by OID; the first when a certificate repeats it. */
export const extensionOf = (certificate: Pick<CertificateView, 'extensions'>, type: string): Extension | null =>
  certificate.extensions.find((one) => one.oid === type) ?? null;
