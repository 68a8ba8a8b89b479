import { expect, test } from 'vitest';
import { office, urls } from '#tests/support/revocation-office.ts';
import { MINUTE } from '../calendar.ts';
import { connection } from '../db/index.ts';
import * as revocation from './index.ts';

test('of refused objects the newest thousand of a source stay; how many went and what they were stays in the trail', async () => {
  const { world, ctx, net, sweep } = await office(['4a01']);
  net.pages.set(urls.crl, Buffer.from('<title>Masuk ke jaringan</title>'));
  await sweep();
  const database = connection(world.db);
  const [sourceId, code] = database.prepare('select source_id, code from revocation_refused').raw().get() as string[];
  const insert = database.prepare(
    `insert into revocation_refused (id, source_id, kind, at, by, code, sha256, size, name) values (?, ?, 'crl', ?, 'jobs', ?, ?, 1, 'x')`,
  );
  for (let i = 0; i < 1700; i++) insert.run(`r${i}`, sourceId, world.clock.at - i * MINUTE - 1, code, 'a'.repeat(64));
  for (let i = 0; i < 3; i++) insert.run(`h${i}`, null, 1, code, 'b'.repeat(64));
  expect(await revocation.thinEvidence(ctx, { evidenceIds: [], instants: [] })).toMatchObject({ refused: 701 });
  const counts = database
    .prepare('select count(*) as n, min(at) as oldest from revocation_refused group by source_id order by n')
    .all();
  expect(counts).toEqual([
    { n: 3, oldest: 1 },
    { n: 1000, oldest: world.clock.at - 998 * MINUTE - 1 },
  ]);
  const told = database
    .prepare(
      "select json_extract(leaf, '$.details.count') from audit_entry where action = 'refused.forgotten' order by seq",
    )
    .pluck()
    .all();
  expect(told).toEqual([500, 201]);
  expect(await revocation.thinEvidence(ctx, { evidenceIds: [], instants: [] })).toMatchObject({ refused: 0 });
});
