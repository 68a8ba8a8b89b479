// Reads a CertificateList (RFC 5280 §5.1) and crosses it with the serials we hold. The entries are walked in place to
// the last one before any of them counts, and no object is made for an entry that is not ours: a list of a million
// entries costs a walk over its bytes. This file reads; whether a list may be believed is crl-acceptance.ts.
import { createHash } from 'node:crypto';
import {
  bitString,
  boolean,
  children,
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
} from '../x509/der.ts';
import { readName } from '../x509/name.ts';
import type { Instant, Name } from '../x509/types.ts';

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

/** Certificate-status §7. */
export const MAX_ENTRIES = 2_000_000;

/** IssuingDistributionPoint (RFC 5280 §5.2.5). Names are hex of their DER, because they compare byte for byte. */
export type Scope = {
  names: string[];
  /** nameRelativeToCRLIssuer is there: resolved names would be needed. */
  relative: boolean;
  onlyUser: boolean;
  onlyCa: boolean;
  onlyAttribute: boolean;
  /** ReasonFlags as bit positions, null: all reasons. */
  reasons: number[] | null;
  indirect: boolean;
  der: Buffer;
};

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
  /** BaseCRLNumber of a delta CRL. */
  deltaOf: string | null;
  expiredSince: number | null;
  unknownCritical: string[];
  extensions: string[];
};

/** One entry of ours. `issuer`: DER of the certificateIssuer names that hold for it (indirect CRLs), else null. */
export type Entry = {
  serial: string;
  revokedAt: number;
  revokedText: string;
  reason: number | null;
  invalidityAt: number | null;
  issuer: Buffer | null;
};

export type Crossing = {
  count: number;
  found: Map<string, Entry[]>;
  /** An entry, ours or not, has a critical extension nobody knows: the list may not be used (§5.3). */
  unknownCritical: boolean;
  /** An entry names a certificate issuer. */
  namesIssuer: boolean;
};

/** PEM is tolerated; anything else is taken as DER. */
export function toDer(bytes: Uint8Array): Buffer {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (buffer[0] === TAG.sequence) return buffer;
  const armour = /-----BEGIN X509 CRL-----([A-Za-z0-9+/=\s]+)-----END X509 CRL-----/.exec(buffer.toString('latin1'));
  return armour ? Buffer.from(armour[1]!, 'base64') : buffer;
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
  // A list without entries leaves the SEQUENCE out; an empty one is malformed (§5.1.2.6).
  if (revoked && revoked.end === revoked.content) throw new DerError('empty revokedCertificates');
  const extensions = list.optional(0xa0);
  list.finish();
  if (extensions && version === 1) throw new DerError('extensions in a version 1 CRL');
  return {
    der,
    sha256: createHash('sha256').update(der).digest('hex'),
    tbs: whole(tbs),
    signature,
    algorithm,
    innerAlgorithm,
    issuer,
    version,
    thisUpdate,
    nextUpdate,
    entries: revoked ? { from: revoked.content, to: revoked.end } : null,
    ...readExtensions(extensions),
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

function readExtensions(wrapper: Tlv | null) {
  const found = {
    number: null as string | null,
    keyId: null as string | null,
    scope: null as Scope | null,
    deltaOf: null as string | null,
    expiredSince: null as number | null,
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
    if (found.extensions.includes(id)) throw new DerError('duplicate extension');
    found.extensions.push(id);
    if (flag && boolean(flag) && !KNOWN.has(id)) found.unknownCritical.push(id);
    if (id === EXTENSION.number) found.number = integerHex(single(inner, TAG.integer));
    if (id === EXTENSION.deltaIndicator) found.deltaOf = integerHex(single(inner, TAG.integer));
    if (id === EXTENSION.authorityKeyIdentifier) found.keyId = keyIdentifier(single(inner, TAG.sequence));
    if (id === EXTENSION.issuingDistributionPoint) found.scope = readScope(single(inner, TAG.sequence));
    if (id === EXTENSION.expiredCertsOnCrl) found.expiredSince = time(single(inner, TAG.generalizedTime)).ms;
  }
  return found;
}

function keyIdentifier(tlv: Tlv): string | null {
  const id = sequence(tlv).optional(0x80);
  return id ? value(id).toString('hex') : null;
}

function readScope(tlv: Tlv): Scope {
  const cursor = sequence(tlv);
  // "MUST NOT issue CRLs where the DER encoding of the IDP extension is an empty sequence" (§5.2.5).
  if (cursor.done) throw new DerError('empty issuing distribution point');
  const point = cursor.optional(0xa0);
  const flag = (n: number) => {
    const found = cursor.optional(0x80 | n);
    if (!found) return false;
    if (found.end - found.content !== 1) throw new DerError('bad boolean');
    return found.bytes[found.content] !== 0;
  };
  const onlyUser = flag(1);
  const onlyCa = flag(2);
  const reasons = cursor.optional(0x83);
  const indirect = flag(4);
  const onlyAttribute = flag(5);
  cursor.finish();
  const names = point ? pointNames(point) : { names: [], relative: false };
  return {
    ...names,
    onlyUser,
    onlyCa,
    onlyAttribute,
    reasons: reasons ? namedBits(reasons) : null,
    indirect,
    der: whole(tlv),
  };
}

/** The names of a DistributionPointName wrapper ([0] of an IDP or of a DistributionPoint), as hex of their DER. */
export function pointNames(wrapper: Tlv): { names: string[]; relative: boolean } {
  const inner = inside(wrapper);
  if (inner.tag === 0xa1) return { names: [], relative: true };
  if (inner.tag !== 0xa0) throw new DerError('bad distribution point name');
  return { names: children(inner, 256).map((name) => whole(name).toString('hex')), relative: false };
}

/** A URI as it stands in a GeneralName ([6] IA5String), hex: what IDP and CDP names are compared by. */
export function uriName(url: string): string {
  const text = Buffer.from(url, 'latin1');
  const length =
    text.length < 0x80
      ? [text.length]
      : text.length < 0x100
        ? [0x81, text.length]
        : [0x82, text.length >> 8, text.length & 0xff];
  return Buffer.concat([Buffer.from([0x86, ...length]), text]).toString('hex');
}

/**
 * Walks all entries once and keeps those whose serial is wanted.
 * @param wanted serials as stored: lower-case hex without leading zeros
 * @throws DerError when any entry, ours or not, is malformed: then no entry counts
 */
export function cross(crl: Crl, wanted: ReadonlySet<string>): Crossing {
  const result: Crossing = { count: 0, found: new Map(), unknownCritical: false, namesIssuer: false };
  if (!crl.entries) return result;
  const bytes = crl.der;
  const sieve = new Sieve(wanted);
  let issuer: Buffer | null = null;
  for (let at = crl.entries.from; at < crl.entries.to;) {
    if (++result.count > MAX_ENTRIES) throw new DerError('too many entries');
    const content = open(bytes, at, crl.entries.to, TAG.sequence);
    const end = content + size;
    const serialFrom = open(bytes, content, end, TAG.integer);
    const serialTo = serialFrom + size;
    if (size === 0) throw new DerError('empty integer');
    const timeFrom = open(
      bytes,
      serialTo,
      end,
      bytes[serialTo] === TAG.generalizedTime ? TAG.generalizedTime : TAG.utcTime,
    );
    const rest = timeFrom + size;
    if (size < 11 || size > 32) throw new DerError('bad time');
    let marks = 0;
    if (rest < end) {
      marks = entryExtensions(bytes, rest, end);
      if (marks & UNKNOWN_CRITICAL) result.unknownCritical = true;
      if (marks & NAMES_ISSUER) {
        result.namesIssuer = true;
        issuer = certificateIssuer(bytes, rest, end);
      }
    }
    if (sieve.mayHold(bytes, serialFrom, serialTo)) keep(bytes, at, crl.entries.to, wanted, issuer, result.found);
    at = end;
  }
  return result;
}

// Length of the element whose header `open` read last: a second return value without an object per call.
let size = 0;

/** Checks tag and length of the element at `at`; returns where its content begins and leaves its length in `size`. */
function open(bytes: Buffer, at: number, limit: number, tag: number): number {
  if (at + 2 > limit || bytes[at] !== tag) throw new DerError('unexpected element in an entry');
  let content = at + 2;
  let length = bytes[at + 1]!;
  if (length >= 0x80) {
    const octets = length & 0x7f;
    if (octets === 0 || octets > 4 || content + octets > limit) throw new DerError('bad length');
    length = 0;
    for (let i = 0; i < octets; i++) length = length * 256 + bytes[content + i]!;
    if (length < 0x80 || bytes[content] === 0) throw new DerError('length not minimal');
    content += octets;
  }
  if (content + length > limit) throw new DerError('element past its parent');
  size = length;
  return content;
}

const UNKNOWN_CRITICAL = 1;
const NAMES_ISSUER = 2;
const [REASON, HOLD_INSTRUCTION, INVALIDITY, CERTIFICATE_ISSUER] = [21, 23, 24, 29];

/** Walks the extensions of one entry without allocating; all known ones are 2.5.29.n (55 1d n). */
function entryExtensions(bytes: Buffer, from: number, to: number): number {
  let marks = 0;
  let at = open(bytes, from, to, TAG.sequence);
  const end = at + size;
  if (end !== to || size === 0) throw new DerError('bad entry extensions');
  while (at < end) {
    const inner = open(bytes, at, end, TAG.sequence);
    const next = inner + size;
    const id = open(bytes, inner, next, TAG.oid);
    const known = size === 3 && bytes[id] === 0x55 && bytes[id + 1] === 0x1d ? bytes[id + 2]! : 0;
    let value = id + size;
    let critical = false;
    if (bytes[value] === TAG.boolean && value < next) {
      const flag = open(bytes, value, next, TAG.boolean);
      critical = size === 1 && bytes[flag] !== 0;
      value = flag + size;
    }
    if (open(bytes, value, next, TAG.octetString) + size !== next) throw new DerError('bad entry extension');
    if (known === CERTIFICATE_ISSUER) marks |= NAMES_ISSUER;
    else if (critical && known !== REASON && known !== INVALIDITY && known !== HOLD_INSTRUCTION)
      marks |= UNKNOWN_CRITICAL;
    at = next;
  }
  return marks;
}

/** The certificateIssuer of an entry: its GeneralNames, as they stand. */
function certificateIssuer(bytes: Buffer, from: number, to: number): Buffer | null {
  const list = sequence(single(bytes.subarray(from, to), TAG.sequence));
  while (!list.done) {
    const extension = sequence(list.next());
    if (oid(extension.next()) !== '2.5.29.29') continue;
    extension.optional(TAG.boolean);
    return Buffer.from(value(extension.next(TAG.octetString)));
  }
  return null;
}

function keep(
  bytes: Buffer,
  at: number,
  limit: number,
  wanted: ReadonlySet<string>,
  issuer: Buffer | null,
  found: Map<string, Entry[]>,
) {
  const end = open(bytes, at, limit, TAG.sequence) + size;
  const parts = sequence(single(bytes.subarray(at, end), TAG.sequence));
  const serial = integerHex(parts.next(TAG.integer));
  if (!wanted.has(serial)) return;
  const revoked = time(parts.next());
  const entry: Entry = {
    serial,
    revokedAt: revoked.ms,
    revokedText: revoked.text,
    reason: null,
    invalidityAt: null,
    issuer,
  };
  if (!parts.done) readEntryExtensions(sequence(parts.next()), entry);
  parts.finish();
  found.set(serial, [...(found.get(serial) ?? []), entry]);
}

function readEntryExtensions(list: Cursor, entry: Entry): void {
  while (!list.done) {
    const extension = sequence(list.next());
    const id = oid(extension.next());
    extension.optional(TAG.boolean);
    const inner = value(extension.next(TAG.octetString));
    if (id === '2.5.29.21') entry.reason = smallInteger(single(inner, TAG.enumerated));
    if (id === '2.5.29.24') entry.invalidityAt = time(single(inner, TAG.generalizedTime)).ms;
  }
}

/** A bitmap over a hash of each wanted serial: most entries of a long list are put aside after one look. */
class Sieve {
  readonly bits = new Uint8Array(1 << 21);

  constructor(wanted: ReadonlySet<string>) {
    for (const serial of wanted) {
      if (serial.startsWith('-')) continue;
      const octets = Buffer.from(serial.length % 2 ? `0${serial}` : serial, 'hex');
      this.bits[hash(octets, 0, octets.length)] = 1;
    }
  }

  mayHold(bytes: Buffer, from: number, to: number): boolean {
    // Negative serials are rare and wrong; they take the slow way.
    if (bytes[from]! >= 0x80) return true;
    let start = from;
    while (start < to - 1 && bytes[start] === 0) start++;
    return this.bits[hash(bytes, start, to)] === 1;
  }
}

/** FNV-1a over the last eight octets and the length, 21 bits. */
function hash(bytes: Buffer, from: number, to: number): number {
  let h = 0x811c9dc5 ^ (to - from);
  for (let i = Math.max(from, to - 8); i < to; i++) h = Math.imul(h ^ bytes[i]!, 0x01000193);
  return (h ^ (h >>> 15)) & 0x1fffff;
}
