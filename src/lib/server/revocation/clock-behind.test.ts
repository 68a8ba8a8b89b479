// Our clock runs behind, so that what is new seems to lie in the future (certificate-status §8): that is no end-point's fault.
import { expect, test } from 'vitest';
import * as ca from '../../../bin/demo/ca.ts';
import { entry, issuer, list, office, root, urls } from '#tests/support/revocation-office.ts';
import { DAY, HOUR, MINUTE } from '../calendar.ts';
import * as monitoring from '../monitoring/index.ts';
import type { Outbound } from '../outbound/index.ts';
import { readClock } from './clock.ts';
import * as revocation from './index.ts';

const OTHER = 'http://lain.test/root.crl';
const BEHIND = 20 * MINUTE;

/** Two hosts that both say that we are twenty minutes behind; the CA publishes by its own clock. */
async function behind() {
  const made = await office(['4a01'], { extensions: { crlUrls: [urls.crl, OTHER] } });
  const { world, net, sweep } = made;
  const truth = () => world.clock.at + BEHIND - 1000;
  const publish = (entries: ca.RevokedEntry[] = []) => {
    const bytes = list(world, entries, { thisUpdate: truth(), nextUpdate: truth() + 2 * HOUR });
    net.pages.set(urls.crl, bytes);
    net.pages.set(OTHER, bytes);
  };
  net.pages.set(OTHER, net.pages.get(urls.crl)!);
  await sweep();
  for (const host of ['ca.test', 'lain.test']) net.skew.set(host, BEHIND);
  world.clock.advance(10 * MINUTE);
  return { ...made, publish };
}
const sourceOf = ({ ctx }: Awaited<ReturnType<typeof behind>>, url: string) =>
  revocation.sources(ctx).find((view) => view.url === url)!;
const alerts = ({ ctx }: Awaited<ReturnType<typeof behind>>) => {
  monitoring.review(ctx);
  return monitoring.list(ctx).rows.map(({ kind, url }) => (url ? `${kind} ${url}` : kind));
};

test('a list ahead of our clock is counted as the clock’s: no failure, no end-point alert, no growing pause', async () => {
  const made = await behind();
  const { ctx, world, net, state } = made;
  made.publish([entry('4a01')]);
  for (let i = 0; i < 30; i++) {
    await revocation.sweep(ctx, { outbound: net.outbound, lane: 'all' });
    world.clock.advance(5 * MINUTE);
    made.publish([entry('4a01')]);
    // There is no responder in this world: that one fails indeed.
    expect(alerts(made).filter((one) => one.startsWith('source') && !one.endsWith(urls.ocsp))).toEqual([]);
  }
  expect(revocation.clock(ctx).state).toBe('frozen');
  expect(alerts(made)).toContain('clock');
  for (const url of [urls.crl, OTHER]) {
    const view = sourceOf(made, url);
    expect(view).toMatchObject({ failures: 0, failedSince: null, failureCode: 'clock', waitsForClock: true });
    expect(view.failureText).toMatch(/jam server Siaga tidak cocok.*NTP/i);
    expect(view.attemptedAt).toBeGreaterThanOrEqual(world.clock.at - 5 * MINUTE);
  }
  const work = revocation.tasks(ctx).map(({ href }) => href);
  for (const url of [urls.crl, OTHER]) expect(work).not.toContain(`/sources/${sourceOf(made, url).id}`);
  expect(revocation.source(ctx, sourceOf(made, urls.crl).id).problem).toContain('NTP');
  expect(state('4a01').revocation).toBe('good');
  // Put right: it is taken with the next look, and nothing is left of it.
  world.clock.advance(BEHIND);
  net.skew.clear();
  await revocation.sweep(ctx, { outbound: net.outbound, lane: 'urgent' });
  await revocation.sweep(ctx, { outbound: net.outbound, lane: 'urgent' });
  expect(state('4a01').revocation).toBe('revoked');
  expect(sourceOf(made, urls.crl)).toMatchObject({ failures: 0, failureCode: null, waitsForClock: false });
  expect(alerts(made)).not.toContain('clock');
});

test('what was told of an end-point before the clock was known to be wrong ends without a word of recovery', async () => {
  const made = await behind();
  const { ctx, world, net } = made;
  net.skew.clear();
  made.publish();
  for (let i = 0; i < 2; i++) {
    await made.sweep();
    world.clock.advance(6 * MINUTE);
  }
  expect(alerts(made)).toContain(`source_failing ${OTHER}`);
  for (const host of ['ca.test', 'lain.test']) net.skew.set(host, BEHIND);
  made.publish();
  // The one that is asked first does not know yet what the other will say.
  for (let i = 0; i < 2; i++) await made.sweep();
  for (const url of [urls.crl, OTHER]) expect(alerts(made)).not.toContain(`source_failing ${url}`);
  expect(monitoring.list(ctx, { state: 'settled' }).rows.map(({ settledWhy }) => settledWhy)).not.toContain(
    'recovered',
  );
});

test('a list that lies ahead of a clock that the others confirm is its publisher’s fault, as is a server that fails meanwhile', async () => {
  const made = await behind();
  const { world, net } = made;
  net.skew.clear();
  made.publish();
  await made.sweep();
  world.clock.advance(6 * MINUTE);
  await made.sweep();
  expect(sourceOf(made, urls.crl)).toMatchObject({ failures: 2, failureCode: 'from_future', waitsForClock: false });
  for (const host of ['ca.test', 'lain.test']) net.skew.set(host, BEHIND);
  net.pages.delete(OTHER);
  net.pages.set(
    urls.rootCrl,
    ca.makeCrl(root, {
      entries: [],
      number: 2,
      thisUpdate: world.clock.at + BEHIND - 1000,
      nextUpdate: world.clock.at + DAY,
    }),
  );
  for (let i = 0; i < 2; i++) {
    world.clock.advance(12 * MINUTE);
    await made.sweep();
  }
  expect(sourceOf(made, OTHER).failures).toBeGreaterThan(2);
});

test('one host alone, whose time and whose CA’s signature agree, is believed so far that nothing is held against it', async () => {
  const made = await office(['4a01']);
  const { world, ctx, net } = made;
  await made.sweep();
  net.skew.set('ca.test', BEHIND);
  world.clock.advance(10 * MINUTE);
  net.pages.set(urls.crl, list(world, [], { thisUpdate: world.clock.at + BEHIND - 1000 }));
  await made.sweep();
  await made.sweep();
  expect(revocation.sources(ctx).find(({ url }) => url === urls.crl)).toMatchObject({
    failures: 0,
    failureCode: 'clock',
  });
});

test('a responder that answers ahead of our clock is not held to fail, and is asked no oftener than every five minutes', async () => {
  const { world, ctx, net, state } = await office(['4a01'], { extensions: { crlUrls: null } });
  const asked: number[] = [];
  const outbound: Outbound = {
    ...net.outbound,
    fetchBounded: (url, options = {}) => {
      if (!url.startsWith(urls.ocsp)) return net.outbound.fetchBounded(url, options);
      asked.push(world.clock.at);
      const at = world.clock.at + BEHIND - 1000;
      const answers = [{ id: ca.certId(issuer, '4a01'), status: 'good', thisUpdate: at } as const];
      const body = ca.makeOcspResponse(issuer, { answers, producedAt: at, certificates: [] });
      const base = { contentType: '', etag: null, lastModified: null, date: world.clock.at + BEHIND, retryAfter: null };
      return Promise.resolve({ ...base, status: 200, body, url, address: '192.0.2.1' });
    },
  };
  net.skew.set('ca.test', BEHIND);
  for (let i = 0; i < 60; i++) {
    await revocation.sweep(ctx, { outbound, lane: 'urgent' });
    world.clock.advance(MINUTE);
  }
  expect(revocation.sources(ctx).find(({ kind }) => kind === 'ocsp')).toMatchObject({
    failures: 0,
    failureCode: 'clock',
  });
  // Besides the certificate's own questions the clock watch asks one for the time while the host is alone.
  expect(asked.length).toBeLessThan(80);
  expect(state('4a01').revocation).not.toBe('good');
});

test('a check while changes are frozen says whether anything new came', async () => {
  const { world, ctx, net, sweep, ids } = await office(['4a01']);
  await sweep();
  world.clock.advance(30 * MINUTE);
  for (const host of ['satu.test', 'dua.test']) readClock(ctx, host, world.clock.at - 10 * MINUTE, [host]);
  const check = () => revocation.checkNow(world.person('handler'), ids[0]!, net);
  const { outcome, text } = await check();
  expect(outcome).toBe('frozen');
  expect(text).toMatch(/^Server tidak dapat dijangkau\..*CRL yang sudah dimiliki masih sama/);
  net.pages.set(urls.crl, list(world, [], { thisUpdate: world.clock.at - 20 * MINUTE }));
  expect((await check()).text).toMatch(/^Bukti diterima dan disimpan/);
});
