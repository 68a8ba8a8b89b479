// "Not modified" is an answer to a condition (RFC 9110 §15.4.5): to a request that made none it confirms nothing.
import { expect, test } from 'vitest';
import { office, urls } from '#tests/support/revocation-office.ts';
import { HOUR } from '../calendar.ts';
import type { Outbound } from '../outbound/index.ts';
import * as revocation from './index.ts';

test('a 304 to a request without validators is a failure of the source and confirms nothing', async () => {
  const { world, ctx, net, state } = await office(['4a01']);
  let conditions = true;
  const server: Outbound = {
    ...net.outbound,
    // It names no ETag, so that the next request has no condition to make.
    fetchBounded: async (url, options = {}) => {
      const page = await net.outbound.fetchBounded(url, { ...options, etag: null });
      conditions = Boolean(options.etag ?? options.lastModified);
      return { ...page, etag: null, ...(world.clock.at > start ? { status: 304, body: Buffer.alloc(0) } : {}) };
    },
  };
  const start = world.clock.at;
  await revocation.sweep(ctx, { outbound: server, force: true });
  const { confirmedAt } = state('4a01');
  world.clock.advance(5 * HOUR);
  expect(await revocation.sweep(ctx, { outbound: server, force: true })).toMatchObject({ failed: 2, same: 0 });
  expect(conditions).toBe(false);
  expect(state('4a01')).toMatchObject({ revocation: 'good', confirmedAt });
  const source = revocation.sources(world.person('verifier')).find((one) => one.url === urls.crl)!;
  expect(source.failureText).toContain('304');
});
