// CAs that bear the name of another under the same root (certificate-status §2 no. 3: "the key of that CA"). A CA certifies
// whom it likes under whatever name, also the public keys of others, and plain HTTP brings its lists to our addresses.
import { expect, test } from 'vitest';
import * as ca from '../../../bin/demo/ca.ts';
import { entry, issuer, list, office, root, urls } from '#tests/support/revocation-office.ts';
import { NOW } from '#tests/support/world.ts';
import { DAY, HOUR, MINUTE } from '../calendar.ts';
import * as certificates from '../certificates/index.ts';
import { connection } from '../db/index.ts';
import * as files from '../files/index.ts';
import { readCertificate } from '../x509/index.ts';
import * as revocation from './index.ts';
import { storyOf } from './signal-words.ts';
import * as store from './store.ts';

const life = { notBefore: NOW - 300 * DAY, notAfter: NOW + 1000 * DAY };
const NAME = [
  [ca.OID.C, 'ID'],
  [ca.OID.O, ca.TEST_ORGANIZATION],
  [ca.OID.CN, 'BSRE CA UJI G1'],
] as ca.Dn;
const key = () => ca.makeKey('p256');
const hostile = ca.makeIntermediate(root, { ...life, key: key(), subject: [[ca.OID.CN, 'CA JAHAT']] });
const namesake = ca.makeIntermediate(hostile, { ...life, key: key(), subject: NAME });

type Office = Awaited<ReturnType<typeof office>>;

async function knowing(serials: readonly string[], others: readonly ca.Authority[]) {
  const made = await office(serials);
  for (const [i, { certificate }] of others.entries())
    await certificates.importFile(made.ctx, { name: `lain${i}.cer`, bytes: certificate });
  await certificates.runChains(made.ctx);
  return made;
}

let number = 10;
const signed = ({ world }: Office, by: ca.Authority, entries: ca.RevokedEntry[] = []) =>
  ca.makeCrl(by, { entries, number: number++, thisUpdate: world.clock.at - MINUTE, nextUpdate: world.clock.at + DAY });
const served = (made: Office, page: () => Buffer, at = urls.crl) => {
  made.world.clock.advance(HOUR);
  made.net.pages.set(at, page());
  return made.sweep();
};
const chainOf = (made: Office, serial: string) =>
  connection(made.world.db).prepare('select revocation from certificate where serial = ?').pluck().get(serial);

// The last: certified by the namesake itself, as if ours were an elder key of it.
for (const [how, cross] of [
  ['as such', []],
  ['that has our CA’s key certified beside its own', [ca.makeIntermediate(hostile, { ...life, key: issuer.key })]],
  ['that certifies our CA’s key itself', [ca.makeIntermediate(namesake, { ...life, key: issuer.key })]],
] as const) {
  test(`a namesake of our CA under the same root, ${how}, revokes nobody; whom it names is a hint`, async () => {
    const made = await knowing(['4a01', '4a02'], [hostile, namesake, ...cross]);
    const { world, state } = made;
    await made.sweep();
    expect(await served(made, () => signed(made, namesake, [entry('4a01')]))).toMatchObject({ refused: 1, changed: 0 });
    expect([state('4a01').revocation, state('4a02').revocation]).toEqual(['good', 'good']);
    const source = revocation.sources(world.person('verifier')).find((one) => one.url === urls.crl)!;
    expect(source.failureCode).toBe('namesake');
    const hints = revocation.signals(world.person('verifier')).filter(({ kind }) => kind === 'hint');
    expect(hints.map(({ certificateId }) => certificateId)).toEqual([made.idOf('4a01')]);
    expect(storyOf(hints[0]!).what).toMatch(/CA lain yang bernama sama/);
    await served(made, () => list(world, [entry('4a02')]));
    expect([state('4a01').revocation, state('4a02').revocation]).toEqual(['good', 'revoked']);
    expect((await revocation.rederiveAll(world.ctx())).differences).toEqual([]);
  });
}

/** A CA that signs certificates only, whose lists a signer of its name signs; both are certified by the root. */
const usage = (...keyUsage: ca.Extensions['keyUsage'] & string[]) => ({ extensions: { keyUsage } });
const silent = ca.makeIntermediate(root, { ...life, key: key(), subject: NAME, ...usage('keyCertSign') });
const genuine = ca.makeIntermediate(root, { ...life, key: key(), subject: NAME, ...usage('cRLSign') });
const cross = (use: 'keyCertSign' | 'cRLSign') =>
  ca.makeIntermediate(hostile, { ...life, key: silent.key, subject: NAME, ...usage('keyCertSign', use) });
const evil = ca.makeIntermediate(hostile, { ...life, key: key(), subject: NAME, ...usage('cRLSign') });
const address = 'http://v.test/v.crl';

for (const [how, others] of [
  ['alone', []],
  ['beside the key of the CA', [cross('keyCertSign')]],
  ['beside the key of the CA as one that signs lists', [cross('cRLSign')]],
  ['and the key of the genuine signer', [ca.makeIntermediate(hostile, { ...life, key: genuine.key, subject: NAME })]],
] as const) {
  test(`a signer of lists that another CA certified ${how} releases nobody and silences no genuine one`, async () => {
    const made = await knowing([], [hostile, ...others, evil, silent, genuine]);
    for (const serial of ['7c01', '7c02']) {
      const leaf = { notBefore: NOW - 10 * DAY, serial, commonName: serial, extensions: { crlUrls: [address] } };
      await certificates.importFile(made.ctx, { name: 'l.cer', bytes: ca.makeLeaf(silent, leaf) });
    }
    await certificates.runChains(made.ctx);
    await served(made, () => signed(made, genuine, [entry('7c01', { reason: 6 })]), address);
    expect([chainOf(made, '7c01'), chainOf(made, '7c02')]).toEqual(['on_hold', 'good']);
    await served(made, () => signed(made, evil, [entry('7c02')]), address);
    expect([chainOf(made, '7c01'), chainOf(made, '7c02')]).toEqual(['on_hold', 'good']);
    await served(made, () => signed(made, genuine), address);
    expect([chainOf(made, '7c01'), chainOf(made, '7c02')]).toEqual(['released', 'good']);
    expect((await revocation.rederiveAll(made.ctx)).differences).toEqual([]);
  });
}

test('who spoke as a signer of the CA, until its genuine certificate showed it to be a namesake, is withdrawn', async () => {
  const made = await knowing([], [hostile, cross('keyCertSign'), evil]);
  const leaf = { notBefore: NOW - 10 * DAY, serial: '7c01', extensions: { crlUrls: [address] } };
  await certificates.importFile(made.ctx, { name: 'l.cer', bytes: ca.makeLeaf(silent, leaf) });
  await certificates.runChains(made.ctx);
  await served(made, () => signed(made, evil), address);
  expect(chainOf(made, '7c01')).toBe('good');
  await certificates.importFile(made.ctx, { name: 'asli.cer', bytes: silent.certificate });
  await certificates.runChains(made.ctx);
  made.world.clock.advance(HOUR);
  await made.sweep();
  expect(chainOf(made, '7c01')).toBe('undetermined');
});

test('nobody knows our CA by a stranger’s certificate of its key', async () => {
  const stranger = ca.makeRoot({ ...life, key: key(), subject: [[ca.OID.CN, 'AKAR ASING']] });
  const forged = ca.makeIntermediate(stranger, { ...life, key: issuer.key, subject: NAME, ...usage('keyCertSign') });
  const signer = ca.makeIntermediate(stranger, { ...life, key: key(), subject: NAME, ...usage('cRLSign') });
  const made = await knowing(['4a01'], [stranger, forged, signer]);
  await made.sweep();
  expect(await served(made, () => signed(made, signer, [entry('4a01')]))).toMatchObject({ refused: 1, changed: 0 });
  expect(made.state('4a01').revocation).toBe('good');
  expect(readCertificate(forged.certificate).publicKey.spkiSha256).toBe(
    readCertificate(issuer.certificate).publicKey.spkiSha256,
  );
  await served(made, () => list(made.world, [entry('4a01')]));
  expect(made.state('4a01').revocation).toBe('revoked');
});

test('a list of a namesake that an older release took in names nobody any more; whom it revoked then people hear of', async () => {
  const made = await knowing(['4a01', '4a02'], [hostile, namesake]);
  const { world, ctx, sweep, state } = made;
  await sweep();
  const bytes = signed(made, namesake, [entry('4a01'), entry('4a02')]);
  const { id: _, ...own } = store.evidenceById(ctx.db, state('4a01').evidenceId!)!;
  const { fingerprint, publicKey } = readCertificate(namesake.certificate);
  const stored = files.put(ctx, bytes);
  files.register(ctx, stored, 'application/pkix-crl');
  const scope = `other-key ${publicKey.spkiSha256} all`;
  const evidenceId = store.addEvidence(ctx.db, {
    ...own,
    ...{ scope, sha256: stored.sha256, size: bytes.length, signerFingerprint: fingerprint, acceptedAt: world.clock.at },
  });
  const line = { issuerKey: own.issuerKey, scope, evidenceId, confirmedAt: world.clock.at };
  store.continueLine(ctx.db, line, false);
  certificates.recordStatus(ctx, made.idOf('4a02'), {
    revocation: 'revoked',
    reason: 1,
    revokedAt: NOW - DAY,
    invalidityAt: null,
    source: 'crl',
    evidenceId,
    thisUpdate: world.clock.at,
    nextUpdate: world.clock.at + DAY,
    confirmedAt: world.clock.at,
    freshUntil: world.clock.at + DAY,
  });
  await served(made, () => list(world));
  expect([state('4a01').revocation, state('4a02').revocation]).toEqual(['good', 'revoked']);
  const { differences } = await revocation.rederiveAll(ctx);
  expect(differences.map(({ certificateId }) => certificateId)).toEqual([made.idOf('4a02')]);
  expect(revocation.signals(ctx).map(({ kind }) => kind)).toEqual(['underived']);
});
