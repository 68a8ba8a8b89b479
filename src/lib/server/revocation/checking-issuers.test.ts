// "Periksa sekarang" asks about the CAs above the certificate, and about no other: somebody waits for the answer.
import { expect, test } from 'vitest';
import * as ca from '../../../bin/demo/ca.ts';
import { network, office, root } from '#tests/support/revocation-office.ts';
import { NOW } from '#tests/support/world.ts';
import { DAY, HOUR } from '../calendar.ts';
import * as certificates from '../certificates/index.ts';
import { OutboundError, type Outbound } from '../outbound/index.ts';
import * as revocation from './index.ts';

const life = { notBefore: NOW - 300 * DAY, notAfter: NOW + 1000 * DAY };
const list = 'http://daring.test/ca.crl';
const responderOf = (at: number) => `akar${at}.test`;
const cas = Array.from({ length: 4 }, (_, at) =>
  ca.makeIntermediate(root, {
    ...life,
    key: ca.makeKey('p256'),
    serial: `0c5${at}`,
    subject: [[ca.OID.CN, `CA DARING ${at}`]],
    extensions: { crlUrls: null, ocspUrls: [`http://${responderOf(at)}/ocsp`] },
  }),
);

test('a check of one certificate asks the responder of its own CA, not those of others that are silent too', async () => {
  const { world, ctx } = await office([]);
  const net = network(world);
  for (const { certificate } of cas) await certificates.importFile(ctx, { name: 'ca.cer', bytes: certificate });
  const extensions = { crlUrls: [list], ocspUrls: null };
  const leaf = ca.makeLeaf(cas[0]!, { notBefore: NOW - 10 * DAY, serial: '7e01', commonName: 'ANI', extensions });
  await certificates.importFile(ctx, { name: '7e01.cer', bytes: leaf });
  const { id } = certificates.list(ctx, {}).rows[0]!;
  const asked: string[] = [];
  const outbound: Outbound = {
    ...net.outbound,
    fetchBounded: (url, options = {}) => {
      const { host } = new URL(url);
      if (!host.startsWith('akar')) return net.outbound.fetchBounded(url, options);
      asked.push(host);
      return Promise.reject(new OutboundError('timeout', 'Server tidak menjawab.'));
    },
  };
  const [thisUpdate, nextUpdate] = [world.clock.at - 1000, world.clock.at + 3 * DAY];
  net.pages.set(list, ca.makeCrl(cas[0]!, { entries: [], number: 1, thisUpdate, nextUpdate }));
  await revocation.sweep(ctx, { outbound, force: true });
  expect(asked.toSorted()).toEqual(cas.map((_, at) => responderOf(at)));

  world.clock.advance(25 * HOUR);
  asked.length = 0;
  revocation.requestCheck(world.person('verifier'), id);
  await revocation.runRequests(ctx, { outbound });
  expect(asked).toEqual([responderOf(0)]);
});
