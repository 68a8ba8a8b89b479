// Whom a record without its file may mean: its identity is (issuer, serial), and a sheet names the issuer by a name that several
// CAs may bear (certificate-status §1, §2 no. 9). Two PSrE with a CA of the same CN, or two keys of one CA, are enough.
import { expect, test } from 'vitest';
import * as ca from '../../../bin/demo/ca.ts';
import { dataOnly, entry, issuer, list, office, root, urls } from '#tests/support/revocation-office.ts';
import { NOW } from '#tests/support/world.ts';
import { DAY, HOUR, MINUTE } from '../calendar.ts';
import * as certificates from '../certificates/index.ts';
import { connection } from '../db/index.ts';
import { readCertificate } from '../x509/index.ts';
import * as revocation from './index.ts';
import { storyOf } from './signal-words.ts';

const life = { notBefore: NOW - 300 * DAY, notAfter: NOW + 1000 * DAY };
const CN: [string, string] = [ca.OID.CN, 'BSRE CA UJI G1'];
const key = () => ca.makeKey('p256');
const otherOrganization = ca.makeIntermediate(root, {
  ...life,
  key: key(),
  subject: [[ca.OID.C, 'ID'], [ca.OID.O, 'PT LAIN'], CN],
});
const newKey = ca.makeIntermediate(root, { ...life, key: key() });
const address = 'http://lain.test/lain.crl';

type Office = Awaited<ReturnType<typeof office>>;

/** The office comes to know another CA, of which it holds a certificate. */
async function knowing({ ctx }: Office, other: ca.Authority) {
  const leaf = { notBefore: NOW - 10 * DAY, serial: '7c01', commonName: 'A', extensions: { crlUrls: [address] } };
  await certificates.importFile(ctx, { name: 'lain.cer', bytes: other.certificate });
  await certificates.importFile(ctx, { name: 'daun.cer', bytes: ca.makeLeaf(other, leaf) });
  await certificates.runChains(ctx);
}

let number = 10;
async function hour({ world, net, sweep }: Office, other: ca.Authority, entries: ca.RevokedEntry[]) {
  world.clock.advance(HOUR);
  const times = { thisUpdate: world.clock.at - MINUTE, nextUpdate: world.clock.at + DAY };
  net.pages.set(address, ca.makeCrl(other, { entries, number: number++, ...times }));
  await sweep();
}
const hintsOf = ({ world }: Office) =>
  revocation.signals(world.person('verifier')).filter(({ kind }) => kind === 'hint');

for (const [who, other] of [
  ['of another organisation', otherOrganization],
  ['that is the new key of its issuer', newKey],
] as const) {
  test(`a CA of the same name ${who} revokes no record without its file; that its list names it is a hint`, async () => {
    const made = await office(['4a01']);
    const { world, net, state } = made;
    await knowing(made, other);
    dataOnly(world, '4a02');
    await hour(made, other, [entry('4a02')]);
    expect(state('4a02').revocation).toBe('undetermined');
    expect(hintsOf(made).map(({ certificateId }) => certificateId)).toEqual([made.idOf('4a02')]);
    expect(storyOf(hintsOf(made)[0]!).what).toMatch(/lebih dari satu CA memakai nama penerbit/);
    net.pages.set(urls.crl, list(world, [entry('4a02')]));
    await hour(made, other, []);
    expect(state('4a02').revocation).toBe('undetermined');
    await made.add('4a02');
    await hour(made, other, []);
    expect(state('4a02').revocation).toBe('revoked');
    expect((await revocation.rederiveAll(made.ctx)).differences).toEqual([]);
  });
}

test('a sheet that gives the whole name means that CA alone', async () => {
  const made = await office(['4a01']);
  const { world, net, state } = made;
  await knowing(made, otherOrganization);
  for (const serial of ['4a02', '4a03']) dataOnly(world, serial);
  const whole = readCertificate(issuer.certificate).subject.text;
  connection(world.db).prepare('update certificate set issuer = ? where fingerprint is null').run(whole);
  net.pages.set(urls.crl, list(world, [entry('4a03')]));
  await hour(made, otherOrganization, [entry('4a02')]);
  expect([state('4a02').revocation, state('4a03').revocation]).toEqual(['undetermined', 'revoked']);
  expect(hintsOf(made)).toEqual([]);
});

test('a CA under no anchor of ours, though it bears the name, makes nobody doubt', async () => {
  const made = await office(['4a01']);
  const { world, net, ctx, state } = made;
  const stranger = ca.makeIntermediate(ca.makeRoot({ ...life, key: key() }), { ...life, key: key() });
  await certificates.importFile(ctx, { name: 'asing.cer', bytes: stranger.certificate });
  dataOnly(world, '4a02');
  net.pages.set(urls.crl, list(world, [entry('4a02')]));
  await made.sweep();
  expect(state('4a02').revocation).toBe('revoked');
});

test('what was said of a record before another CA of the name was known stays', async () => {
  const made = await office(['4a01']);
  const { world, net, state } = made;
  dataOnly(world, '4a02');
  net.pages.set(urls.crl, list(world, [entry('4a02')]));
  await made.sweep();
  await knowing(made, otherOrganization);
  await hour(made, otherOrganization, []);
  expect(state('4a02').revocation).toBe('revoked');
  expect((await revocation.rederiveAll(made.ctx)).differences).toEqual([]);
});

test('a record is no longer revoked once its file shows that another CA issued it; a forged file shows nothing', async () => {
  const made = await office([]);
  const { world, ctx, state } = made;
  const ours = certificates
    .authorities(ctx)
    .find(({ fingerprint }) => fingerprint === readCertificate(issuer.certificate).fingerprint)!;
  const { id, fingerprint } = ours;
  const decide = (decision: 'accept' | 'reject') =>
    certificates.decideTrust(world.person('administrator'), id, { decision, fingerprint, note: 'Salah satu dari dua' });
  decide('reject');
  for (const serial of ['4a02', '4a03']) dataOnly(world, serial);
  await knowing(made, otherOrganization);
  await hour(made, otherOrganization, [entry('4a02'), entry('4a03')]);
  expect([state('4a02').revocation, state('4a03').revocation]).toEqual(['revoked', 'revoked']);

  decide('accept');
  await made.add('4a02');
  const forger = ca.makeIntermediate(ca.makeRoot({ ...life, key: key() }), { ...life, key: key() });
  const forged = ca.makeLeaf(forger, { notBefore: NOW - 10 * DAY, serial: '4a03', commonName: 'X' });
  await certificates.importFile(ctx, { name: 'palsu.cer', bytes: forged });
  await certificates.runChains(ctx);
  await hour(made, otherOrganization, [entry('4a02'), entry('4a03')]);
  expect([state('4a02').revocation, state('4a03').revocation]).toEqual(['good', 'revoked']);
  const told = hintsOf(made).filter(({ certificateId }) => certificateId === made.idOf('4a02'));
  expect(told.map((one) => storyOf(one).what)).toEqual([expect.stringMatching(/terbitan CA lain/)]);
  expect((await revocation.rederiveAll(ctx)).differences).toEqual([]);
});
