// What came in the first second is not held back by who lets us wait: a sweep crosses the lists of each issuer as they come.
import { afterEach, expect, test, vi } from 'vitest';
import { entry, list, office, urls } from '#tests/support/revocation-office.ts';
import { HOUR, MINUTE } from '../calendar.ts';
import type { Outbound } from '../outbound/index.ts';
import { Arriving, PATIENCE } from './arriving.ts';
import * as revocation from './index.ts';

afterEach(() => void vi.useRealTimers());

/** A sweep in which one address answers only when it is let, and an hour before which all was well. */
async function tarpit(url: string, serials: readonly string[] = ['4a01']) {
  const made = await office(serials);
  const { world, ctx, net, sweep, state } = made;
  await sweep();
  world.clock.advance(HOUR);
  net.pages.set(urls.crl, list(world, [entry('4a01')]));
  let let_ = () => {};
  const until = new Promise<void>((resolve) => (let_ = resolve));
  const outbound: Outbound = {
    ...net.outbound,
    fetchBounded: async (asked, options) => {
      if (asked === url) await until;
      return net.outbound.fetchBounded(asked, options);
    },
  };
  const sweeping = revocation.sweep(ctx, { outbound, force: true });
  return { ...made, sweeping, answer: () => let_(), revoked: () => state('4a01').revocation === 'revoked' };
}

test('a revocation counts while another CA’s server still keeps us waiting', async () => {
  const { sweeping, answer, revoked } = await tarpit(urls.rootCrl);
  await vi.waitFor(() => expect(revoked()).toBe(true));
  answer();
  expect(await sweeping).toMatchObject({ asked: 2, fresh: 1, revoked: 1 });
});

test('while our clock is doubted it waits until all were asked', async () => {
  const made = await office(['4a01']);
  const { world, ctx, net, sweep, state } = made;
  await sweep();
  world.clock.advance(3 * HOUR);
  net.pages.set(urls.crl, list(world, [entry('4a01')]));
  // The host of the list is the only one that was heard of late, and says that we are wrong.
  net.skew.set(new URL(urls.crl).host, -HOUR);
  let before: string | undefined;
  const outbound: Outbound = {
    ...net.outbound,
    fetchBounded: async (asked, options) => {
      const late = asked === urls.rootCrl;
      if (late) await new Promise((resolve) => setTimeout(resolve, 50));
      if (late) before = state('4a01').revocation;
      return net.outbound.fetchBounded(asked, options);
    },
  };
  await revocation.sweep(ctx, { outbound, force: true });
  expect(before).toBe('good');
});

test('an issuer is crossed once for all of its lists, and before the last where that keeps it waiting', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const crossed: string[] = [];
  const of = (issuerKey: string) => ({ issuerKey });
  const arriving = new Arriving([of('a'), of('a'), of('b'), of('b'), of('c')], async (key) => void crossed.push(key));
  arriving.came(of('a'), true);
  arriving.came(of('b'), true);
  arriving.came(of('c'), false);
  arriving.came(of('b'), true);
  expect(crossed).toEqual(['b']);
  vi.advanceTimersByTime(PATIENCE);
  expect(crossed).toEqual(['b', 'a']);
  // The last of them says nothing new.
  arriving.came(of('a'), false);
  await arriving.all();
  expect(crossed).toEqual(['b', 'a']);
});

test('what fails in between is told at the end, and nothing begins after it', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const lost = new Error('sewa hilang');
  let crossings = 0;
  const of = (issuerKey: string) => ({ issuerKey });
  const arriving = new Arriving([of('a'), of('a'), of('b'), of('b')], async () => {
    crossings += 1;
    throw lost;
  });
  arriving.came(of('a'), true);
  vi.advanceTimersByTime(PATIENCE);
  await expect(arriving.all()).rejects.toBe(lost);
  arriving.came(of('b'), true);
  arriving.stop();
  vi.advanceTimersByTime(PATIENCE);
  expect(crossings).toBe(1);
});

test('an issuer whose many lists come one after the other is crossed by one crossing at a time, with pauses between', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const sources = Array.from({ length: 60 }, () => ({ issuerKey: 'a' }));
  let [busy, most, begun, come, seen] = [0, 0, 0, 0, 0];
  const arriving = new Arriving(sources, async () => {
    begun += 1;
    most = Math.max(most, ++busy);
    seen = come;
    await new Promise((resolve) => setTimeout(resolve, 20_000));
    busy -= 1;
  });
  for (const source of sources) {
    come += 1;
    arriving.came(source, true);
    await vi.advanceTimersByTimeAsync(500);
  }
  const all = arriving.all();
  await vi.advanceTimersByTimeAsync(MINUTE);
  await all;
  expect({ most, busy, seen }).toEqual({ most: 1, busy: 0, seen: 60 });
  expect(begun).toBe(3);
});
