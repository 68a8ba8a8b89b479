// ZIP, read with limits that count what comes out, not what the directory promises. Nothing is ever written to disk; a
// member's name is only a label. yauzl reads the directory (ZIP64, name encodings); a member is inflated here in one
// step, because hundreds of thousands of small certificates would each cost a stream.
import { crc32, createInflateRaw, inflateRawSync } from 'node:zlib';
import { Readable } from 'node:stream';
import { fromRandomAccessReader, getFileNameLowLevel, RandomAccessReader, type Entry, type ZipFile } from 'yauzl';
import { cleanName } from './names.ts';
import type { Source } from './source.ts';
import { ContainerError, LIMITS, LimitError } from './types.ts';

/** `bytes` is null when nobody asked for the member; `pieces` are those of one that is too large to be held. */
export type Member = { index: number; name: string } & ({ bytes: Buffer | null } | Unopened);
export type Unopened = { refused: string; pieces?: () => AsyncGenerator<Buffer> };

const MEMBER = 0x04034b50;
/** The end of the directory, with which an archive of nothing begins (APPNOTE 4.3.16). */
const END = 0x06054b50;

export const startsAsZip = (bytes: Buffer): boolean =>
  bytes.length >= 4 && [MEMBER, END].includes(bytes.readUInt32LE(0));
export const isZip = (bytes: Buffer): boolean => bytes.length > 21 && startsAsZip(bytes);

/** Bytes still allowed to come out of one upload, shared by nested archives. */
export type Budget = { bytes: number; members: number };
export const freshBudget = (packedBytes: number): Budget => ({
  bytes: Math.min(LIMITS.unpackedBytes, Math.max(LIMITS.unpackedFloor, packedBytes * LIMITS.ratio)),
  members: LIMITS.members,
});

export const BROKEN = 'Arsip ZIP rusak atau tidak lengkap.';
export const TOO_LARGE_MEMBER = `Berkas di dalam arsip ini lebih besar dari ${LIMITS.memberBytes / 2 ** 20} MB dan tidak dibuka; bukan sertifikat, atau keluarkan dari arsip dan impor sendiri.`;
const TOO_LARGE = 'Isi arsip terlalu besar setelah dibuka; arsip ditolak.';

/**
 * The files of an archive, one after the other, counted from 0 in the order of its directory (folders count too).
 * @param from members before this one are passed over unread
 * @throws ContainerError when it is broken, LimitError when it is over a limit
 */
export async function* members(source: Source, budget: Budget, from = 0): AsyncGenerator<Member> {
  const zip = await open(source);
  let packed = 0;
  try {
    for (let index = 0, entry = await next(zip); entry; index++, entry = await next(zip)) {
      if (--budget.members < 0) throw new LimitError(`Arsip ini berisi lebih dari ${LIMITS.members} berkas.`);
      // Members that lie over each other would let a small file unpack without end.
      packed += entry.compressedSize;
      if (packed > source.size) throw new LimitError('Isi arsip ini bertumpuk satu sama lain; arsip ditolak.');
      const name = nameOf(entry);
      if (index < from || name.endsWith('/')) yield { index, name, bytes: null };
      else yield { index, name: cleanName(name), ...unpack(entry, source, budget) };
    }
  } finally {
    zip.close();
  }
}

/** How many members the directory announces, folders included. */
export async function announcedMembers(source: Source): Promise<number> {
  const zip = await open(source);
  zip.close();
  return zip.entryCount;
}

/** What yauzl asks for, served from the source. */
class SourceReader extends RandomAccessReader {
  private readonly source: Source;
  constructor(source: Source) {
    super();
    this.source = source;
  }
  override _readStreamForRange(start: number, end: number): Readable {
    return Readable.from([this.source.read(start, end - start)]);
  }
  override read(
    buffer: Buffer,
    offset: number,
    length: number,
    position: number,
    callback: (error: Error | null) => void,
  ): void {
    const bytes = this.source.read(position, length);
    bytes.copy(buffer, offset);
    queueMicrotask(() => callback(bytes.length < length ? new Error('unexpected EOF') : null));
  }
  override close(callback: (error: Error | null) => void): void {
    callback(null);
  }
}

function open(source: Source): Promise<ZipFile> {
  return new Promise((resolve, reject) => {
    // Names are decoded by us: yauzl would give up the whole archive for one `..`.
    const options = { lazyEntries: true, validateEntrySizes: true, decodeStrings: false, autoClose: false };
    fromRandomAccessReader(new SourceReader(source), source.size, options, (error, zip) => {
      if (error) reject(new ContainerError(BROKEN));
      else resolve(zip);
    });
  });
}

function next(zip: ZipFile): Promise<Entry | null> {
  return new Promise((resolve, reject) => {
    const settle = (done: () => void) => {
      zip.removeAllListeners();
      done();
    };
    zip.once('entry', (entry: Entry) => settle(() => resolve(entry)));
    zip.once('end', () => settle(() => resolve(null)));
    zip.once('error', () => settle(() => reject(new ContainerError(BROKEN))));
    zip.readEntry();
  });
}

const nameOf = (entry: Entry): string =>
  getFileNameLowLevel(entry.generalPurposeBitFlag, entry.fileNameRaw, entry.extraFields, false).replaceAll('\\', '/');

const LOCAL_HEADER = 30;

/** Where a member's packed bytes begin, behind its local header (APPNOTE 4.3.7); null when it is not there. */
function dataAt(entry: Entry, source: Source): number | null {
  const at = entry.relativeOffsetOfLocalHeader;
  const header = source.read(at, LOCAL_HEADER);
  if (header.length < LOCAL_HEADER || header.readUInt32LE(0) !== MEMBER) return null;
  return at + LOCAL_HEADER + header.readUInt16LE(26) + header.readUInt16LE(28);
}

export const LOCKED = 'Berkas di dalam arsip terkunci kata sandi.';
const LARGER_THAN_SAID = 'Berkas di dalam arsip lebih besar daripada yang tertulis; arsip ditolak.';
const DAMAGED = 'Berkas di dalam arsip rusak.';

function unpack(entry: Entry, source: Source, budget: Budget): { bytes: Buffer } | Unopened {
  if (entry.isEncrypted()) return { refused: LOCKED };
  const at = dataAt(entry, source);
  if (entry.uncompressedSize > LIMITS.memberBytes) {
    // By what is announced, before any of it is unpacked; that no more comes out is seen as it comes.
    budget.bytes -= entry.uncompressedSize;
    if (budget.bytes < 0) throw new LimitError(TOO_LARGE);
    return at === null
      ? { refused: TOO_LARGE_MEMBER }
      : { refused: TOO_LARGE_MEMBER, pieces: () => piecesOf(entry, source, at) };
  }
  const data = at === null ? null : source.read(at, entry.compressedSize);
  if (!data || data.length < entry.compressedSize) return { refused: DAMAGED };
  const bytes = entry.compressionMethod === 0 ? Buffer.from(data) : inflated(data, entry);
  if (!bytes) return { refused: DAMAGED };
  budget.bytes -= bytes.length;
  if (budget.bytes < 0) throw new LimitError(TOO_LARGE);
  if (bytes.length !== entry.uncompressedSize || crc32(bytes) !== entry.crc32) return { refused: DAMAGED };
  return { bytes };
}

const PIECE = 1 << 20;

/**
 * A member that is too large to be held, piece by piece.
 * @throws ContainerError when it cannot be unpacked to its end, LimitError when it is larger than it says
 */
async function* piecesOf(entry: Entry, source: Source, at: number): AsyncGenerator<Buffer> {
  const packed = function* () {
    for (let done = 0; done < entry.compressedSize; done += PIECE)
      yield source.read(at + done, Math.min(PIECE, entry.compressedSize - done));
  };
  if (entry.compressionMethod !== 0 && entry.compressionMethod !== 8) throw new ContainerError(DAMAGED);
  const stream = Readable.from(packed(), { objectMode: false });
  let left = entry.uncompressedSize;
  try {
    for await (const piece of entry.compressionMethod === 8
      ? stream.pipe(createInflateRaw({ chunkSize: PIECE }))
      : stream) {
      left -= (piece as Buffer).length;
      if (left < 0) throw new LimitError(LARGER_THAN_SAID);
      yield piece as Buffer;
    }
  } catch (error) {
    if (error instanceof LimitError) throw error;
    throw new ContainerError(DAMAGED);
  } finally {
    stream.destroy();
  }
}

function inflated(data: Buffer, entry: Entry): Buffer | null {
  if (entry.compressionMethod !== 8) return null;
  try {
    const size = entry.uncompressedSize;
    // Without a size of its own every small certificate would take 16 kB.
    return inflateRawSync(data, {
      maxOutputLength: Math.max(1, size),
      chunkSize: Math.max(64, Math.min(size + 1, 16_384)),
    });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') throw new LimitError(LARGER_THAN_SAID);
    return null;
  }
}
