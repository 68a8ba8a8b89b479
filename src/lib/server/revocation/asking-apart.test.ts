// A question about one certificate that ends in a fault of ours: nobody else's answer waits for it.
import { expect, test } from 'vitest';
import * as ca from '../../../bin/demo/ca.ts';
import { issuer, office } from '#tests/support/revocation-office.ts';
import { HOUR } from '../calendar.ts';
import type { Outbound } from '../outbound/index.ts';
import * as revocation from './index.ts';

const broken = 'http://rusak.test/ocsp';
const whole = 'http://utuh.test/ocsp';

/** Two certificates without lists; what is asked about the first ends in an exception, the second is revoked. */
async function apart() {
  const made = await office([]);
  const { world, ctx, net } = made;
  await made.add('4a01', { extensions: { crlUrls: null, ocspUrls: [broken] } });
  await made.add('4a02', { extensions: { crlUrls: null, ocspUrls: [whole] } });
  const outbound: Outbound = {
    ...net.outbound,
    fetchBounded: (url, options = {}) => {
      if (url.startsWith(broken)) return Promise.reject(new TypeError('galat uji'));
      if (!url.startsWith(whole)) return net.outbound.fetchBounded(url, options);
      const at = world.clock.at - 1000;
      const status = { revokedAt: at - HOUR, reason: 1 as const };
      const answers = [{ id: ca.certId(issuer, '4a02'), status, thisUpdate: at }];
      const body = ca.makeOcspResponse(issuer, { answers, producedAt: at, certificates: [] });
      const base = { contentType: '', etag: null, lastModified: null, date: world.clock.at, retryAfter: null };
      return Promise.resolve({ ...base, status: 200, body, url, address: '192.0.2.1' });
    },
  };
  return {
    ...made,
    sweep: (questions?: number) =>
      revocation.sweep(ctx, { outbound, force: true, ...(questions ? { questions } : {}) }),
  };
}

test('an exception about one certificate is told at the end, when the others were asked about and applied', async () => {
  const { sweep, state } = await apart();
  await expect(sweep()).rejects.toThrow('galat uji');
  expect(state('4a02').revocation).toBe('revoked');
});

test('whose question always fails is asked about after the others, also where one sweep asks few', async () => {
  const { sweep, state, world } = await apart();
  for (let asked = 0; asked < 2; asked++) {
    await sweep(1).catch(() => {});
    world.clock.advance(HOUR);
  }
  expect(state('4a02').revocation).toBe('revoked');
});
