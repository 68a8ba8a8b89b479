// Whose word about the time can freeze changes of state: no single CA's, with however many hosts, responders and names.
import { expect, test } from 'vitest';
import * as ca from '../../../bin/demo/ca.ts';
import { entry, issuer, list, office, root, urls } from '#tests/support/revocation-office.ts';
import { NOW } from '#tests/support/world.ts';
import { DAY, MINUTE } from '../calendar.ts';
import * as certificates from '../certificates/index.ts';
import type { Outbound } from '../outbound/index.ts';
import * as revocation from './index.ts';

const OFF = -10 * MINUTE;

/** A certificate of a CA under the same root, whose lists lie at these addresses. */
async function withHostile({ ctx, net }: Awaited<ReturnType<typeof office>>, addresses: readonly string[]) {
  const life = { notBefore: NOW - 300 * DAY, notAfter: NOW + 1000 * DAY, key: ca.makeKey('p256') };
  const hostile = ca.makeIntermediate(root, { ...life, subject: [[ca.OID.CN, 'CA JAHAT']] });
  const leaf = ca.makeLeaf(hostile, {
    notBefore: NOW - 10 * DAY,
    serial: '7c01',
    commonName: 'ORANG 7c01',
    extensions: { crlUrls: [...addresses] },
  });
  await certificates.importFile(ctx, { name: 'jahat.cer', bytes: hostile.certificate });
  await certificates.importFile(ctx, { name: 'daun.cer', bytes: leaf });
  await certificates.runChains(ctx);
  for (const url of addresses) net.skew.set(new URL(url).host, OFF);
  return hostile;
}

test.each(['rubbish', 'lists'])('a CA whose many hosts give %s freezes nobody else', async (what) => {
  const made = await office(['4a01']);
  const { world, ctx, net, sweep, state } = made;
  const addresses = ['satu', 'dua', 'tiga'].map((host) => `http://${host}.jahat.test/ca.crl`);
  const hostile = await withHostile(made, addresses);
  const times = { thisUpdate: NOW - MINUTE, nextUpdate: NOW + DAY };
  const page = what === 'lists' ? ca.makeCrl(hostile, { entries: [], number: 1, ...times }) : Buffer.from('bukan CRL');
  for (const url of addresses) net.pages.set(url, page);
  await sweep();
  expect(revocation.clock(ctx).state).toBe('ok');
  world.clock.advance(MINUTE);
  net.pages.set(urls.crl, list(world, [entry('4a01')]));
  await sweep();
  expect(state('4a01').revocation).toBe('revoked');
});

test('a responder that signs a wrong time, on a wrong host, is contradicted by one other host', async () => {
  const responder = 'http://penjawab.test/ocsp';
  const { world, ctx, net, idOf } = await office(['4a01'], {
    extensions: { crlUrls: [urls.crl], ocspUrls: [responder] },
  });
  const outbound: Outbound = {
    ...net.outbound,
    fetchBounded: (url, options = {}) => {
      if (!url.startsWith(responder)) return net.outbound.fetchBounded(url, options);
      const at = world.clock.at + OFF;
      const body = ca.makeOcspResponse(issuer, {
        answers: [{ id: ca.certId(issuer, '4a01'), status: 'good', thisUpdate: at }],
        producedAt: at,
        certificates: [],
        nonce: options.body ? ca.readOcspRequest(Buffer.from(options.body)).nonce : null,
      });
      const base = { contentType: '', etag: null, lastModified: null, date: at, retryAfter: null };
      return Promise.resolve({ ...base, status: 200, body, url, address: '192.0.2.1' });
    },
  };
  await revocation.sweep(ctx, { outbound, force: true });
  world.clock.advance(MINUTE);
  expect(await revocation.checkNow(ctx, idOf('4a01'), { outbound })).toMatchObject({ outcome: 'confirmed' });
  expect(revocation.clock(ctx).state).toBe('ok');
});

test('two hosts that serve what CAs of ours signed, and agree that we are wrong, still freeze us', async () => {
  const made = await office(['4a01']);
  const { ctx, net, sweep } = made;
  const other = 'http://lain.test/ca.crl';
  const second = await withHostile(made, [other]);
  net.pages.set(other, ca.makeCrl(second, { entries: [], number: 1, thisUpdate: NOW - MINUTE, nextUpdate: NOW + DAY }));
  net.skew.set('ca.test', OFF);
  await sweep();
  expect(revocation.clock(ctx).state).toBe('frozen');
});

/** A CA certificate under the same root, of an organisation. */
const under = (organisation: string, commonName: string) =>
  ca.makeIntermediate(root, {
    notBefore: NOW - 300 * DAY,
    notAfter: NOW + 1000 * DAY,
    key: ca.makeKey('p256'),
    subject: [
      [ca.OID.O, organisation],
      [ca.OID.CN, commonName],
    ],
  });

test('an organisation has one vote about the time, however many keys and CA names its anchor gave it', async () => {
  const made = await office(['4a01']);
  const { world, ctx, net, sweep, state } = made;
  const times = { thisUpdate: NOW - MINUTE, nextUpdate: NOW + DAY };
  for (const [at, organisation] of ['PT Jahat', 'PT  JAHAT', 'pt jahat'].entries()) {
    const own = under(organisation, `CA JAHAT ${at}`);
    const url = `http://jahat${at}.test/ca.crl`;
    const leaf = ca.makeLeaf(own, {
      notBefore: NOW - 10 * DAY,
      serial: `7c0${at}`,
      commonName: `ORANG ${at}`,
      extensions: { crlUrls: [url] },
    });
    await certificates.importFile(ctx, { name: `jahat${at}.cer`, bytes: own.certificate });
    await certificates.importFile(ctx, { name: `daun${at}.cer`, bytes: leaf });
    net.pages.set(url, ca.makeCrl(own, { entries: [], number: 1, ...times }));
    net.skew.set(new URL(url).host, OFF);
  }
  await certificates.runChains(ctx);
  await sweep();
  expect(revocation.clock(ctx).state).toBe('ok');
  // Nor when nobody else was heard for an hour.
  world.clock.advance(2 * 60 * MINUTE);
  for (const url of [urls.crl, urls.rootCrl]) net.pages.delete(url);
  await sweep();
  expect(revocation.clock(ctx).state).toBe('warn');
  net.pages.set(urls.crl, list(world, [entry('4a01')]));
  await sweep();
  expect(state('4a01').revocation).toBe('revoked');
});
