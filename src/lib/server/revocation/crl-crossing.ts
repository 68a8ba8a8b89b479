// Crosses a CRL with the serials we hold (RFC 5280 §5.1.2.6, §5.3). Every entry is walked in place to the last one
// before any of them counts, and no object is made for an entry that is not ours: a list of a million entries costs a
// walk over its bytes.
import { DerError, integerHex, TAG, time } from '../x509/der.ts';
import type { Crl } from './crl.ts';
import { SerialSieve } from './serial-sieve.ts';

/** Certificate-status §7. */
export const MAX_ENTRIES = 2_000_000;
/** Names of one certificateIssuer, octets: a directory name and its mail address need hundreds. */
const MAX_NAMES = 1 << 16;
/** Entries of one serial: an indirect list has one for each of its CAs at most. */
const MAX_SAME = 1000;

/** One entry of ours. `issuer`: DER of the certificateIssuer names that hold for it (indirect CRLs), else null. */
export type Entry = {
  serial: string;
  revokedAt: number;
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

/**
 * Walks all entries once and keeps those whose serial is wanted.
 * @param wanted serials as stored: lower-case hex without leading zeros
 * @throws DerError when any entry, ours or not, is malformed: then no entry counts
 */
export function cross(crl: Pick<Crl, 'der' | 'entries'>, wanted: ReadonlySet<string>): Crossing {
  const result: Crossing = { count: 0, found: new Map(), unknownCritical: false, namesIssuer: false };
  if (!crl.entries) return result;
  const { from, to } = crl.entries;
  const bytes = crl.der;
  const sieve = new SerialSieve(wanted);
  let names: { from: number; to: number; copy?: Buffer } | null = null;
  for (let at = from; at < to;) {
    if (++result.count > MAX_ENTRIES) throw new DerError('too many entries');
    const serialAt = open(bytes, at, to, TAG.sequence);
    const end = serialAt + size;
    const serialFrom = open(bytes, serialAt, end, TAG.integer);
    const timeAt = serialFrom + size;
    if (size === 0) throw new DerError('empty integer');
    const rest = timeAt + checkTime(bytes, timeAt, end);
    ext.reason = -1;
    ext.invalidityAt = 0;
    if (rest < end) {
      readExtensions(bytes, rest, end);
      if (ext.unknownCritical) result.unknownCritical = true;
      if (ext.issuerAt) {
        result.namesIssuer = true;
        if (ext.issuerEnd - ext.issuerAt > MAX_NAMES) throw new DerError('certificate issuer too long');
        names = { from: ext.issuerAt, to: ext.issuerEnd };
      }
    }
    const serial = sieve.find(bytes, serialFrom, timeAt);
    if (serial !== undefined) {
      // A copy: an entry must not keep a list of fifty megabytes alive. One for all entries that these names hold for.
      if (names) names.copy ??= Buffer.from(bytes.subarray(names.from, names.to));
      keep(result.found, readEntry(bytes, serial, timeAt, end, names?.copy ?? null));
    }
    at = end;
  }
  return result;
}

const REMOVE = 8;

/**
 * Every serial that a delta names, and whether it takes it away (removeFromCRL). For short lists only: it makes a string
 * for each. The list was crossed before, so every entry is known to be sound.
 */
export function changesOf({ der: bytes, entries }: Pick<Crl, 'der' | 'entries'>): Map<string, boolean> {
  const changes = new Map<string, boolean>();
  if (!entries) return changes;
  for (let at = entries.from; at < entries.to;) {
    const start = open(bytes, at, entries.to, TAG.sequence);
    const end = start + size;
    const from = open(bytes, start, end, TAG.integer);
    const to = from + size;
    const rest = to + checkTime(bytes, to, end);
    ext.reason = -1;
    ext.invalidityAt = 0;
    if (rest < end) readExtensions(bytes, rest, end);
    const serial = integerHex({ bytes, tag: TAG.integer, start, content: from, end: to, after: to });
    changes.set(serial, ext.reason === REMOVE && (changes.get(serial) ?? true));
    at = end;
  }
  return changes;
}

function readEntry(bytes: Buffer, serial: string, timeAt: number, end: number, issuer: Buffer | null): Entry {
  return {
    serial,
    revokedAt: instant(bytes, timeAt, end),
    reason: ext.reason < 0 ? null : ext.reason,
    invalidityAt: ext.invalidityAt ? instant(bytes, ext.invalidityAt, end) : null,
    issuer,
  };
}

function keep(found: Map<string, Entry[]>, entry: Entry): void {
  const known = found.get(entry.serial);
  if (known && known.length >= MAX_SAME) throw new DerError('too many entries of one serial');
  if (known) known.push(entry);
  else found.set(entry.serial, [entry]);
}

// Length of the element whose header `open` read last: a second return value without an object per call.
let size = 0;

/** Checks tag and length of the element at `at`; returns where its content begins and leaves its length in `size`. */
function open(bytes: Buffer, at: number, limit: number, tag: number): number {
  if (at + 2 > limit || bytes[at] !== tag) throw new DerError('unexpected element in an entry');
  const length = bytes[at + 1]!;
  if (length >= 0x80) return openLong(bytes, at, limit);
  if (at + 2 + length > limit) throw new DerError('element past its parent');
  size = length;
  return at + 2;
}

function openLong(bytes: Buffer, at: number, limit: number): number {
  const octets = bytes[at + 1]! & 0x7f;
  const content = at + 2 + octets;
  if (octets === 0 || octets > 4 || content > limit) throw new DerError('bad length');
  let length = 0;
  for (let i = at + 2; i < content; i++) length = length * 256 + bytes[i]!;
  if (length < 0x80 || bytes[at + 2] === 0) throw new DerError('length not minimal');
  if (content + length > limit) throw new DerError('element past its parent');
  size = length;
  return content;
}

/** Two digits as a number, 100 when they are not digits. */
function pair(bytes: Buffer, at: number): number {
  const tens = bytes[at]! - 0x30;
  const units = bytes[at + 1]! - 0x30;
  return tens >= 0 && tens <= 9 && units >= 0 && units <= 9 ? tens * 10 + units : 100;
}

/** 29 February is left to the reader that knows leap years. */
function isDay(month: number, day: number): boolean {
  if (month < 1 || month > 12 || day < 1) return false;
  return day <= 28 || (month !== 2 && (day <= 30 || (day === 31 && ((0b1010110101010 >> month) & 1) === 1)));
}

/** Checks the Time at `at` and returns the length of the whole element. Odd forms take the reader that knows them. */
function checkTime(bytes: Buffer, at: number, limit: number): number {
  const generalized = bytes[at] === TAG.generalizedTime;
  const from = open(bytes, at, limit, generalized ? TAG.generalizedTime : TAG.utcTime);
  const to = from + size;
  const total = to - at;
  const month = to - 11;
  const plain =
    size === (generalized ? 15 : 13) &&
    bytes[to - 1] === 0x5a &&
    pair(bytes, from) < 100 &&
    pair(bytes, month - 2) < 100 &&
    isDay(pair(bytes, month), pair(bytes, month + 2)) &&
    pair(bytes, month + 4) < 24 &&
    pair(bytes, month + 6) < 60 &&
    pair(bytes, month + 8) < 60;
  if (!plain) time({ bytes, tag: bytes[at]!, start: at, content: from, end: to, after: to });
  return total;
}

/** Whether exactly one readable Time stands there. */
function isTime(bytes: Buffer, from: number, to: number): boolean {
  try {
    return checkTime(bytes, from, to) === to - from;
  } catch (error) {
    if (error instanceof DerError) return false;
    throw error;
  }
}

/** The instant of a Time that was checked. */
function instant(bytes: Buffer, at: number, limit: number): number {
  const tag = bytes[at]!;
  const from = open(bytes, at, limit, tag);
  const to = from + size;
  if (tag !== TAG.utcTime || size !== 13) {
    return time({ bytes, tag, start: at, content: from, end: to, after: to }).ms;
  }
  const year = pair(bytes, from);
  return Date.UTC(
    year + (year >= 50 ? 1900 : 2000),
    pair(bytes, from + 2) - 1,
    pair(bytes, from + 4),
    pair(bytes, from + 6),
    pair(bytes, from + 8),
    pair(bytes, from + 10),
  );
}

const [REASON, HOLD_INSTRUCTION, INVALIDITY, CERTIFICATE_ISSUER] = [21, 23, 24, 29];

/** What the extensions of the entry read last say; 0 is "not there". One object for all entries of all lists. */
const ext = { reason: -1, invalidityAt: 0, issuerAt: 0, issuerEnd: 0, unknownCritical: false };

/** Walks the extensions of one entry without allocating; all known ones are 2.5.29.n (55 1d n). */
function readExtensions(bytes: Buffer, from: number, to: number): void {
  ext.issuerAt = 0;
  ext.unknownCritical = false;
  let at = open(bytes, from, to, TAG.sequence);
  if (at + size !== to || size === 0) throw new DerError('bad entry extensions');
  while (at < to) {
    const inner = open(bytes, at, to, TAG.sequence);
    const next = inner + size;
    const id = open(bytes, inner, next, TAG.oid);
    if (size === 0) throw new DerError('bad object identifier');
    const known = size === 3 && bytes[id] === 0x55 && bytes[id + 1] === 0x1d ? bytes[id + 2]! : 0;
    let value = id + size;
    let critical = false;
    if (bytes[value] === TAG.boolean && value < next) {
      const flag = open(bytes, value, next, TAG.boolean);
      if (size !== 1) throw new DerError('bad boolean');
      critical = bytes[flag] !== 0;
      value = flag + 1;
    }
    const content = open(bytes, value, next, TAG.octetString);
    if (content + size !== next) throw new DerError('bad entry extension');
    readExtension(bytes, known, content, next, critical);
    at = next;
  }
}

function readExtension(bytes: Buffer, known: number, from: number, to: number, critical: boolean): void {
  if (known === REASON) {
    const code = open(bytes, from, to, TAG.enumerated);
    if (size !== 1 || code + 1 !== to || bytes[code]! >= 0x80) throw new DerError('bad reason code');
    if (ext.reason >= 0) throw new DerError('duplicate extension');
    ext.reason = bytes[code]!;
  } else if (known === INVALIDITY) {
    // It only informs: one that cannot be read is left out, and the entry revokes all the same.
    if (bytes[from] === TAG.generalizedTime && isTime(bytes, from, to)) ext.invalidityAt = from;
  } else if (known === CERTIFICATE_ISSUER) {
    const names = open(bytes, from, to, TAG.sequence);
    if (size === 0 || names + size !== to) throw new DerError('bad certificate issuer');
    if (ext.issuerAt) throw new DerError('duplicate extension');
    ext.issuerAt = from;
    ext.issuerEnd = to;
  } else if (critical && known !== HOLD_INSTRUCTION) ext.unknownCritical = true;
}
