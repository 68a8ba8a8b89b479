// A large estate is counted by a census and walked along indexes, a small one live and sorted: both must say the same.
import { expect, test } from 'vitest';
import { makeWorld, NOW } from '#tests/support/world.ts';
import { DAY, HOUR } from '../calendar.ts';
import * as agencies from '../agencies/index.ts';
import { connection } from '../db/index.ts';
import { seedEstate } from '../../../bin/bench/estate.ts';
import { SORTS, type ListFilter } from './filter.ts';
import * as counting from './counting.ts';
import * as certificates from './index.ts';
import * as listing from './listing.ts';
import { viewOf } from './view.ts';

const FILTERS: ListFilter[] = [
  {},
  { labels: ['revoked', 'ca_revoked', 'on_hold'] },
  { labels: ['valid', 'superseded', 'expiring'], agency: 'DISDIK' },
  { labels: ['stale'], use: 'signature' },
  { labels: ['not_yet_valid'] },
  { labels: ['data_only'] },
  { agency: 'SETDA', exact: true },
  { agency: 'none' },
  { expiring: 30, withoutSuccessor: true },
  { expiring: 45 },
  { confirmed: 24 },
  { confirmed: 'none' },
  { holder: 'none' },
  { holder: 'any', key: 'RSA-2048' },
  { key: 'EC' },
  { eku: '1.3.6.1.5.5.7.3.4' },
  { issuer: 'none', source: 'sheet' },
  { mark: 'open_incident' },
  { problem: 'leaver_usable', severity: 'critical' },
  { importId: 'import-1' },
  { crl: 'http://crl.example/a.crl', q: 'sri' },
  { evidence: 'evidence-1' },
  { q: 'sri' },
  { q: 'sri handayani', labels: ['expired'] },
  { q: 'batam' },
  { q: '***' },
];

test('counts, choices and pages of a large estate are those of its rows', { timeout: 120_000 }, () => {
  const world = makeWorld();
  const system = world.ctx();
  seedEstate(system, { holders: 3000, certificates: 5300 });
  connection(system.db).exec(
    `update certificate set crl_urls = '["http://crl.example/a.crl"]', evidence_id = 'evidence-1' where rowid % 3 = 0;
     update certificate set evidence_id = 'evidence-' || (rowid % 5) where rowid % 3 <> 0 and confirmed_at is not null`,
  );
  const confirm = connection(system.db).prepare('insert into evidence_freshness values (?, ?, ?)');
  confirm.run('evidence-3', NOW - 3 * DAY, NOW - DAY);
  confirm.run('evidence-2', NOW - HOUR, NOW + DAY);
  const ctx = world.person('supervisor');
  FILTERS.push({ issuer: [...certificates.issuerNames(ctx).keys()][0]! });
  const officer = world.person('officer', { agencyId: agencies.get(ctx, 'DISDIK').id });
  const rows = (filter: ListFilter, expected: number) =>
    [...listing.chunks(ctx.db, filter, viewOf(ctx), expected, 3000)].flat().map((row) => row.id);

  for (const reader of [ctx, officer]) {
    const live = FILTERS.map((filter) => certificates.browse(reader, filter).counts);
    expect(certificates.countsDue(ctx)).toBe(true);
    expect(certificates.refreshCounts(system)).toBe(5300);
    expect(FILTERS.map((filter) => certificates.browse(reader, filter).counts)).toEqual(live);
    FILTERS.forEach((filter, i) => {
      const exact = listing.countUpTo(reader.db, filter, viewOf(reader), 10_000);
      expect([filter, live[i]!.total]).toEqual([filter, exact]);
      for (const name of ['use', 'mark'] as const) {
        for (const [value, n] of live[i]![name]) {
          const one = { ...filter, [name]: value };
          expect([one, n]).toEqual([one, listing.countUpTo(reader.db, one, viewOf(reader), 10_000)]);
        }
      }
    });
    connection(reader.db).prepare('delete from certificate_census').run();
  }

  for (const sort of SORTS) {
    const filter = { sort, descending: SORTS.indexOf(sort) % 2 === 1 };
    const [few, many] = [rows(filter, 10), rows(filter, Infinity)];
    expect([sort, new Set(few).size]).toEqual([sort, 5300]);
    expect([sort, many]).toEqual([sort, few]);
  }
  for (const descending of [false, true]) {
    const ages = [...listing.chunks(ctx.db, { sort: 'evidence', descending }, viewOf(ctx), Infinity, 3000)]
      .flat()
      .map((row) => row.confirmedAt ?? (descending ? Infinity : -Infinity));
    expect(ages).toEqual(ages.toSorted((a, b) => (descending ? a - b : b - a)));
  }
});

test('pages go forwards and back through every order, and a cursor of another order counts as none', () => {
  const world = makeWorld();
  seedEstate(world.ctx(), { holders: 40, certificates: 90 });
  const ctx = world.person('supervisor');
  connection(ctx.db).exec(
    `update certificate set evidence_id = 'evidence-' || rowid % 3 where confirmed_at is not null;
     insert into evidence_freshness values ('evidence-0', ${NOW - HOUR}, ${NOW}), ('evidence-1', ${NOW - 40 * DAY}, ${NOW})`,
  );
  for (const sort of SORTS) {
    const all = certificates.list(ctx, { sort, limit: 90 }).rows.map((row) => row.id);
    const ids = (page: listing.ListPage) => page.rows.map((row) => row.id);
    const first = certificates.list(ctx, { sort, limit: 40 });
    const second = certificates.list(ctx, { sort, limit: 40, after: first.next! });
    const third = certificates.list(ctx, { sort, limit: 40, after: second.next! });
    expect([...ids(first), ...ids(second), ...ids(third)]).toEqual(all);
    expect([first.prev, third.next]).toEqual([null, null]);
    expect(ids(certificates.list(ctx, { sort, limit: 40, before: third.prev! }))).toEqual(ids(second));
  }
  const { next } = certificates.list(ctx, { sort: 'agency', limit: 40 });
  expect(certificates.list(ctx, { sort: 'status', limit: 90, after: next! }).rows).toHaveLength(90);
});

test('counts of a small estate are never kept, and kept ones fall due when something happened', () => {
  const world = makeWorld();
  const system = world.ctx();
  seedEstate(system, { holders: 20, certificates: 40 });
  expect(certificates.countsDue(system)).toBe(false);
  expect(certificates.refreshCounts(system)).toBe(0);
  expect(certificates.countedAt(system)).toBeNull();
  const census = connection(system.db).prepare(
    'insert into certificate_census (id, taken_at, trail, rows) values (1, ?, 0, ?)',
  );
  census.run(NOW, Buffer.alloc(1));
  expect(counting.taken(system.db)).toMatchObject({ takenAt: NOW });
  expect(certificates.countsDue(system)).toBe(false);
  world.clock.advance(6 * 60_000);
  expect(certificates.countsDue(system)).toBe(true);
});
