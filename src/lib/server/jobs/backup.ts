// Backups of a data folder. Nightly: the database by SQLite's online backup (other processes go on writing), then the
// content-addressed files into one mirror that all backups share (they never change, so each is copied once). Order
// matters: database first, so that every file it names is in the mirror afterwards. Each backup is opened and checked.
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import Database from 'better-sqlite3';
import { desc } from 'drizzle-orm';
import * as audit from '../audit/index.ts';
import { transact, type Context } from '../context.ts';
import { connection, databaseFile, newId, openDatabase } from '../db/index.ts';
import { invalid, notFound } from '../errors.ts';
import { demand } from '../permission.ts';
import { backupRun } from './schema.ts';

const KEPT = 14;

export const backupFolder = (dir: string): string => path.join(dir, 'backups');
const mirror = (dir: string) => path.join(backupFolder(dir), 'files');
const stamp = (now: number) => new Date(now).toISOString().replace(/[:.]/g, '-').slice(0, 19);

export type BackupCheck = { ok: boolean; message: string; files: number; bytes: number; auditSize: number; auditRoot: string };

/** Makes, checks and records one backup and drops those beyond the 14 newest. @returns a sentence for the run log */
export async function run(ctx: Context, why = 'malam'): Promise<string> {
  const now = ctx.now();
  const name = `siaga-${stamp(now)}${why === 'malam' ? '' : `-${why}`}.db`;
  const target = await copyDatabase(ctx.db, ctx.dir, name);
  copyFiles(ctx.dir);
  const check = verify(target, mirror(ctx.dir));
  transact(ctx, (tx) => {
    tx.db.insert(backupRun).values({ id: newId(now), name, at: now, ...check }).run();
    audit.record(tx, { action: 'backup.made', targets: [], details: { name, result: check.message } });
  });
  prune(ctx.dir);
  if (!check.ok) throw new Error(`Cadangan ${name} tidak lolos pemeriksaan: ${check.message}`);
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
  for (const sha256 of storedFiles(path.join(dir, 'files'))) {
    const target = placeIn(mirror(dir), sha256);
    if (existsSync(target)) continue;
    mkdirSync(path.dirname(target), { recursive: true });
    copyFileSync(placeIn(path.join(dir, 'files'), sha256), `${target}.part`);
    renameSync(`${target}.part`, target);
  }
}

const placeIn = (root: string, sha256: string) => path.join(root, sha256.slice(0, 2), sha256.slice(2, 4), sha256);

function* storedFiles(root: string): Generator<string> {
  if (!existsSync(root)) return;
  for (const entry of readdirSync(root, { recursive: true, withFileTypes: true })) {
    if (entry.isFile() && /^[0-9a-f]{64}$/.test(entry.name)) yield entry.name;
  }
}

/**
 * Opens a copied database read-only and checks it: SQLite's integrity and foreign keys, the trail from its first leaf
 * to its root, and that every file it names lies in `files` with the content its name promises.
 */
export function verify(file: string, files: string): BackupCheck {
  const failed = (message: string): BackupCheck => ({ ok: false, message, files: 0, bytes: 0, auditSize: 0, auditRoot: '' });
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
    if (!trail.ok) return failed(`jejak audit tidak cocok mulai entri ${trail.firstBad}`);
    const names = db.$client.prepare('select sha256 from file').pluck().all() as string[];
    const bad = names.find((sha256) => !holds(placeIn(files, sha256), sha256));
    if (bad) return failed(`berkas ${bad.slice(0, 12)}… tidak ada atau berubah`);
    const message = `dibuka dan diperiksa: ${trail.size} entri jejak, ${names.length} berkas`;
    return { ok: true, message, files: names.length, bytes, auditSize: trail.size, auditRoot: trail.root };
  } finally {
    db.$client.close();
    for (const suffix of ['-wal', '-shm']) rmSync(`${file}${suffix}`, { force: true });
  }
}

const holds = (place: string, sha256: string): boolean =>
  existsSync(place) && createHash('sha256').update(readFileSync(place)).digest('hex') === sha256;

function prune(dir: string): void {
  const kept = readdirSync(backupFolder(dir)).filter((name) => /^siaga-.*\.db$/.test(name)).sort().reverse();
  for (const name of kept.slice(KEPT)) rmSync(path.join(backupFolder(dir), name));
}

/** Writes one self-contained folder: database and files, for another disk. @returns what checking it said */
export async function exportTo(ctx: Context, out: string): Promise<BackupCheck> {
  demand(ctx.actor, 'settings.edit');
  if (existsSync(out)) throw invalid(`${out} sudah ada; pilih nama lain agar tidak ada yang tertimpa.`);
  mkdirSync(path.join(out, 'files'), { recursive: true });
  await connection(ctx.db).backup(path.join(out, 'siaga.db'));
  for (const sha256 of storedFiles(path.join(ctx.dir, 'files'))) {
    const target = placeIn(path.join(out, 'files'), sha256);
    mkdirSync(path.dirname(target), { recursive: true });
    copyFileSync(placeIn(path.join(ctx.dir, 'files'), sha256), target);
  }
  return verify(path.join(out, 'siaga.db'), path.join(out, 'files'));
}

/**
 * What a path names: a nightly backup (its files lie in the mirror beside it) or an exported folder.
 * @throws AppError not_found
 */
export function locate(name: string): { database: string; files: string } {
  if (existsSync(path.join(name, 'siaga.db'))) return { database: path.join(name, 'siaga.db'), files: path.join(name, 'files') };
  if (existsSync(name) && statSync(name).isFile()) return { database: name, files: path.join(path.dirname(name), 'files') };
  throw notFound(`Tidak ada cadangan di ${name}.`);
}

/**
 * Puts a checked backup in the place of a data folder's contents. What was there is moved aside, never deleted.
 * Siaga must be stopped. @returns where the old contents lie, or null when there were none
 */
export function restore(name: string, dir: string, now: number): { check: BackupCheck; aside: string | null } {
  const source = locate(name);
  const check = verify(source.database, source.files);
  if (!check.ok) throw invalid(`Cadangan tidak dipulihkan: ${check.message}.`);
  let aside: string | null = null;
  const parts = ['siaga.db', 'siaga.db-wal', 'siaga.db-shm', 'files'].filter((part) => existsSync(path.join(dir, part)));
  if (parts.length) {
    aside = path.join(dir, `before-restore-${stamp(now)}`);
    mkdirSync(aside, { recursive: true });
  }
  // The source may lie inside the folder's own backups/: copy first, then move the old aside and the new into place.
  const fresh = path.join(dir, `restoring-${stamp(now)}`);
  mkdirSync(path.join(fresh, 'files'), { recursive: true });
  copyFileSync(source.database, path.join(fresh, 'siaga.db'));
  for (const sha256 of storedFiles(source.files)) {
    const target = placeIn(path.join(fresh, 'files'), sha256);
    mkdirSync(path.dirname(target), { recursive: true });
    copyFileSync(placeIn(source.files, sha256), target);
  }
  for (const part of parts) renameSync(path.join(dir, part), path.join(aside!, part));
  renameSync(path.join(fresh, 'siaga.db'), databaseFile(dir));
  renameSync(path.join(fresh, 'files'), path.join(dir, 'files'));
  rmSync(fresh, { recursive: true });
  return { check, aside };
}

/** The latest backups, newest first, for the administrator's page. */
export function list(ctx: Context) {
  demand(ctx.actor, 'jobs.view');
  return ctx.db.select().from(backupRun).orderBy(desc(backupRun.at)).limit(KEPT).all();
}
