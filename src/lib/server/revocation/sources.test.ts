// Addresses come from what others signed: a hostile CA may name thousands, or hosts of our own network.
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { lastNumber, list, office, root, urls } from '#tests/support/revocation-office.ts';
import { NOW } from '#tests/support/world.ts';
import * as ca from '../../../bin/demo/ca.ts';
import { DAY } from '../calendar.ts';
import * as certificates from '../certificates/index.ts';
import { outbound } from '../outbound/index.ts';
import { ia5, retag, seq, tagged } from '../x509/der-writer.ts';
import * as revocation from './index.ts';

const freshest = (addresses: readonly string[]) => ({
  oid: '2.5.29.46',
  value: seq(...addresses.map((url) => seq(tagged(0, tagged(0, retag(0x86, ia5(url))))))),
});
const many = (what: string) => Array.from({ length: 2000 }, (_, i) => `http://ca.test/${what}${i}.crl`);

test('a list or a certificate that names thousands of addresses gets the first few asked', async () => {
  const { world, ctx, net, sweep, add } = await office(['4a01']);
  net.pages.set(urls.crl, list(world, [], { extra: [freshest(many('delta'))] }));
  await sweep();
  const asked = () => revocation.sources(ctx).map(({ url }) => url);
  expect(asked().filter((url) => url.includes('delta'))).toEqual(many('delta').slice(0, 8));
  await add('4a02', { extensions: { crlUrls: many('part'), ocspUrls: null } });
  revocation.findSources(ctx);
  expect(
    asked()
      .filter((url) => url.includes('part'))
      .sort(),
  ).toEqual(many('part').slice(0, 16).sort());
});

test('a list cannot make us knock at hosts of our own network', async () => {
  let knocks = 0;
  const inside = http.createServer((_, response) => response.end(String(++knocks)));
  await new Promise<void>((resolve) => inside.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void inside.close());
  const { port } = inside.address() as AddressInfo;
  const { world, ctx, net, sweep } = await office(['4a01']);
  const addresses = [`http://127.0.0.1:${port}/d.crl`, 'http://169.254.169.254/latest', 'http://[::1]/d.crl'];
  net.pages.set(urls.crl, list(world, [], { extra: [freshest(addresses)] }));
  await sweep();
  const real = {
    ...net.outbound,
    fetchBounded: (url: string, options = {}) =>
      addresses.includes(url) ? outbound.fetchBounded(url, options) : net.outbound.fetchBounded(url, options),
  };
  await revocation.sweep(ctx, { outbound: real, force: true });
  const rows = revocation.sources(ctx).filter(({ url }) => addresses.includes(url));
  expect(rows.map(({ failureCode }) => failureCode).sort()).toEqual([
    'refused_address',
    'refused_address',
    'refused_port',
  ]);
  expect(knocks).toBe(0);
});

test('only who may check, and jobs, derive what is asked', async () => {
  const { world } = await office(['4a01']);
  expect(() => revocation.findSources(world.person('officer'))).toThrow();
});

test('on the list of a root depends everything below all of its CAs, not what is below one of them', async () => {
  const { ctx } = await office(['4a01', '4a02']);
  revocation.findSources(ctx);
  const rootList = () => revocation.sources(ctx).find(({ url }) => url === urls.rootCrl)!;
  expect(rootList().certificates).toBe(2);
  const life = { notBefore: NOW - 400 * DAY, notAfter: NOW + 2000 * DAY };
  const other = ca.makeIntermediate(root, { key: ca.makeKey('p256'), ...life, urls });
  const leaf = ca.makeLeaf(other, { serial: '4a03', commonName: 'ORANG 4a03', notBefore: NOW - DAY, urls });
  await certificates.importFile(ctx, { name: 'other.cer', bytes: other.certificate });
  await certificates.importFile(ctx, { name: '4a03.cer', bytes: leaf });
  revocation.findSources(ctx);
  expect(rootList().certificates).toBe(3);
});

const DELTA = 'http://ca.test/delta.crl';
const shown = (ctx: Parameters<typeof revocation.sources>[0], address: string) =>
  revocation.source(ctx, revocation.sources(ctx).find(({ url }) => url === address)!.id);

test('on a delta depends who names it, and where only the complete list names it who depends on that', async () => {
  const { world, ctx, net, sweep, add } = await office(['4a01', '4a02', '4a03']);
  const own = 'http://ca.test/delta-sendiri.crl';
  await add('4a04', { extensions: { crlUrls: [urls.crl], extra: [freshest([own])] } });
  net.pages.set(urls.crl, list(world, [], { extra: [freshest([DELTA])] }));
  const base = lastNumber();
  await sweep();
  expect(shown(ctx, own)).toMatchObject({ certificates: 1, agenciesNaming: [{ n: 1 }], href: null });
  net.pages.set(DELTA, list(world, [], { deltaOf: base }));
  await sweep();
  expect([shown(ctx, urls.crl).certificates, shown(ctx, DELTA).certificates]).toEqual([4, 4]);
});

test('an indirect list is said to be signed by its own signer, not by the CA of the certificates', async () => {
  const { world, ctx, net, sweep, add } = await office(['4a01']);
  const life = { notBefore: NOW - 400 * DAY, notAfter: NOW + 2000 * DAY };
  const signer = ca.makeIntermediate(root, {
    ...life,
    key: ca.makeKey('p256'),
    subject: [[ca.OID.CN, 'PENERBIT CRL LAIN']],
  });
  await certificates.importFile(ctx, { name: 'lain.cer', bytes: signer.certificate });
  const address = 'http://lain.test/tidak-langsung.crl';
  const point = seq(tagged(0, tagged(0, ca.uriName(address))), tagged(2, tagged(4, signer.name)));
  await add('4a55', { extensions: { crlUrls: null, extra: [{ oid: '2.5.29.31', value: seq(point) }] } });
  await certificates.runChains(ctx);
  const times = { thisUpdate: world.clock.at - 1000, nextUpdate: world.clock.at + DAY };
  net.pages.set(address, ca.makeCrl(signer, { entries: [], number: 1, ...times, scope: { indirect: true } }));
  await sweep();
  const source = shown(ctx, address);
  expect(source.signedBy).toBe('PENERBIT CRL LAIN');
  expect(source.issuerName).not.toBe(source.signedBy);
  expect(shown(ctx, urls.crl).signedBy).toBe(source.issuerName);
  expect(revocation.evidence(ctx, source.evidenceId!).signer?.name).toBe('PENERBIT CRL LAIN');
});
