// One host alone, and our clock runs fast: the second witness is a responder that signs our nonce.
import { expect, test } from 'vitest';
import * as ca from '../../../bin/demo/ca.ts';
import { issuer, office, urls } from '#tests/support/revocation-office.ts';
import { MINUTE } from '../calendar.ts';
import type { Outbound } from '../outbound/index.ts';
import * as revocation from './index.ts';

/**
 * An office whose sources all lie on one host.
 * @param date how far the host's Date headers are from our clock; `signed`: its responder's; `live`: whether that signs nonces
 */
async function watched({ date, signed, live }: { date: number; signed: number; live: boolean }) {
  const { world, ctx, net } = await office(['4a01']);
  net.skew.set('ca.test', date);
  const asked: string[] = [];
  const outbound: Outbound = {
    ...net.outbound,
    fetchBounded: (url, options = {}) => {
      if (!url.startsWith(urls.ocsp)) return net.outbound.fetchBounded(url, options);
      asked.push(url);
      const at = world.clock.at + signed;
      const body = ca.makeOcspResponse(issuer, {
        answers: [{ id: ca.certId(issuer, '4a01'), status: 'good', thisUpdate: at - 1000 }],
        producedAt: at,
        certificates: [],
        nonce: live && options.body ? ca.readOcspRequest(Buffer.from(options.body)).nonce : null,
      });
      const base = { contentType: '', etag: null, lastModified: null, date: world.clock.at + date, retryAfter: null };
      return Promise.resolve({ ...base, status: 200, body, url, address: '192.0.2.1' });
    },
  };
  const sweep = () => revocation.sweep(ctx, { outbound, force: true });
  for (let i = 0; i < 4; i++) {
    await sweep();
    world.clock.advance(5 * MINUTE);
  }
  return { state: revocation.clock(ctx).state, asked };
}

test('a host and a responder that signs our nonce agree that we are ahead: frozen', async () => {
  expect((await watched({ date: -10 * MINUTE, signed: -10 * MINUTE, live: true })).state).toBe('frozen');
});

test('without the nonce an answer may be an old one, so that it proves nothing: a warning', async () => {
  const { state, asked } = await watched({ date: -10 * MINUTE, signed: -10 * MINUTE, live: false });
  expect(state).toBe('warn');
  expect(asked.length).toBeGreaterThan(0);
});

test('a host that lies about the time is contradicted by what the key signs: nothing is frozen', async () => {
  expect((await watched({ date: -180 * MINUTE, signed: 0, live: true })).state).toBe('ok');
  expect((await watched({ date: 180 * MINUTE, signed: 0, live: true })).state).toBe('ok');
});

test('while nobody doubts our clock no responder is asked for the time', async () => {
  expect((await watched({ date: 0, signed: 0, live: true })).asked).toEqual([]);
});
