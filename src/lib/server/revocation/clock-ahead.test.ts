// A sweep while our clock ran ahead (certificate-status §1, §8): nothing stays fresh until an instant that was never real.
import { expect, test } from 'vitest';
import { list, office, urls } from '#tests/support/revocation-office.ts';
import { DAY, HOUR, MINUTE } from '../calendar.ts';
import { connection } from '../db/index.ts';
import { readClock } from './clock.ts';
import * as revocation from './index.ts';

type Office = Awaited<ReturnType<typeof office>>;
const spans = ({ world }: Office) =>
  connection(world.db).prepare('select "from", "to" from revocation_confirmation').all() as {
    from: number;
    to: number;
  }[];

test('what was confirmed while our clock ran ahead is confirmed no longer once it is put right', async () => {
  const made = await office(['4a01']);
  const { world, net, sweep, state } = made;
  net.pages.set(urls.crl, list(world, [], { nextUpdate: world.clock.at + 60 * DAY }));
  world.clock.advance(30 * DAY);
  net.skew.set('ca.test', -30 * DAY);
  await sweep();
  await sweep();
  world.clock.advance(-30 * DAY + HOUR);
  net.skew.clear();
  await sweep();
  const limit = world.clock.at + 48 * HOUR;
  expect(state('4a01').revocation).toBe('good');
  expect(state('4a01').confirmedAt).toBeLessThanOrEqual(world.clock.at);
  expect(state('4a01').freshUntil).toBeLessThanOrEqual(limit);
  expect(spans(made).every(({ to }) => to <= world.clock.at)).toBe(true);
  // The server is down since: what is said of the past month stays so when that month is over.
  net.pages.delete(urls.crl);
  for (let day = 0; day < 31; day++) {
    world.clock.advance(DAY);
    await sweep();
  }
  expect(state('4a01').freshUntil).toBeLessThanOrEqual(limit);
});

test('a new list that comes while changes are frozen confirms nothing until a server confirms it', async () => {
  const made = await office(['4a01']);
  const { world, ctx, net, sweep, state } = made;
  await sweep();
  world.clock.advance(HOUR);
  const { length } = spans(made);
  const bytes = list(world, [], { thisUpdate: world.clock.at - 20 * MINUTE, nextUpdate: world.clock.at + 9 * DAY });
  for (const host of ['satu.test', 'dua.test']) readClock(ctx, host, world.clock.at - 10 * MINUTE, [host]);
  expect(revocation.clock(ctx).state).toBe('frozen');
  const carried = await revocation.addEvidence(world.person('verifier'), { name: 'baru.crl', bytes });
  expect(carried).toMatchObject({ accepted: true });
  expect(spans(made)).toHaveLength(length);
  world.clock.advance(MINUTE);
  for (const host of ['satu.test', 'dua.test']) readClock(ctx, host, world.clock.at, [host]);
  net.pages.delete(urls.crl);
  await sweep();
  expect(state('4a01')).toMatchObject({ revocation: 'good', confirmedAt: world.clock.at - 21 * MINUTE });
  net.pages.set(urls.crl, bytes);
  await sweep();
  expect(state('4a01').confirmedAt).toBe(world.clock.at);
});
