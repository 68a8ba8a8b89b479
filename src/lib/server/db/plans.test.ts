import { expect, test } from 'vitest';
import { makeWorld } from '#tests/support/world.ts';
import { migrate, openDatabase } from './index.ts';
import { pinPlans } from './plans.ts';
import { STATISTICS } from './statistics.ts';

const told = (client: ReturnType<typeof makeWorld>['db']['$client']) =>
  client.prepare('select tbl, idx, stat from sqlite_stat1 order by tbl, idx').all();

test('of a table that the planner is told about it is told every index, and of no index that is not there', () => {
  const { db } = makeWorld();
  const there = db.$client
    .prepare(
      `select tbl_name || '.' || name from sqlite_schema where type = 'index' and tbl_name in (select value from json_each(?)) order by 1`,
    )
    .pluck()
    .all(JSON.stringify(Object.keys(STATISTICS)));
  const written = Object.entries(STATISTICS).flatMap(([table, indexes]) =>
    Object.keys(indexes).map((index) => `${table}.${index}`),
  );
  expect(written.sort()).toEqual(there);
  expect(told(db.$client)).toHaveLength(there.length);
});

test('what a database counted by itself is forgotten', () => {
  const db = openDatabase(':memory:');
  migrate(db);
  const before = told(db.$client);
  db.$client.exec('analyze');
  expect(told(db.$client)).not.toEqual(before);
  pinPlans(db.$client);
  expect(told(db.$client)).toEqual(before);
  expect(db.$client.prepare('select count(*) from sqlite_stat4').pluck().get()).toBe(0);
  db.$client.close();
});

test('one certificate is found by its id, whatever else is asked of it, though none rests on evidence yet', () => {
  const { db } = makeWorld();
  const plan = db.$client
    .prepare(
      `explain query plan select e.id from certificate c join revocation_evidence e on e.id = c.evidence_id
        where c.id = ? and c.fingerprint is not null and c.chain = 'anchored'`,
    )
    .all('x') as { detail: string }[];
  expect(plan[0]!.detail).toMatch(/SEARCH c USING (COVERING )?INDEX sqlite_autoindex_certificate_1 \(id=\?\)/);
});
