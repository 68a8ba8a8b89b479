// A list that is confirmed again (304, or the same bytes) confirms all that rests on it, and nothing else, by one row.
import { expect, test } from 'vitest';
import { entry, list, office, urls } from '#tests/support/revocation-office.ts';
import { DAY, HOUR } from '../calendar.ts';
import * as certificates from '../certificates/index.ts';
import { connection } from '../db/index.ts';
import * as settings from '../settings/index.ts';

/** The instants that stand in a certificate, without what was confirmed since. */
const written = ({ world }: Office, serial: string) =>
  connection(world.db)
    .prepare('select confirmed_at as confirmedAt, fresh_until as freshUntil from certificate where serial = ?')
    .get(serial);
const objects = ({ world }: Office) =>
  connection(world.db).prepare('select evidence_id from evidence_freshness').pluck().all() as string[];
type Office = Awaited<ReturnType<typeof office>>;

test('a list that is confirmed keeps its certificates fresh without writing any of them', async () => {
  const made = await office(['4a01', '4a02']);
  const { world, ctx, net, sweep, state } = made;
  net.pages.set(urls.crl, list(world, [entry('4a02')], { nextUpdate: world.clock.at + 60 * DAY }));
  await sweep();
  const before = written(made, '4a01');
  for (let day = 0; day < 3; day++) {
    world.clock.advance(DAY);
    await sweep();
  }
  expect(written(made, '4a01')).toEqual(before);
  for (const serial of ['4a01', '4a02'])
    expect(state(serial)).toMatchObject({ confirmedAt: world.clock.at, freshUntil: world.clock.at + 48 * HOUR });
  const filters = [
    { labels: ['valid'] },
    { confirmed: 24, labels: ['valid'] },
    { labels: ['stale', 'ageing'] },
  ] as const;
  const shown = () => filters.map((filter) => certificates.list(ctx, filter).rows.map((row) => row.serial));
  expect(shown()).toEqual([['4a01'], ['4a01'], []]);
  expect(certificates.list(ctx, { labels: ['valid'] }).rows[0]!.confirmedAt).toBe(world.clock.at);
  expect(certificates.counts(ctx)).toMatchObject({ valid: 1, revoked: 1, ageing: 0 });
  // Nobody confirms it any more: it ages all the same.
  net.pages.delete(urls.crl);
  world.clock.advance(48 * HOUR + 1);
  await sweep();
  expect(shown()).toEqual([[], [], ['4a01']]);
  expect(certificates.counts(ctx)).toMatchObject({ valid: 0, revoked: 1, ageing: 1 });
});

test('a new certificate does not make the others be written, and all are confirmed alike', async () => {
  const made = await office(['4a01']);
  const { world, sweep, state, add } = made;
  await sweep();
  const before = written(made, '4a01');
  world.clock.advance(HOUR);
  await add('4a02');
  await sweep();
  expect(written(made, '4a01')).toEqual(before);
  for (const serial of ['4a01', '4a02']) expect(state(serial).confirmedAt).toBe(world.clock.at);
});

test('what is not crossed with a newer list keeps the last confirmation of the list that it rests on', async () => {
  const made = await office(['4a01', '4a02']);
  const { world, net, sweep, state, idOf } = made;
  await sweep();
  world.clock.advance(HOUR);
  await sweep();
  const confirmed = world.clock.at;
  const [old] = objects(made);
  expect(old).toBe(state('4a01').evidenceId);
  world.clock.advance(HOUR);
  connection(world.db).prepare("update certificate set chain = 'untrusted' where id = ?").run(idOf('4a02'));
  net.pages.set(urls.crl, list(world));
  await sweep();
  expect(state('4a01').evidenceId).not.toBe(old);
  expect(state('4a02')).toMatchObject({ evidenceId: old, confirmedAt: confirmed });
  expect(written(made, '4a02')).toMatchObject({ confirmedAt: confirmed });
  expect(objects(made)).not.toContain(old);
});

test('a list that may be a part of a whole confirms nothing alone any more, once another such list came', async () => {
  const [a, b] = ['http://ca.test/a.crl', 'http://ca.test/b.crl'];
  const made = await office(['4a01'], { extensions: { crlUrls: [a, b], ocspUrls: null } });
  const { world, net, sweep, state } = made;
  const nextUpdate = world.clock.at + 60 * DAY;
  net.pages.set(a, list(world, [], { scope: { url: a, reasons: [1, 2, 3] }, nextUpdate }));
  await sweep();
  world.clock.advance(HOUR);
  await sweep();
  expect(objects(made)).toEqual([state('4a01').evidenceId]);
  net.pages.set(b, list(world, [], { scope: { url: b, reasons: [4, 5, 6, 7, 8] }, nextUpdate }));
  await sweep();
  const together = world.clock.at;
  expect(state('4a01')).toMatchObject({ revocation: 'good', confirmedAt: together });
  expect(objects(made)).toEqual([]);
  net.pages.delete(b);
  world.clock.advance(HOUR);
  await sweep();
  expect(state('4a01')).toMatchObject({ revocation: 'good', confirmedAt: together });
  expect(objects(made)).toEqual([]);
});

test('a policy that was made stricter shortens what is fresh at the next confirmation', async () => {
  const { world, net, sweep, state } = await office(['4a01']);
  net.pages.set(urls.crl, list(world, [], { nextUpdate: world.clock.at + 60 * DAY }));
  await sweep();
  const administrator = world.person('administrator');
  for (const hours of [24, 12]) {
    const policy = settings.get(administrator, 'freshness');
    settings.set(administrator, 'freshness', { ...policy, leafCrlHours: hours }, { source: 'uji' });
    world.clock.advance(HOUR);
    await sweep();
    expect(state('4a01').freshUntil).toBe(world.clock.at + hours * HOUR);
  }
});
