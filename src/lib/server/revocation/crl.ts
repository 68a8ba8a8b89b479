// Reads the header of a CertificateList (RFC 5280 §5.1); the entries are only located (crl-crossing.ts walks them).
// Reading believes nothing: whether a list may be believed is crl-acceptance.ts.
import { hash } from 'node:crypto';
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
  type Tlv,
} from '../x509/der.ts';
import { readDistributionPoints } from '../x509/general-name.ts';
import { readName } from '../x509/name.ts';
import type { DistributionPoint, Instant, Name } from '../x509/types.ts';
import { readScope, type Scope } from './crl-scope.ts';

export { changesOf, cross, MAX_ENTRIES, type Crossing, type Entry } from './crl-crossing.ts';
export { uriName, type Scope } from './crl-scope.ts';

/** RFC 5280 §5.2; expiredCertsOnCRL is ITU-T X.509 (2.5.29.60). */
const EXTENSION = {
  number: '2.5.29.20',
  authorityKeyIdentifier: '2.5.29.35',
  issuingDistributionPoint: '2.5.29.28',
  deltaIndicator: '2.5.29.27',
  freshestCrl: '2.5.29.46',
  issuerAltName: '2.5.29.18',
  authorityInfoAccess: '1.3.6.1.5.5.7.1.1',
  expiredCertsOnCrl: '2.5.29.60',
} as const;
const KNOWN = new Set<string>(Object.values(EXTENSION));

export type Crl = {
  der: Buffer;
  sha256: string;
  tbs: Buffer;
  signature: Buffer;
  /** Outer and inner signatureAlgorithm: OID and the whole AlgorithmIdentifier. */
  algorithm: { oid: string; der: Buffer };
  innerAlgorithm: { oid: string; der: Buffer };
  issuer: Name;
  version: number;
  thisUpdate: Instant;
  nextUpdate: Instant | null;
  /** Where the entries stand in `der`; null when the list is empty. */
  entries: { from: number; to: number } | null;
  number: string | null;
  keyId: string | null;
  scope: Scope | null;
  /** There is an issuingDistributionPoint, but it cannot be read: nobody knows what the list is about. */
  scopeMalformed: boolean;
  /** BaseCRLNumber of a delta CRL. */
  deltaOf: string | null;
  expiredSince: number | null;
  /** Where the CRL says that its deltas are published (freshestCRL, §5.2.6): http(s) addresses. */
  freshestUrls: string[];
  unknownCritical: string[];
  extensions: string[];
};

/** The field knows a dozen. */
const MAX_EXTENSIONS = 64;

const [BEGIN, END] = ['-----BEGIN X509 CRL-----', '-----END X509 CRL-----'];

/** PEM is tolerated; anything else is taken as DER. */
export function toDer(bytes: Uint8Array): Buffer {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (buffer[0] === TAG.sequence) return buffer;
  const from = buffer.indexOf(BEGIN);
  const to = from < 0 ? -1 : buffer.indexOf(END, from);
  return to < 0 ? buffer : Buffer.from(buffer.toString('latin1', from + BEGIN.length, to), 'base64');
}

/** Reads the header; the entries are only located. @throws DerError */
export function readCrl(bytes: Uint8Array): Crl {
  const der = toDer(bytes);
  const outer = sequence(single(der, TAG.sequence));
  const tbs = outer.next(TAG.sequence);
  const algorithm = algorithmOf(outer.next(TAG.sequence));
  const signature = wholeOctets(outer.next(TAG.bitString));
  outer.finish();

  const list = sequence(tbs);
  const version = list.tag === TAG.integer ? smallInteger(list.next()) + 1 : 1;
  if (version > 2) throw new DerError('unknown CRL version');
  const innerAlgorithm = algorithmOf(list.next(TAG.sequence));
  const issuer = readName(list.next(TAG.sequence));
  const thisUpdate = time(list.next());
  const nextUpdate = list.tag === TAG.utcTime || list.tag === TAG.generalizedTime ? time(list.next()) : null;
  const revoked = list.optional(TAG.sequence);
  const extensions = list.optional(0xa0);
  list.finish();
  // A list without entries leaves the SEQUENCE out (§5.1.2.6). An empty one is seen in otherwise whole lists (a remark of
  // acceptance); in a list that has no CRLNumber either, it is one fault too many.
  if (revoked && revoked.end === revoked.content && !extensions) throw new DerError('empty revokedCertificates');
  if (extensions && version === 1) throw new DerError('extensions in a version 1 CRL');
  return {
    der,
    sha256: hash('sha256', der, 'hex'),
    tbs: whole(tbs),
    signature,
    algorithm,
    innerAlgorithm,
    issuer,
    version,
    thisUpdate,
    nextUpdate,
    entries: revoked ? { from: revoked.content, to: revoked.end } : null,
    ...readExtensions(extensions, issuer.der),
  };
}

/** A signature is a BIT STRING of whole octets. */
export function wholeOctets(tlv: Tlv): Buffer {
  const { bits, unused } = bitString(tlv);
  if (unused !== 0) throw new DerError('bit string not of whole octets');
  return bits;
}

function algorithmOf(tlv: Tlv) {
  return { oid: oid(sequence(tlv).next(TAG.oid)), der: whole(tlv) };
}

function readExtensions(wrapper: Tlv | null, issuer: Buffer) {
  const found = {
    number: null as string | null,
    keyId: null as string | null,
    scope: null as Scope | null,
    scopeMalformed: false,
    deltaOf: null as string | null,
    expiredSince: null as number | null,
    freshestUrls: [] as string[],
    unknownCritical: [] as string[],
    extensions: [] as string[],
  };
  if (!wrapper) return found;
  const list = sequence(inside(wrapper));
  if (list.done) throw new DerError('empty extensions');
  while (!list.done) {
    const extension = sequence(list.next());
    const id = oid(extension.next());
    const flag = extension.optional(TAG.boolean);
    const inner = value(extension.next(TAG.octetString));
    extension.finish();
    if (found.extensions.length === MAX_EXTENSIONS) throw new DerError('too many extensions');
    if (found.extensions.includes(id)) throw new DerError('duplicate extension');
    found.extensions.push(id);
    if (flag && boolean(flag) && !KNOWN.has(id)) found.unknownCritical.push(id);
    if (id === EXTENSION.number) found.number = integerHex(single(inner, TAG.integer));
    if (id === EXTENSION.deltaIndicator) found.deltaOf = integerHex(single(inner, TAG.integer));
    if (id === EXTENSION.authorityKeyIdentifier) found.keyId = keyIdentifier(single(inner, TAG.sequence));
    if (id === EXTENSION.issuingDistributionPoint) {
      found.scope = scopeOrNull(inner, issuer);
      found.scopeMalformed = found.scope === null;
    }
    if (id === EXTENSION.freshestCrl)
      found.freshestUrls = freshestUrls(readDistributionPoints(single(inner, TAG.sequence)));
    if (id === EXTENSION.expiredCertsOnCrl) found.expiredSince = time(single(inner, TAG.generalizedTime)).ms;
  }
  return found;
}

function scopeOrNull(value: Buffer, issuer: Buffer): Scope | null {
  try {
    return readScope(single(value, TAG.sequence), issuer);
  } catch (error) {
    if (error instanceof DerError) return null;
    throw error;
  }
}

function keyIdentifier(tlv: Tlv): string | null {
  const id = sequence(tlv).optional(0x80);
  return id ? value(id).toString('hex') : null;
}

/** Nobody publishes the deltas of one list in more places; who names thousands wants us to knock at them. */
const MOST_FRESHEST = 8;

/** Where deltas can be fetched, among the names of freshestCRL's distribution points. */
export const freshestUrls = (points: readonly DistributionPoint[]): string[] =>
  points
    .flatMap(({ fullNames }) =>
      fullNames.flatMap(({ kind, value: url }) => (kind === 'uri' && /^https?:/i.test(url) ? [url] : [])),
    )
    .slice(0, MOST_FRESHEST);

/**
 * Lists of one line follow one another (§2 no. 5): the same CRL issuer and the same scope.
 * @param named whether the line tells its CRL issuer from others that speak for the same certificates
 */
export function lineScope(crl: Crl, named: boolean): string {
  if (!crl.scope && !named) return 'all';
  return hash('sha256', Buffer.concat([crl.scope?.der ?? Buffer.alloc(0), ...(named ? [crl.issuer.der] : [])]), 'hex');
}
