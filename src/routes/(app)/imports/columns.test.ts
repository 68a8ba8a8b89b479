// The list of imports, the ledger and the entries say one number for one thing.
import { generateKeyPairSync } from 'node:crypto';
import { expect, test } from 'vitest';
import { makeIntermediate, makeLeaf, makeRoot } from '../../../bin/demo/ca.ts';
import { pem } from '#tests/support/pem.ts';
import { makeWorld, NOW } from '#tests/support/world.ts';
import * as certificates from '#lib/server/certificates/index.ts';
import { importResults, importShown, importStates, type ImportState } from '#lib/terms.ts';
import { columns, onlyAuthorities, results, shownState, stateOf } from './columns.ts';

test('the columns hold every result of an entry exactly once', () => {
  const all = Object.keys(importResults).filter((one) => one !== 'absent');
  expect(columns.flatMap(({ of }) => of).toSorted()).toEqual(all.toSorted());
  expect(results.toSorted()).toEqual(all.toSorted());
});

test('the columns of an import of mixed files add up to its entries, also what held no certificate', async () => {
  const ctx = makeWorld().ctx();
  const bytes = (text: string) => Buffer.from(text);
  const files = [
    { name: 'catatan.txt', bytes: bytes('tidak ada apa-apa di sini') },
    { name: 'rusak.cer', bytes: bytes('-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----') },
    { name: 'lain.txt', bytes: bytes('juga tidak') },
  ];
  const { id } = await certificates.importFiles(ctx, { name: '3 berkas', files });
  const [run] = certificates.imports(ctx).rows;
  const counted = columns.map(({ of }) => of.reduce((all, one) => all + run!.results[one], 0));
  expect(counted.reduce((a, b) => a + b)).toBe(certificates.importLedger(ctx, id).length);
  expect(run!.results.no_certificate).toBe(2);
  expect(counted).toEqual([0, 0, 0, 3]);
});

test('an import is shown as a success only when it took something in', async () => {
  const world = makeWorld();
  const imported = async (name: string, text: string) => {
    world.clock.advance(1000);
    await certificates.importFile(world.ctx(), { name, bytes: Buffer.from(text) });
    const run = certificates.imports(world.ctx()).rows[0]!;
    const state = shownState(run);
    const { tone, word } = importShown[state];
    // Filter, counts and search say of it what the badge says.
    expect(certificates.imports(world.ctx(), { state }).rows.map(({ id }) => id)).toContain(run.id);
    for (const other of Object.keys(importShown) as ImportState[])
      if (other !== state)
        expect(certificates.imports(world.ctx(), { state: other }).rows.map(({ id }) => id)).not.toContain(run.id);
    expect(certificates.imports(world.ctx(), { q: `${run.number} ${word}` }).total).toBe(1);
    return [tone, word];
  };
  const key = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const list = 'Nama;Nomor Seri;Berlaku Sampai\nSri;0xab;1/1/2028';
  expect(await imported('kunci.pem', key)).toEqual(['warn', 'Selesai, tidak ada yang masuk']);
  expect(await imported('catatan.txt', 'tidak ada apa-apa')).toEqual(['warn', 'Selesai, tidak ada yang masuk']);
  expect(await imported('daftar.csv', list)).toEqual(['ok', 'Selesai']);
  expect(await imported('daftar.csv', list)).toEqual(['mute', 'Selesai, tidak ada yang baru']);
  expect(await imported('daftar.csv', `${list}\nBudi;0xcd;1/1/2028`)).toEqual(['ok', 'Selesai']);
  expect(certificates.imports(world.ctx()).byState).toEqual({ done: 2, nothing: 2, known: 1 });
});

test('an import that is not done is in its own state, whatever was taken so far', () => {
  const nothing = Object.fromEntries(results.map((one) => [one, 0])) as Record<(typeof results)[number], number>;
  expect(stateOf({ state: 'running', results: nothing })).toBe(importStates.running);
  expect(stateOf({ state: 'voided', results: nothing })).toBe(importStates.voided);
});

test('an entry of CA certificates alone says so; what holds a record leads to it', async () => {
  const ctx = makeWorld().ctx();
  const life = { notBefore: NOW - 1e10, notAfter: NOW + 1e10 };
  const root = makeRoot(life);
  const middle = makeIntermediate(root, life);
  const leaf = makeLeaf(middle, { commonName: 'SRI', ...life });
  const text = (...ders: Buffer[]) => Buffer.from(ders.map((der) => pem(der)).join(''));
  const { id } = await certificates.importFiles(ctx, {
    name: '3 berkas',
    files: [
      { name: 'ca.pem', bytes: text(root.certificate, middle.certificate) },
      { name: 'semua.pem', bytes: text(leaf, middle.certificate) },
      { name: 'kosong.txt', bytes: Buffer.from('tidak ada') },
    ],
  });
  const entries = certificates.importLedger(ctx, id);
  expect(entries.map((entry) => [entry.name, onlyAuthorities(entry)])).toEqual([
    ['ca.pem', 2],
    ['semua.pem', 0],
    ['kosong.txt', 0],
  ]);
});
