// What lies packed in a PDF, found without a PDF engine: attachments and drawn text stand in streams (ISO 32000-1
// §7.3.8), mostly packed by Flate. Only for finding a private key; limits count what comes out. Pixels are not unpacked.
import { constants, inflateRawSync } from 'node:zlib';
import { LIMITS } from './types.ts';

const STREAM = Buffer.from('stream');
/** A dictionary in front of its stream; longer ones are met in no file. */
const DICTIONARY = 4096;
/** Text and fonts stay far below it. */
const RATIO = 50;
const FLOOR = 16 * 2 ** 20;
const CEILING = 256 * 2 ** 20;

/** A dictionary of encryption: nothing in it but names can be read (§7.6.1). */
export const isLockedPdf = (bytes: Buffer): boolean =>
  /\/Encrypt\s*(?:\d+\s+\d+\s+R|<<)/.test(bytes.toString('latin1'));

/** The content of every stream; null for one that is too large unpacked, and at last when all of them are. */
export function* pdfStreams(bytes: Buffer): Generator<Buffer | null> {
  let room = Math.min(CEILING, Math.max(FLOOR, bytes.length * RATIO));
  let end = 0;
  for (let at = bytes.indexOf(STREAM); at >= 0; at = bytes.indexOf(STREAM, at + STREAM.length)) {
    const from = contentAt(bytes, at);
    if (from === null) continue;
    if (end < from) end = endAfter(bytes, from);
    const dictionary = dictionaryBefore(bytes, at);
    if (/\/Subtype\s*\/Image\b/.test(dictionary)) continue;
    const content = contentOf(bytes, from, end, dictionary, Math.min(room, LIMITS.memberBytes));
    room -= content?.length ?? LIMITS.memberBytes;
    if (room > 0) yield content;
    else return yield null;
  }
}

function endAfter(bytes: Buffer, from: number): number {
  const end = bytes.indexOf('endstream', from);
  return end < 0 ? bytes.length : end;
}

/** Behind the keyword and its line end; null for `endstream` and for the word in a text. */
function contentAt(bytes: Buffer, at: number): number | null {
  if (bytes.toString('latin1', Math.max(0, at - 3), at) === 'end') return null;
  const behind = at + STREAM.length;
  if (bytes[behind] === 0x0d) return bytes[behind + 1] === 0x0a ? behind + 2 : behind + 1;
  return bytes[behind] === 0x0a ? behind + 1 : null;
}

function dictionaryBefore(bytes: Buffer, at: number): string {
  const before = bytes.toString('latin1', Math.max(0, at - DICTIONARY), at);
  return before.slice(before.lastIndexOf(' obj') + 1);
}

/** What cannot be unpacked at all is no more than it is. */
function contentOf(bytes: Buffer, from: number, end: number, dictionary: string, room: number): Buffer | null {
  const plain = bytes.subarray(from, end);
  const ascii = /\/(?:ASCII85Decode|A85)\b/.test(dictionary)
    ? ascii85(plain)
    : /\/(?:ASCIIHexDecode|AHx)\b/.test(dictionary)
      ? asciiHex(plain)
      : null;
  // The word that ends a stream may stand in what is packed; and what was cut off ends there.
  for (const packed of ascii ? [ascii] : [bytes.subarray(from), withoutLineEnd(plain)]) {
    const content = isFlate(packed) ? inflated(packed, room) : undefined;
    if (content !== undefined) return content;
  }
  return ascii ?? plain;
}

/** The line end in front of `endstream` is no part of the stream (§7.3.8.1); unpacked with the rest it can be an error. */
function withoutLineEnd(plain: Buffer): Buffer {
  const end = plain.at(-1) === 0x0a ? plain.length - 1 : plain.length;
  return plain.subarray(0, end > 0 && plain[end - 1] === 0x0d ? end - 1 : end);
}

/** Without its checksum, as readers of PDF do; null: longer than there is room, undefined: not packed like that. */
function inflated(packed: Buffer, room: number): Buffer | null | undefined {
  try {
    return inflateRawSync(packed.subarray(2), { maxOutputLength: room, finishFlush: constants.Z_SYNC_FLUSH });
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE' ? null : undefined;
  }
}

/** RFC 1950 §2.2. */
const isFlate = (bytes: Buffer): boolean =>
  bytes.length > 6 && (bytes[0]! & 0x0f) === 8 && bytes.readUInt16BE(0) % 31 === 0;

const asciiHex = (bytes: Buffer): Buffer =>
  Buffer.from(
    bytes
      .toString('latin1')
      .split('>')[0]!
      .replace(/[^0-9A-Fa-f]/g, ''),
    'hex',
  );

/** ISO 32000-1 §7.4.3. What is no such character is passed over. */
function ascii85(bytes: Buffer): Buffer {
  const digits = bytes
    .toString('latin1')
    .split('~>')[0]!
    .replace(/^\s*<~/, '')
    .replaceAll('z', '!!!!!')
    .replace(/[^!-u]/g, '');
  const whole = digits.padEnd(Math.ceil(digits.length / 5) * 5, 'u');
  const out = Buffer.alloc((whole.length / 5) * 4);
  for (let i = 0; i < whole.length; i += 5) {
    let value = 0;
    for (let k = 0; k < 5; k++) value = value * 85 + whole.charCodeAt(i + k) - 33;
    out.writeUInt32BE(value % 2 ** 32, (i / 5) * 4);
  }
  return out.subarray(0, out.length - (whole.length - digits.length));
}

/**
 * What a page shows (§9.4.3), as far as its fonts are written in letters: the strings, a line for each place they are
 * set at. A key on a page stands there line by line.
 */
export function shownText(content: string): string {
  if (!/\bBT\b/.test(content)) return '';
  const parts: string[] = [];
  for (const [all, literal, hex] of content.matchAll(TOKEN)) {
    if (literal !== undefined) parts.push(literal.replace(/\\([\s\S])/g, '$1'));
    else if (hex !== undefined) parts.push(Buffer.from(hex.replace(/\s/g, ''), 'hex').toString('latin1'));
    else if (all) parts.push('\n');
  }
  return parts.join('');
}
const TOKEN = /\(((?:\\[\s\S]|[^\\()])*)\)|<([0-9A-Fa-f\s]+)>|\b(?:T[dDm]\b|T\*|ET\b)/g;
