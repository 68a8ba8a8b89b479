// Between receiving and importing: the run stands at once, nothing is kept before it was looked through, and however
// that ends the run says so and nothing is left behind.
import { generateKeyPairSync } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { makeIntermediate, makeLeaf, makeRoot } from '../../../bin/demo/ca.ts';
import { makeWorld, NOW, type World } from '#tests/support/world.ts';
import * as audit from '../audit/index.ts';
import { DAY, MINUTE } from '../calendar.ts';
import * as files from '../files/index.ts';
import * as certificates from './index.ts';

const root = makeRoot({ notBefore: NOW - 3000 * DAY, notAfter: NOW + 3000 * DAY });
const ca = makeIntermediate(root, { notBefore: NOW - 1000 * DAY, notAfter: NOW + 2000 * DAY });
const leaf = (commonName: string) => makeLeaf(ca, { commonName, notBefore: NOW - 100 * DAY });
const key = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({
  type: 'pkcs8',
  format: 'pem',
}) as string;

async function arrived(world: World, name: string, bytes: Uint8Array): Promise<certificates.ArrivedUpload> {
  return { ...(await files.receive(world.ctx(), [bytes] as never, 1e9)), name };
}

/** Names of what lies in the store, and of what merely arrived. */
function onDisk(world: World): { kept: string[]; waiting: string[] } {
  const folder = path.join(world.dir, 'files');
  const names = existsSync(folder) ? (readdirSync(folder, { recursive: true }) as string[]) : [];
  const all = names.filter((name) => statSync(path.join(folder, name)).isFile());
  return {
    kept: all.filter((name) => !name.startsWith('tmp')).map((name) => path.basename(name)),
    waiting: all.filter((name) => name.startsWith('tmp')),
  };
}

describe('what was received', () => {
  test('stands as a run at once and is kept only when it was looked through; then jobs may begin', async () => {
    const world = makeWorld();
    const ctx = world.person('verifier');
    const sent = await arrived(world, 'sri.cer', leaf('SRI'));
    const { runs, looked } = await certificates.receiveImport(ctx, { files: [sent] });
    const run = () => certificates.importRun(ctx, runs[0]!.id);
    expect(run()).toMatchObject({ state: 'requested', lookedThrough: true, entries: [] });
    expect(onDisk(world)).toMatchObject({ kept: [], waiting: [expect.any(String)] });
    expect(certificates.importsWaiting(ctx)).toBe(false);
    expect(audit.list(ctx, { target: ['import', runs[0]!.id] }, (who) => who).map((entry) => entry.action)).toEqual([
      'import.requested',
    ]);
    await looked;
    expect(run()).toMatchObject({ state: 'requested', lookedThrough: false });
    expect(onDisk(world)).toEqual({ kept: [sent.sha256], waiting: [] });
    await certificates.runImports(world.ctx());
    expect(run()).toMatchObject({ state: 'done', totals: { added: 1 } });
  });

  test('hundreds of files are one run; the same one sent twice is kept once, and others go on meanwhile', async () => {
    const world = makeWorld();
    const ctx = world.person('verifier');
    const sent = await Promise.all(
      Array.from({ length: 300 }, (_, i) => arrived(world, `${i}.txt`, Buffer.from(`isi ${i % 299}`))),
    );
    const { runs, looked } = await certificates.receiveImport(ctx, { files: sent });
    let turns = 0;
    let going = true;
    const count = () => {
      turns += 1;
      if (going) setImmediate(count);
    };
    setImmediate(count);
    await looked;
    going = false;
    // Each file is looked through and kept in turns of its own; nothing takes all of them in one.
    expect(turns).toBeGreaterThan(300);
    expect(onDisk(world).kept).toHaveLength(299);
    expect(onDisk(world).waiting).toEqual([]);
    expect(world.db.$client.prepare('select count(*) from import_file').pluck().get()).toBe(300);
    await certificates.runImports(world.ctx());
    expect(certificates.importRun(ctx, runs[0]!.id).totals.no_certificate).toBe(300);
  });

  test('a sheet that holds a private key ends as a run of its own, beside a clean one; nothing of it is kept', async () => {
    const world = makeWorld();
    const ctx = world.person('verifier');
    const clean = Buffer.from('Nama;Nomor Seri\nANI;77AA');
    const runs = await certificates.requestImport(ctx, {
      files: [
        await arrived(world, 'kunci.csv', Buffer.from(`Nama;Nomor Seri\nANI;77AA\n${key}`)),
        await arrived(world, 'daftar.csv', clean),
        { name: 'tempel.pem', bytes: Buffer.from(key) },
      ],
    });
    expect(runs).toHaveLength(3);
    const seen = runs.map((run) => certificates.importRun(ctx, run.id));
    expect(seen.map((run) => [run.name, run.kind, run.state, run.refusedKeys])).toEqual([
      ['tempel.pem', 'certificates', 'done', 1],
      ['kunci.csv', 'certificates', 'done', 1],
      ['daftar.csv', 'certificate_sheet', 'requested', 0],
    ]);
    expect(certificates.sheetPreview(ctx, runs[1]!.id)).toBeNull();
    expect(onDisk(world).waiting).toEqual([]);
    expect(onDisk(world).kept).toHaveLength(1);
    expect(world.db.$client.serialize().includes('PRIVATE KEY')).toBe(false);
  });
});

describe('when it cannot be kept', () => {
  test('the run says so, nothing lies about, and whoever does not wait is not brought down', async () => {
    const world = makeWorld();
    const ctx = world.person('verifier');
    const sent = await arrived(world, 'sri.cer', leaf('SRI'));
    // A file where a folder of the store should be: what a damaged disk may show.
    mkdirSync(path.join(world.dir, 'files'), { recursive: true });
    writeFileSync(path.join(world.dir, 'files', sent.sha256.slice(0, 2)), '');
    const { runs, looked } = await certificates.receiveImport(ctx, { files: [sent] });
    await expect(looked).rejects.toThrow(/E(XIST|NOTDIR)/);
    expect(certificates.importRun(ctx, runs[0]!.id)).toMatchObject({
      state: 'failed',
      message: expect.stringContaining('Beri tahu administrator'),
    });
    expect(onDisk(world).waiting).toEqual([]);
    expect(certificates.importsWaiting(ctx)).toBe(false);
  });

  test('the agency is unknown: no run, and what arrived is gone', async () => {
    const world = makeWorld();
    const sent = await arrived(world, 'sri.cer', leaf('SRI'));
    const asked = certificates.receiveImport(world.person('verifier'), { files: [sent], agencyId: 'tidak-ada' });
    await expect(asked).rejects.toThrow('tidak ada dalam daftar');
    expect(onDisk(world)).toEqual({ kept: [], waiting: [] });
    expect(certificates.imports(world.ctx()).total).toBe(0);
  });

  test('the process died while it looked: within two minutes the run says that it must be sent again', async () => {
    const world = makeWorld();
    const ctx = world.person('verifier');
    const { runs, looked } = await certificates.receiveImport(ctx, {
      files: [await arrived(world, 'sri.cer', leaf('SRI'))],
    });
    // Given up before the look ends: what it keeps gets no row and the run stays as it was said to be.
    world.clock.advance(MINUTE);
    expect(certificates.importsWaiting(ctx)).toBe(false);
    world.clock.advance(MINUTE);
    expect(certificates.importsWaiting(ctx)).toBe(true);
    await certificates.runImports(world.ctx());
    await looked;
    expect(certificates.importRun(ctx, runs[0]!.id)).toMatchObject({
      state: 'failed',
      message: expect.stringContaining('Ulangi impor'),
      entries: [],
    });
    expect(world.db.$client.prepare('select count(*) from import_file').pluck().get()).toBe(0);
    expect(certificates.importsWaiting(ctx)).toBe(false);
  });
});
