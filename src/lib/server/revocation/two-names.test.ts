// One CA key under two names: a renamed CA, or a stranger who certified the public key of another under a name of his own
// (nobody asks for proof of possession). A list speaks for its issuer's name and serial, never for the key's other names.
import { expect, test } from 'vitest';
import * as ca from '../../../bin/demo/ca.ts';
import { dataOnly, entry, issuer, list, network, root, urls } from '#tests/support/revocation-office.ts';
import { makeWorld, NOW } from '#tests/support/world.ts';
import { DAY, HOUR, MINUTE } from '../calendar.ts';
import * as certificates from '../certificates/index.ts';
import { connection } from '../db/index.ts';
import * as revocation from './index.ts';

const life = { notBefore: NOW - 400 * DAY, notAfter: NOW + 2000 * DAY };
const subject = (name: string): [string, string][] => [[ca.OID.CN, name]];
const otherName = (above: ca.Authority): ca.Authority =>
  ca.makeIntermediate(above, { key: issuer.key, ...life, subject: subject('NAMA LAIN'), urls });

/** An office that trusts the root, with these CA certificates besides it, met in this order. */
async function holding(cas: readonly ca.Authority[], leaves: readonly [string, string, ca.Authority][]) {
  const world = makeWorld();
  const ctx = world.ctx();
  const put = (name: string, bytes: Buffer) => certificates.importFile(ctx, { name, bytes });
  for (const [i, one] of cas.entries()) await put(`ca${i}.cer`, one.certificate);
  await put('root.cer', root.certificate);
  const anchor = certificates.authorities(ctx).find((a) => a.selfSigned)!;
  const decision = {
    decision: 'accept',
    fingerprint: anchor.fingerprint,
    note: 'Dibandingkan dengan situs resmi',
  } as const;
  certificates.decideTrust(world.person('administrator'), anchor.id, decision);
  for (const [commonName, serial, by] of leaves)
    await put(`${commonName}.cer`, ca.makeLeaf(by, { notBefore: NOW - 100 * DAY, serial, commonName, urls }));
  await certificates.runChains(ctx);
  const net = network(world);
  net.pages.set(
    urls.rootCrl,
    ca.makeCrl(root, { entries: [], number: 1, thisUpdate: NOW - MINUTE, nextUpdate: NOW + 180 * DAY }),
  );
  const sweep = () => revocation.sweep(ctx, { outbound: net.outbound, force: true });
  const status = (name: string) =>
    connection(world.db).prepare('select revocation from certificate where common_name = ?').pluck().get(name);
  return { world, ctx, net, sweep, status };
}

test('a stranger who certifies our CA’s key under another name, and is met first, takes no revocation away', async () => {
  const stranger = ca.makeRoot({ key: ca.makeKey('p256'), ...life, subject: subject('AKAR ASING') });
  const made = await holding(
    [otherName(stranger), issuer],
    [
      ['SATU', '4a01', issuer],
      ['DUA', '4a02', issuer],
    ],
  );
  made.net.pages.set(urls.crl, list(made.world, [entry('4a01')]));
  await made.sweep();
  expect([made.status('SATU'), made.status('DUA')]).toEqual(['revoked', 'good']);
  expect((await revocation.rederiveAll(made.ctx)).differences).toEqual([]);
});

test('a list of a CA’s one name revokes and clears nobody of its other name; each name’s lists follow one another', async () => {
  const renamed = otherName(root);
  const made = await holding(
    [issuer, renamed],
    [
      ['SATU', '4a01', issuer],
      ['DUA', '4a02', renamed],
      ['TIGA', '4a01', renamed],
    ],
  );
  const { world, ctx, net, sweep, status } = made;
  net.pages.set(urls.crl, list(world, [entry('4a01')]));
  await sweep();
  expect([status('SATU'), status('DUA'), status('TIGA')]).toEqual(['revoked', 'undetermined', 'undetermined']);
  world.clock.advance(HOUR);
  const times = { thisUpdate: world.clock.at - MINUTE, nextUpdate: world.clock.at + DAY };
  const bytes = ca.makeCrl(renamed, { entries: [entry('4a02')], number: 1, ...times });
  expect(await revocation.addEvidence(world.person('verifier'), { name: 'nama-lain.crl', bytes })).toMatchObject({
    accepted: true,
  });
  expect([status('SATU'), status('DUA'), status('TIGA')]).toEqual(['revoked', 'revoked', 'good']);
  expect(connection(world.db).prepare('select count(*) from revocation_quarantine').pluck().get()).toBe(0);
  await sweep();
  expect((await revocation.rederiveAll(ctx)).differences).toEqual([]);
});

test('a record without its file is revoked by a list of the name that its sheet gives, not of the key’s other name', async () => {
  const made = await holding([otherName(root), issuer], [['SATU', '4a01', issuer]]);
  const { world, net, sweep } = made;
  for (const serial of ['4a71', '4a72']) dataOnly(world, serial);
  const db = connection(world.db);
  db.prepare("update certificate set issuer = 'NAMA LAIN' where serial = '4a72'").run();
  net.pages.set(urls.crl, list(world, [entry('4a71'), entry('4a72')]));
  await sweep();
  const statusOf = db.prepare('select revocation from certificate where serial = ?').pluck();
  expect([statusOf.get('4a71'), statusOf.get('4a72')]).toEqual(['revoked', 'undetermined']);
});
