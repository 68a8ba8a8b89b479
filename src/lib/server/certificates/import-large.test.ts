// An import so large that records and chains come first, and their content is looked at by the job `lint` afterwards.
import { expect, test } from 'vitest';
import { makeWorld, NOW } from '#tests/support/world.ts';
import { makeIntermediate, makeLeaf, makeRoot } from '../../../bin/demo/ca.ts';
import { DAY } from '../calendar.ts';
import { zipStream } from '../zip.ts';
import * as certificates from './index.ts';

test('a very large import enters whole; what it leaves to jobs is what a small one finds itself', async () => {
  const ca = makeIntermediate(makeRoot({ notBefore: NOW - 900 * DAY, notAfter: NOW + 3000 * DAY }), {
    notBefore: NOW - 800 * DAY,
    notAfter: NOW + 2000 * DAY,
  });
  const leaf = (commonName: string, days: number) =>
    makeLeaf(ca, { commonName, notBefore: NOW - days * DAY, notAfter: NOW + 5000 * DAY });
  const leaves = [leaf('SATU', 9), leaf('DUA', 8)];
  const notes = (world: ReturnType<typeof makeWorld>) =>
    world.db.$client
      .prepare(
        `select c.common_name, p.rule from problem p join certificate c on c.id = p.certificate_id
          where p.ended_at is null order by 1, 2`,
      )
      .raw()
      .all();

  const small = makeWorld();
  for (const [i, bytes] of leaves.entries()) await certificates.importFile(small.ctx(), { name: `${i}.cer`, bytes });

  const large = makeWorld();
  const rest = Buffer.from('bukan sertifikat');
  const entries = function* () {
    for (const [i, bytes] of leaves.entries()) yield [{ name: `${i}.cer`, bytes }];
    for (let i = 0; i < 200; i++) yield Array.from({ length: 101 }, (_, k) => ({ name: `${i}-${k}.txt`, bytes: rest }));
  };
  const zip = Buffer.from(await new Response(zipStream(entries())).arrayBuffer());
  const { totals } = await certificates.importFile(large.ctx(), { name: 'besar.zip', bytes: zip });

  expect(totals).toMatchObject({ certificatesNew: 2, no_certificate: 20_200 });
  expect(notes(large)).toEqual([]);
  expect(certificates.lintWaiting(large.ctx())).toBe(true);
  expect(await certificates.lintRecords(large.ctx())).toBe(2);
  certificates.refreshRecords(large.ctx());
  expect(notes(large)).toEqual(notes(small));
  expect(notes(small).length).toBeGreaterThan(0);
});
