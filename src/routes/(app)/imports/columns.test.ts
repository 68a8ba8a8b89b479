// The list of imports, the ledger and the entries say one number for one thing.
import { expect, test } from 'vitest';
import { makeWorld } from '#tests/support/world.ts';
import * as certificates from '#lib/server/certificates/index.ts';
import { importResults } from '#lib/terms.ts';
import { columns, results } from './columns.ts';

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
