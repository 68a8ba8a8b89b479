// What a certificate's own bytes say about the lists that may judge it is read at every crossing, also when no list has a scope.
import { expect, test } from 'vitest';
import * as ca from '../../../bin/demo/ca.ts';
import { dataOnly, entry, issuer, list, office, root, urls } from '#tests/support/revocation-office.ts';
import { NOW } from '#tests/support/world.ts';
import { HOUR } from '../calendar.ts';
import * as certificates from '../certificates/index.ts';
import * as der from '../x509/der-writer.ts';

const life = { notBefore: NOW - 400 * ca.DAY, notAfter: NOW + 2000 * ca.DAY };
const OTHER = ca.makeIntermediate(root, {
  ...life,
  key: ca.makeKey('p256'),
  subject: [[ca.OID.CN, 'PENERBIT CRL LAIN']],
});
const INDIRECT = 'http://lain.test/tidak-langsung.crl';
/** A distribution point at another address, with a CRL issuer of its own. */
const pointOf = (name: Buffer): Buffer =>
  der.seq(der.tagged(0, der.tagged(0, ca.uriName(INDIRECT))), der.tagged(2, der.tagged(4, name)));
const pointing = (point: Buffer) => ({
  extensions: { crlUrls: null, extra: [{ oid: '2.5.29.31', value: der.seq(point) }] },
});

async function withOther() {
  const made = await office(['4a01']);
  await certificates.importFile(made.ctx, { name: 'lain.cer', bytes: OTHER.certificate });
  await made.add('4a55', pointing(pointOf(OTHER.name)));
  await certificates.runChains(made.ctx);
  return made;
}

const indirect = (at: number, entries: ca.RevokedEntry[], number = 1) =>
  ca.makeCrl(OTHER, {
    entries,
    number,
    thisUpdate: at - 1000,
    nextUpdate: at + ca.DAY,
    scope: { indirect: true },
  });

test('whose only point names another CRL issuer is not good by the list of its own CA, and judged by that other one', async () => {
  const { world, net, sweep, state } = await withOther();
  await sweep();
  expect(state('4a01').revocation).toBe('good');
  expect(state('4a55').revocation).toBe('undetermined');
  world.clock.advance(7 * HOUR);
  net.pages.set(INDIRECT, indirect(world.clock.at, []));
  await sweep();
  expect(state('4a55').revocation).toBe('good');
  world.clock.advance(HOUR);
  net.pages.set(INDIRECT, indirect(world.clock.at, [entry('4a55', { issuer: issuer.name })], 2));
  await sweep();
  expect(state('4a55').revocation).toBe('revoked');
});

test('its own CA revokes it all the same', async () => {
  const { world, net, sweep, state } = await withOther();
  net.pages.set(urls.crl, list(world, [entry('4a55')]));
  await sweep();
  expect(state('4a55').revocation).toBe('revoked');
});

test('a point that names the CA itself as its CRL issuer is served by the list of the CA', async () => {
  const { add, ctx, sweep, state } = await office(['4a01']);
  await add('4a56', pointing(pointOf(issuer.name)));
  await certificates.runChains(ctx);
  await sweep();
  expect(state('4a56').revocation).toBe('good');
});

test('a point with more names than anybody reads stops no other certificate, and is met by no list', async () => {
  const { add, ctx, sweep, state, world, net } = await office(['4a01']);
  const names = Array.from({ length: 300 }, () => ca.uriName(INDIRECT));
  await add('4a57', pointing(der.seq(der.tagged(0, der.tagged(0, ...names)))));
  await certificates.runChains(ctx);
  await sweep();
  expect(state('4a01').revocation).toBe('good');
  expect(state('4a57').revocation).not.toBe('good');
  world.clock.advance(HOUR);
  net.pages.set(urls.crl, list(world, [entry('4a57')]));
  await sweep();
  expect(state('4a57').revocation).toBe('revoked');
});

test('a record without its file is revoked by a list that names an address', async () => {
  const { world, net, sweep, state } = await office(['4a01']);
  for (const serial of ['4a77', '4a78']) dataOnly(world, serial);
  net.pages.set(urls.crl, list(world, [entry('4a77')], { scope: { url: urls.crl } }));
  await sweep();
  expect(state('4a77').revocation).toBe('revoked');
  expect(state('4a78').revocation).toBe('undetermined');
  world.clock.advance(HOUR);
  net.pages.set(urls.crl, list(world, [entry('4a77'), entry('4a78')], { scope: { url: urls.crl, onlyCa: true } }));
  await sweep();
  expect(state('4a78').revocation).toBe('undetermined');
});

const damaged = Buffer.from('3003020105', 'hex');
test.each([
  ['damaged', [damaged]],
  ['there twice', [der.seq(pointOf(OTHER.name)), der.seq(pointOf(OTHER.name))]],
])(
  'distribution points that are %s may name anybody: no list makes it good, any that names it revokes it',
  async (_, values) => {
    const { world, net, sweep, state, add } = await office(['4a01']);
    const extra = values.map((value) => ({ oid: '2.5.29.31', value }));
    await add('4a66', { extensions: { crlUrls: null, ocspUrls: null, extra } });
    expect(state('4a66').revocation).toBe('undetermined');
    await sweep();
    expect(state('4a66')).toMatchObject({ revocation: 'undetermined', label: 'invalid_path' });
    expect(state('4a66').problems.some(({ severity }) => severity === 'serious')).toBe(true);
    expect(state('4a01').label).toBe('valid');
    world.clock.advance(HOUR);
    net.pages.set(urls.crl, list(world, [entry('4a66')]));
    await sweep();
    expect(state('4a66').revocation).toBe('revoked');
  },
);
