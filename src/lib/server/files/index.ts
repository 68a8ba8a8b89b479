// Content-addressed store. Order of durability: temporary name → fsync → rename → fsync of the folder → row; a row
// never names bytes that are not on disk. Small ones may lie in the database, beside their row (`small.ts`). It never
// serves people: the owning room opens a file after its own check.
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
import { gunzipSync, gzip } from 'node:zlib';
import { promisify } from 'node:util';
import { and, eq, isNull } from 'drizzle-orm';
import { DAY, HOUR } from '../calendar.ts';
import { transact, type Context } from '../context.ts';
import { connection, type Db } from '../db/index.ts';
import { invalid, notFound, unavailable } from '../errors.ts';
import { file } from './schema.ts';
import { settleAll } from './settling.ts';
import { addRows, dropSmall, smallBytes, type StoredFile } from './small.ts';

export { receiveForm, type FormLimits, type ReceivedForm } from './form.ts';
export { demandNoKey } from './looking.ts';
export { keepSmall, type StoredFile } from './small.ts';

/** Below this much free space nothing more is accepted, so that the database can still write. */
const RESERVE = 512 * 1024 * 1024;

/** How often a long upload looks at the disk again. */
const SPACE_STEP = 16 * 1024 * 1024;
/** What arrived and was neither kept nor discarded was left by a crash; it may be a private key nobody looked at yet. */
const ARRIVAL = HOUR;

const gzipped = promisify(gzip);

const folder = (ctx: Context) => path.join(ctx.dir, 'files');
const place = (ctx: Context, sha256: string) => path.join(folder(ctx), sha256.slice(0, 2), sha256.slice(2, 4), sha256);
/** Bytes that are kept for long and read seldom lie packed beside the place of the plain ones (`pack`). */
const packed = (target: string) => `${target}.gz`;

/**
 * Puts bytes on disk and returns their address; call `register` in the transaction that uses it. Before it, for what
 * people bring: `demandNoKey`.
 * @throws AppError unavailable when the disk is nearly full
 */
export function put(ctx: Context, bytes: Uint8Array): StoredFile {
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const target = place(ctx, sha256);
  // A new date keeps the orphan sweep away from bytes that are about to get their row.
  const there = [target, packed(target)].find((name) => existsSync(name));
  if (there) utimesSync(there, new Date(), new Date());
  else {
    demandSpace(ctx, bytes.length);
    const temporary = temporaryName(ctx);
    const handle = openSync(temporary, 'wx', 0o600);
    writeFully(handle, bytes);
    settle(handle, temporary, target);
  }
  return { sha256, size: bytes.length };
}

/** Puts bytes in the place of those that were lost or changed on disk. */
export function restore(ctx: Context, bytes: Uint8Array): void {
  const target = place(ctx, createHash('sha256').update(bytes).digest('hex'));
  for (const name of [target, packed(target)]) rmSync(name, { force: true });
  put(ctx, bytes);
}

/** Bytes that came in and are not kept: somebody looks at them first, then `keep`s or `discard`s them. */
export type Arrived = StoredFile & { path: string };

/** Takes a stream of at most `limit` bytes, hashed and counted while it arrives. @throws AppError invalid when longer */
export async function receive(
  ctx: Context,
  stream: Readable | AsyncIterable<Uint8Array>,
  limit: number,
): Promise<Arrived> {
  demandSpace(ctx, 0);
  const path = temporaryName(ctx);
  const handle = openSync(path, 'wx', 0o600);
  const hash = createHash('sha256');
  let size = 0;
  let checked = 0;
  try {
    for await (const chunk of stream) {
      size += chunk.length;
      if (size > limit) throw invalid(`Berkas terlalu besar; paling besar ${Math.floor(limit / 1e6)} MB.`);
      // The disk may fill while a long upload arrives.
      if (size - checked > SPACE_STEP) {
        demandSpace(ctx, 0);
        checked = size;
      }
      hash.update(chunk);
      writeFully(handle, chunk);
    }
  } catch (error) {
    closeSync(handle);
    rmSync(path, { force: true });
    throw error;
  }
  closeSync(handle);
  return { path, sha256: hash.digest('hex'), size };
}

/** Puts what arrived in its place; call `register` in the transaction that uses it. */
export function keep(ctx: Context, { path, sha256, size }: Arrived): StoredFile {
  settle(openSync(path, 'r+'), path, place(ctx, sha256));
  return { sha256, size };
}

/** `keep` for many, without blocking the process; those that came twice are one file. @see registerAll */
export async function keepAll(ctx: Context, arrived: readonly Arrived[]): Promise<StoredFile[]> {
  await settleAll(arrived.map(({ path: from, sha256 }) => ({ from, to: place(ctx, sha256) })));
  return arrived.map(({ sha256, size }) => ({ sha256, size }));
}

/** Removes what arrived. Idempotent, also after `keep`. */
export const discard = ({ path }: Arrived): void => rmSync(path, { force: true });

/** Like `put`, for a stream. */
export const putStream = async (
  ctx: Context,
  stream: Readable | AsyncIterable<Uint8Array>,
  limit: number,
): Promise<StoredFile> => keep(ctx, await receive(ctx, stream, limit));

/**
 * Writes the row that makes the bytes part of the record. Idempotent.
 * @throws AppError unavailable when somebody released the same bytes since they were put
 */
export const register = (ctx: Context, stored: StoredFile, mediaType: string): void =>
  registerAll(ctx, [stored], mediaType);

/** The same for many, in few statements. @throws AppError unavailable */
export function registerAll(ctx: Context, all: readonly StoredFile[], mediaType: string): void {
  for (const { sha256 } of all) {
    const target = place(ctx, sha256);
    if (!existsSync(target) && !existsSync(packed(target)))
      throw unavailable('Berkas ini tidak tersimpan. Unggah sekali lagi.');
  }
  addRows(ctx, all, mediaType);
}

/** Removes files that no row of any room names any more; what is still named stays. */
export function release(ctx: Context, addresses: readonly string[]): void {
  transact(ctx, (tx) => {
    for (const sha256 of addresses) {
      if (isNamed(tx.db, sha256)) continue;
      dropSmall(tx.db, sha256);
      tx.db.delete(file).where(eq(file.sha256, sha256)).run();
    }
  });
  // Bytes go after their row, under the lock that `register` holds when it looks whether they are there.
  transact(ctx, (tx) => {
    for (const sha256 of addresses) {
      if (tx.db.select().from(file).where(eq(file.sha256, sha256)).get()) continue;
      for (const name of [place(ctx, sha256), packed(place(ctx, sha256))]) rmSync(name, { force: true });
    }
  });
}

/** Whether a column of any table holds this address: rooms name theirs `…sha256`, letters list theirs in `attachments`. */
function isNamed(db: Db, sha256: string): boolean {
  const columns = connection(db)
    .prepare(
      `select t.name as "table", c.name as "column" from pragma_table_list t, pragma_table_info(t.name) c
        where t.type = 'table' and t.schema = 'main' and t.name not in ('file', 'file_bytes')
          and (c.name like '%sha256' or c.name = 'attachments')`,
    )
    .all() as { table: string; column: string }[];
  return columns.some((at) =>
    connection(db)
      .prepare(
        `select 1 from "${at.table}" where ${at.column === 'attachments' ? 'instr("attachments", ?) > 0' : `"${at.column}" = ?`} limit 1`,
      )
      .get(sha256),
  );
}

/** The bytes, after checking that they still are what the address says. @throws AppError not_found, unavailable */
export function read(ctx: Context, sha256: string): Buffer {
  const target = place(ctx, sha256);
  if (!/^[0-9a-f]{64}$/.test(sha256)) throw notFound(GONE);
  const bytes = plainBytes(target) ?? smallBytes(ctx.db, sha256);
  if (!bytes) throw notFound(GONE);
  if (createHash('sha256').update(bytes).digest('hex') !== sha256) {
    throw unavailable('Isi berkas tidak lagi sesuai dengan sidiknya. Jangan dipakai; hubungi administrator.');
  }
  return bytes;
}

const GONE = 'Berkas tidak ditemukan di penyimpanan.';

function plainBytes(target: string): Buffer | null {
  try {
    if (existsSync(target)) return readFileSync(target);
    return existsSync(packed(target)) ? gunzipSync(readFileSync(packed(target))) : null;
  } catch {
    // A packed file that does not unpack is a changed one: its content no longer fits its name.
    return Buffer.alloc(0);
  }
}

/** A stream of a file whose size matters more than a check on every read. */
export const stream = (ctx: Context, sha256: string): Readable => createReadStream(pathOf(ctx, sha256));

/** Path on disk, for a worker that parses it. @throws AppError not_found */
export function pathOf(ctx: Context, sha256: string): string {
  const target = place(ctx, sha256);
  if (!/^[0-9a-f]{64}$/.test(sha256) || !existsSync(target)) throw notFound('Berkas tidak ditemukan di penyimpanan.');
  return target;
}

/**
 * Compresses bytes that are kept for long. The plain ones go only when the packed ones are on disk and read back equal.
 * @returns bytes given back to the disk
 */
export async function pack(ctx: Context, sha256: string): Promise<number> {
  const target = place(ctx, sha256);
  if (!existsSync(target)) return 0;
  const bytes = read(ctx, sha256);
  const small = await gzipped(bytes, { level: 9 });
  if (small.length >= bytes.length) return 0;
  const temporary = temporaryName(ctx);
  const handle = openSync(temporary, 'wx', 0o600);
  writeFully(handle, small);
  settle(handle, temporary, packed(target));
  if (!gunzipSync(readFileSync(packed(target))).equals(bytes)) throw unavailable('Berkas tidak dapat dimampatkan.');
  rmSync(target);
  return bytes.length - small.length;
}

/** Columns by which other rooms name bytes of the store. */
const NAMING = new Set(['sha256', 'file_sha256', 'pdf_sha256', 'draft_sha256', 'proof_sha256', 'rows_sha256']);

/** Whether any table but these names the bytes. Everything in the database is asked, so that no room can be forgotten. */
export function isUsedBeyond(ctx: Context, sha256: string, tables: readonly string[]): boolean {
  const database = connection(ctx.db);
  const columns = database
    .prepare(
      `select t.name as "table", c.name as "column" from sqlite_master t, pragma_table_info(t.name) c where t.type = 'table'`,
    )
    .all() as { table: string; column: string }[];
  return (
    columns.some(
      ({ table, column }) =>
        NAMING.has(column) &&
        table !== 'file' &&
        table !== 'file_bytes' &&
        !tables.includes(table) &&
        database.prepare(`select 1 from "${table}" where "${column}" = ? limit 1`).get(sha256) !== undefined,
    ) || database.prepare('select 1 from message where instr(attachments, ?) limit 1').get(sha256) !== undefined
  );
}

/**
 * Gives up bytes that only the calling room named; the row stays as what was once here. Those on disk are removed after
 * the commit (`discardUnused`). @returns bytes given back by the database
 */
export function drop(tx: Context, sha256: string): number {
  tx.db.update(file).set({ droppedAt: tx.now() }).where(eq(file.sha256, sha256)).run();
  return dropSmall(tx.db, sha256);
}

/** Removes bytes that nothing names, or that were given up. Idempotent. @returns bytes given back to the disk */
export function discardUnused(ctx: Context, sha256: string): number {
  const row = ctx.db.select({ droppedAt: file.droppedAt }).from(file).where(eq(file.sha256, sha256)).get();
  if (row && row.droppedAt === null) return 0;
  const target = place(ctx, sha256);
  const names = [target, packed(target)].filter((name) => existsSync(name));
  const size = names.reduce((sum, name) => sum + statSync(name).size, 0);
  for (const name of names) rmSync(name);
  return size;
}

/** Removes bytes without a row that are older than a day, and what was left half-way. @returns how many */
export function sweepOrphans(ctx: Context): number {
  const before = ctx.now() - DAY;
  let removed = sweepArrivals(ctx);
  for (const name of everyFile(folder(ctx))) {
    const known = ctx.db
      .select({ s: file.sha256 })
      .from(file)
      .where(and(eq(file.sha256, path.basename(name, '.gz')), isNull(file.droppedAt)))
      .get();
    if (known || statSync(name).mtimeMs > before) continue;
    rmSync(name);
    removed += 1;
  }
  return removed;
}

/** Removes what arrived and was left by a process that died. @returns how many */
export function sweepArrivals(ctx: Context): number {
  const left = leftArrivals(ctx);
  for (const name of left) rmSync(name, { force: true });
  return left.length;
}

/** Whether `sweepArrivals` has anything to do. */
export const arrivalsLeft = (ctx: Context): boolean => leftArrivals(ctx).length > 0;

function leftArrivals(ctx: Context): string[] {
  const before = ctx.now() - ARRIVAL;
  // An upload under way may be gone between the two looks.
  return [...everyFile(path.join(folder(ctx), 'tmp'))].filter(
    (name) => (statSync(name, { throwIfNoEntry: false })?.mtimeMs ?? Infinity) <= before,
  );
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

/** Refuses early what cannot be taken. @param size as announced @throws AppError unavailable */
export function demandSpace(ctx: Context, size: number): void {
  mkdirSync(ctx.dir, { recursive: true });
  if (freeSpace(ctx) < RESERVE + size) {
    throw unavailable('Ruang penyimpanan hampir penuh; berkas tidak disimpan. Beri tahu administrator.');
  }
}
