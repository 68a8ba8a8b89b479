// A responder whom nobody believes any more (certificate-status §5 no. 4 and 5): revoked by its CA, rejected, or taken back by
// the office. What it said makes nobody good and ends no hold; what it revoked stays revoked.
import { expect, test } from 'vitest';
import * as ca from '../../../bin/demo/ca.ts';
import { entry, issuer, list, office, urls } from '#tests/support/revocation-office.ts';
import { NOW } from '#tests/support/world.ts';
import { DAY, HOUR } from '../calendar.ts';
import * as certificates from '../certificates/index.ts';
import type { Outbound } from '../outbound/index.ts';
import * as settings from '../settings/index.ts';
import { readCertificate } from '../x509/index.ts';
import * as revocation from './index.ts';

const responder = 'http://va.test/ocsp';
const life = { notBefore: NOW - 30 * DAY, notAfter: NOW + 400 * DAY };
const delegate = ca.makeResponder(issuer, {
  ...life,
  key: ca.makeKey('p256'),
  serial: 'de1e',
  extensions: { ocspNoCheck: false, crlUrls: [urls.crl] },
});
const outside = ca.makeRoot({ ...life, key: ca.makeKey('p256'), subject: [[ca.OID.CN, 'RESPONDER DINAS']] });

type Said = ca.OcspAnswer['status'];

/** 4a01 has no list; 4a09 has, so that the lists of its CA are fetched. The responder's answers hold for a year. */
async function asked(signer: ca.Authority) {
  const made = await office(['4a09']);
  const { world, ctx, net, add, state } = made;
  await add('4a01', { extensions: { crlUrls: null, ocspUrls: [responder] } });
  let says: Said | null = null;
  const outbound: Outbound = {
    ...net.outbound,
    fetchBounded: (url, options = {}) => {
      if (!url.startsWith(responder) || says === null) return net.outbound.fetchBounded(url, options);
      const at = world.clock.at - 1000;
      const answers = [{ id: ca.certId(issuer, '4a01'), status: says, thisUpdate: at, nextUpdate: at + 365 * DAY }];
      const body = ca.makeOcspResponse(signer, { answers, producedAt: at });
      const base = { contentType: '', etag: null, lastModified: null, date: world.clock.at, retryAfter: null };
      return Promise.resolve({ ...base, status: 200, body, url, address: '192.0.2.1' });
    },
  };
  const later = async (said: Said | null, entries: ca.RevokedEntry[] = []) => {
    says = said;
    world.clock.advance(5 * HOUR);
    // Its lists are about those that name their address: of 4a01 only the responder speaks.
    net.pages.set(urls.crl, list(world, entries, { scope: { url: urls.crl } }));
    await revocation.sweep(ctx, { outbound, force: true });
    return state('4a01').revocation;
  };
  return { ...made, later };
}

const held = { revokedAt: NOW, reason: 6 as const };
const revokedDelegate = [entry('de1e', { reason: 1 })];

test('a delegate that its CA revoked later released nobody: who was on hold is so again', async () => {
  const { later, ctx } = await asked(delegate);
  expect(await later(held)).toBe('on_hold');
  expect(await later('good')).toBe('released');
  expect(await later(null, revokedDelegate)).toBe('on_hold');
  expect(await later(null, revokedDelegate), 'twice is as once').toBe('on_hold');
  expect((await revocation.rederiveAll(ctx)).differences).toEqual([]);
});

test('nobody is good by a delegate that its CA revoked, however long its answer holds; what it revoked stays', async () => {
  const one = await asked(delegate);
  expect(await one.later('good')).toBe('good');
  expect(await one.later(null, revokedDelegate)).toBe('undetermined');
  const other = await asked(delegate);
  expect(await other.later({ revokedAt: NOW, reason: 1 })).toBe('revoked');
  expect(await other.later(null, revokedDelegate)).toBe('revoked');
});

test('a responder that the office set and took back makes nobody good, nor when it is asked again', async () => {
  const { later, world, ctx } = await asked(outside);
  const administrator = world.person('administrator');
  await certificates.importFile(ctx, { name: 'responder.cer', bytes: outside.certificate });
  const set = (entries: settings.SettingValue<'ocspResponders'>) =>
    settings.set(administrator, 'ocspResponders', entries, { source: 'Kebijakan Dinas' });
  const own = {
    issuer: readCertificate(issuer.certificate).fingerprint,
    responder: readCertificate(outside.certificate).fingerprint,
    why: 'Perjanjian dengan penerbit',
    until: '',
  };
  set([own]);
  expect(await later('good')).toBe('good');
  // Its time is over: what was said within it counts.
  set([{ ...own, until: '2026-11-22' }]);
  expect(await later(null)).toBe('good');
  set([]);
  expect(await later('good')).toBe('undetermined');
  set([own]);
  expect(await later('good')).toBe('good');
  const known = certificates.authorities(ctx).find((a) => a.fingerprint === own.responder)!;
  certificates.decideTrust(administrator, known.id, { decision: 'reject', note: 'Kuncinya dicuri' });
  expect(await later('good')).toBe('undetermined');
});
