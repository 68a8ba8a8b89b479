// ZIP, read from memory with limits that count what comes out, not what the directory promises. Nothing is ever
// written to disk; a member's name is only a label, and names that try to climb out are still refused as dishonest.
import { fromBuffer, type Entry, type ZipFile } from 'yauzl';
import { ContainerError, LIMITS } from './types.ts';

export type Member = { name: string; bytes: Buffer } | { name: string; refused: string };

export const isZip = (bytes: Buffer): boolean => bytes.length > 21 && bytes.readUInt32LE(0) === 0x04034b50;

/** Bytes still allowed to come out of one upload, shared by nested archives. */
export type Budget = { bytes: number; members: number };
export const freshBudget = (): Budget => ({ bytes: LIMITS.unpackedBytes, members: LIMITS.members });

/** The files of an archive, one after the other. Throws ContainerError when it is broken or over a limit. */
export async function* members(bytes: Buffer, budget: Budget): AsyncGenerator<Member> {
  const zip = await open(bytes);
  try {
    for (let entry = await next(zip); entry; entry = await next(zip)) {
      if (--budget.members < 0) throw new ContainerError(`Arsip ini berisi lebih dari ${LIMITS.members} berkas.`);
      if (entry.fileName.endsWith('/')) continue;
      yield await unpack(zip, entry, budget);
    }
  } finally {
    zip.close();
  }
}

function open(bytes: Buffer): Promise<ZipFile> {
  return new Promise((resolve, reject) => {
    // Validated sizes and decoded names; `..`, absolute paths and backslashes are errors.
    fromBuffer(
      bytes,
      { lazyEntries: true, validateEntrySizes: true, decodeStrings: true, strictFileNames: false },
      (error, zip) => {
        if (error) reject(new ContainerError('Arsip ZIP rusak atau tidak lengkap.'));
        else resolve(zip);
      },
    );
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
    zip.once('error', (error: Error) =>
      settle(() =>
        reject(
          new ContainerError(
            /relative path|absolute path|invalid characters/.test(error.message)
              ? 'Arsip ZIP memuat nama berkas yang menyesatkan.'
              : 'Arsip ZIP rusak atau tidak lengkap.',
          ),
        ),
      ),
    );
    zip.readEntry();
  });
}

async function unpack(zip: ZipFile, entry: Entry, budget: Budget): Promise<Member> {
  const name = entry.fileName;
  if (entry.isEncrypted()) return { name, refused: 'Berkas di dalam arsip terkunci kata sandi.' };
  if (entry.uncompressedSize > LIMITS.memberBytes) return { name, refused: 'Berkas di dalam arsip terlalu besar.' };
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    const stream = await new Promise<NodeJS.ReadableStream>((resolve, reject) =>
      zip.openReadStream(entry, (error, opened) => (error ? reject(error) : resolve(opened))),
    );
    for await (const chunk of stream) {
      size += (chunk as Buffer).length;
      budget.bytes -= (chunk as Buffer).length;
      if (budget.bytes < 0) throw new ContainerError('Isi arsip terlalu besar setelah dibuka; arsip ditolak.');
      if (size > LIMITS.memberBytes)
        throw new ContainerError('Berkas di dalam arsip lebih besar daripada yang tertulis; arsip ditolak.');
      chunks.push(chunk as Buffer);
    }
  } catch (error) {
    if (error instanceof ContainerError) throw error;
    return { name, refused: 'Berkas di dalam arsip rusak.' };
  }
  return { name, bytes: Buffer.concat(chunks) };
}
