// Successors in one pass say what asking about every certificate for itself says, and do so for thousands of one subject.
import { expect, test } from 'vitest';
import { certificateRow, holderRow } from '#tests/support/holdings.ts';
import { makeWorld, type World } from '#tests/support/world.ts';
import { DAY } from '../calendar.ts';
import { newId } from '../db/index.ts';
import { recordDecision, refreshSuccessors } from './successors.ts';

/** The rule as it is written, one certificate after the other: slow, and plain to check. */
function wanted(world: World): Map<string, string | null> {
  const latest = (decision: string) => `exists (select 1 from renewal_decision d
    where d.certificate_id = c.id and d.successor_id = o.id and d.decision = '${decision}'
      and not exists (select 1 from renewal_decision n where n.certificate_id = d.certificate_id
        and n.successor_id = d.successor_id and (n.at > d.at or (n.at = d.at and n.rowid > d.rowid))))`;
  const rows = world.db.$client
    .prepare(
      `select c.id, (select o.id from certificate o
          where o.use = c.use and o.id <> c.id and o.holder_id is c.holder_id
            and (c.holder_id is not null or (o.subject = c.subject and c.subject <> ''))
            and (o.not_before > c.not_before or (o.not_before = c.not_before and o.id > c.id))
            and o.fingerprint is not null and o.revocation not in ('revoked', 'on_hold')
            and o.chain <> 'bad_signature' and o.archived_at is null and not ${latest('rejected')}
          order by ${latest('confirmed')} desc, o.not_before desc, o.id desc limit 1) as "to" from certificate c`,
    )
    .all() as { id: string; to: string | null }[];
  return new Map(rows.map(({ id, to }) => [id, to]));
}

const said = (world: World) =>
  new Map(
    world.db.$client.prepare('select id, superseded_by_id from certificate').raw().all() as [string, string | null][],
  );

/** Park and Miller's: the same world each time. */
function dice(seed: number): (sides: number) => number {
  let state = seed;
  return (sides) => (state = (state * 48271) % 2147483647) % sides;
}

function mixed(world: World, roll: (sides: number) => number): string[] {
  const start = world.clock.at - 700 * DAY;
  const holders = [holderRow(world, 'Sri'), holderRow(world, 'Budi'), null, null];
  return Array.from({ length: 160 }, () =>
    certificateRow(world, 'NAMA', {
      holderId: holders[roll(4)]!,
      subject: ['CN=A', 'CN=B', ''][roll(3)]!,
      use: (['signature', 'document'] as const)[roll(2)]!,
      // Few days, so that many begin at the same instant.
      notBefore: roll(12) ? start + roll(9) * DAY : null,
      fileless: !roll(9),
      revocation: (['good', 'good', 'good', 'revoked', 'on_hold'] as const)[roll(5)]!,
      chain: roll(8) ? 'anchored' : 'bad_signature',
      ...(roll(10) ? {} : { archivedAt: start }),
    }),
  );
}

function decide(world: World, ids: readonly string[], roll: (sides: number) => number, times: number): void {
  for (let i = 0; i < times; i++) {
    recordDecision(world.db, {
      certificateId: ids[roll(ids.length)]!,
      successorId: ids[roll(ids.length)]!,
      decision: roll(2) ? 'confirmed' : 'rejected',
      why: 'uji',
      by: 'uji',
      at: world.clock.at + roll(3),
    });
  }
}

test.each([1, 2, 3])('every certificate gets the successor the rule names, decisions and all (%i)', (seed) => {
  const world = makeWorld();
  const roll = dice(seed * 7919);
  const ids = mixed(world, roll);
  decide(world, ids, roll, 1500);
  const first = refreshSuccessors(world.db, null);
  expect(said(world)).toEqual(wanted(world));
  expect(first.length).toBeGreaterThan(50);
  expect(new Set(first.map(({ to }) => to)).size).toBeGreaterThan(10);
  expect(refreshSuccessors(world.db, null)).toEqual([]);
  // One holder, then one subject: only theirs change.
  decide(world, ids, roll, 1500);
  const before = said(world);
  const right = wanted(world);
  const rows = world.db.$client.prepare('select id, holder_id as holder, subject from certificate').all() as {
    id: string;
    holder: string | null;
    subject: string;
  }[];
  const holder = rows.find((row) => row.holder !== null)!.holder!;
  refreshSuccessors(world.db, [holder]);
  refreshSuccessors(world.db, { subject: 'CN=A' });
  const after = said(world);
  for (const row of rows) {
    const touched = row.holder === holder || (row.holder === null && row.subject === 'CN=A');
    expect(after.get(row.id)).toBe((touched ? right : before).get(row.id));
  }
});

test('thousands of certificates of one subject, each with a decision, take one look each', { timeout: 60_000 }, () => {
  const world = makeWorld();
  const { $client } = world.db;
  const first = certificateRow(world, 'MESIN', { subject: 'CN=MESIN', notBefore: 1 });
  const columns = (
    $client.prepare("select name from pragma_table_info('certificate')").pluck().all() as string[]
  ).filter((name) => !['id', 'not_before', 'fingerprint'].includes(name));
  const der = (
    $client.prepare("select name from pragma_table_info('certificate_der')").pluck().all() as string[]
  ).filter((name) => name !== 'fingerprint');
  const copyDer = $client.prepare(
    `insert into certificate_der (fingerprint, ${der.join()}) select ?, ${der.join()} from certificate_der limit 1`,
  );
  const copy = $client.prepare(
    `insert into certificate (id, not_before, fingerprint, ${columns.join()})
     select ?, ?, ?, ${columns.join()} from certificate where id = ?`,
  );
  const COUNT = 6000;
  const ids = [first];
  $client.transaction(() => {
    for (let i = 2; i <= COUNT; i++) {
      const [id, fingerprint] = [newId(world.clock.at), i.toString(16).padStart(64, '0')];
      copyDer.run(fingerprint);
      copy.run(id, i, fingerprint, first);
      const pair = { certificateId: ids.at(-1)!, successorId: id, why: '', by: 'uji', at: world.clock.at };
      recordDecision(world.db, { ...pair, decision: i % 2 ? 'confirmed' : 'rejected' });
      ids.push(id);
    }
  })();
  const started = performance.now();
  refreshSuccessors(world.db, null);
  const took = performance.now() - started;
  const newest = ids.at(-1)!;
  const right = ids.map((id, i) => {
    if (i === COUNT - 1) return [id, null];
    // i counts from 0, certificates from 1: the pair with the next one was confirmed when that is odd.
    return [id, (i + 2) % 2 ? ids[i + 1] : i === COUNT - 2 ? null : newest];
  });
  expect([...said(world)].sort()).toEqual(right.sort());
  // Asking about each for itself takes minutes.
  expect(took).toBeLessThan(3000);
});
