// A small reader of DER (X.690): looks at bytes in place, copies nothing, allocates one flat object per element.
// Strict: definite, minimal lengths, nothing past the parent's end, depth bounded by its callers'
// fixed grammars. The one exception is `ber`, for CMS blobs of signed PDFs, which may use indefinite lengths.
// It never throws anything but DerError.
import type { Instant } from './types.ts';

/** What could not be read, in English, for logs and for the trail; people get a sentence from the caller. */
export class DerError extends Error {
  readonly reason: string;
  constructor(reason: string) {
    super(reason);
    this.name = 'DerError';
    this.reason = reason;
  }
}

/** One element in place: `start` its identifier octet, `content`..`end` its value (`after` = end, or past the EOC). */
export type Tlv = { bytes: Buffer; tag: number; start: number; content: number; end: number; after: number };

/** Universal tags used by X.509, CRL, OCSP and CMS; context tags are 0x80 | n (primitive) and 0xa0 | n (constructed). */
export const TAG = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  null: 0x05,
  oid: 0x06,
  enumerated: 0x0a,
  utf8: 0x0c,
  numeric: 0x12,
  printable: 0x13,
  teletex: 0x14,
  ia5: 0x16,
  utcTime: 0x17,
  generalizedTime: 0x18,
  visible: 0x1a,
  universal: 0x1c,
  bmp: 0x1e,
  sequence: 0x30,
  set: 0x31,
} as const;

/** Certificate-status §7: no structure of X.509 nests deeper. */
export const MAX_DEPTH = 64;

/** Reads the header at `at` and checks that the element ends before `limit`. */
export function readTlv(bytes: Buffer, at: number, limit: number, ber = false): Tlv {
  if (at + 2 > limit) throw new DerError('truncated header');
  const tag = bytes[at]!;
  let content = (tag & 0x1f) === 0x1f ? afterHighTag(bytes, at, limit) : at + 2;
  let length = bytes[content - 1]!;
  if (length >= 0x80) {
    if (length === 0x80) {
      if (ber && tag & 0x20) return indefinite(bytes, at, limit, 0);
      throw new DerError('indefinite length');
    }
    const octets = length & 0x7f;
    if (octets > 4) throw new DerError('length too large');
    if (content + octets > limit) throw new DerError('truncated length');
    length = 0;
    for (let i = 0; i < octets; i++) length = length * 256 + bytes[content + i]!;
    if (!ber && (length < 0x80 || bytes[content] === 0)) throw new DerError('length not minimal');
    content += octets;
  }
  const end = content + length;
  if (end > limit) throw new DerError('element past its parent');
  return { bytes, tag, start: at, content, end, after: end };
}

/** A tag number of 31 or more (in values of unknown types only): its octets are skipped, `tag` stays 0x1f with its class. */
function afterHighTag(bytes: Buffer, at: number, limit: number): number {
  let position = at + 1;
  while (position < limit && bytes[position]! & 0x80) position++;
  if (position - at > 4 || position + 2 > limit || bytes[at + 1] === 0x80) throw new DerError('bad tag number');
  return position + 2;
}

/** BER only: walks the content to its end-of-contents octets. */
function indefinite(bytes: Buffer, at: number, limit: number, depth: number): Tlv {
  if (depth > MAX_DEPTH) throw new DerError('nested too deep');
  let position = at + 2;
  while (position + 2 <= limit) {
    if (bytes[position] === 0 && bytes[position + 1] === 0) {
      return { bytes, tag: bytes[at]!, start: at, content: at + 2, end: position, after: position + 2 };
    }
    const nested = bytes[position + 1] === 0x80 && bytes[position]! & 0x20;
    position = (nested ? indefinite(bytes, position, limit, depth + 1) : readTlv(bytes, position, limit, true)).after;
  }
  throw new DerError('no end of contents');
}

/** The whole input is one element of this tag; trailing bytes are refused. */
export function single(bytes: Buffer, tag: number): Tlv {
  const tlv = readTlv(bytes, 0, bytes.length);
  if (tlv.tag !== tag) throw new DerError(`tag ${hexByte(tlv.tag)} instead of ${hexByte(tag)}`);
  if (tlv.end !== bytes.length) throw new DerError('trailing bytes');
  return tlv;
}

/** The elements directly inside a constructed element; more than `max` is refused. */
export function children(parent: Tlv, max = 65_536, ber = false): Tlv[] {
  if (!(parent.tag & 0x20)) throw new DerError('not constructed');
  const found: Tlv[] = [];
  for (let at = parent.content; at < parent.end;) {
    if (found.length === max) throw new DerError('too many elements');
    const child = readTlv(parent.bytes, at, parent.end, ber);
    found.push(child);
    at = child.after;
  }
  return found;
}

/** Walks the elements of a constructed element one after the other, without keeping them (long CRLs). */
export class Cursor {
  readonly bytes: Buffer;
  readonly end: number;
  at: number;

  constructor(parent: Tlv) {
    if (!(parent.tag & 0x20)) throw new DerError('not constructed');
    this.bytes = parent.bytes;
    this.at = parent.content;
    this.end = parent.end;
  }

  get done(): boolean {
    return this.at >= this.end;
  }

  /** The tag of the next element, or -1 at the end. */
  get tag(): number {
    return this.at < this.end ? this.bytes[this.at]! : -1;
  }

  /** The next element; of this tag when one is given. */
  next(tag?: number): Tlv {
    const tlv = readTlv(this.bytes, this.at, this.end);
    if (tag !== undefined && tlv.tag !== tag) throw new DerError(`tag ${hexByte(tlv.tag)} instead of ${hexByte(tag)}`);
    this.at = tlv.after;
    return tlv;
  }

  /** The next element if it has this tag, else null and nothing is consumed. */
  optional(tag: number): Tlv | null {
    return this.tag === tag ? this.next() : null;
  }

  /** Refuses what the grammar does not know. */
  finish(): void {
    if (!this.done) throw new DerError('unexpected element');
  }
}

/** A cursor over the elements of a SEQUENCE. */
export function sequence(tlv: Tlv): Cursor {
  if (tlv.tag !== TAG.sequence) throw new DerError(`tag ${hexByte(tlv.tag)} instead of 30`);
  return new Cursor(tlv);
}

/** The single element inside an EXPLICIT wrapper. */
export function inside(tlv: Tlv, tag?: number): Tlv {
  const cursor = new Cursor(tlv);
  const inner = cursor.next(tag);
  cursor.finish();
  return inner;
}

/** Identifier, length and value. A view, not a copy. */
export const whole = (tlv: Tlv): Buffer => tlv.bytes.subarray(tlv.start, tlv.after);
/** The value octets. A view, not a copy. */
export const value = (tlv: Tlv): Buffer => tlv.bytes.subarray(tlv.content, tlv.end);

/**
 * The value of an INTEGER as lower-case hex without leading zeros, '-' in front when negative: the form in which
 * serials and CRL numbers are stored and compared. Leading zeros and more than 20 octets are tolerated (§2 no. 11).
 */
export function integerHex(tlv: Tlv): string {
  const { bytes, content, end } = tlv;
  if (content === end) throw new DerError('empty integer');
  if (bytes[content]! >= 0x80) {
    const magnitude = (1n << BigInt((end - content) * 8)) - BigInt(`0x${bytes.toString('hex', content, end)}`);
    return `-${magnitude.toString(16)}`;
  }
  let from = content;
  while (from < end - 1 && bytes[from] === 0) from++;
  const hex = bytes.toString('hex', from, end);
  return hex.length > 1 && hex.charCodeAt(0) === 0x30 ? hex.slice(1) : hex;
}

/** A small non-negative INTEGER or ENUMERATED (versions, path lengths, reasons); larger than 2^31 saturates. */
export function smallInteger(tlv: Tlv): number {
  const length = tlv.end - tlv.content;
  if (length === 0) throw new DerError('empty integer');
  if (tlv.bytes[tlv.content]! >= 0x80) throw new DerError('negative integer');
  if (length > 5) return 0x7fffffff;
  let number = 0;
  for (let i = tlv.content; i < tlv.end; i++) number = number * 256 + tlv.bytes[i]!;
  return Math.min(number, 0x7fffffff);
}

/** Exactly one octet, 00 or ff (X.690 §11.1). */
export function boolean(tlv: Tlv): boolean {
  const octet = tlv.bytes[tlv.content];
  const whole = tlv.tag === TAG.boolean && tlv.end - tlv.content === 1;
  if (!whole || (octet !== 0 && octet !== 0xff)) throw new DerError('bad boolean');
  return octet === 0xff;
}

/** By a hash of the octets, with the octets themselves: a string as key would cost more than all the rest of reading one. */
const oidCache = new Map<number, { octets: Buffer; text: string }>();
const OID_CACHE_LIMIT = 4096;

/** Dotted text of an OBJECT IDENTIFIER. */
export function oid(tlv: Tlv): string {
  if (tlv.tag !== TAG.oid) throw new DerError(`tag ${hexByte(tlv.tag)} instead of 06`);
  return oidFromOctets(tlv.bytes, tlv.content, tlv.end);
}

/** The same for an IMPLICIT tag, whose identifier octet does not say OID. */
export function oidFromOctets(bytes: Buffer, from: number, to: number): string {
  if (from === to || to - from > 256) throw new DerError('bad object identifier');
  let hash = to - from;
  for (let i = from; i < to; i++) hash = (Math.imul(hash, 31) + bytes[i]!) | 0;
  const known = oidCache.get(hash);
  if (known && isSame(known.octets, bytes, from, to)) return known.text;
  const text = decodeOid(bytes, from, to);
  if (oidCache.size < OID_CACHE_LIMIT) oidCache.set(hash, { octets: Buffer.from(bytes.subarray(from, to)), text });
  return text;
}

function isSame(octets: Buffer, bytes: Buffer, from: number, to: number): boolean {
  if (octets.length !== to - from) return false;
  for (let i = 0; i < octets.length; i++) if (octets[i] !== bytes[from + i]) return false;
  return true;
}

function decodeOid(bytes: Buffer, from: number, to: number): string {
  if (bytes[to - 1]! & 0x80) throw new DerError('truncated object identifier');
  const arcs: (number | bigint)[] = [];
  let arc = 0n;
  let fresh = true;
  for (let i = from; i < to; i++) {
    const octet = bytes[i]!;
    if (fresh && octet === 0x80) throw new DerError('object identifier not minimal');
    fresh = false;
    arc = (arc << 7n) | BigInt(octet & 0x7f);
    if (octet & 0x80) continue;
    if (arcs.length === 0) {
      const first = arc < 40n ? 0n : arc < 80n ? 1n : 2n;
      arcs.push(first, arc - first * 40n);
    } else arcs.push(arc);
    arc = 0n;
    fresh = true;
  }
  return arcs.join('.');
}

/** The octets of a BIT STRING and how many of the last bits do not count. */
export function bitString(tlv: Tlv): { bits: Buffer; unused: number } {
  if (tlv.content === tlv.end) throw new DerError('empty bit string');
  const unused = tlv.bytes[tlv.content]!;
  if (unused > 7 || (unused > 0 && tlv.end - tlv.content === 1)) throw new DerError('bad unused bits');
  return { bits: tlv.bytes.subarray(tlv.content + 1, tlv.end), unused };
}

/** Positions of the bits that are set in a named bit list (key usage, reasons), bit 0 first. */
export function namedBits(tlv: Tlv): number[] {
  const { bits, unused } = bitString(tlv);
  if (bits.length > 16) throw new DerError('named bit list too long');
  const set: number[] = [];
  for (let i = 0; i < bits.length * 8 - unused; i++) if (bits[i >> 3]! & (0x80 >> (i & 7))) set.push(i);
  return set;
}

const utf8 = new TextDecoder('utf-8');

/** Text of a directory string of any type; null when the tag is not a string. Undecodable octets become U+FFFD. */
export function text(tlv: Tlv): string | null {
  const { bytes, content, end } = tlv;
  switch (tlv.tag) {
    case TAG.utf8:
      return utf8.decode(bytes.subarray(content, end));
    case TAG.printable:
    case TAG.ia5:
    case TAG.numeric:
    case TAG.visible:
      return isAscii(bytes, content, end)
        ? bytes.toString('latin1', content, end)
        : utf8.decode(bytes.subarray(content, end));
    case TAG.teletex:
      return bytes.toString('latin1', content, end);
    case TAG.bmp:
      return bmp(bytes, content, end);
    case TAG.universal:
      return universal(bytes, content, end);
    default:
      return null;
  }
}

function isAscii(bytes: Buffer, from: number, to: number): boolean {
  for (let i = from; i < to; i++) if (bytes[i]! >= 0x80) return false;
  return true;
}

function bmp(bytes: Buffer, from: number, to: number): string {
  if ((to - from) % 2) throw new DerError('bad BMPString');
  return Buffer.from(bytes.subarray(from, to)).swap16().toString('utf16le');
}

function universal(bytes: Buffer, from: number, to: number): string {
  if ((to - from) % 4) throw new DerError('bad UniversalString');
  let out = '';
  for (let i = from; i < to; i += 4) {
    const point = bytes.readUInt32BE(i);
    if (point > 0x10ffff) throw new DerError('bad UniversalString');
    out += String.fromCodePoint(point);
  }
  return out;
}

// Seconds and Z are mandatory in DER (RFC 5280 §4.1.2.5); older encoders left seconds out or wrote an offset or a
// fraction. Those are read, and the lint names them from the text.
const TIME = /^(\d{2}|\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})?(?:[.,](\d{1,9}))?(Z|[+-]\d{4})$/;

/** An instant with the text that stood in the DER. UTCTime: YY ≥ 50 means 19YY (RFC 5280 §4.1.2.5.1). */
export function time(tlv: Tlv): Instant {
  const generalized = tlv.tag === TAG.generalizedTime;
  if (!generalized && tlv.tag !== TAG.utcTime) throw new DerError('not a time');
  if (tlv.end - tlv.content > 32) throw new DerError('bad time');
  const text = tlv.bytes.toString('latin1', tlv.content, tlv.end);
  const ms = (generalized ? null : ordinaryTime(text)) ?? anyTime(text, generalized);
  return { ms, text };
}

/** YYMMDDHHMMSSZ, as nearly all are; null when it is written otherwise or is no time. */
function ordinaryTime(text: string): number | null {
  if (text.length !== 13 || text.charCodeAt(12) !== 0x5a) return null;
  let digits = 0;
  for (let i = 0; i < 12; i++) {
    const digit = text.charCodeAt(i) - 0x30;
    if (digit < 0 || digit > 9) return null;
    digits = digits * 10 + digit;
  }
  const part = (place: number) => Math.floor(digits / place) % 100;
  const year = part(1e10) + (part(1e10) >= 50 ? 1900 : 2000);
  const [month, day, hour, minute, second] = [part(1e8), part(1e6), part(1e4), part(100), part(1)];
  if (!isDate(year, month, day) || hour > 23 || minute > 59 || second > 59) return null;
  return Date.UTC(year, month - 1, day, hour, minute, second);
}

function anyTime(text: string, generalized: boolean): number {
  const match = TIME.exec(text);
  if (!match || (match[1]!.length === 4) !== generalized) throw new DerError('bad time');
  const [, years, month, day, hour, minute, second = '00', fraction = '0', zone] = match;
  const year = generalized ? +years! : +years! + (+years! >= 50 ? 1900 : 2000);
  if (!isDate(year, +month!, +day!) || +hour! > 23 || +minute! > 59 || +second > 59) throw new DerError('bad time');
  const date = new Date(0);
  date.setUTCFullYear(year, +month! - 1, +day!);
  date.setUTCHours(+hour!, +minute!, +second, Math.floor(Number(`0.${fraction}`) * 1000));
  return date.getTime() - offset(zone!);
}

function isDate(year: number, month: number, day: number): boolean {
  if (month < 1 || month > 12 || day < 1) return false;
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const days = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]!;
  return day <= days;
}

/** Milliseconds east of UTC. */
function offset(zone: string): number {
  if (zone === 'Z') return 0;
  const [hours, minutes] = [+zone.slice(1, 3), +zone.slice(3, 5)];
  if (hours > 23 || minutes > 59) throw new DerError('bad time zone');
  return (zone[0] === '-' ? -1 : 1) * (hours * 60 + minutes) * 60_000;
}

function hexByte(octet: number): string {
  return octet.toString(16).padStart(2, '0');
}
