// Rows of the store, and small files whose bytes lie beside them in the database: answers of responders come by the
// hundred, and one commit brings them all. They have no path, and are neither packed nor orphans.
import { createHash } from 'node:crypto';
import * as audit from '../audit/index.ts';
import type { Context } from '../context.ts';
import { insertRows, prepared } from '../db/bulk.ts';
import type { Db } from '../db/index.ts';
import { file, fileBytes } from './schema.ts';

export type StoredFile = { sha256: string; size: number };

/** More than this belongs on the disk. */
const SMALL = 64 * 1024;

/** Keeps bytes in the transaction of the row that names them, as durable as it. @throws when they are not small */
export function keepSmall(tx: Context, bytes: Uint8Array, mediaType: string): StoredFile {
  if (bytes.length > SMALL) throw new Error('not a small file');
  const stored = { sha256: createHash('sha256').update(bytes).digest('hex'), size: bytes.length };
  addRows(tx, [stored], mediaType);
  insertRows(tx.db, fileBytes, [{ sha256: stored.sha256, bytes: Buffer.from(bytes) }], 'skip');
  return stored;
}

export const smallBytes = (db: Db, sha256: string): Buffer | undefined =>
  prepared(db, 'select bytes from file_bytes where sha256 = ?').pluck().get(sha256) as Buffer | undefined;

/** @returns bytes given back by the database */
export const dropSmall = (db: Db, sha256: string): number =>
  prepared(db, 'delete from file_bytes where sha256 = ? returning length(bytes)')
    .pluck()
    .all(sha256)
    .reduce<number>((sum, size) => sum + (size as number), 0);

/** Rows of what is kept; one that was given up is there again. */
export function addRows(ctx: Context, all: readonly StoredFile[], mediaType: string): void {
  const by = { mediaType, storedAt: ctx.now(), storedBy: audit.actorKey(ctx.actor) };
  const rows = all.map(({ sha256, size }) => ({ sha256, size, ...by }));
  insertRows(ctx.db, file, rows, 'skip');
  prepared(
    ctx.db,
    `update file set dropped_at = null
      where dropped_at is not null and sha256 in (select value from json_each(?))`,
  ).run(JSON.stringify(all.map(({ sha256 }) => sha256)));
}
