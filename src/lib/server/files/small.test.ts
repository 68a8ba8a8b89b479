import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { makeWorld } from '#tests/support/world.ts';
import { transact } from '../context.ts';
import { connection, databaseFile, migrate, openDatabase } from '../db/index.ts';
import * as backup from '../jobs/backup.ts';
import * as files from './index.ts';

function worldOnDisk() {
  const world = makeWorld();
  const db = openDatabase(databaseFile(world.dir));
  migrate(db);
  return { world, ctx: { ...world.ctx(), db } };
}

const answer = Buffer.from('jawaban responder');

describe('small files in the database', () => {
  test('are read by their address, and come and go with the transaction that keeps them', () => {
    const { ctx } = worldOnDisk();
    let sha256 = '';
    const broken = () =>
      transact(ctx, (tx) => {
        sha256 = files.keepSmall(tx, answer, 'application/ocsp-response').sha256;
        throw new Error('power cut');
      });
    expect(broken).toThrow('power cut');
    expect(() => files.read(ctx, sha256)).toThrow('tidak ditemukan');
    files.keepSmall(ctx, answer, 'application/ocsp-response');
    files.keepSmall(ctx, answer, 'application/ocsp-response');
    expect(files.read(ctx, sha256).equals(answer)).toBe(true);
    expect(files.isUsedBeyond(ctx, sha256, [])).toBe(false);
  });

  test('what is given up is gone at once, and what nothing names is released; both may come back', () => {
    const { ctx } = worldOnDisk();
    const { sha256 } = files.keepSmall(ctx, answer, 'application/ocsp-response');
    expect(files.drop(ctx, sha256)).toBe(answer.length);
    expect(() => files.read(ctx, sha256)).toThrow('tidak ditemukan');
    files.keepSmall(ctx, answer, 'application/ocsp-response');
    files.release(ctx, [sha256]);
    expect(() => files.read(ctx, sha256)).toThrow('tidak ditemukan');
    files.keepSmall(ctx, answer, 'application/ocsp-response');
    expect(files.read(ctx, sha256).equals(answer)).toBe(true);
  });

  test('bytes that were changed are not handed out, and large ones are not taken', () => {
    const { ctx } = worldOnDisk();
    const { sha256 } = files.keepSmall(ctx, answer, 'application/ocsp-response');
    connection(ctx.db).prepare('update file_bytes set bytes = ?').run(Buffer.from('jawaban lain'));
    expect(() => files.read(ctx, sha256)).toThrow('tidak lagi sesuai');
    expect(() => files.keepSmall(ctx, Buffer.alloc(65_537), 'application/ocsp-response')).toThrow('not a small file');
  });

  test('stand in a backup, whose check notices that one was changed or is missing', async () => {
    const { ctx, world } = worldOnDisk();
    files.keepSmall(ctx, answer, 'application/ocsp-response');
    expect(await backup.run(ctx)).toContain('1 berkas');
    connection(ctx.db).prepare('update file_bytes set bytes = ?').run(Buffer.from('jawaban lain'));
    world.clock.advance(86_400_000);
    await expect(backup.run(ctx)).rejects.toThrow('tidak ada atau berubah');
    connection(ctx.db).prepare('delete from file_bytes').run();
    world.clock.advance(86_400_000);
    await expect(backup.run(ctx)).rejects.toThrow('tidak ada atau berubah');
  });

  test('a backup of the release before, which has no table of them, still passes its check', async () => {
    const { world } = worldOnDisk();
    const old = path.join(world.dir, 'siaga-lama.db');
    const fixture = path.resolve(import.meta.dirname, '../../../../tests/upgrade/0.2.0.db.gz');
    writeFileSync(old, gunzipSync(readFileSync(fixture)));
    const message = (await backup.verifyFile(old)).message;
    expect(message).toMatch(/^dibuka dan diperiksa|^berkas [0-9a-f]{12}… tidak ada/);
  });
});
