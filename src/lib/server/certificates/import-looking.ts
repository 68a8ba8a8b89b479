// Between receiving and importing: every file is looked through, in a thread, before anything of it is kept. One with a
// private key, or over a limit, is gone from the disk at once and the ledger says so; the others go into the store.
// Nothing here blocks the process, however much was sent.
import { statSync } from 'node:fs';
import { Readable } from 'node:stream';
import { keyRefused } from '#lib/terms.ts';
import { transact, type Context } from '../context.ts';
import { BUSY, isBusy } from '../db/index.ts';
import { AppError } from '../errors.ts';
import * as files from '../files/index.ts';
import { cleanName, isSheetName, LIMITS, scanFile, type FileOnDisk } from '../containers/index.ts';
import { fail, finish } from './import-runs.ts';
import { keepFiles, type Upload } from './import-steps.ts';
import * as ledger from './import-store.ts';
import { insertSheet } from './sheet-store.ts';

/** A file that was received and is neither kept nor discarded. */
export type ArrivedUpload = files.Arrived & { name: string };
export type Sent = Upload | ArrivedUpload;
export type Refused = { name: string; reason: string };

/** Looks through what a requested run was sent. Afterwards jobs may begin, or the run has ended. */
export async function lookThrough(ctx: Context, run: ledger.RunRow, sent: readonly Sent[]): Promise<void> {
  try {
    const { clean, refused } = await lookedAt(sent);
    const stored = await kept(ctx, clean);
    transact(ctx, (tx) => {
      // Given up meanwhile: what was kept has no row, and is swept.
      if (ledger.run(tx.db, run.id)?.state !== 'requested') return;
      noteRefused(tx, run.id, refused);
      if (stored.length) keepFiles(tx, run.id, 1, stored);
      ledger.letGo(tx.db, run.id);
      if (run.kind === 'certificates') return;
      if (stored.length) insertSheet(tx.db, { importId: run.id });
      // No sheet is left of which a preview could be shown.
      else ledger.setRun(tx.db, run.id, { kind: 'certificates' });
    });
    if (!stored.length) finish(ctx, run);
  } catch (error) {
    for (const file of sent) if ('path' in file) files.discard(file);
    if (isBusy(error)) return fail(ctx, run, BUSY);
    if (error instanceof AppError) return fail(ctx, run, error.message);
    fail(ctx, run, 'Terjadi kesalahan di Siaga saat memeriksa kiriman ini. Beri tahu administrator.');
    throw error;
  }
}

/** A sheet is read as a whole; what is an archive in a list's clothes would be kept for nobody to read. */
const SHEET_TOO_LARGE = `Daftar ini lebih besar dari ${LIMITS.fileBytes / 1e6} MB. Hapus lembar dan kolom yang tidak perlu, atau bagi menjadi beberapa berkas, lalu kirim ulang. Tidak ada yang disimpan.`;

const sizeOf = (file: Sent | FileOnDisk): number =>
  'bytes' in file ? file.bytes.length : 'size' in file ? file.size : statSync(file.path).size;

/** What may go in, and what is refused. A refused file that lies on our disk is removed at once. */
export async function lookedAt<T extends Sent | FileOnDisk>(
  sent: readonly T[],
): Promise<{ clean: T[]; refused: Refused[] }> {
  const clean: T[] = [];
  const refused: Refused[] = [];
  for (const file of sent) {
    const name = cleanName(file.name);
    const found = await scanFile('path' in file ? { name, path: file.path } : { name, bytes: file.bytes });
    const why =
      found.verdict === 'private_key'
        ? keyFound(found)
        : found.verdict !== 'clean'
          ? `${found.reason} Tidak ada yang disimpan.`
          : isSheetName(name) && sizeOf(file) > LIMITS.fileBytes
            ? SHEET_TOO_LARGE
            : null;
    if (why === null) {
      clean.push({ ...file, name });
      continue;
    }
    if ('sha256' in file) files.discard(file);
    refused.push({ name, reason: why });
  }
  return { clean, refused };
}

function keyFound({ place, isStore }: { place?: string; isStore?: boolean }): string {
  const said = isStore ? keyRefused.store : keyRefused.file;
  if (!place) return said;
  const inArchive = place.startsWith('di dalam arsip');
  return `${said} Letaknya ${place}.${inArchive ? ' Keluarkan berkas itu dari arsipnya, lalu impor arsipnya lagi.' : ''}`;
}

export function noteRefused(tx: Context, importId: string, refused: readonly Refused[]): void {
  const none = { sha256: null, certificatesNew: 0, certificatesKnown: 0, certificateId: null };
  const rows = refused.map((one, i) => ({ seq: i + 1, unit: -1, ...one, outcome: 'rejected' as const, ...none }));
  ledger.insertEntries(tx.db, importId, rows, tx.now());
}

async function kept(ctx: Context, clean: readonly Sent[]): Promise<(files.StoredFile & { name: string })[]> {
  const arrived: ArrivedUpload[] = [];
  for (const file of clean) {
    if ('path' in file) arrived.push(file);
    else arrived.push({ ...(await files.receive(ctx, Readable.from([file.bytes]), Infinity)), name: file.name });
  }
  const stored = await files.keepAll(ctx, arrived);
  return stored.map((file, i) => ({ ...file, name: arrived[i]!.name }));
}
