// The folder of the sample city: made anew without asking, so nothing else may ever be taken for it.
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** Whole, and of this seeding. */
export const SEEDED = 'seeded.json';
/** Begun; a seeding that was cut short leaves it behind. */
const BEGUN = 'seeding.json';

/** @throws Error when the folder holds anything that no demo has put there, an office's own data above all */
export function demandDemo(dir: string): void {
  const found = existsSync(dir) ? readdirSync(dir).filter((name) => !name.startsWith('in-use.lock')) : [];
  if (!found.length || found.includes(SEEDED) || found.includes(BEGUN)) return;
  throw new Error(
    `Folder ${dir} berisi data yang bukan kota contoh, jadi tidak disentuh. Pilih folder lain dengan --data, atau kosongkan folder itu sendiri bila isinya tidak diperlukan.`,
  );
}

/** An empty folder that says whose it is. */
export function begin(dir: string): void {
  demandDemo(dir);
  rmSync(dir, { recursive: true, force: true });
  mkdirSync(dir, { recursive: true });
  writeFileSync(path.join(dir, BEGUN), '');
}

export function finish(dir: string, said: { basePort: number; seededAt: string }): void {
  writeFileSync(path.join(dir, SEEDED), JSON.stringify(said));
  rmSync(path.join(dir, BEGUN), { force: true });
}
