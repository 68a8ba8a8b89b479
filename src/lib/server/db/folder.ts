// One office, one data folder, one supervisor: whoever runs, restores or makes a folder anew holds it. The hold is
// SQLite's own lock on a small file beside the database, so the system lets go of it when the process dies.
import { existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import Database from 'better-sqlite3';
import { conflict } from '../errors.ts';

const holdFile = (dir: string): string => path.join(dir, 'in-use.lock');

/** An open handle that nobody refers to is closed with the garbage, and the lock with it. */
const held = new Set<Database.Database>();

/**
 * Takes the folder for this process until `release` or its end.
 * @throws AppError conflict when another process holds it
 */
export function holdFolder(dir: string): () => void {
  mkdirSync(dir, { recursive: true });
  const lock = new Database(holdFile(dir), { timeout: 0 });
  try {
    lock.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    lock.close();
    if (!(error instanceof Database.SqliteError) || !error.code.startsWith('SQLITE_BUSY')) throw error;
    throw conflict(`Folder data ${dir} sedang dipakai Siaga yang berjalan. Hentikan dulu (Ctrl+C), lalu ulangi.`);
  }
  held.add(lock);
  return () => {
    held.delete(lock);
    lock.close();
  };
}

/** @throws AppError conflict while another process holds the folder */
export function demandFree(dir: string): void {
  if (existsSync(holdFile(dir))) holdFolder(dir)();
}
