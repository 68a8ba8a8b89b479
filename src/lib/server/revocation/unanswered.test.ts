// Responders that work and have nothing to say about some certificates (RFC 5019 §2.2.3): asked later, and never instead of others.
import { expect, test } from 'vitest';
import * as ca from '../../../bin/demo/ca.ts';
import { issuer, office, urls } from '#tests/support/revocation-office.ts';
import { DAY, HOUR, MINUTE } from '../calendar.ts';
import type { Outbound } from '../outbound/index.ts';
import * as revocation from './index.ts';

const serials = ['4a01', '4a02', '4a03'];

/** A responder that knows only some serials, and the serials that it was asked about. */
async function forgetful(known: readonly string[]) {
  const made = await office(serials, { extensions: { crlUrls: null } });
  const { world, ctx, net } = made;
  const asked: string[] = [];
  const outbound: Outbound = {
    ...net.outbound,
    fetchBounded: (url, options = {}) => {
      if (!url.startsWith(urls.ocsp)) return net.outbound.fetchBounded(url, options);
      const got = url.slice(urls.ocsp.length + 1);
      const question = ca.readOcspRequest(
        got ? Buffer.from(decodeURIComponent(got), 'base64') : Buffer.from(options.body!),
      );
      const [id] = question.ids;
      asked.push(id!.serial);
      const at = world.clock.at - 1000;
      const answers = [{ id: id!.der, status: 'good', thisUpdate: at } as const];
      const body = known.includes(id!.serial)
        ? ca.makeOcspResponse(issuer, { answers, producedAt: at, nonce: question.nonce, certificates: [] })
        : ca.makeOcspError(6);
      const base = { contentType: '', etag: null, lastModified: null, date: null, retryAfter: null };
      return Promise.resolve({ ...base, status: 200, body, url, address: '192.0.2.1' });
    },
  };
  const sweep = () => revocation.sweep(ctx, { outbound, lane: 'all', questions: 2 });
  return { ...made, asked, outbound, sweep };
}

test('they do not keep the others from being asked, and are asked again after pauses that grow', async () => {
  const { world, sweep, asked, state } = await forgetful(['4a03']);
  for (let i = 0; i < 4; i++) {
    await sweep();
    world.clock.advance(MINUTE);
  }
  expect(state('4a03').revocation).toBe('good');
  expect([...asked].sort()).toEqual(serials);
  // Never "revoked", never "unknown" by that.
  expect(state('4a01').label).toBe('never_checked');
  asked.length = 0;
  for (let i = 0; i < 24 * 12; i++) {
    world.clock.advance(5 * MINUTE);
    await sweep();
  }
  const times = asked.filter((serial) => serial === '4a01').length;
  expect(times).toBeGreaterThan(3);
  expect(times).toBeLessThan(14);
});

test('a person may ask all the same, and an answer ends the pause', async () => {
  const known = [...serials.slice(1)];
  const { world, ctx, sweep, asked, outbound, state } = await forgetful(known);
  await sweep();
  known.push('4a01');
  await sweep();
  expect(asked.filter((serial) => serial === '4a01')).toHaveLength(1);
  await revocation.checkNow(ctx, state('4a01').id, { outbound });
  expect(state('4a01').revocation).toBe('good');
  world.clock.advance(DAY + HOUR);
  asked.length = 0;
  await sweep();
  await sweep();
  expect(asked).toContain('4a01');
});

/** A responder whose answers about some serials are useless; the last serial is revoked. */
async function spoiled(poison: (id: Buffer, at: number) => Buffer) {
  const [a, b, ...others] = ['4a01', '4a02', '4a03', '4a04', '4a05', '4a06'];
  const made = await office([a!, b!, ...others], { extensions: { crlUrls: null } });
  const { world, ctx, net, state } = made;
  const outbound: Outbound = {
    ...net.outbound,
    fetchBounded: (url, options = {}) => {
      if (!url.startsWith(urls.ocsp)) return net.outbound.fetchBounded(url, options);
      const [id] = ca.readOcspRequest(Buffer.from(decodeURIComponent(url.slice(urls.ocsp.length + 1)), 'base64')).ids;
      const at = world.clock.at - 1000;
      const status = id!.serial === others.at(-1) ? { revokedAt: at - HOUR } : 'good';
      const answers = [{ id: id!.der, status, thisUpdate: at, nextUpdate: at + 2 * HOUR } as const];
      const body = [a, b].includes(id!.serial)
        ? poison(id!.der, at)
        : ca.makeOcspResponse(issuer, { answers, producedAt: at, certificates: [] });
      const base = { contentType: '', etag: null, lastModified: null, date: null, retryAfter: null };
      return Promise.resolve({ ...base, status: 200, body, url, address: '192.0.2.1' });
    },
  };
  for (let i = 0; i < 12; i++) {
    await revocation.sweep(ctx, { outbound });
    world.clock.advance(5 * MINUTE);
  }
  expect(others.map((serial) => state(serial).revocation)).toEqual(['good', 'good', 'good', 'revoked']);
  return { ...made, source: revocation.sources(ctx).find(({ kind }) => kind === 'ocsp')! };
}

test('two certificates with answers past their time do not silence their responder', async () => {
  const { source } = await spoiled((id, at) => {
    const old = at - 9 * DAY;
    const answers = [{ id, status: 'good', thisUpdate: old, nextUpdate: old + DAY } as const];
    return ca.makeOcspResponse(issuer, { answers, producedAt: old, certificates: [] });
  });
  expect(source.failures).toBe(0);
});

test('answers with a bad signature make their responder rest, and afterwards the others are asked first', async () => {
  await spoiled((id, at) => {
    const answers = [{ id, status: 'good', thisUpdate: at } as const];
    const bytes = ca.makeOcspResponse(issuer, { answers, producedAt: at, certificates: [] });
    bytes[bytes.length - 3]! ^= 1;
    return bytes;
  });
});
