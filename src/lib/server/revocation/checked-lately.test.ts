// What a page tells of "Periksa sekarang" that it did not wait for: a host that accepts and never answers takes its time.
import { expect, test } from 'vitest';
import { list, office, urls } from '#tests/support/revocation-office.ts';
import { HOUR, MINUTE } from '../calendar.ts';
import { OutboundError } from '../outbound/index.ts';
import * as revocation from './index.ts';

test('that it goes on, then why it failed, until evidence confirms it again, to whoever may check', async () => {
  const { world, ids, net, sweep, ctx } = await office(['4a01', '4a02']);
  await sweep();
  const supervisor = world.person('supervisor');
  const [id, other] = [ids[0]!, ids[1]!];
  expect(revocation.checkOf(supervisor, id)).toBeNull();
  for (const url of net.pages.keys())
    net.pages.set(url, new OutboundError('timeout', 'Server tidak menjawab dalam 5 detik.'));
  revocation.requestCheck(supervisor, id);
  expect(revocation.checkOf(supervisor, id)).toMatchObject({ state: 'waiting', text: null });
  world.clock.advance(10 * MINUTE);
  await revocation.runRequests(ctx, { outbound: net.outbound });
  expect(revocation.checkOf(supervisor, id)).toMatchObject({
    state: 'failed',
    text: expect.stringMatching(/^Tidak berhasil diperiksa: .*tidak menjawab dalam 5 detik/),
  });
  expect(revocation.checkOf(world.person('verifier'), id)).toMatchObject({ state: 'failed' });
  expect(revocation.checkOf(supervisor, other)).toBeNull();
  expect(() => revocation.checkOf(world.person('auditor'), id)).toThrow();
  world.clock.advance(2 * HOUR);
  expect(revocation.checkOf(supervisor, id)).toMatchObject({ state: 'failed' });
  net.pages.set(urls.crl, list(world));
  await sweep();
  expect(revocation.checkOf(supervisor, id)).toBeNull();
  revocation.requestCheck(supervisor, id);
  world.clock.advance(2 * HOUR);
  expect(revocation.checkOf(supervisor, id)).toBeNull();
});

test('that it went well, for some minutes', async () => {
  const { world, ids, net, sweep, ctx } = await office(['4a01']);
  await sweep();
  const supervisor = world.person('supervisor');
  revocation.requestCheck(supervisor, ids[0]!);
  await revocation.runRequests(ctx, { outbound: net.outbound });
  expect(revocation.checkOf(supervisor, ids[0]!)).toMatchObject({ state: 'done' });
  world.clock.advance(6 * MINUTE);
  expect(revocation.checkOf(supervisor, ids[0]!)).toBeNull();
});

test('a failure of yesterday is no news', async () => {
  const { world, ids, net, ctx } = await office(['4a01']);
  net.pages.clear();
  const supervisor = world.person('supervisor');
  revocation.requestCheck(supervisor, ids[0]!);
  await revocation.runRequests(ctx, { outbound: net.outbound });
  world.clock.advance(23 * HOUR);
  expect(revocation.checkOf(supervisor, ids[0]!)).toMatchObject({ state: 'failed' });
  world.clock.advance(2 * HOUR);
  expect(revocation.checkOf(supervisor, ids[0]!)).toBeNull();
});
