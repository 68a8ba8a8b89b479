// What a responder's delegate said of a CA counts no more once its CA has revoked the delegate: neither "good", nor that a hold
// is over (certificate-status §5 no. 5, §4).
import { expect, test } from 'vitest';
import * as ca from '../../../bin/demo/ca.ts';
import { entry, network, office, root, urls } from '#tests/support/revocation-office.ts';
import { NOW } from '#tests/support/world.ts';
import { DAY, HOUR } from '../calendar.ts';
import * as certificates from '../certificates/index.ts';
import type { Outbound } from '../outbound/index.ts';
import * as revocation from './index.ts';

const life = { notBefore: NOW - 300 * DAY, notAfter: NOW + 1000 * DAY };
const responder = 'http://akar.test/ocsp';
const own = 'http://daring.test/ca.crl';
const NAME = 'CA DARING UJI';
/** A CA of which only the root's responder tells. */
const online = ca.makeIntermediate(root, {
  ...life,
  key: ca.makeKey('p256'),
  serial: '0c57',
  subject: [[ca.OID.CN, NAME]],
  extensions: { crlUrls: null, ocspUrls: [responder] },
});
/** Who answers for the root, and may be revoked. */
const delegate = ca.makeResponder(root, {
  notBefore: NOW - 30 * DAY,
  notAfter: NOW + 400 * DAY,
  key: ca.makeKey('p256'),
  serial: 'de1e',
  extensions: { ocspNoCheck: false, crlUrls: [urls.rootCrl] },
});
const REVOKED = [entry('de1e')];

/** Five hours later the delegate says this of the CA (null: it is silent), and the root's list names these. */
async function answered() {
  const { world, ctx, state } = await office(['4a01']);
  const net = network(world);
  await certificates.importFile(ctx, { name: 'daring.cer', bytes: online.certificate });
  const leaf = { notBefore: NOW - 10 * DAY, serial: '7e01', commonName: 'ANI' };
  const pointers = { crlUrls: [own], ocspUrls: null };
  await certificates.importFile(ctx, {
    name: '7e01.cer',
    bytes: ca.makeLeaf(online, { ...leaf, extensions: pointers }),
  });
  let says: ca.OcspAnswer['status'] | null = null;
  const outbound: Outbound = {
    ...net.outbound,
    fetchBounded: (url, options) => {
      if (!url.startsWith(responder) || says === null) return net.outbound.fetchBounded(url, options);
      const at = world.clock.at - 1000;
      const answers = [{ id: ca.certId(root, '0c57'), status: says, thisUpdate: at, nextUpdate: at + 300 * DAY }];
      const body = ca.makeOcspResponse(delegate, { answers, producedAt: at });
      const base = { contentType: '', etag: null, lastModified: null, date: world.clock.at, retryAfter: null };
      return Promise.resolve({ ...base, status: 200, body, url, address: '192.0.2.1' });
    },
  };
  let number = 100;
  return async (status: typeof says, entries: ca.RevokedEntry[] = []) => {
    says = status;
    world.clock.advance(5 * HOUR);
    const times = { thisUpdate: world.clock.at - 1000, nextUpdate: world.clock.at + DAY };
    net.pages.set(own, ca.makeCrl(online, { entries: [], number: ++number, ...times }));
    // Its list is about those that name its address: of this CA only the responder speaks.
    net.pages.set(
      urls.rootCrl,
      ca.makeCrl(root, { entries, number: ++number, ...times, scope: { url: urls.rootCrl } }),
    );
    await revocation.sweep(ctx, { outbound, force: true });
    await certificates.runChains(ctx);
    const known = certificates.authorities(ctx).find(({ commonName }) => commonName === NAME)!;
    return { leaf: state('7e01').label, held: known.held, by: known.revocationEvidenceId };
  };
}

test('a CA that a delegate released is on hold again once that delegate is revoked, and stays so', async () => {
  const later = await answered();
  expect(await later('good')).toMatchObject({ leaf: 'valid', held: false });
  expect(await later({ revokedAt: NOW, reason: 6 })).toMatchObject({ leaf: 'ca_revoked', held: true });
  expect(await later('good')).toMatchObject({ leaf: 'valid', held: false });
  expect(await later(null, REVOKED)).toMatchObject({ leaf: 'ca_revoked', held: true });
  expect(await later(null, REVOKED)).toMatchObject({ leaf: 'ca_revoked', held: true });
});

test('a CA that a delegate called good is not known to be good once that delegate is revoked; it was never on hold', async () => {
  const later = await answered();
  expect(await later('good')).toMatchObject({ leaf: 'valid', held: false });
  expect(await later(null, REVOKED)).toMatchObject({ leaf: 'stale', held: false, by: null });
});
