// Runs in a thread of their own: the whole way of a large import, and a lease that was lost.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { expect, onTestFinished, test } from 'vitest';
import { pem } from '#tests/support/pem.ts';
import { makeIntermediate, makeLeaf, makeRoot } from '../../../bin/demo/ca.ts';
import { DAY } from '../calendar.ts';
import * as certificates from '../certificates/index.ts';
import type { Context } from '../context.ts';
import { databaseFile, migrate, openDatabase } from '../db/index.ts';
import * as files from '../files/index.ts';
import { runAside } from './aside.ts';
import * as jobs from './index.ts';
import * as lease from './lease.ts';

/** An office that asked for the import of a certificate with six megabytes of prose around it. */
async function office(): Promise<Context> {
  const dir = mkdtempSync(path.join(tmpdir(), 'siaga-'));
  const db = openDatabase(databaseFile(dir));
  onTestFinished(() => {
    db.$client.close();
    rmSync(dir, { recursive: true, force: true });
  });
  migrate(db);
  const ctx: Context = { db, dir, now: Date.now, actor: { kind: 'system', name: 'jobs' } };
  const now = Date.now();
  const ca = makeIntermediate(makeRoot({ notBefore: now - 900 * DAY, notAfter: now + 3000 * DAY }), {
    notBefore: now - 800 * DAY,
    notAfter: now + 2000 * DAY,
  });
  const leaf = makeLeaf(ca, { commonName: 'SITI CONTOH', notBefore: now - DAY, notAfter: now + 365 * DAY });
  const text = Buffer.from('Lampiran surat: sertifikat pegawai.\n'.repeat(170_000) + pem(leaf));
  const arrived = await files.receive(ctx, Readable.from([text]), 1e9);
  await certificates.requestImport(ctx, { files: [{ ...arrived, name: 'surat.pem' }] });
  return ctx;
}

const entered = (ctx: Context) => certificates.imports(ctx).rows[0]!.totals.certificatesNew;

test('a large import runs in a thread of its own, and the process goes on ticking', { timeout: 60_000 }, async () => {
  const ctx = await office();
  expect(certificates.largeImportWaits(ctx)).toBe(true);
  let ticks = 0;
  const timer = setInterval(() => (ticks += 1), 20);
  const said = await jobs.runNow(ctx, 'imports', { outbound: null as never, smtpUrl: '' });
  clearInterval(timer);
  expect(said).toBe('1 impor selesai');
  expect(entered(ctx)).toBe(1);
  expect(ticks).toBeGreaterThan(10);
  expect(lease.acquire(ctx, 'imports', 'lain:1')).not.toBeNull();
});

test('the thread of a run that was overtaken writes nothing and says so', { timeout: 60_000 }, async () => {
  const ctx = await office();
  const held = lease.acquire(ctx, 'imports', 'lain:1')!;
  await expect(runAside({ name: 'imports', held: { ...held, token: held.token - 1 }, dir: ctx.dir })).rejects.toThrow(
    /diambil alih/,
  );
  expect(entered(ctx)).toBe(0);
  expect(certificates.importsWaiting(ctx)).toBe(true);
});
