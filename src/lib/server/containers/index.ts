// Files that people bring: PEM, DER, PKCS#7, ZIP of these, signers of a PDF; XLSX and CSV sheets. A leaf: bytes in,
// values out, no database, no disk, no network. Invariants: a private key or PKCS#12 anywhere refuses the whole file and
// nothing of it is handed out; archives, CMS, PDFs and sheets are parsed in a worker thread with a heap limit and a
// deadline, after which it is terminated; a certificate handed out can be read, which says nothing about trust.
import { createHash } from 'node:crypto';
import { LIMITS, ContainerError, type ContainerEntry, type InputFile, type Sheet } from './types.ts';
import { openPlain } from './open.ts';
import { runTask } from './pool.ts';

export {
  ContainerError,
  LIMITS,
  type ContainerEntry,
  type EntryKind,
  type InputFile,
  type Sheet,
  type SheetProblem,
} from './types.ts';

const DEADLINE_MS = 20_000;
/** What is opened directly: one certificate, or a few in PEM. Larger or richer files go to the worker. */
const PLAIN_BYTES = 64 * 1024;

/**
 * Opens a file and lists what it holds, archive members one by one. Never throws for what the bytes contain: a broken
 * or too large file is an entry of kind `unreadable` with its reason.
 */
export async function openContainer({ name, bytes }: InputFile, deadlineMs = DEADLINE_MS): Promise<ContainerEntry[]> {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (isPlain(buffer)) return openPlain(name, buffer);
  if (buffer.length > LIMITS.fileBytes)
    return [unreadable(name, buffer, `Berkas lebih besar dari ${LIMITS.fileBytes / 2 ** 20} MB.`)];
  try {
    const entries = await runTask<ContainerEntry[]>({ task: 'open', name, bytes }, deadlineMs);
    return entries.map((entry) => (entry.ders ? { ...entry, ders: entry.ders.map(asBuffer) } : entry));
  } catch (error) {
    if (error instanceof ContainerError) return [unreadable(name, buffer, error.message)];
    throw error;
  }
}

/** Reads a sheet (the first, or the one named). Throws ContainerError with a sentence for people. */
export async function readSheet(
  { bytes, sheet }: InputFile & { sheet?: string },
  deadlineMs = DEADLINE_MS,
): Promise<Sheet> {
  if (bytes.length > LIMITS.fileBytes)
    throw new ContainerError(`Berkas lebih besar dari ${LIMITS.fileBytes / 2 ** 20} MB.`);
  return runTask<Sheet>({ task: 'sheet', bytes, sheet }, deadlineMs);
}

/** A lone certificate or a short PEM: read by our own bounded reader, thousands a second, no thread needed. */
function isPlain(bytes: Buffer): boolean {
  if (bytes.length > PLAIN_BYTES) return false;
  const certificate = bytes[0] === 0x30 && bytes[1] === 0x82 && bytes[4] === 0x30;
  return certificate || bytes.subarray(0, 11).equals(Buffer.from('-----BEGIN '));
}

const asBuffer = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
const unreadable = (name: string, bytes: Buffer, reason: string): ContainerEntry => ({
  name,
  kind: 'unreadable',
  sha256: createHash('sha256').update(bytes).digest('hex'),
  reason,
});
