// Finds which wanted serial, if any, the octets of an INTEGER are, without making anything: a bitmap small enough for
// the processor's cache puts most of a long list aside; behind it an open-addressing table, and the octets of all wanted
// serials in one buffer to compare with.
import { integerHex, TAG } from '../x509/der.ts';

export class SerialSieve {
  /** About 40 bits a serial: one in forty strangers passes. */
  private readonly bitmap: Int32Array;
  private readonly shift: number;
  private readonly wanted: ReadonlySet<string>;
  private readonly serials: string[];
  /** Octets of serial i stand at starts[i]..starts[i + 1]. */
  private readonly octets: Buffer;
  private readonly starts: Int32Array;
  /** By hash: 1 + index of the serial; 0: empty place. */
  private readonly indexes: Int32Array;
  private readonly mask: number;

  /** @param wanted serials as stored: lower-case hex without leading zeros, '-' in front when negative */
  constructor(wanted: ReadonlySet<string>) {
    this.wanted = wanted;
    ({ serials: this.serials, starts: this.starts, octets: this.octets } = decoded(wanted));
    const places = powerOfTwo(this.serials.length * 3);
    this.mask = places - 1;
    this.indexes = new Int32Array(places);
    const bits = powerOfTwo(this.serials.length * 40);
    this.bitmap = new Int32Array(bits >> 5);
    this.shift = Math.clz32(bits) + 1;
    for (let i = 0; i < this.serials.length; i++) this.add(i);
  }

  private add(index: number): void {
    const value = hash(this.octets, this.starts[index]!, this.starts[index + 1]!);
    const bit = value >>> this.shift;
    this.bitmap[bit >>> 5]! |= 1 << (bit & 31);
    let place = value & this.mask;
    while (this.indexes[place] !== 0) place = (place + 1) & this.mask;
    this.indexes[place] = index + 1;
  }

  /** The wanted serial that the INTEGER's octets at from..to are; leading zeros do not count. */
  find(bytes: Buffer, from: number, to: number): string | undefined {
    if (bytes[from]! >= 0x80) return this.negative(bytes, from, to);
    let start = from;
    while (start < to - 1 && bytes[start] === 0) start++;
    const value = hash(bytes, start, to);
    const bit = value >>> this.shift;
    if (((this.bitmap[bit >>> 5]! >>> (bit & 31)) & 1) === 0) return undefined;
    for (let place = value & this.mask; ; place = (place + 1) & this.mask) {
      const index = this.indexes[place]!;
      if (index === 0) return undefined;
      if (this.is(index - 1, bytes, start, to)) return this.serials[index - 1];
    }
  }

  private is(index: number, bytes: Buffer, from: number, to: number): boolean {
    const start = this.starts[index]!;
    if (this.starts[index + 1]! - start !== to - from) return false;
    for (let i = 0; i < to - from; i++) if (this.octets[start + i] !== bytes[from + i]) return false;
    return true;
  }

  /** Rare and wrong, but they exist. */
  private negative(bytes: Buffer, from: number, to: number): string | undefined {
    if (this.serials.length === this.wanted.size) return undefined;
    const serial = integerHex({ bytes, tag: TAG.integer, start: from, content: from, end: to, after: to });
    return this.wanted.has(serial) ? serial : undefined;
  }
}

function powerOfTwo(least: number): number {
  let size = 1024;
  while (size < least && size < 1 << 24) size *= 2;
  return size;
}

/** Over the last eight octets (CAs count upwards, or draw at random) and the length. */
function hash(bytes: Buffer, from: number, to: number): number {
  let h = to - from;
  if (h >= 8) {
    const low = bytes[to - 1]! | (bytes[to - 2]! << 8) | (bytes[to - 3]! << 16) | (bytes[to - 4]! << 24);
    const high = bytes[to - 5]! | (bytes[to - 6]! << 8) | (bytes[to - 7]! << 16) | (bytes[to - 8]! << 24);
    h = Math.imul(h ^ low, 0x9e3779b1) ^ Math.imul(high, 0x85ebca6b);
  } else for (let i = from; i < to; i++) h = Math.imul(h ^ bytes[i]!, 0x9e3779b1);
  h = Math.imul(h ^ (h >>> 15), 0xc2b2ae35);
  return h ^ (h >>> 13);
}

type Decoded = { serials: string[]; starts: Int32Array; octets: Buffer };

/** All serials that are not negative, as octets one behind the other. */
function decoded(wanted: Iterable<string> & { size: number }): Decoded {
  const serials: string[] = [];
  const whole: string[] = [];
  const starts = new Int32Array(wanted.size + 1);
  for (const serial of wanted) {
    if (serial.charCodeAt(0) === MINUS) continue;
    const from = starts[serials.length]!;
    starts[serials.push(serial)] = from + ((serial.length + 1) >> 1);
    whole.push(serial.length % 2 ? `0${serial}` : serial);
  }
  // At once: a call for each of a hundred thousand serials costs as much as walking the list.
  const octets = Buffer.from(whole.join(''), 'hex');
  if (octets.length === starts[serials.length]) return { serials, starts, octets };
  // A sheet may have brought what is no number: it is on no list, and must not hide what comes after it.
  return decoded(new Set(serials.filter((serial) => /^[0-9a-f]+$/.test(serial))));
}
const MINUS = 0x2d;
