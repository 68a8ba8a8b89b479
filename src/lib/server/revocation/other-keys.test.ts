// Lists of another key generation of the same CA name (certificate-status §2 no. 3): plain HTTP brings whatever somebody on
// the way puts there, and a CA may keep one list for each key. Such a list may revoke; its silence proves nothing.
import { expect, test } from 'vitest';
import * as ca from '../../../bin/demo/ca.ts';
import { entry, issuer, lastNumber, list, office, root, urls } from '#tests/support/revocation-office.ts';
import { NOW } from '#tests/support/world.ts';
import { DAY, HOUR, MINUTE } from '../calendar.ts';
import * as certificates from '../certificates/index.ts';
import { connection } from '../db/index.ts';
import * as settings from '../settings/index.ts';
import { readCertificate } from '../x509/index.ts';
import * as revocation from './index.ts';

const life = { notBefore: NOW - 300 * DAY, notAfter: NOW + 1000 * DAY };
type Office = Awaited<ReturnType<typeof office>>;

/** An office that knows two certificates of its CA's name, with different keys, under the same root. */
async function twoKeys(serials: readonly string[], extensions: ca.Extensions = {}) {
  const other = ca.makeIntermediate(root, { ...life, key: ca.makeKey('p256'), urls, extensions });
  const made = await office(serials);
  await certificates.importFile(made.ctx, { name: 'senama.cer', bytes: other.certificate });
  const foreign = (number: number, entries: ca.RevokedEntry[], extra: Partial<ca.CrlRequest> = {}) =>
    ca.makeCrl(other, {
      entries,
      number,
      thisUpdate: made.world.clock.at - MINUTE,
      nextUpdate: made.world.clock.at + DAY,
      ...extra,
    });
  return { ...made, other, foreign };
}

/** An hour later the address of our certificates serves this. */
const served = (made: Office, page: () => Buffer) => {
  made.world.clock.advance(HOUR);
  made.net.pages.set(urls.crl, page());
  return made.sweep();
};

for (const [how, step] of [
  ['higher', 1000],
  ['lower', -1_000_000],
] as const) {
  test(`a list of another key with a ${how} number releases nobody and holds up no list of our own`, async () => {
    const made = await twoKeys(['4a01', '4a02']);
    const { world, net, state, foreign } = made;
    net.pages.set(urls.crl, list(world, [entry('4a01', { reason: 6 })]));
    await made.sweep();
    expect(state('4a01').revocation).toBe('on_hold');
    const confirmed = state('4a02').confirmedAt;
    await served(made, () => foreign(Math.max(0, lastNumber() + step), []));
    expect(state('4a01').revocation).toBe('on_hold');
    expect(state('4a02')).toMatchObject({ revocation: 'good', confirmedAt: confirmed });
    await served(made, () => list(world, []));
    expect(state('4a01').revocation).toBe('released');
    expect((await revocation.rederiveAll(world.ctx())).differences).toEqual([]);
  });
}

test('a list of another key alone makes nobody good, and the source says so', async () => {
  const made = await twoKeys(['4a01']);
  made.net.pages.set(urls.crl, made.foreign(5, []));
  expect(await made.sweep()).toMatchObject({ refused: 1 });
  expect(made.state('4a01').revocation).not.toBe('good');
  const source = revocation.sources(made.world.person('verifier')).find((one) => one.url === urls.crl)!;
  expect(source.failureText).toMatch(/kunci lain/i);
});

test('a list of another key that names a certificate of ours revokes it, for good', async () => {
  const made = await twoKeys(['4a01', '4a02']);
  const { world, state, foreign } = made;
  await made.sweep();
  await served(made, () => foreign(5, [entry('4a01')]));
  expect(state('4a01').revocation).toBe('revoked');
  expect(state('4a02').revocation).toBe('good');
  await served(made, () => list(world, []));
  expect(state('4a01').revocation).toBe('revoked');
  expect((await revocation.rederiveAll(world.ctx())).differences).toEqual([]);
});

test('a hold that only a list of another key knows is released by a newer list of our own key', async () => {
  const made = await twoKeys(['4a01']);
  const { world, net, state, foreign } = made;
  const own = list(world, []);
  net.pages.set(urls.crl, own);
  await made.sweep();
  await served(made, () => foreign(5, [entry('4a01', { reason: 6 })]));
  expect(state('4a01').revocation).toBe('on_hold');
  await served(made, () => own);
  expect(state('4a01').revocation).toBe('on_hold');
  await served(made, () => list(world, []));
  expect(state('4a01').revocation).toBe('released');
  expect((await revocation.rederiveAll(world.ctx())).differences).toEqual([]);
});

test('a delta of another key takes no hold out of our list, even without key identifiers', async () => {
  const made = await twoKeys(['4a01']);
  const { world, net, state, foreign } = made;
  net.pages.set(urls.crl, list(world, [entry('4a01', { reason: 6 })], { aki: false }));
  const base = lastNumber();
  await made.sweep();
  await served(made, () => foreign(base + 1, [entry('4a01', { reason: 8 })], { deltaOf: base, aki: false }));
  expect(state('4a01').revocation).toBe('on_hold');
});

test('a certificate that our CA issued for signing lists only speaks fully (RFC 5280 §6.3.3 f)', async () => {
  const signer = ca.makeIntermediate(issuer, {
    ...life,
    key: ca.makeKey('p256'),
    extensions: { keyUsage: ['cRLSign'] },
  });
  const made = await office(['4a01']);
  const { world, net, state } = made;
  await certificates.importFile(made.ctx, { name: 'penanda-crl.cer', bytes: signer.certificate });
  net.pages.set(urls.crl, list(world, [entry('4a01', { reason: 6 })]));
  await made.sweep();
  world.clock.advance(HOUR);
  const bytes = ca.makeCrl(signer, {
    entries: [],
    number: lastNumber() + 5,
    thisUpdate: world.clock.at - MINUTE,
    nextUpdate: world.clock.at + DAY,
  });
  expect(await revocation.addEvidence(world.person('verifier'), { name: 'a.crl', bytes })).toMatchObject({
    accepted: true,
  });
  expect(state('4a01').revocation).toBe('released');
});

test('a key that the office set for an older one of the same name speaks for both, from then on', async () => {
  const made = await twoKeys(['4a01']);
  const { world, net, state, foreign, other } = made;
  net.pages.set(urls.crl, list(world, [entry('4a01', { reason: 6 })]));
  await made.sweep();
  await served(made, () => foreign(lastNumber() + 10, [entry('4a01', { reason: 6 })]));
  const old = connection(world.db)
    .prepare('select fingerprint from authority where fingerprint <> ? and not self_signed')
    .pluck()
    .get(readCertificate(other.certificate).fingerprint) as string;
  settings.set(
    world.person('administrator'),
    'crlSigners',
    [{ issuer: old, signer: readCertificate(other.certificate).fingerprint, why: 'Kunci lama pensiun', until: '' }],
    { source: 'surat penerbit' },
  );
  expect(await served(made, () => foreign(lastNumber() + 11, []))).toMatchObject({ fresh: 1, refused: 0 });
  expect(state('4a01').revocation).toBe('released');
  // Each key counts for itself; in time the line goes forward whoever signed.
  const past = list(world, [], { thisUpdate: world.clock.at - 2 * HOUR });
  expect(await served(made, () => past)).toMatchObject({ refused: 1 });
  expect(await served(made, () => list(world, []))).toMatchObject({ fresh: 1, refused: 0 });
  expect((await revocation.rederiveAll(world.ctx())).differences).toEqual([]);
});

test('what is asked about the numbers of one key is not ended by the lists of another', async () => {
  const made = await twoKeys(['4a01']);
  const { world, ctx, foreign, other } = made;
  const old = connection(world.db)
    .prepare('select fingerprint from authority where fingerprint <> ? and not self_signed')
    .pluck()
    .get(readCertificate(other.certificate).fingerprint) as string;
  const allowed = { issuer: old, signer: readCertificate(other.certificate).fingerprint, why: 'Kunci baru', until: '' };
  settings.set(world.person('administrator'), 'crlSigners', [allowed], { source: 'surat penerbit' });
  const asked = () => revocation.signals(ctx).flatMap(({ id, kind }) => (kind === 'same_number' ? [id] : []));
  const base = lastNumber() + 100;
  expect(await served(made, () => foreign(base, []))).toMatchObject({ refused: 0 });
  expect(await served(made, () => foreign(base - 50, [entry('4a01')]))).toMatchObject({ refused: 1 });
  const [id] = asked();
  expect(await served(made, () => list(world, []))).toMatchObject({ fresh: 1, refused: 0 });
  expect(await served(made, () => foreign(base - 49, [entry('4a01')]))).toMatchObject({ refused: 1 });
  expect(asked()).toEqual([id]);
  const person = world.person('supervisor');
  const { shown } = revocation.signal(person, id!).renumbering!;
  revocation.acceptRenumbering(person, id!, { reason: 'Dibenarkan penerbit', shown });
  expect(await served(made, () => list(world, []))).toMatchObject({ refused: 0 });
  expect(await served(made, () => foreign(base - 48, [entry('4a01')]))).toMatchObject({ refused: 0 });
  expect(made.state('4a01').revocation).toBe('revoked');
});
