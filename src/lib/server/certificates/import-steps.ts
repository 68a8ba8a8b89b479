// What every import does the same way: keep the upload, cut the work into short transactions, end with the estate rules.
import type { Context } from '../context.ts';
import { transact } from '../context.ts';
import * as files from '../files/index.ts';
import { refreshSuccessors } from './successors.ts';
import * as ledger from './import-store.ts';
import { settleRecords } from './settling.ts';

export type Upload = { name: string; bytes: Uint8Array };

export const CHUNK = 250;

type Stored = files.StoredFile & { name: string };

/** Writes the rows of files that lie in the store, the first under this number. */
export function keepFiles(tx: Context, importId: string, first: number, stored: readonly Stored[]): void {
  files.registerAll(tx, stored, 'application/octet-stream');
  const rows = stored.map(({ name, sha256, size }, i) => ({ importId, seq: first + i, name, sha256, size }));
  ledger.insertFiles(tx.db, rows, tx.now());
}

export const keepFile = (tx: Context, importId: string, seq: number, file: Stored): void =>
  keepFiles(tx, importId, seq, [file]);

export function start(ctx: Context, run: ledger.RunRow, total: number, message: string | null): void {
  transact(ctx, (tx) => ledger.setRun(tx.db, run.id, { state: 'running', total, message }));
}

/** Chunks as short transactions that yield in between; the ledger rows are written with what they tell of. */
export async function inChunks(
  ctx: Context,
  run: ledger.RunRow,
  done: number,
  total: number,
  work: (tx: Context, from: number, to: number) => ledger.NewEntry[],
): Promise<void> {
  for (let from = done; from < total; from += CHUNK) {
    const to = Math.min(from + CHUNK, total);
    transact(ctx, (tx) => {
      ledger.insertEntries(tx.db, run.id, work(tx, from, to), tx.now());
      ledger.setRun(tx.db, run.id, { done: to });
    });
    await new Promise((resolve) => setImmediate(resolve));
  }
}

export function keepUpload(ctx: Context, importId: string, seq: number, upload: Upload): void {
  const stored = files.put(ctx, upload.bytes);
  transact(ctx, (tx) => keepFile(tx, importId, seq, { ...stored, name: upload.name }));
}

/** Successors, chains, lint and estate rules, once after the last chunk. */
export async function settle(ctx: Context, run: Pick<ledger.RunRow, 'id' | 'kind'>): Promise<void> {
  transact(ctx, (tx) => refreshSuccessors(tx.db, null));
  // People who left or moved touch certificates of no import.
  await settleRecords(ctx, run.kind === 'personnel' ? null : { certificates: ledger.touchedBy(ctx.db, run.id) });
}
