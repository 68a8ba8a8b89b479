// Files that people bring: PEM, DER, PKCS#7, ZIP of these, signers of a PDF; XLSX and CSV sheets. A leaf: bytes in,
// values out, no database, no disk, no network. Invariants: a private key or PKCS#12 anywhere refuses the whole file and
// nothing of it is handed out; archives, CMS, PDFs and sheets are parsed in a worker thread with a heap limit and a
// deadline, after which it is terminated; a certificate handed out can be read, which says nothing about trust.
import { createHash } from 'node:crypto';
import { keyRefused } from '#lib/terms.ts';
import { LIMITS, ContainerError, type ContainerEntry, type FileOnDisk, type InputFile, type Sheet } from './types.ts';
import { plainEvidence, type EvidencePart } from './evidence.ts';
import { extract, KeyFound } from './extract.ts';
import { isSignedData } from './cms.ts';
import { cleanName } from './names.ts';
import { openPlain } from './open.ts';
import { runTask } from './pool.ts';
import type { Scanned } from './scan.ts';

export type { EvidencePart } from './evidence.ts';
export { isKeyPasted } from './key-text.ts';
export { cleanName, isSheetName } from './names.ts';
export { isPem } from './pem.ts';
export type { Scanned } from './scan.ts';
export {
  ContainerError,
  LIMITS,
  type FileOnDisk,
  type ContainerEntry,
  type EntryKind,
  type InputFile,
  type Sheet,
  type SheetFormula,
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
  if (isPlain(buffer)) return openedPlain(name, buffer);
  if (buffer.length > LIMITS.fileBytes)
    return [unreadable(name, buffer, `Berkas lebih besar dari ${LIMITS.fileBytes / 1e6} MB.`)];
  try {
    const entries = await runTask<ContainerEntry[]>({ task: 'open', name, bytes }, deadlineMs);
    return entries.map((entry) => (entry.ders ? { ...entry, ders: entry.ders.map(asBuffer) } : entry));
  } catch (error) {
    if (error instanceof ContainerError) return [unreadable(name, buffer, error.message)];
    throw error;
  }
}

/**
 * CRLs and OCSP responses of a file, one by one. Never throws for what the bytes contain. Plain DER, however long, and
 * short PEM are only cut here; anything else goes to the worker.
 */
export async function openEvidence({ name, bytes }: InputFile, deadlineMs = DEADLINE_MS): Promise<EvidencePart[]> {
  const buffer = asBuffer(bytes);
  if (buffer.length > LIMITS.fileBytes)
    return [
      { name: cleanName(name), kind: 'unreadable', reason: `Berkas lebih besar dari ${LIMITS.fileBytes / 1e6} MB.` },
    ];
  try {
    if ((buffer[0] === 0x30 || isPlain(buffer)) && !isSignedData(buffer)) return plainEvidence(cleanName(name), buffer);
    const parts = await runTask<EvidencePart[]>({ task: 'evidence', name, bytes }, deadlineMs);
    return parts.map((part) => ('der' in part ? { ...part, der: asBuffer(part.der) } : part));
  } catch (error) {
    if (error instanceof KeyFound) return [{ name: cleanName(name), kind: 'private_key', reason: keyRefused.file }];
    if (error instanceof ContainerError) return [{ name: cleanName(name), kind: 'unreadable', reason: error.message }];
    throw error;
  }
}

/** As long as a thorough look through the largest archive may take on a slow machine. */
const SCAN_DEADLINE_MS = 180_000;

/** Looks through a file of any kind for a private key, before anything of it is kept. */
export async function scanFile(file: InputFile | FileOnDisk, deadlineMs = SCAN_DEADLINE_MS): Promise<Scanned> {
  if ('bytes' in file && isPlain(file.bytes)) return scannedPlain(file);
  try {
    return await runTask<Scanned>({ task: 'scan', file }, deadlineMs);
  } catch (error) {
    if (error instanceof ContainerError) return { verdict: 'refused', reason: error.message };
    throw error;
  }
}

function scannedPlain({ name, bytes }: InputFile): Scanned {
  try {
    extract(name, asBuffer(bytes));
    return { verdict: 'clean' };
  } catch (error) {
    if (error instanceof KeyFound) return { verdict: 'private_key' };
    throw error;
  }
}

function openedPlain(name: string, bytes: Buffer): ContainerEntry[] {
  try {
    return openPlain(name, bytes);
  } catch (error) {
    if (error instanceof KeyFound)
      return [{ name, kind: 'private_key', sha256: sha256(bytes), reason: keyRefused.file }];
    throw error;
  }
}

/** Reads a sheet (the first, or the one named). Throws ContainerError with a sentence for people. */
export async function readSheet(
  { bytes, sheet }: InputFile & { sheet?: string },
  deadlineMs = DEADLINE_MS,
): Promise<Sheet> {
  if (bytes.length > LIMITS.fileBytes)
    throw new ContainerError(
      `Berkas lebih besar dari ${LIMITS.fileBytes / 1e6} MB. Hapus lembar dan kolom yang tidak perlu, atau bagi menjadi beberapa berkas, lalu kirim ulang.`,
    );
  return runTask<Sheet>({ task: 'sheet', bytes, sheet }, deadlineMs);
}

/** A lone certificate or a short PEM: read by our own bounded reader, thousands a second, no thread needed. */
export function isPlain(given: Uint8Array): boolean {
  if (given.length > PLAIN_BYTES) return false;
  const bytes = asBuffer(given);
  const certificate = bytes[0] === 0x30 && bytes[1] === 0x82 && bytes[4] === 0x30;
  return certificate || bytes.subarray(0, 11).equals(Buffer.from('-----BEGIN '));
}

const asBuffer = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');
const unreadable = (name: string, bytes: Buffer, reason: string): ContainerEntry => ({
  name: cleanName(name),
  kind: 'unreadable',
  sha256: sha256(bytes),
  reason,
});
