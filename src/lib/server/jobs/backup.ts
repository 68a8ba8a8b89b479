// Backups of a data folder. Nightly: the database by SQLite's online backup (other processes go on writing), then the
// content-addressed files into one mirror that all backups share (they never change, so each is copied once). Order
// matters: database first, so that every file it names is in the mirror afterwards. Each backup is opened and checked.
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import Database from 'better-sqlite3';
import { desc } from 'drizzle-orm';
import { number } from '#lib/format.ts';
import * as audit from '../audit/index.ts';
import { DAY } from '../calendar.ts';
import { transact, type Context } from '../context.ts';
import { holdFolder } from '../db/folder.ts';
import { connection, newId, openDatabase } from '../db/index.ts';
import { invalid, notFound } from '../errors.ts';
import { demand } from '../permission.ts';
import { pack, placeIn, storedFiles, unpack } from './backup-archive.ts';
import { backupRun } from './schema.ts';

const KEPT = 14;

export const backupFolder = (dir: string): string => path.join(dir, 'backups');
const mirror = (dir: string) => path.join(backupFolder(dir), 'files');
const stamp = (now: number) => new Date(now).toISOString().replace(/[:.]/g, '-').slice(0, 19);

export type BackupCheck = {
  ok: boolean;
  message: string;
  files: number;
  bytes: number;
  auditSize: number;
  auditRoot: string;
};

/** Makes, checks and records one backup and drops those beyond the 14 newest. @returns a sentence for the run log */
export async function run(ctx: Context, why = 'malam'): Promise<string> {
  const now = ctx.now();
  const name = `siaga-${stamp(now)}${why === 'malam' ? '' : `-${why}`}.db`;
  const target = await copyDatabase(ctx.db, ctx.dir, name);
  copyFiles(ctx.dir);
  const check = verify(target, mirror(ctx.dir));
  transact(ctx, (tx) => {
    tx.db
      .insert(backupRun)
      .values({ id: newId(now), name, at: now, ...check })
      .run();
    audit.record(tx, { action: 'backup.made', targets: [], details: { name, result: check.message } });
  });
  sweepRemains(ctx.dir, now);
  if (!check.ok) throw new Error(`Cadangan ${name} tidak lolos pemeriksaan: ${check.message}`);
  // Only a good one may push out an older one, so that bad nights never leave nothing.
  prune(ctx.dir);
  return `${name}: ${check.message}`;
}

/** Online copy under a temporary name, renamed when complete. Also called before a migration, without a context. */
export async function copyDatabase(db: Context['db'], dir: string, name: string): Promise<string> {
  const folder = backupFolder(dir);
  mkdirSync(folder, { recursive: true });
  const target = path.join(folder, name);
  await connection(db).backup(`${target}.part`);
  renameSync(`${target}.part`, target);
  return target;
}

function copyFiles(dir: string): void {
  const from = path.join(dir, 'files');
  for (const sha256 of storedFiles(from)) copyFile(from, mirror(dir), sha256);
}

/** Copies one stored file unless it is there already; under a temporary name, so a torn copy is never taken for it. */
function copyFile(from: string, to: string, sha256: string): void {
  const target = placeIn(to, sha256);
  if (existsSync(target)) return;
  mkdirSync(path.dirname(target), { recursive: true });
  copyFileSync(placeIn(from, sha256), `${target}.part`);
  renameSync(`${target}.part`, target);
}

/**
 * Opens a copied database read-only and checks it: SQLite's integrity and foreign keys, the trail from its first leaf
 * to its root, and that every file it names lies in `files` with the content its name promises.
 */
export function verify(file: string, files: string): BackupCheck {
  const failed = (message: string): BackupCheck => ({
    ok: false,
    message,
    files: 0,
    bytes: 0,
    auditSize: 0,
    auditRoot: '',
  });
  if (!existsSync(file)) return failed('berkas cadangan tidak ada');
  const bytes = statSync(file).size;
  let client: Database.Database;
  try {
    client = new Database(file, { readonly: true });
    client.pragma('schema_version');
  } catch {
    return failed('bukan basis data yang dapat dibuka');
  }
  client.close();
  const db = openDatabase(file);
  try {
    const sound = db.$client.pragma('integrity_check', { simple: true });
    if (sound !== 'ok') return failed(`basis data rusak: ${String(sound)}`);
    if ((db.$client.pragma('foreign_key_check') as unknown[]).length) return failed('hubungan antarbaris rusak');
    const trail = audit.verify({ db, dir: path.dirname(file), now: () => 0, actor: { kind: 'system', name: 'jobs' } });
    if (!trail.ok) return failed(`jejak audit rusak, ${audit.faultOf(trail)}`);
    const names = namedFiles(db.$client);
    const small = smallFiles(db.$client);
    const bad = names.find((sha256) => !holds(placeIn(files, sha256), sha256) && !small(sha256));
    if (bad) return failed(`berkas ${bad.slice(0, 12)}… tidak ada atau berubah`);
    const message = `dibuka dan diperiksa: ${number(trail.size)} entri jejak, ${number(names.length)} berkas`;
    return { ok: true, message, files: names.length, bytes, auditSize: trail.size, auditRoot: trail.root };
  } finally {
    db.$client.close();
    for (const suffix of ['-wal', '-shm']) rmSync(`${file}${suffix}`, { force: true });
  }
}

/** Whether the database has a table or a column; a backup of an earlier release may not have it yet. */
const has = (client: Database.Database, name: string, among: string): boolean =>
  client.prepare(`select 1 from ${among} where name = ?`).get(name) !== undefined;

/** Files whose bytes must be there. */
function namedFiles(client: Database.Database): string[] {
  const kept = has(client, 'dropped_at', "pragma_table_info('file')") ? 'where dropped_at is null' : '';
  return client.prepare(`select sha256 from file ${kept}`).pluck().all() as string[];
}

/** Whether a file lies whole in the database itself. */
function smallFiles(client: Database.Database): (sha256: string) => boolean {
  if (!has(client, 'file_bytes', 'sqlite_master')) return () => false;
  const read = client.prepare('select bytes from file_bytes where sha256 = ?').pluck();
  return (sha256) => {
    const bytes = read.get(sha256) as Buffer | undefined;
    return bytes !== undefined && createHash('sha256').update(bytes).digest('hex') === sha256;
  };
}

function holds(place: string, sha256: string): boolean {
  try {
    const bytes = existsSync(place) ? readFileSync(place) : gunzipSync(readFileSync(`${place}.gz`));
    return createHash('sha256').update(bytes).digest('hex') === sha256;
  } catch {
    return false;
  }
}

function prune(dir: string): void {
  const kept = readdirSync(backupFolder(dir))
    .filter((name) => /^siaga-.*\.db$/.test(name))
    .sort()
    .reverse();
  for (const name of kept.slice(KEPT)) rmSync(path.join(backupFolder(dir), name));
}

/** Half copies that a killed process left; those of the last day may still be written. */
function sweepRemains(dir: string, now: number): void {
  for (const name of readdirSync(backupFolder(dir)).filter((each) => /^(siaga-.*\.part|keluar-.*)$/.test(each))) {
    const file = path.join(backupFolder(dir), name);
    if (statSync(file).mtimeMs < now - DAY) rmSync(file);
  }
}

/** Writes one self-contained file (tar: siaga.db and files/), for another disk. @returns what checking it said */
export async function exportTo(ctx: Context, out: string): Promise<BackupCheck> {
  demand(ctx.actor, 'settings.edit');
  if (existsSync(out)) throw invalid(`${out} sudah ada; pilih nama lain agar tidak ada yang tertimpa.`);
  if (!existsSync(path.dirname(out))) throw invalid(`Folder ${path.dirname(out)} tidak ada; buat dulu, lalu ulangi.`);
  const copy = await copyDatabase(ctx.db, ctx.dir, `keluar-${process.pid}.tmp`);
  try {
    await pack(copy, path.join(ctx.dir, 'files'), `${out}.part`);
    renameSync(`${out}.part`, out);
  } finally {
    rmSync(copy, { force: true });
  }
  const check = await verifyFile(out);
  audit.record(ctx, { action: 'backup.exported', targets: [], details: { result: check.message } });
  return check;
}

/** Checks what a path names: a nightly backup beside its mirror, or an exported file. @throws AppError not_found */
export const verifyFile = (name: string): Promise<BackupCheck> =>
  opened(name, (source) => verify(source.database, source.files));

/**
 * Puts a checked backup in the place of a data folder's contents. What was there is moved aside, never deleted.
 * @returns where the old contents lie, or null when there were none @throws AppError conflict while Siaga runs on it
 */
export const restore = (
  name: string,
  dir: string,
  now: number,
): Promise<{ check: BackupCheck; aside: string | null }> =>
  opened(name, (source) => {
    const check = verify(source.database, source.files);
    if (!check.ok) throw invalid(`Cadangan tidak dipulihkan: ${check.message}.`);
    const release = holdFolder(dir);
    try {
      return { check, aside: replace(dir, source, now) };
    } finally {
      release();
    }
  });

/** Copied beside first (the source may lie in the folder's own backups/), then the old aside and the new into place. */
function replace(dir: string, source: { database: string; files: string }, now: number): string | null {
  const fresh = path.join(dir, `restoring-${stamp(now)}`);
  mkdirSync(path.join(fresh, 'files'), { recursive: true });
  copyFileSync(source.database, path.join(fresh, 'siaga.db'));
  for (const sha256 of storedFiles(source.files)) copyFile(source.files, path.join(fresh, 'files'), sha256);
  const parts = ['siaga.db', 'siaga.db-wal', 'siaga.db-shm', 'files'].filter((part) =>
    existsSync(path.join(dir, part)),
  );
  const aside = parts.length ? path.join(dir, `before-restore-${stamp(now)}`) : null;
  if (aside) mkdirSync(aside, { recursive: true });
  for (const part of parts) renameSync(path.join(dir, part), path.join(aside!, part));
  for (const part of ['siaga.db', 'files']) renameSync(path.join(fresh, part), path.join(dir, part));
  rmSync(fresh, { recursive: true });
  return aside;
}

/** Hands over where database and files of a backup lie, unpacking an exported file for as long as it takes. */
async function opened<T>(name: string, work: (source: { database: string; files: string }) => T): Promise<T> {
  if (!existsSync(name)) throw notFound(`Tidak ada cadangan di ${name}.`);
  if (name.endsWith('.db')) return work({ database: name, files: path.join(path.dirname(name), 'files') });
  const folder = mkdtempSync(path.join(path.dirname(path.resolve(name)), '.siaga-cadangan-'));
  try {
    await unpack(name, folder);
    return work({ database: path.join(folder, 'siaga.db'), files: path.join(folder, 'files') });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The latest backups, newest first, for the administrator's page. */
export function list(ctx: Context) {
  demand(ctx.actor, 'jobs.view');
  return ctx.db.select().from(backupRun).orderBy(desc(backupRun.at)).limit(KEPT).all();
}
