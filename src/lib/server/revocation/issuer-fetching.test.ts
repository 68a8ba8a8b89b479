import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import { makeWorld, NOW, type World } from '#tests/support/world.ts';
import * as ca from '../../../bin/demo/ca.ts';
import { DAY } from '../calendar.ts';
import * as certificates from '../certificates/index.ts';
import { outbound, OutboundError } from '../outbound/index.ts';
import * as settings from '../settings/index.ts';
import * as revocation from './index.ts';
import { perHost } from './per-host.ts';

const life = { notBefore: NOW - 400 * DAY, notAfter: NOW + 2000 * DAY };
const key = () => ca.makeKey('p256');
const pem = (der: Buffer, word = 'CERTIFICATE') =>
  Buffer.from(`-----BEGIN ${word}-----\n${der.toString('base64')}\n-----END ${word}-----\n`);

/** A local HTTP server that answers by path; counts what was asked. */
async function server() {
  const pages = new Map<string, Buffer | ((response: http.ServerResponse) => void)>();
  const asked: string[] = [];
  const listening = http.createServer((request, response) => {
    asked.push(request.url!);
    const page = pages.get(request.url!);
    if (!page) return response.writeHead(404).end();
    return typeof page === 'function' ? page(response) : response.end(page);
  });
  await new Promise<void>((ready) => listening.listen(0, '127.0.0.1', ready));
  onTestFinished(() => void listening.close());
  const { port } = listening.address() as AddressInfo;
  return { pages, asked, port, host: `127.0.0.1:${port}`, url: (path: string) => `http://127.0.0.1:${port}${path}` };
}

/** root ← middle (names the root's address) ← issuing (names the middle's) ← a leaf that names the issuing's. */
async function chainOf(world: World, site: Awaited<ReturnType<typeof server>>) {
  const root = ca.makeRoot({ key: key(), ...life });
  const named = (cn: string): ca.Dn => [
    [ca.OID.CN, cn],
    [ca.OID.C, 'ID'],
  ];
  const middle = ca.makeIntermediate(root, {
    key: key(),
    ...life,
    subject: named('CA TENGAH UJI'),
    extensions: { caIssuers: [site.url('/root.crt')], crlUrls: null },
  });
  const issuing = ca.makeIntermediate(middle, {
    key: key(),
    ...life,
    subject: named('CA PENERBIT UJI'),
    extensions: { caIssuers: [site.url('/middle.crt')], crlUrls: null },
  });
  const bytes = ca.makeLeaf(issuing, { notBefore: NOW - DAY, extensions: { caIssuers: [site.url('/issuing.crt')] } });
  await certificates.importFile(world.ctx(), { name: 'leaf.cer', bytes });
  site.pages.set('/root.crt', root.certificate);
  site.pages.set('/middle.crt', pem(middle.certificate));
  site.pages.set('/issuing.crt', issuing.certificate);
  const id = certificates.list(world.ctx()).rows[0]!.id;
  return { root, middle, issuing, id, chain: () => certificates.get(world.ctx(), id).chain };
}

/** The network of the tests is private; the office's allow list opens it, as for a server of its own. */
const reachable = (world: World, port: number) =>
  settings.set(world.person('administrator'), 'outboundAllow', [{ host: '127.0.0.1', port, why: 'uji', until: '' }], {
    source: 'uji',
  });
const allow = (world: World, host: string) =>
  revocation.decideHost(world.person('administrator'), { host, decision: 'allowed', reason: 'Server penerbit uji' });
const fetchIssuers = (world: World) => revocation.fetchIssuers(world.ctx(), { outbound });

describe('certificates of missing issuers', () => {
  test('nothing is fetched before a person with the right allowed the host; then the chain is followed to its root', async () => {
    const world = makeWorld();
    const site = await server();
    const { chain, root } = await chainOf(world, site);
    reachable(world, site.port);
    expect(revocation.issuerHosts(world.ctx())).toMatchObject([{ host: site.host, certificates: 1, open: false }]);
    expect(revocation.issuersDue(world.ctx())).toBe(false);
    await fetchIssuers(world);
    expect(site.asked).toEqual([]);
    expect(() =>
      revocation.decideHost(world.person('supervisor'), { host: site.host, decision: 'allowed', reason: 'x' }),
    ).toThrow('tidak memiliki hak');
    expect(() => revocation.decideHost(world.ctx(), { host: site.host, decision: 'allowed', reason: 'x' })).toThrow();
    allow(world, site.host);
    expect(revocation.issuersDue(world.ctx())).toBe(true);
    expect(await fetchIssuers(world)).toEqual({ asked: 3, found: 3 });
    expect(site.asked).toEqual(['/issuing.crt', '/middle.crt', '/root.crt']);
    await certificates.runChains(world.ctx());
    expect(chain()).toBe('untrusted');
    const kept = certificates.authorities(world.ctx());
    expect(kept.map(({ trust }) => trust).sort()).toEqual(['candidate', 'candidate', 'proposed']);
    expect(kept.find(({ trust }) => trust === 'proposed')?.origin).toContain('Diambil dari http');
    // Accepting the root is still a person's act, and completes the chain.
    const proposed = kept.find(({ trust }) => trust === 'proposed')!;
    const { fingerprint } = proposed;
    certificates.decideTrust(world.person('administrator'), proposed.id, {
      decision: 'accept',
      fingerprint,
      note: 'uji',
    });
    await certificates.runChains(world.ctx());
    expect(chain()).toBe('anchored');
    expect(root.certificate.length).toBeGreaterThan(0);
    site.asked.length = 0;
    expect(await fetchIssuers(world)).toEqual({ asked: 0, found: 0 });
    expect(site.asked).toEqual([]);
  });

  test('a host that is asked by two already is not asked by a third', async () => {
    const world = makeWorld();
    const site = await server();
    await chainOf(world, site);
    reachable(world, site.port);
    allow(world, site.host);
    const { promise, resolve } = Promise.withResolvers<void>();
    const sweep = perHost(
      ['a', 'b'],
      () => site.host,
      () => promise,
    );
    const fetching = fetchIssuers(world);
    await setTimeout(50);
    expect(site.asked).toEqual([]);
    resolve();
    await sweep;
    expect(await fetching).toEqual({ asked: 3, found: 3 });
  });

  test('a permission can be withdrawn, with a reason; the same decision twice is refused', async () => {
    const world = makeWorld();
    const site = await server();
    await chainOf(world, site);
    reachable(world, site.port);
    allow(world, site.host);
    expect(() => allow(world, site.host)).toThrow('sudah tercatat');
    const admin = world.person('administrator');
    expect(() => revocation.decideHost(admin, { host: site.host, decision: 'withdrawn', reason: ' ' })).toThrow(
      'periksa',
    );
    revocation.decideHost(admin, { host: site.host, decision: 'withdrawn', reason: 'Bukan milik penerbit' });
    await fetchIssuers(world);
    expect(site.asked).toEqual([]);
    expect(() => revocation.decideHost(admin, { host: 'elsewhere.test', decision: 'allowed', reason: 'x' })).toThrow(
      'tidak disebut',
    );
  });

  test('a host that is never asked cannot be allowed, says why, and shows no credentials; nothing is fetched', async () => {
    const world = makeWorld();
    const urls = [
      'http://127.0.0.1:4998/ca.crt',
      'http://169.254.169.254/latest',
      'http://LOCALHOST/ca.crt',
      'http://10.1.2.3/ca.crt',
      'http://[::1]/ca.crt',
      'http://user:rahasia@ca.contoh.example:8080/ca.crt',
      'http://user:rahasia@sandi.contoh.example/ca.crt',
      'http://ca.contoh.example/ca.crt',
    ];
    const root = ca.makeRoot({ key: key(), ...life });
    for (const url of urls) {
      const bytes = ca.makeLeaf(root, { notBefore: NOW - DAY, extensions: { caIssuers: [url] } });
      await certificates.importFile(world.ctx(), { name: 'leaf.cer', bytes });
    }
    const found = revocation.issuerHosts(world.ctx());
    expect(found.map(({ host, never }) => [host, never]).sort()).toEqual([
      ['10.1.2.3', expect.stringContaining('jaringan privat')],
      ['127.0.0.1:4998', expect.stringContaining('Port 4998 tidak diizinkan')],
      ['169.254.169.254', expect.stringContaining('link-local')],
      ['[::1]', expect.stringContaining('loopback')],
      ['ca.contoh.example', null],
      ['ca.contoh.example:8080', expect.stringContaining('sandi')],
      ['localhost', expect.stringContaining('loopback')],
      ['sandi.contoh.example', expect.stringContaining('sandi')],
    ]);
    expect(JSON.stringify(found)).not.toContain('rahasia');
    for (const { host, never } of found.filter((one) => one.never !== null)) {
      expect(() => allow(world, host)).toThrow(never!);
    }
    expect(revocation.issuersDue(world.ctx())).toBe(false);
  });

  test('a host that was allowed and is on the list of the office no more is refused by the network rules', async () => {
    const world = makeWorld();
    const site = await server();
    await chainOf(world, site);
    reachable(world, site.port);
    allow(world, site.host);
    settings.set(world.person('administrator'), 'outboundAllow', [], { source: 'uji' });
    await fetchIssuers(world);
    expect(site.asked).toEqual([]);
    const [host] = revocation.issuerHosts(world.ctx());
    expect(host).toMatchObject({ open: false, never: expect.stringContaining('Port') });
    expect(host?.urls[0]?.last).toMatchObject({ outcome: 'refused' });
    expect(host?.urls[0]?.last?.text).toMatch(/Port|alamat publik/);
  });

  test('a name that leads to a private address says so where it was allowed, with the entry that would open it', async () => {
    const world = makeWorld();
    const root = ca.makeRoot({ key: key(), ...life });
    const url = 'http://ca.dalam.example/ca.crt';
    const bytes = ca.makeLeaf(root, { notBefore: NOW - DAY, extensions: { caIssuers: [url] } });
    await certificates.importFile(world.ctx(), { name: 'leaf.cer', bytes });
    allow(world, 'ca.dalam.example');
    const hostOf = () => revocation.issuerHosts(world.ctx())[0]!;
    expect(hostOf().barred).toBeNull();
    const text = 'Alamat ca.dalam.example tidak boleh dihubungi (jaringan privat) karena bukan alamat publik.';
    const inside = { ...outbound, fetchBounded: () => Promise.reject(new OutboundError('refused_address', text)) };
    await revocation.fetchIssuers(world.ctx(), { outbound: inside });
    expect(hostOf()).toMatchObject({
      open: true,
      never: null,
      barred: { text, entry: { host: 'ca.dalam.example', port: 80 } },
    });
    // It waits, until an administrator lists the address: then it is asked at once.
    expect(revocation.issuersDue(world.ctx())).toBe(false);
    const entry = { host: 'ca.dalam.example', port: 80, why: 'CA dalam', until: '' };
    settings.set(world.person('administrator'), 'outboundAllow', [entry], { source: 'uji' });
    expect(hostOf().barred).toBeNull();
    expect(revocation.issuersDue(world.ctx())).toBe(true);
  });

  test('a host that only does not answer is not said to be refused', async () => {
    const world = makeWorld();
    const site = await server();
    await chainOf(world, site);
    reachable(world, site.port);
    allow(world, site.host);
    const down = { ...outbound, fetchBounded: () => Promise.reject(new OutboundError('timeout', 'Terlalu lama.')) };
    await revocation.fetchIssuers(world.ctx(), { outbound: down });
    expect(revocation.issuerHosts(world.ctx())[0]).toMatchObject({ open: true, barred: null });
  });

  const answers: [
    name: string,
    page: (stranger: ca.Authority) => Buffer | ((r: http.ServerResponse) => void),
    text: RegExp,
  ][] = [
    ['garbage', () => Buffer.from('<html>not found</html>'), /bukan sertifikat/],
    ['bytes that only begin like DER', () => Buffer.from('3082010030', 'hex'), /tidak memuat/],
    ['more than 64 kB', () => Buffer.alloc(70_000, 0x30), /besar/],
    ['a CA certificate that signed nothing of ours', (stranger) => stranger.certificate, /bukan penerbit yang dicari/],
    [
      'a private key',
      () => Buffer.concat([pem(ca.makeKey('p256').privateKey.export({ type: 'pkcs8', format: 'der' }), 'PRIVATE KEY')]),
      /kunci privat/,
    ],
    ['an archive', () => Buffer.from('PK\u0003\u0004xxxxxxxxxxxxxxxxxxxxxxxx'), /bukan sertifikat/],
    ['a redirect to a file', () => (r) => r.writeHead(302, { location: 'file:///etc/passwd' }).end(), /http/],
    [
      'a redirect to another host',
      () => (r) => r.writeHead(302, { location: 'http://10.0.0.1/x' }).end(),
      /belum diizinkan/,
    ],
  ];
  test.each(answers)('%s is refused and leaves nothing behind', async (_, page, text) => {
    const world = makeWorld();
    const site = await server();
    const { chain } = await chainOf(world, site);
    reachable(world, site.port);
    allow(world, site.host);
    site.pages.set('/issuing.crt', page(ca.makeRoot({ key: key(), ...life })));
    expect(await fetchIssuers(world)).toMatchObject({ asked: 1, found: 0 });
    expect(certificates.authorities(world.ctx())).toEqual([]);
    expect(chain()).toBe('incomplete');
    expect(revocation.issuerHosts(world.ctx())[0]?.urls[0]?.last?.text).toMatch(text);
    // It waits before it asks again.
    expect(revocation.issuersDue(world.ctx())).toBe(false);
  });

  test('CA certificates that name each other without end: at most four hops', async () => {
    const world = makeWorld();
    const site = await server();
    const [a, b] = [key(), key()];
    const dn = (cn: string): ca.Dn => [[ca.OID.CN, cn]];
    const forged = (cn: string, own: ca.Key, issuerName: string, issuerKey: ca.Key, at: string) => {
      const issuer = { name: ca.name(dn(issuerName)), key: issuerKey, keyId: ca.keyIdOf(issuerKey.spki) };
      const extensions = {
        basicConstraints: { ca: true },
        keyUsage: ['keyCertSign' as const],
        caIssuers: [site.url(at)],
      };
      const serial = ca.randomSerial();
      return ca.issue(issuer, { subject: dn(cn), spki: own.spki, ...life, serial, extensions });
    };
    let served = 0;
    for (let i = 0; i < 12; i++) {
      const even = i % 2 === 0;
      const bytes = even ? forged('A', a, 'B', b, `/${i + 1}`) : forged('B', b, 'A', a, `/${i + 1}`);
      site.pages.set(`/${i}`, (response) => {
        served += 1;
        response.end(bytes);
      });
    }
    const issuer = { certificate: Buffer.alloc(0), name: ca.name(dn('A')), key: a, keyId: ca.keyIdOf(a.spki) };
    const bytes = ca.makeLeaf(issuer, { notBefore: NOW - DAY, extensions: { caIssuers: [site.url('/0')] } });
    await certificates.importFile(world.ctx(), { name: 'leaf.cer', bytes });
    reachable(world, site.port);
    allow(world, site.host);
    await fetchIssuers(world);
    expect(served).toBeLessThanOrEqual(4);
    await certificates.runChains(world.ctx());
    expect(certificates.list(world.ctx()).rows[0]?.chain).toBe('incomplete');
  });
});
