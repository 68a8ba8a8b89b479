// A server whose clock ran far ahead for a while and was put back: nothing waits for an instant that was never real.
import { expect, test } from 'vitest';
import * as ca from '../../../bin/demo/ca.ts';
import { issuer, list, office, urls } from '#tests/support/revocation-office.ts';
import { DAY, HOUR, MINUTE } from '../calendar.ts';
import { OutboundError, type Outbound } from '../outbound/index.ts';
import * as revocation from './index.ts';

test('lists are asked again at once when the clock was put back, those that failed too', async () => {
  const broken = 'http://broken.test/ca.crl';
  const { world, ctx, net, sweep } = await office(['4a01'], { extensions: { crlUrls: [urls.crl, broken] } });
  await sweep();
  world.clock.advance(300 * DAY);
  await sweep();
  world.clock.advance(-300 * DAY + 2 * HOUR);
  net.asked.length = 0;
  net.pages.set(urls.crl, list(world));
  expect(revocation.sweepDue(ctx, 'all')).toBe(true);
  await revocation.sweep(ctx, { outbound: net.outbound, lane: 'all' });
  expect(net.asked).toEqual(expect.arrayContaining([urls.crl, urls.rootCrl, broken]));
  // Then they have their hours again.
  world.clock.advance(10 * MINUTE);
  expect(revocation.sweepDue(ctx, 'urgent')).toBe(false);
});

test('a certificate without lists is asked about again when the clock was put back', async () => {
  const { world, ctx, net, state } = await office(['4a01'], { extensions: { crlUrls: null } });
  const asked: string[] = [];
  let answers = true;
  const responder: Outbound = {
    ...net.outbound,
    fetchBounded: (url, options = {}) => {
      if (!url.startsWith(urls.ocsp)) return net.outbound.fetchBounded(url, options);
      asked.push(url);
      if (!answers) return Promise.reject(new OutboundError('connect', 'Server tidak dapat dijangkau.'));
      const at = world.clock.at - 1000;
      const body = ca.makeOcspResponse(issuer, {
        answers: [{ id: ca.certId(issuer, '4a01'), status: 'good', thisUpdate: at }],
        producedAt: at,
        certificates: [],
      });
      const base = { contentType: '', etag: null, lastModified: null, date: null, retryAfter: null };
      return Promise.resolve({ ...base, status: 200, body, url, address: '192.0.2.1' });
    },
  };
  const sweep = () => revocation.sweep(ctx, { outbound: responder, lane: 'all' });
  world.clock.advance(300 * DAY);
  answers = false;
  await sweep();
  world.clock.advance(-300 * DAY + 2 * HOUR);
  answers = true;
  asked.length = 0;
  await sweep();
  expect(asked).toHaveLength(1);
  expect(state('4a01').revocation).toBe('good');
});
