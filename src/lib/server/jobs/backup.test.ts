import { existsSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { makeWorld } from '#tests/support/world.ts';
import * as audit from '../audit/index.ts';
import { transact } from '../context.ts';
import { holdFolder } from '../db/folder.ts';
import { databaseFile, migrate, openDatabase } from '../db/index.ts';
import * as files from '../files/index.ts';
import * as backup from './backup.ts';

/** A world whose database is a file, with one stored file and a trail. */
function worldOnDisk() {
  const world = makeWorld();
  const db = openDatabase(databaseFile(world.dir));
  migrate(db);
  const ctx = { ...world.ctx(), db };
  const stored = files.put(ctx, Buffer.from('surat'));
  transact(ctx, (tx) => {
    files.register(tx, stored, 'text/plain');
    audit.record(tx, { action: 'agencies.seeded', targets: [], details: { count: 120 } });
  });
  return { world, db, ctx, stored };
}

const nightly = (dir: string) => readdirSync(backup.backupFolder(dir)).filter((name) => name.endsWith('.db'));

describe('backup', () => {
  test('a nightly backup opens, holds the trail and its files, and is recorded', async () => {
    const { ctx, world } = worldOnDisk();
    expect(await backup.run(ctx)).toContain('1 berkas');
    const [name] = nightly(world.dir);
    expect(await backup.verifyFile(path.join(backup.backupFolder(world.dir), name!))).toMatchObject({
      ok: true,
      files: 1,
      auditSize: 1,
    });
    expect(backup.list(ctx)[0]).toMatchObject({ ok: true, files: 1 });
  });

  test('only the fourteen newest are kept', async () => {
    const { ctx, world } = worldOnDisk();
    for (let day = 0; day < 16; day++) {
      await backup.run(ctx);
      world.clock.advance(86_400_000);
    }
    expect(nightly(world.dir)).toHaveLength(14);
  });

  test('backups that do not pass never push out the last one that does', async () => {
    const { ctx, world, stored } = worldOnDisk();
    await backup.run(ctx);
    const [good] = nightly(world.dir);
    const at = [stored.sha256.slice(0, 2), stored.sha256.slice(2, 4), stored.sha256];
    writeFileSync(path.join(backup.backupFolder(world.dir), 'files', ...at), 'lain');
    for (let day = 0; day < 15; day++) {
      world.clock.advance(86_400_000);
      await expect(backup.run(ctx)).rejects.toThrow('tidak lolos');
    }
    expect(nightly(world.dir)).toContain(good);
  });

  test('what a killed backup left is gone after a day', async () => {
    const { ctx, world } = worldOnDisk();
    await backup.run(ctx);
    const left = ['siaga-2026-11-20T18-30-00.db.part', 'keluar-4711.tmp'].map((name) =>
      path.join(backup.backupFolder(world.dir), name),
    );
    const fresh = path.join(backup.backupFolder(world.dir), 'keluar-4712.tmp');
    for (const file of [...left, fresh]) writeFileSync(file, 'x');
    for (const file of left) utimesSync(file, world.clock.at / 1000 - 90_000, world.clock.at / 1000 - 90_000);
    utimesSync(fresh, world.clock.at / 1000, world.clock.at / 1000);
    await backup.run(ctx);
    expect(left.filter((file) => existsSync(file))).toEqual([]);
    expect(existsSync(fresh)).toBe(true);
  });

  test('a copy of everything that leaves the folder stands in the trail', async () => {
    const { ctx, world } = worldOnDisk();
    await backup.exportTo(ctx, path.join(world.dir, 'keluar.siaga'));
    expect(audit.list(ctx, { limit: 1 }, (key) => key)[0]?.sentence).toMatch(/^system:jobs menyalin seluruh data/);
  });

  test('a backup whose file is missing or changed is said to be bad', async () => {
    const { ctx, world, stored } = worldOnDisk();
    await backup.run(ctx);
    const copy = path.join(
      backup.backupFolder(world.dir),
      'files',
      stored.sha256.slice(0, 2),
      stored.sha256.slice(2, 4),
      stored.sha256,
    );
    writeFileSync(copy, 'lain');
    const [name] = nightly(world.dir);
    expect(await backup.verifyFile(path.join(backup.backupFolder(world.dir), name!))).toMatchObject({ ok: false });
  });

  test('a folder that a running Siaga holds is not restored over, and a dead one lets go', async () => {
    const { world, ctx, db } = worldOnDisk();
    const out = path.join(world.dir, 'cadangan.siaga');
    await backup.exportTo(ctx, out);
    db.$client.close();
    const release = holdFolder(world.dir);
    expect(() => holdFolder(world.dir)).toThrow('sedang dipakai');
    await expect(backup.restore(out, world.dir, world.clock.at)).rejects.toThrow('sedang dipakai');
    expect(existsSync(databaseFile(world.dir))).toBe(true);
    release();
    await expect(backup.restore(out, world.dir, world.clock.at)).resolves.toMatchObject({ check: { ok: true } });
  });

  test('one exported file restores into a new folder with database and files as they were', async () => {
    const { ctx, world, stored, db } = worldOnDisk();
    const out = path.join(world.dir, 'cadangan.siaga');
    expect(await backup.exportTo(ctx, out)).toMatchObject({ ok: true, files: 1 });
    transact(ctx, (tx) => void audit.record(tx, { action: 'agencies.seeded', targets: [], details: { count: 1 } }));
    db.$client.close();
    const { check, aside } = await backup.restore(out, world.dir, world.clock.at);
    expect(check.auditSize).toBe(1);
    expect(existsSync(path.join(aside!, 'siaga.db'))).toBe(true);
    const restored = openDatabase(databaseFile(world.dir));
    expect(audit.verify({ ...ctx, db: restored })).toMatchObject({ ok: true, size: 1 });
    expect(files.read({ ...ctx, db: restored }, stored.sha256).toString()).toBe('surat');
    restored.$client.close();
  });

  test('garbage is refused and leaves the data folder as it was', async () => {
    const { world } = worldOnDisk();
    const junk = path.join(world.dir, 'sampah.siaga');
    writeFileSync(junk, Buffer.alloc(4096, 7));
    const before = readFileSync(databaseFile(world.dir));
    await expect(backup.restore(junk, world.dir, world.clock.at)).rejects.toThrow('bukan cadangan');
    expect(readFileSync(databaseFile(world.dir)).equals(before)).toBe(true);
  });
});
