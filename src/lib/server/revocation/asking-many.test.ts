// An estate whose certificates only OCSP can speak about: a sweep goes on asking until nothing is due, its time is over or
// something else waits for it, so that all come round before their answers are over (certificate-status §6).
import { X509Certificate } from 'node:crypto';
import { afterEach, expect, test, vi } from 'vitest';
import * as ca from '../../../bin/demo/ca.ts';
import { issuer, office, urls } from '#tests/support/revocation-office.ts';
import { NOW } from '#tests/support/world.ts';
import { DAY, HOUR, MINUTE } from '../calendar.ts';
import * as certificates from '../certificates/index.ts';
import type { Outbound } from '../outbound/index.ts';
import { ASKING_LASTS } from './asking-due.ts';
import * as revocation from './index.ts';

afterEach(() => void vi.restoreAllMocks());

const MANY = 230;
const serials = Array.from({ length: MANY }, (_, i) => (0x5000 + i).toString(16));

/** @param usable whether its responder knows them */
async function responding(usable: boolean) {
  const made = await office([]);
  const leaf = (serial: string) =>
    ca.makeLeaf(issuer, {
      notBefore: NOW - 100 * DAY,
      serial,
      commonName: `ORANG ${serial}`,
      extensions: { ocspUrls: [urls.ocsp] },
    });
  const pem = serials.map((serial) => new X509Certificate(leaf(serial)).toString()).join('');
  await certificates.importFile(made.ctx, { name: 'semua.pem', bytes: Buffer.from(pem) });
  const asked: string[] = [];
  let [busy, most] = [0, 0];
  const outbound: Outbound = {
    ...made.net.outbound,
    fetchBounded: async (url, options = {}) => {
      if (!url.startsWith(urls.ocsp)) return made.net.outbound.fetchBounded(url, options);
      most = Math.max(most, ++busy);
      await new Promise((resolve) => setImmediate(resolve));
      busy -= 1;
      const [id] = ca.readOcspRequest(Buffer.from(decodeURIComponent(url.slice(urls.ocsp.length + 1)), 'base64')).ids;
      asked.push(id!.serial);
      const at = made.world.clock.at - 1000;
      const answers = [{ id: id!.der, status: 'good' as const, thisUpdate: at }];
      const body = usable
        ? ca.makeOcspResponse(issuer, { answers, producedAt: at, certificates: [] })
        : ca.makeOcspError(6);
      const base = { contentType: '', etag: null, lastModified: null, date: made.world.clock.at, retryAfter: null };
      return { ...base, status: 200, body, url, address: '192.0.2.1' };
    },
  };
  return { ...made, asked, outbound, most: () => most };
}

test('one sweep asks about all who are due, each once, two at a time at one host', async () => {
  const { ctx, world, outbound, asked, state, most } = await responding(true);
  expect(await revocation.sweep(ctx, { outbound, force: true })).toMatchObject({ questions: MANY });
  expect([...asked].sort()).toEqual(serials);
  expect(most()).toBe(2);
  expect(state(serials.at(-1)!).revocation).toBe('good');
  world.clock.advance(MINUTE);
  expect(await revocation.sweep(ctx, { outbound })).toMatchObject({ questions: 0 });
});

test('about whom the responder has nothing to say nobody asks again in the same sweep', async () => {
  const { ctx, outbound, asked } = await responding(false);
  await revocation.sweep(ctx, { outbound, force: true });
  expect([...asked].sort()).toEqual(serials);
});

test('two lanes at once ask about each once, and one of them alone asks the host', async () => {
  const { ctx, outbound, asked, most } = await responding(true);
  await revocation.sweep(ctx, { outbound, force: true, questions: 1 });
  await Promise.all([revocation.sweep(ctx, { outbound }), revocation.sweep(ctx, { outbound, lane: 'urgent' })]);
  expect([...asked].sort()).toEqual(serials);
  expect(most()).toBe(2);
});

test('it ends after a batch when its time is over, and the next sweep goes on', async () => {
  const { ctx, outbound, asked } = await responding(true);
  let at = 0;
  vi.spyOn(performance, 'now').mockImplementation(() => (at += ASKING_LASTS + 1));
  const first = await revocation.sweep(ctx, { outbound, force: true });
  expect(first.questions).toBe(200);
  vi.restoreAllMocks();
  expect(await revocation.sweep(ctx, { outbound })).toMatchObject({ questions: MANY - 200 });
  expect(new Set(asked).size).toBe(MANY);
});

test('it ends after a batch when a list is due', async () => {
  const { ctx, outbound, world } = await responding(true);
  const slow: Outbound = {
    ...outbound,
    fetchBounded: async (url, options) => {
      // The first question takes so long that the hour of the root's list is over.
      if (url.startsWith(urls.ocsp) && world.clock.at < began + HOUR) world.clock.advance(HOUR + MINUTE);
      return outbound.fetchBounded(url, options);
    },
  };
  const began = world.clock.at;
  const first = await revocation.sweep(ctx, { outbound: slow, force: true });
  expect(first.questions).toBe(200);
});
