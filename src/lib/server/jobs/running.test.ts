import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { NOW } from '#tests/support/world.ts';
import type { Context } from '../context.ts';
import { databaseFile, migrate, openDatabase } from '../db/index.ts';
import * as jobs from './index.ts';

test('a database that is held for long by another process ends no process: what was due is due again', async () => {
  const dir = mkdtempSync(path.join(tmpdir(), 'siaga-'));
  const [db, other] = [openDatabase(databaseFile(dir)), openDatabase(databaseFile(dir))];
  onTestFinished(() => {
    for (const each of [db, other]) each.$client.close();
    rmSync(dir, { recursive: true, force: true });
  });
  migrate(db);
  db.$client.pragma('busy_timeout = 1');
  other.$client.exec('begin immediate');
  const ctx: Context = { db, dir, now: () => NOW, actor: { kind: 'system', name: 'jobs' } };
  const running: jobs.Running = new Map();
  const environment = { outbound: null as never, smtpUrl: '' };
  expect(() => jobs.startDue(ctx, environment, 'uji:1', running)).toThrow(/locked/);
  expect(running.size).toBeGreaterThan(5);
  expect(new Set(await Promise.all(running.values()))).toEqual(new Set([false]));
  expect(running.size).toBe(0);
  other.$client.exec('rollback');
  expect(jobs.list(ctx).every((job) => job.last === null)).toBe(true);
});
