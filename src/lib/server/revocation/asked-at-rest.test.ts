// Answers that are accepted and change nothing of what a certificate rests on: "unknown" beside a word that still stands, and
// whatever a wrong clock keeps from being applied. Asked again after the ordinary pause, never by every lane.
import { X509Certificate } from 'node:crypto';
import { expect, test } from 'vitest';
import * as ca from '../../../bin/demo/ca.ts';
import { issuer, office, urls } from '#tests/support/revocation-office.ts';
import { NOW } from '#tests/support/world.ts';
import { DAY, HOUR, MINUTE } from '../calendar.ts';
import * as certificates from '../certificates/index.ts';
import type { Outbound } from '../outbound/index.ts';
import { clockState } from './clock.ts';
import * as revocation from './index.ts';
import * as store from './store.ts';

const serials = Array.from({ length: 12 }, (_, i) => (0x5000 + i).toString(16));
/** Those about which the responder comes to say "unknown". */
const forgotten = serials.slice(0, 8);

/** Certificates without lists, answered about once as good five hours ago. */
async function answered() {
  const made = await office([]);
  const { world, ctx, net } = made;
  const leaf = (serial: string) =>
    ca.makeLeaf(issuer, {
      notBefore: NOW - 100 * DAY,
      serial,
      commonName: `ORANG ${serial}`,
      extensions: { ocspUrls: [urls.ocsp] },
    });
  const pem = serials.map((serial) => new X509Certificate(leaf(serial)).toString()).join('');
  await certificates.importFile(ctx, { name: 'semua.pem', bytes: Buffer.from(pem) });
  const says = { forgets: false, behind: 0 };
  const asked: string[] = [];
  const outbound: Outbound = {
    ...net.outbound,
    fetchBounded: (url, options = {}) => {
      if (!url.startsWith(urls.ocsp)) return net.outbound.fetchBounded(url, options);
      const got = url.slice(urls.ocsp.length + 1);
      const { ids, nonce } = ca.readOcspRequest(
        got ? Buffer.from(decodeURIComponent(got), 'base64') : Buffer.from(options.body!),
      );
      const [id] = ids;
      asked.push(id!.serial);
      const thisUpdate = world.clock.at - 1000 - says.behind;
      const status = says.forgets && forgotten.includes(id!.serial) ? 'unknown' : 'good';
      const answers = [{ id: id!.der, status, thisUpdate } as const];
      const body = ca.makeOcspResponse(issuer, { answers, producedAt: thisUpdate, nonce, certificates: [] });
      const date = world.clock.at - says.behind;
      const base = { contentType: '', etag: null, lastModified: null, date, retryAfter: null };
      return Promise.resolve({ ...base, status: 200, body, url, address: '192.0.2.1' });
    },
  };
  await revocation.sweep(ctx, { outbound, force: true });
  world.clock.advance(5 * HOUR);
  /** Whom a lane asks about, five minutes after the last. */
  const lane = async (questions?: number) => {
    world.clock.advance(5 * MINUTE);
    asked.length = 0;
    await revocation.sweep(ctx, { outbound, lane: 'urgent', ...(questions && { questions }) });
    return [...asked].sort();
  };
  return { ...made, says, lane };
}

test('about whom a responder comes to say "unknown", it is asked again within the hour, not by every lane', async () => {
  const { says, lane, state } = await answered();
  says.forgets = true;
  expect(await lane()).toEqual(serials);
  expect(state(forgotten[0]!).revocation).toBe('good');
  for (let i = 0; i < 10; i++) expect(await lane()).toEqual([]);
  const later = [...(await lane()), ...(await lane())];
  expect(later.sort()).toEqual(forgotten);
});

test('they keep nobody else who is due from being asked', async () => {
  const { says, lane } = await answered();
  says.forgets = true;
  const both = [...(await lane(forgotten.length)), ...(await lane(forgotten.length))];
  expect(both.sort()).toEqual(serials);
});

test('an incident that begins meanwhile waits for no pause, and is asked by every lane', async () => {
  const { says, lane, ctx, state } = await answered();
  says.forgets = true;
  await lane();
  await lane();
  const { id } = state(forgotten[0]!);
  certificates.mark(ctx, id, 'open_incident', 'INS-2026-0001');
  expect(await lane()).toEqual([forgotten[0]]);
  expect(await lane()).toEqual([forgotten[0]]);
});

test('while our clock is wrong the answers that are kept are not asked for again by every lane', async () => {
  const { says, lane, ctx, world } = await answered();
  says.behind = 20 * MINUTE;
  const doubt = () => {
    for (const host of ['a.example', 'b.example', 'c.example'])
      store.addReading(world.db, { host, tops: [host], at: world.clock.at, offset: -says.behind }, 0);
  };
  doubt();
  expect(clockState(ctx).state).toBe('frozen');
  expect(await lane()).toEqual(serials);
  for (let i = 0; i < 5; i++) {
    doubt();
    expect(await lane()).toEqual([]);
  }
});
