// Content-addressed store. Order of durability: temporary name → fsync → rename → fsync of the folder → row; a row
// never names bytes that are not on disk. It never serves people: the owning room opens a file after its own check.
// Orphans (bytes without a row, left by a crash) are swept after a day; free space is checked first.
import { createHash, randomBytes } from 'node:crypto';
import {
  closeSync,
  createReadStream,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statfsSync,
  statSync,
  utimesSync,
  writeSync,
} from 'node:fs';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { eq } from 'drizzle-orm';
import * as audit from '../audit/index.ts';
import { DAY } from '../calendar.ts';
import type { Context } from '../context.ts';
import { invalid, notFound, unavailable } from '../errors.ts';
import { file } from './schema.ts';

/** Below this much free space nothing more is accepted, so that the database can still write. */
const RESERVE = 512 * 1024 * 1024;

export type StoredFile = { sha256: string; size: number };

const folder = (ctx: Context) => path.join(ctx.dir, 'files');
const place = (ctx: Context, sha256: string) => path.join(folder(ctx), sha256.slice(0, 2), sha256.slice(2, 4), sha256);

/**
 * Puts bytes on disk and returns their address; call `register` in the transaction that uses it.
 * @throws AppError unavailable when the disk is nearly full
 */
export function put(ctx: Context, bytes: Uint8Array): StoredFile {
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const target = place(ctx, sha256);
  // A new date keeps the orphan sweep away from bytes that are about to get their row.
  if (existsSync(target)) utimesSync(target, new Date(), new Date());
  else {
    demandSpace(ctx, bytes.length);
    const temporary = temporaryName(ctx);
    const handle = openSync(temporary, 'wx', 0o600);
    writeFully(handle, bytes);
    settle(handle, temporary, target);
  }
  return { sha256, size: bytes.length };
}

/** Like `put`, for a stream of at most `limit` bytes, hashed while it arrives. @throws AppError invalid when longer */
export async function putStream(
  ctx: Context,
  stream: Readable | AsyncIterable<Uint8Array>,
  limit: number,
): Promise<StoredFile> {
  demandSpace(ctx, 0);
  const temporary = temporaryName(ctx);
  const handle = openSync(temporary, 'wx', 0o600);
  const hash = createHash('sha256');
  let size = 0;
  try {
    for await (const chunk of stream) {
      size += chunk.length;
      if (size > limit) throw invalid(`Berkas terlalu besar; paling besar ${Math.floor(limit / 1024 / 1024)} MB.`);
      hash.update(chunk);
      writeFully(handle, chunk);
    }
  } catch (error) {
    closeSync(handle);
    rmSync(temporary, { force: true });
    throw error;
  }
  const sha256 = hash.digest('hex');
  settle(handle, temporary, place(ctx, sha256));
  return { sha256, size };
}

/** Writes the row that makes the bytes part of the record. Idempotent. */
export function register(ctx: Context, stored: StoredFile, mediaType: string): void {
  ctx.db
    .insert(file)
    .values({ ...stored, mediaType, storedAt: ctx.now(), storedBy: audit.actorKey(ctx.actor) })
    .onConflictDoNothing()
    .run();
}

/** The bytes, after checking that they still are what the address says. @throws AppError not_found, unavailable */
export function read(ctx: Context, sha256: string): Buffer {
  const target = place(ctx, sha256);
  if (!/^[0-9a-f]{64}$/.test(sha256) || !existsSync(target)) throw notFound('Berkas tidak ditemukan di penyimpanan.');
  const bytes = readFileSync(target);
  if (createHash('sha256').update(bytes).digest('hex') !== sha256) {
    throw unavailable('Isi berkas tidak lagi sesuai dengan sidiknya. Jangan dipakai; hubungi administrator.');
  }
  return bytes;
}

/** A stream of a file whose size matters more than a check on every read. */
export function stream(ctx: Context, sha256: string): Readable {
  const target = place(ctx, sha256);
  if (!/^[0-9a-f]{64}$/.test(sha256) || !existsSync(target)) throw notFound('Berkas tidak ditemukan di penyimpanan.');
  return createReadStream(target);
}

/** Path on disk, for a worker that parses it. */
export const pathOf = (ctx: Context, sha256: string): string => place(ctx, sha256);

/** Removes bytes without a row that are older than a day. @returns how many */
export function sweepOrphans(ctx: Context): number {
  const before = ctx.now() - DAY;
  let removed = 0;
  for (const name of everyFile(folder(ctx))) {
    const known = ctx.db
      .select({ s: file.sha256 })
      .from(file)
      .where(eq(file.sha256, path.basename(name)))
      .get();
    if (known || statSync(name).mtimeMs > before) continue;
    rmSync(name);
    removed += 1;
  }
  return removed;
}

/** Bytes free on the disk of the data folder. */
export const freeSpace = (ctx: Context): number => {
  const stat = statfsSync(ctx.dir);
  return stat.bavail * stat.bsize;
};

function* everyFile(dir: string): Generator<string> {
  if (!existsSync(dir)) return;
  for (const entry of readdirSync(dir, { withFileTypes: true })) {
    const full = path.join(dir, entry.name);
    if (entry.isDirectory()) yield* everyFile(full);
    else yield full;
  }
}

function temporaryName(ctx: Context): string {
  const dir = path.join(folder(ctx), 'tmp');
  mkdirSync(dir, { recursive: true });
  return path.join(dir, randomBytes(12).toString('hex'));
}

function writeFully(handle: number, bytes: Uint8Array): void {
  for (let offset = 0; offset < bytes.length;) offset += writeSync(handle, bytes, offset);
}

/** fsync, rename into place, fsync of the folder: after this the name means the bytes, also after a power cut. */
function settle(handle: number, temporary: string, target: string): void {
  fsyncSync(handle);
  closeSync(handle);
  mkdirSync(path.dirname(target), { recursive: true });
  renameSync(temporary, target);
  const dir = openSync(path.dirname(target), 'r');
  fsyncSync(dir);
  closeSync(dir);
}

function demandSpace(ctx: Context, size: number): void {
  mkdirSync(ctx.dir, { recursive: true });
  if (freeSpace(ctx) < RESERVE + size) {
    throw unavailable('Ruang penyimpanan hampir penuh; berkas tidak disimpan. Beri tahu administrator.');
  }
}
