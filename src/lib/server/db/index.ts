// Opens the one SQLite file, brings its schema up to date, and gives column helpers. No queries here: each room has
// its own. Pragmas and why: WAL (readers beside one writer), synchronous FULL (a receipt must survive a power cut),
// foreign keys on (SQLite leaves them off), short busy timeout (writes are short; transactions wait in turn.ts),
// temporary journals in memory, a page cache that holds the indexes, a longer log before it is copied to the file.
import { mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import { drizzle } from 'drizzle-orm/better-sqlite3';
import { migrate as runMigrations } from 'drizzle-orm/better-sqlite3/migrator';
import type { BaseSQLiteDatabase } from 'drizzle-orm/sqlite-core';
import { pinPlans } from './plans.ts';

export { newId } from './id.ts';
export { BUSY, immediately, isBusy } from './turn.ts';

/** A database or an open transaction; doors do not care which. */
export type Db = BaseSQLiteDatabase<'sync', Database.RunResult, Record<string, unknown>>;
/** The root handle, which owns the connection. */
export type RootDb = ReturnType<typeof drizzle> & { $client: Database.Database };

/** One file for everything, in the data folder. */
export const databaseFile = (dir: string): string => path.join(dir, 'siaga.db');

/** Opens (and creates) the database of a data folder, or one in memory: empty, or with the content of a file. */
export function openDatabase(file: string | Buffer): RootDb {
  if (typeof file === 'string' && file !== ':memory:') mkdirSync(path.dirname(file), { recursive: true });
  const client = new Database(file);
  client.pragma('journal_mode = WAL');
  client.pragma('synchronous = FULL');
  client.pragma('foreign_keys = ON');
  client.pragma('busy_timeout = 4000');
  client.pragma('trusted_schema = OFF');
  // A statement with triggers keeps a journal of its own, which otherwise is a file for every row.
  client.pragma('temp_store = MEMORY');
  // 32 MB, taken only when used: the indexes of a hundred thousand certificates are written all over.
  client.pragma('cache_size = -32768');
  // 32 MB: an import changes the same pages of the indexes again and again, and each is copied to the file once for all.
  client.pragma('wal_autocheckpoint = 8000');
  return drizzle(client) as RootDb;
}

/** The better-sqlite3 connection below a handle or a transaction, for prepared statements in bulk paths. */
export function connection(db: Db): Database.Database {
  const holder = db as unknown as { $client?: Database.Database; session?: { client?: Database.Database } };
  const client = holder.$client ?? holder.session?.client;
  if (!client) throw new Error('no connection below this handle');
  return client;
}

/** drizzle/ stands at the top of the checkout, wherever this file was bundled to. */
function migrationsFolder(): string {
  const here = path.dirname(fileURLToPath(import.meta.url));
  const top = here.includes(`${path.sep}build${path.sep}`)
    ? here.split(`${path.sep}build${path.sep}`)[0]!
    : path.resolve(here, '../../../..');
  return path.join(top, 'drizzle');
}

/** Instants that name migrations: those of this release, and those that the database has. */
function migrations(db: RootDb): { shipped: number[]; applied: number[] } {
  const journal = JSON.parse(readFileSync(path.join(migrationsFolder(), 'meta/_journal.json'), 'utf8')) as {
    entries: { when: number }[];
  };
  const known = db.$client.prepare("select 1 from sqlite_master where name = '__drizzle_migrations'").get();
  const applied = known ? db.$client.prepare('select created_at from __drizzle_migrations').pluck().all() : [];
  return { shipped: journal.entries.map(({ when }) => when), applied: applied as number[] };
}

/** How many migrations of this release the database does not have yet. */
export function pendingMigrations(db: RootDb): number {
  const { shipped, applied } = migrations(db);
  return shipped.length - applied.length;
}

/** Why this program must not work on the database, and what to do; null when both are of one release. */
export function wrongRelease(db: RootDb): string | null {
  const { shipped, applied } = migrations(db);
  if (Math.max(0, ...applied) > Math.max(...shipped))
    return 'Basis data ini sudah diperbarui oleh Siaga yang lebih baru daripada program ini. Pakai program versi itu, atau pulihkan cadangan dari sebelum pembaruan (siaga restore). Tidak ada yang diubah.';
  if (applied.length < shipped.length)
    return 'Basis data ini dari Siaga yang lebih lama dan belum diperbarui. Jalankan npm start sekali: basis data dicadangkan, lalu diperbarui sendiri; sesudah itu ulangi perintah ini. Tidak ada yang diubah.';
  return null;
}

/**
 * Applies what is missing, forwards only. Only the supervisor, the CLI's restore and tests call this.
 * A changed CHECK makes a new table of the old one; foreign keys must rest meanwhile (SQLite: making other kinds of
 * table schema changes), which only works outside the transaction. @throws when a reference is broken afterwards
 */
export function migrate(db: RootDb): void {
  if (pendingMigrations(db) > 0) applyMigrations(db);
  pinPlans(db.$client);
}

function applyMigrations(db: RootDb): void {
  db.$client.pragma('foreign_keys = OFF');
  try {
    runMigrations(db, { migrationsFolder: migrationsFolder() });
  } finally {
    db.$client.pragma('foreign_keys = ON');
  }
  const broken = db.$client.pragma('foreign_key_check') as unknown[];
  if (broken.length) throw new Error(`migration left ${broken.length} broken references`);
}
