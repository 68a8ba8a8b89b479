// Writes DER: OCSP requests of this application, and every certificate, CRL and OCSP response of the demo CA and the
// tests. Functions return the encoded bytes; nesting calls builds the structure from the inside out.
import { TAG } from './der.ts';

/** One element: identifier octet, minimal length, value. */
export function element(tag: number, ...parts: Uint8Array[]): Buffer {
  let length = 0;
  for (const part of parts) length += part.length;
  return Buffer.concat([header(tag, length), ...parts]);
}

function header(tag: number, length: number): Buffer {
  if (length < 0x80) return Buffer.from([tag, length]);
  const octets: number[] = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) octets.unshift(rest & 0xff);
  return Buffer.from([tag, 0x80 | octets.length, ...octets]);
}

export const seq = (...parts: Uint8Array[]): Buffer => element(TAG.sequence, ...parts);
/** SET OF in DER order (X.690 §11.6). */
export const set = (...parts: Uint8Array[]): Buffer => element(TAG.set, ...[...parts].sort(Buffer.compare));
export const octets = (bytes: Uint8Array): Buffer => element(TAG.octetString, bytes);
export const bits = (bytes: Uint8Array, unused = 0): Buffer => element(TAG.bitString, Buffer.from([unused]), bytes);
export const utf8 = (text: string): Buffer => element(TAG.utf8, Buffer.from(text, 'utf8'));
export const printable = (text: string): Buffer => element(TAG.printable, Buffer.from(text, 'latin1'));
export const ia5 = (text: string): Buffer => element(TAG.ia5, Buffer.from(text, 'latin1'));
export const boolean = (on: boolean): Buffer => element(TAG.boolean, Buffer.from([on ? 0xff : 0]));
export const nothing = (): Buffer => element(TAG.null);
export const enumerated = (number: number): Buffer => element(TAG.enumerated, Buffer.from([number]));
/** [n] EXPLICIT, or IMPLICIT of a constructed type. */
export const tagged = (n: number, ...parts: Uint8Array[]): Buffer => element(0xa0 | n, ...parts);
/** [n] IMPLICIT of a primitive type. */
export const primitive = (n: number, bytes: Uint8Array): Buffer => element(0x80 | n, bytes);
/** The same value under another identifier octet: IMPLICIT tagging of an encoded element. */
export const retag = (tag: number, encoded: Buffer): Buffer => Buffer.concat([Buffer.from([tag]), encoded.subarray(1)]);

/** An INTEGER from a number, a bigint or hex text as stored (`-` when negative). */
export function integer(number: number | bigint | string): Buffer {
  if (typeof number === 'string') {
    const negative = number.startsWith('-');
    const magnitude = BigInt(`0x${negative ? number.slice(1) : number}`);
    return integer(negative ? -magnitude : magnitude);
  }
  let whole = BigInt(number);
  let length = 1;
  while (whole >= 1n << BigInt(length * 8 - 1) || whole < -(1n << BigInt(length * 8 - 1))) length++;
  if (whole < 0n) whole += 1n << BigInt(length * 8);
  return element(TAG.integer, Buffer.from(whole.toString(16).padStart(length * 2, '0'), 'hex'));
}

export function oid(dotted: string): Buffer {
  const [first, second, ...rest] = dotted.split('.').map(BigInt);
  return element(TAG.oid, ...[first! * 40n + second!, ...rest].map(base128));
}

function base128(arc: bigint): Buffer {
  const octets = [Number(arc & 0x7fn)];
  for (let rest = arc >> 7n; rest > 0n; rest >>= 7n) octets.unshift(Number(rest & 0x7fn) | 0x80);
  return Buffer.from(octets);
}

/** A named bit list in DER: trailing zero bits removed (X.690 §11.2.2). */
export function namedBits(positions: number[]): Buffer {
  if (positions.length === 0) return bits(Buffer.alloc(0));
  const last = Math.max(...positions);
  const bytes = Buffer.alloc((last >> 3) + 1);
  for (const position of positions) bytes[position >> 3]! |= 0x80 >> (position & 7);
  return bits(bytes, 7 - (last & 7));
}

/** UTCTime until 2049, GeneralizedTime from 2050 (RFC 5280 §4.1.2.5). */
export function time(ms: number): Buffer {
  const year = new Date(ms).getUTCFullYear();
  if (year < 1950 || year >= 2050) return generalizedTime(ms);
  return element(TAG.utcTime, Buffer.from(stamp(ms).slice(2), 'latin1'));
}

export const generalizedTime = (ms: number): Buffer => element(TAG.generalizedTime, Buffer.from(stamp(ms), 'latin1'));

const stamp = (ms: number): string => new Date(ms).toISOString().replace(/\.\d+/, '').replace(/[-:T]/g, '');
