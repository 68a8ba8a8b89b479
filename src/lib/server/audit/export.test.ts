import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { makeWorld, type World } from '#tests/support/world.ts';
import { command } from '../../../bin/commands/audit.ts';
import { databaseFile, migrate, openDatabase } from '../db/index.ts';
import type { AppError } from '../errors.ts';
import * as audit from './index.ts';

/** A data folder on disk with `count` entries, as the command finds it. */
function dataFolder(world: World, count: number): string {
  const dir = path.join(world.dir, 'data');
  mkdirSync(dir);
  const db = openDatabase(databaseFile(dir));
  migrate(db);
  const ctx = { ...world.ctx(), db, dir };
  for (let i = 0; i < count; i++) {
    audit.record(ctx, {
      action: 'contact.changed',
      targets: [['contact', `c${i}`]],
      details: { party: 'bssn' },
      personal: { name: `Siti ${i}` },
    });
  }
  db.$client.close();
  return dir;
}

/** Independent of our code: the root of RFC 6962 §2.1 by levels, pairing neighbours and carrying an odd one up. */
function rootByLevels(lines: string[]): string {
  const sha = (...parts: (Buffer | string)[]) =>
    createHash('sha256')
      .update(Buffer.concat(parts.map((p) => Buffer.from(p))))
      .digest();
  let level = lines.map((line) => sha(Buffer.of(0), line));
  if (level.length === 0) return sha('').toString('hex');
  while (level.length > 1) {
    const up: typeof level = [];
    for (let i = 0; i + 1 < level.length; i += 2) up.push(sha(Buffer.of(1), level[i]!, level[i + 1]!));
    if (level.length % 2) up.push(level.at(-1)!);
    level = up;
  }
  return level[0]!.toString('hex');
}

const check = (out: string, ...args: string[]) =>
  spawnSync(process.execPath, [path.join(out, 'periksa.mjs'), ...args], { encoding: 'utf8' });

describe('an exported trail', () => {
  test.each([0, 1, 2, 3, 7, 37])('of %i entries is verified by a stranger who has only the folder', async (count) => {
    const world = makeWorld();
    const out = path.join(world.dir, 'out');
    expect(await command.run(['export', '--out', out, '--data', dataFolder(world, count)])).toBe(0);
    const lines = readFileSync(path.join(out, 'leaves.jsonl'), 'utf8').split('\n').filter(Boolean);
    const head = JSON.parse(readFileSync(path.join(out, 'head.json'), 'utf8'));
    expect(lines).toHaveLength(count);
    expect(head).toMatchObject({ size: count, root: rootByLevels(lines) });
    const result = check(out);
    expect([result.status, result.stdout]).toEqual([0, expect.stringContaining('UTUH')]);
  });

  test('shows every kind of tampering to the stranger', async () => {
    const world = makeWorld();
    const out = path.join(world.dir, 'out');
    await command.run(['export', '--out', out, '--data', dataFolder(world, 9)]);
    const file = path.join(out, 'leaves.jsonl');
    const lines = readFileSync(file, 'utf8').split('\n').filter(Boolean);
    const attempt = (changed: string[]) => {
      writeFileSync(file, `${changed.join('\n')}\n`);
      return check(out).status;
    };
    expect(attempt(lines)).toBe(0);
    expect(attempt(lines.map((l, i) => (i === 4 ? l.replace('bssn', 'bsre') : l)))).toBe(1);
    expect(attempt(lines.slice(0, 8))).toBe(1);
    expect(attempt([...lines, lines[8]!])).toBe(1);
    expect(attempt([lines[1]!, lines[0]!, ...lines.slice(2)])).toBe(1);
  });

  test('an older print can be checked against the first entries', async () => {
    const world = makeWorld();
    const out = path.join(world.dir, 'out');
    await command.run(['export', '--out', out, '--data', dataFolder(world, 6)]);
    const lines = readFileSync(path.join(out, 'leaves.jsonl'), 'utf8').split('\n').filter(Boolean);
    expect(check(out, '4').stdout).toContain(rootByLevels(lines.slice(0, 4)));
  });

  test('holds no personal value, and exporting is itself an entry', async () => {
    const world = makeWorld();
    const ctx = world.person('auditor');
    audit.record(ctx, {
      action: 'contact.changed',
      targets: [],
      details: { party: 'bssn' },
      personal: { name: 'Siti Rahma' },
    });
    const { head, leaves } = audit.exportAll(ctx);
    expect([...leaves()].join('\n')).not.toContain('Siti');
    expect(head.size).toBe(1);
    expect(audit.head(ctx).size).toBe(2);
    expect(() => audit.exportAll(world.person('officer'))).toThrow('hak');
  });

  test('a folder with something in it is left alone', async () => {
    const world = makeWorld();
    writeFileSync(path.join(world.dir, 'kept.txt'), 'x');
    const error = await Promise.resolve(
      command.run(['export', '--out', world.dir, '--data', dataFolder(world, 1)]),
    ).catch((e: Error) => e);
    expect(String(error)).toContain('tidak kosong');
  });
});

describe('reading the trail', () => {
  test('filters by person, act, record and day, and pages both ways without gaps', () => {
    const world = makeWorld();
    const budi = world.person('auditor', { name: 'Budi' });
    for (let i = 1; i <= 9; i++) {
      audit.record(i % 3 ? world.ctx() : budi, {
        action: 'agencies.seeded',
        targets: [['agency', `a${i % 2}`]],
        details: { count: i },
      });
      world.clock.advance(60_000);
    }
    const seqs = (filter: audit.TrailFilter) => audit.list(budi, filter, () => 'x').map((e) => e.seq);
    expect(seqs({ limit: 4 })).toEqual([9, 8, 7, 6]);
    expect(seqs({ limit: 4, before: 6 })).toEqual([5, 4, 3, 2]);
    expect(seqs({ limit: 4, after: 5 })).toEqual([9, 8, 7, 6]);
    expect(seqs({ limit: 2, after: 1 })).toEqual([3, 2]);
    expect(seqs({ actor: audit.actorKey(budi.actor) })).toEqual([9, 6, 3]);
    expect(seqs({ target: ['agency', 'a0'] })).toEqual([8, 6, 4, 2]);
    expect(seqs({ to: world.clock.at - 8 * 60_000 })).toEqual([2, 1]);
    expect(audit.count(budi, { target: ['agency', 'a0'] })).toBe(4);
    expect(audit.facets(budi).actors.map((a) => a.count)).toEqual([6, 3]);
    expect(() => audit.list(world.person('officer'), {}, () => 'x')).toThrow('hak');
  });

  test('a check leaves its verdict in the trail', () => {
    const world = makeWorld();
    const auditor = world.person('auditor', { name: 'Rini' });
    expect(audit.lastCheck(auditor)).toBeNull();
    expect(audit.check(auditor)).toMatchObject({ ok: true, size: 0 });
    expect(audit.lastCheck(auditor)).toEqual({ at: world.clock.at, ok: true });
    expect(audit.list(auditor, {}, () => 'Rini')[0]!.sentence).toContain(
      'Rini memeriksa keutuhan jejak: 0 entri, utuh',
    );
    expect(() => audit.check(world.person('handler'))).toThrow(
      expect.objectContaining({ code: 'forbidden' } satisfies Partial<AppError>),
    );
  });
});
