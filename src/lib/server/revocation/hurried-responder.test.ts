// Certificates of an open incident hurry, and keep nobody else from being asked about: least of all while their own responder is
// away, as it is likely to be when its CA is in trouble (certificate-status §6).
import { expect, test } from 'vitest';
import * as ca from '../../../bin/demo/ca.ts';
import { network, office, root } from '#tests/support/revocation-office.ts';
import { NOW } from '#tests/support/world.ts';
import { DAY, HOUR, MINUTE } from '../calendar.ts';
import * as certificates from '../certificates/index.ts';
import type { Outbound } from '../outbound/index.ts';
import * as revocation from './index.ts';

const life = { notBefore: NOW - 300 * DAY, notAfter: NOW + 1000 * DAY };
const other = ca.makeIntermediate(root, { ...life, key: ca.makeKey('p256'), subject: [[ca.OID.CN, 'CA LAIN']] });
const AWAY = 'http://jauh.test/ocsp';
const WELL = 'http://sehat.test/ocsp';
const only = (url: string) => ({ urls: undefined, extensions: { ocspUrls: [url] } });
/** So many are asked about in a sweep. */
const questions = 4;

/** As many hurry as a sweep asks about, one of another CA does not, or does too. */
async function troubled({ alsoOther }: { alsoOther: boolean }) {
  const made = await office(['4a01', '4a02', '4a03', '4a04'], only(AWAY));
  const { world, ctx, ids, idOf } = made;
  const leaf = { notBefore: NOW - 10 * DAY, serial: '7c01', commonName: 'A', ...only(WELL) };
  await certificates.importFile(ctx, { name: 'lain.cer', bytes: other.certificate });
  await certificates.importFile(ctx, { name: 'daun.cer', bytes: ca.makeLeaf(other, leaf) });
  await certificates.runChains(ctx);
  for (const id of alsoOther ? [...ids, idOf('7c01')] : ids)
    certificates.mark(ctx, id, 'open_incident', 'INS-2026-0001');
  const { outbound: dead } = network(world);
  const outbound: Outbound = {
    ...dead,
    fetchBounded: (url, options) => {
      if (!url.startsWith(WELL)) return dead.fetchBounded(url, options);
      const at = world.clock.at - 1000;
      const status = { revokedAt: at - HOUR, reason: 1 } as const;
      const answers = [{ id: ca.certId(other, '7c01'), status, thisUpdate: at }];
      const body = ca.makeOcspResponse(other, { answers, producedAt: at, certificates: [] });
      const base = { contentType: '', etag: null, lastModified: null, date: null, retryAfter: null };
      return Promise.resolve({ ...base, status: 200, body, url, address: '192.0.2.1' });
    },
  };
  for (let i = 0; i < 4; i++) {
    await revocation.sweep(ctx, { outbound, questions });
    world.clock.advance(5 * MINUTE);
  }
  return made.state('7c01').revocation;
}

test('another CA’s certificate is asked about although a whole sweep of them waits for a responder that is away', async () => {
  expect(await troubled({ alsoOther: false })).toBe('revoked');
});

test('so is one that hurries behind them', async () => {
  expect(await troubled({ alsoOther: true })).toBe('revoked');
});
