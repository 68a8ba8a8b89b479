import { describe, expect, test } from 'vitest';
import { entry, list, office, urls } from '#tests/support/revocation-office.ts';
import { DAY, HOUR, MINUTE } from '../calendar.ts';
import { connection } from '../db/index.ts';
import * as notifications from '../notifications/index.ts';
import * as revocation from '../revocation/index.ts';
import * as monitoring from './index.ts';
import { listRung, weightOf } from './list-ladder.ts';

const START = Date.parse('2026-11-22T00:00:00Z');

describe('the ladder of a list', () => {
  const dated = { thisUpdate: START, nextUpdate: START + 100 * HOUR };
  test.each([
    [49, null],
    [50, 50],
    [79, 50],
    [80, 80],
    [95, 95],
    [99.9, 95],
    [100, 100],
    [100.5, 100],
    [101, 101],
    [124, 124],
  ])('after %d of 100 hours stands on rung %s', (hours, rung) => {
    expect(listRung(dated, START + hours * HOUR)).toBe(rung);
  });
  test('a list without an end is over at once', () => {
    expect(listRung({ thisUpdate: START, nextUpdate: null }, START)).toBe(100);
    expect(weightOf(100)).toEqual({ severity: 'serious', urgency: 'immediate' });
    expect(weightOf(50)).toEqual({ severity: 'info', urgency: 'digest' });
  });
});

const kinds = (ctx: Parameters<typeof monitoring.list>[0]) => monitoring.list(ctx).rows.map((row) => row.kind);

test('one failure is nothing, two are one alert for the end-point with what depends on it, and it ends by itself', async () => {
  const { world, ctx, net, sweep } = await office(['4a01', '4a02', '4a03']);
  await sweep();
  const supervisor = world.person('supervisor');
  const good = net.pages.get(urls.crl)!;
  net.pages.delete(urls.crl);
  await sweep();
  monitoring.review(ctx);
  expect(kinds(supervisor)).not.toContain('source_failing');
  // Whoever presses the button thrice saw one failure all the same.
  for (let i = 0; i < 3; i++) await sweep();
  monitoring.review(ctx);
  expect(kinds(supervisor)).not.toContain('source_failing');
  world.clock.advance(6 * MINUTE);
  await sweep();
  monitoring.review(ctx);
  monitoring.review(ctx);
  const [row] = monitoring.list(supervisor, { kind: 'source_failing' }).rows;
  expect(row!.sentence).toContain('3 sertifikat');
  expect(kinds(supervisor).filter((kind) => kind === 'source_failing')).toHaveLength(1);
  net.pages.set(urls.crl, good);
  await sweep();
  monitoring.review(ctx);
  expect(monitoring.list(supervisor, { kind: 'source_failing' }).rows).toEqual([]);
});

test('recovery is told once, to whoever was told of the failure', async () => {
  const { world, ctx, net, sweep } = await office(['4a01']);
  notifications.switchOn(world.person('administrator'), { from: 'siaga@a.example', replyTo: '', source: 'nota' }, []);
  world.person('supervisor');
  await sweep();
  const good = net.pages.get(urls.crl)!;
  net.pages.delete(urls.crl);
  await sweep();
  world.clock.advance(6 * MINUTE);
  await sweep();
  world.clock.advance(DAY);
  monitoring.digest(ctx);
  const subjects = () =>
    connection(world.db).prepare("select subject from message where subject like '%pulih%'").pluck().all() as string[];
  world.clock.advance(HOUR);
  net.pages.set(urls.crl, good);
  await sweep();
  monitoring.review(ctx);
  const told = subjects().length;
  expect(told).toBeGreaterThan(0);
  world.clock.advance(15 * MINUTE);
  monitoring.review(ctx);
  expect(subjects()).toHaveLength(told);
});

test('a list that is not replaced climbs its ladder, is told again every hour until somebody knows, and ends with a new one', async () => {
  const { world, ctx, net, sweep } = await office(['4a01']);
  net.pages.set(
    urls.crl,
    list(world, [], { thisUpdate: world.clock.at - MINUTE, nextUpdate: world.clock.at + 10 * HOUR }),
  );
  await sweep();
  const supervisor = world.person('supervisor');
  const ours = () => monitoring.list(supervisor).rows.filter((row) => row.url === urls.crl);
  const after = (hours: number) => {
    world.clock.advance(hours * HOUR);
    return monitoring.review(ctx);
  };
  expect(after(4).raised).toBe(0);
  after(1);
  expect(ours()).toMatchObject([{ kind: 'source_ageing', severity: 'info', detail: { rung: 50 } }]);
  after(4.6);
  expect(ours()).toMatchObject([{ kind: 'source_ageing', severity: 'serious', detail: { rung: 95 } }]);
  after(0.5);
  expect(ours()).toMatchObject([{ kind: 'source_stale', detail: { rung: 100 } }]);
  const { renewedAt, id } = ours()[0]!;
  after(1);
  expect(ours()[0]!.renewedAt).toBe(renewedAt + HOUR);
  monitoring.acknowledge(supervisor, id, 'sudah ditanyakan ke BSrE');
  after(1);
  expect(ours()).toEqual([]);
  net.pages.set(urls.crl, list(world));
  await sweep();
  monitoring.review(ctx);
  expect(monitoring.list(supervisor, { state: 'settled' }).rows.find((row) => row.id === id)?.settledWhy).toBe(
    'recovered',
  );
});

test('a clock that is wrong is an alert about the machine, and ends when it is right', async () => {
  const other = 'http://other.test/ca.crl';
  const { world, ctx, net, sweep } = await office(['4a01'], { extensions: { crlUrls: [urls.crl, other] } });
  net.pages.set(other, net.pages.get(urls.crl)!);
  await sweep();
  const supervisor = world.person('supervisor');
  for (const host of ['ca.test', 'other.test']) net.skew.set(host, -20 * MINUTE);
  world.clock.advance(HOUR);
  await sweep();
  monitoring.review(ctx);
  const [row] = monitoring.list(supervisor, { kind: 'clock' }).rows;
  expect(row).toMatchObject({ severity: 'critical', urgency: 'immediate', href: '/system' });
  expect(row!.sentence).toContain('dibekukan');
  expect(() => monitoring.settle(supervisor, row!.id, 'sudah saya lihat')).toThrow('selesai sendiri');
  net.skew.clear();
  world.clock.advance(10 * MINUTE);
  await revocation.sweep(ctx, { outbound: net.outbound, lane: 'urgent' });
  monitoring.review(ctx);
  expect(monitoring.list(supervisor, { kind: 'clock' }).rows).toEqual([]);
});

test('a revocation that was seen hurries the review, at most once a minute', async () => {
  const { world, ctx, net, sweep } = await office(['4a01', '4a02']);
  await sweep();
  const since = world.clock.at + 1;
  world.clock.advance(2 * MINUTE);
  expect(monitoring.newsWaiting(ctx, since)).toBe(false);
  net.pages.set(urls.crl, list(world, [entry('4a01', { revokedAt: world.clock.at - MINUTE })]));
  await sweep();
  expect(monitoring.newsWaiting(ctx, since)).toBe(true);
  monitoring.review(ctx);
  expect(kinds(world.person('supervisor'))).toContain('revoked');
  expect(monitoring.newsWaiting(ctx, world.clock.at)).toBe(false);
  world.clock.advance(2 * MINUTE);
  expect(monitoring.newsWaiting(ctx, world.clock.at - MINUTE)).toBe(false);
});

test('jobs are told to look when a source fails for the second time, and not before', async () => {
  const { world, ctx, net, sweep } = await office(['4a01']);
  await sweep();
  net.pages.delete(urls.crl);
  world.clock.advance(2 * MINUTE);
  const reviewed = world.clock.at;
  world.clock.advance(2 * MINUTE);
  await sweep();
  expect(monitoring.newsWaiting(ctx, reviewed)).toBe(false);
  world.clock.advance(6 * MINUTE);
  await sweep();
  expect(monitoring.newsWaiting(ctx, reviewed)).toBe(true);
  monitoring.review(ctx);
  expect(monitoring.newsWaiting(ctx, world.clock.at)).toBe(false);
});

test('alerts about sources are one kind to ask for: counted, listed and acknowledged together', async () => {
  const { world, ctx, net, sweep } = await office(['4a01']);
  await sweep();
  net.pages.delete(urls.crl);
  await sweep();
  world.clock.advance(6 * MINUTE);
  await sweep();
  monitoring.review(ctx);
  const supervisor = world.person('supervisor');
  const all = monitoring.list(supervisor).rows;
  const ours = monitoring.list(supervisor, { kind: 'sources' }).rows;
  expect(ours.length).toBeGreaterThan(0);
  expect(ours).toEqual(all.filter((row) => row.kind.startsWith('source_')));
  expect(monitoring.sourceAlerts(supervisor)).toBe(ours.length);
  const input = { reason: 'sedang ditanyakan ke BSrE', expected: ours.length };
  expect(monitoring.acknowledgeAll(supervisor, { kind: 'sources' }, input)).toBe(ours.length);
  expect(monitoring.sourceAlerts(supervisor)).toBe(0);
});

test('a list that shrank alerts also when it was carried by hand, once, under its issuer', async () => {
  const serials = Array.from({ length: 40 }, (_, i) => (0x4a01 + i).toString(16));
  const { world, ctx, net, sweep } = await office(serials);
  net.pages.set(
    urls.crl,
    list(
      world,
      serials.map((s) => entry(s)),
      { number: 1 },
    ),
  );
  await sweep();
  net.pages.delete(urls.crl);
  world.clock.advance(HOUR);
  const verifier = world.person('verifier');
  const given = { name: 'bsre.crl', bytes: list(world, [entry(serials[0]!)], { number: 2 }) };
  expect((await revocation.addEvidence(verifier, given)).accepted).toBe(true);
  monitoring.review(ctx);
  monitoring.review(ctx);
  const rows = monitoring.list(world.person('supervisor'), { kind: 'source_suspect' }).rows;
  expect(rows).toHaveLength(1);
  expect(rows[0]).toMatchObject({ severity: 'critical', urgency: 'immediate', authorityName: expect.any(String) });
  expect(rows[0]!.href).toBe(`/sources/signals/${rows[0]!.signalId}`);
});
