// A server that goes back to an older list, or never leaves it, is a trouble of the server: what we hold stays what counts.
import { expect, test } from 'vitest';
import { entry, list, office, urls } from '#tests/support/revocation-office.ts';
import { HOUR } from '../calendar.ts';
import * as revocation from './index.ts';

test('an address that serves an older list than the one held is in trouble, and shows the dates of what counts', async () => {
  const { world, ctx, net, sweep, state } = await office(['4a01']);
  const older = list(world);
  net.pages.set(urls.crl, older);
  await sweep();
  world.clock.advance(HOUR);
  const newer = list(world, [entry('4a01')]);
  const { evidenceIds } = await revocation.addEvidence(world.person('verifier'), { name: 'baru.crl', bytes: newer });
  expect(state('4a01').revocation).toBe('revoked');
  const source = () => revocation.sources(ctx).find(({ url }) => url === urls.crl)!;
  const { confirmedAt } = source();
  const counts = { evidenceId: evidenceIds[0], thisUpdate: world.clock.at - 60_000 };
  for (const failures of [1, 2]) {
    world.clock.advance(HOUR);
    expect(await sweep()).toMatchObject({ refused: 1 });
    expect(source()).toMatchObject({ failures, failureCode: 'older_than_known', confirmedAt, ...counts });
  }
  expect(source().state).toBe('failing');
  net.pages.set(urls.crl, newer);
  world.clock.advance(HOUR);
  await sweep();
  expect(source()).toMatchObject({ failures: 0, state: 'ok', ...counts });
});

test('a list without a number does not make the numbers before it forgotten', async () => {
  const { world, ctx, net, sweep, state } = await office(['4a01']);
  const next = async (extra: Parameters<typeof list>[2], entries: Parameters<typeof list>[1] = []) => {
    world.clock.advance(HOUR);
    net.pages.set(urls.crl, list(world, entries, extra));
    return sweep();
  };
  await next({ number: 1n << 100n }, [entry('4a01', { reason: 6 })]);
  expect(await next({ number: null }, [entry('4a01', { reason: 6 })])).toMatchObject({ refused: 0 });
  // A greater number by its text, a smaller one by its value.
  for (const number of [0xff, (1n << 100n) - 1n]) {
    expect(await next({ number })).toMatchObject({ refused: 1 });
    expect(state('4a01').revocation).toBe('on_hold');
  }
  expect(revocation.sources(ctx).find(({ url }) => url === urls.crl)).toMatchObject({
    failureCode: 'number_lower',
  });
  expect(await next({ number: (1n << 100n) + 1n })).toMatchObject({ refused: 0 });
  expect(state('4a01').revocation).toBe('released');
  expect(revocation.signals(ctx)).toEqual([]);
  expect((await revocation.rederiveAll(ctx)).differences).toEqual([]);
});

test('the number held before a list without one is nobody else’s: other bytes with it are told, the same bytes again are not', async () => {
  const { world, ctx, net, sweep } = await office(['4a01']);
  world.clock.advance(HOUR);
  const at = { thisUpdate: world.clock.at - 1000 };
  const numbered = list(world, [], { ...at, number: 73 });
  const kinds = async (bytes: Buffer) => {
    net.pages.set(urls.crl, bytes);
    await sweep();
    return revocation.signals(ctx).map(({ kind }) => kind);
  };
  await kinds(numbered);
  expect(await kinds(list(world, [], { ...at, number: null }))).toEqual([]);
  expect(await kinds(numbered)).toEqual([]);
  await kinds(list(world, [], { ...at, number: null, nextUpdate: world.clock.at + 2 * HOUR }));
  expect(await kinds(list(world, [entry('4a02')], { ...at, number: 73 }))).toEqual(['same_number']);
});
