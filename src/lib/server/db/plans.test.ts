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

test('one certificate is found by its id, though SQLite counted when none rested on evidence', () => {
  const { db } = makeWorld();
  const add = db.$client.prepare(
    `insert into certificate (id, fingerprint, issuer, subject, common_name, use, chain, source, added_at, updated_at)
      values (:id, :id, '', '', '', 'signature', 'anchored', 'file', 1, 1)`,
  );
  const addDer = db.$client.prepare(`insert into certificate_der (fingerprint, der, stored_at) values (?, x'30', 1)`);
  for (let i = 0; i < 1000; i++) {
    addDer.run(`c${i}`);
    add.run({ id: `c${i}` });
  }
  const first = () =>
    (
      db.$client
        .prepare(
          `explain query plan select e.id from certificate c join authority a on a.id = c.authority_id
            join revocation_evidence e on e.id = c.evidence_id
            where c.id = ? and c.fingerprint is not null and c.chain = 'anchored' and e.kind = 'crl' and e.issuer_key <> a.key_sha256`,
        )
        .all('x') as { detail: string }[]
    )[0]!.detail;
  db.$client.exec('analyze');
  expect(first()).not.toContain('(id=?)');
  pinPlans(db.$client);
  expect(first()).toBe('SEARCH c USING INDEX sqlite_autoindex_certificate_1 (id=?)');
});

test('a start of a release that tells otherwise tells it; one that tells the same writes nothing', () => {
  const db = openDatabase(':memory:');
  migrate(db);
  const changes = db.$client.prepare('select total_changes()').pluck();
  const before = changes.get();
  migrate(db);
  expect(changes.get()).toBe(before);
  db.$client.exec("update sqlite_stat1 set stat = '1 1' where idx = 'certificate_by_chain'");
  migrate(db);
  expect(told(db.$client)).toContainEqual({
    tbl: 'certificate',
    idx: 'certificate_by_chain',
    stat: STATISTICS.certificate!.certificate_by_chain,
  });
  db.$client.close();
});
