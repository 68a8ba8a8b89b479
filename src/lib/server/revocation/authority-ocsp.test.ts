// A CA certificate that names a responder and no list: it is asked about as any certificate is, and what it answers counts.
import { expect, test } from 'vitest';
import * as ca from '../../../bin/demo/ca.ts';
import { network, office, root } from '#tests/support/revocation-office.ts';
import { NOW } from '#tests/support/world.ts';
import { DAY, HOUR } from '../calendar.ts';
import * as certificates from '../certificates/index.ts';
import { OutboundError, type Outbound } from '../outbound/index.ts';
import * as revocation from './index.ts';

const responder = 'http://akar.test/ocsp';
const lists = 'http://daring.test/ca.crl';
const life = { notBefore: NOW - 300 * DAY, notAfter: NOW + 1000 * DAY };
const online = ca.makeIntermediate(root, {
  ...life,
  key: ca.makeKey('p256'),
  serial: '0c57',
  subject: [[ca.OID.CN, 'CA DARING UJI']],
  extensions: { crlUrls: null, ocspUrls: [responder] },
});
const stranger = ca.makeRoot({ key: ca.makeKey('p256'), ...life, subject: [[ca.OID.CN, 'ORANG LAIN']] });

type Said = ca.OcspAnswer['status'] | 'down' | 'forged';

/** An office that holds 7e01 of such a CA; the responder says what `say` was told last. */
async function held() {
  const made = await office([]);
  const { world, ctx } = made;
  const net = network(world);
  await certificates.importFile(ctx, { name: 'daring.cer', bytes: online.certificate });
  const extensions = { crlUrls: [lists], ocspUrls: null };
  const leaf = ca.makeLeaf(online, { notBefore: NOW - 10 * DAY, serial: '7e01', commonName: 'ANI', extensions });
  await certificates.importFile(ctx, { name: '7e01.cer', bytes: leaf });
  let says: Said = 'good';
  let asked = 0;
  const outbound: Outbound = {
    ...net.outbound,
    fetchBounded: (url, options = {}) => {
      if (!url.startsWith(responder)) return net.outbound.fetchBounded(url, options);
      asked += 1;
      if (says === 'down') return Promise.reject(new OutboundError('connect', 'Server tidak dapat dijangkau.'));
      const at = world.clock.at - 1000;
      const status = says === 'forged' ? 'good' : says;
      const answers = [{ id: ca.certId(root, '0c57'), status, thisUpdate: at }];
      const signer = says === 'forged' ? stranger : root;
      const body = ca.makeOcspResponse(signer, { answers, producedAt: at, certificates: [] });
      const base = { contentType: '', etag: null, lastModified: null, date: world.clock.at, retryAfter: null };
      return Promise.resolve({ ...base, status: 200, body, url, address: '192.0.2.1' });
    },
  };
  let number = 0;
  const later = async (said: Said, ms = HOUR) => {
    says = said;
    world.clock.advance(ms);
    const [thisUpdate, nextUpdate] = [world.clock.at - 1000, world.clock.at + DAY];
    net.pages.set(lists, ca.makeCrl(online, { entries: [], number: ++number, thisUpdate, nextUpdate }));
    await revocation.sweep(ctx, { outbound, force: true });
    await certificates.runChains(ctx);
    return made.state('7e01').label;
  };
  return { ...made, later, questions: () => asked };
}

test('its responder says that it is not revoked: what it issued is in force, until the answer is a day old', async () => {
  const { later, ctx, questions, world } = await held();
  expect(await later('good')).toBe('valid');
  expect(await later('good', 2 * HOUR)).toBe('valid');
  expect(questions(), 'asked again only when four hours have gone by').toBe(1);
  const source = revocation.sources(ctx).find(({ url }) => url === responder)!;
  expect(source).toMatchObject({ kind: 'ocsp', certificates: 1, state: 'ok' });
  expect(revocation.evidence(ctx, source.evidenceId!).facts.length).toBeGreaterThan(3);
  expect(await later('down', 20 * HOUR)).toBe('valid');
  expect(await later('down', 4 * HOUR)).toBe('stale');
  expect(revocation.tasks(world.person('supervisor')).some(({ about }) => about.includes('1 sertifikat'))).toBe(true);
});

test('its responder says revoked, and what it issued is no longer believed; a later "good" takes nothing back', async () => {
  const { later } = await held();
  expect(await later('good')).toBe('valid');
  expect(await later({ revokedAt: NOW, reason: 2 }, 5 * HOUR)).toBe('ca_revoked');
  expect(await later('good', 5 * HOUR)).toBe('ca_revoked');
});

test('a hold of it ends with a newer answer', async () => {
  const { later } = await held();
  expect(await later({ revokedAt: NOW, reason: 6 })).toBe('ca_revoked');
  expect(await later('good', 2 * HOUR)).toBe('valid');
});

test('an answer that somebody else signed, and "unknown", make nobody good', async () => {
  const { later } = await held();
  expect(await later('forged')).toBe('stale');
  expect(await later('unknown', 5 * HOUR)).toBe('stale');
});

test('that a CA was never issued is told once, however often its responder says so, and again when it says so anew', async () => {
  const { later, ctx } = await held();
  const signals = () => revocation.signals(ctx).filter(({ kind }) => kind === 'non_issued').length;
  const never = { revokedAt: 0, reason: 6 } as const;
  for (const hours of [1, 2, 2, 2, 2]) expect(await later(never, hours * HOUR)).toBe('ca_revoked');
  expect(signals()).toBe(1);
  expect(await later('good', 2 * HOUR)).toBe('valid');
  await later(never, 5 * HOUR);
  expect(signals()).toBe(2);
});
