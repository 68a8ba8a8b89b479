// People hear what lists say about the CA certificates above their own, as they do about any certificate.
import { expect, test } from 'vitest';
import * as ca from '../../../bin/demo/ca.ts';
import { entry, issuer, list, office, root, urls } from '#tests/support/revocation-office.ts';
import { DAY, HOUR, MINUTE } from '../calendar.ts';
import * as certificates from '../certificates/index.ts';
import { readCertificate } from '../x509/index.ts';
import * as revocation from './index.ts';

const CA = readCertificate(issuer.certificate);
const unknown = { extra: [{ oid: '1.2.3.4', critical: true, value: Buffer.from([5, 0]) }] };

async function withRoot() {
  const made = await office(['4a01']);
  let number = 10;
  /** An hour later the root publishes this. */
  const publish = async (entries: ca.RevokedEntry[], extra: Partial<ca.CrlRequest> = {}) => {
    const { world, net, sweep, ctx } = made;
    world.clock.advance(HOUR);
    const at = world.clock.at;
    const request = { entries, number: ++number, thisUpdate: at - MINUTE, nextUpdate: at + 180 * DAY, ...extra };
    net.pages.set(urls.rootCrl, ca.makeCrl(root, request));
    net.pages.set(urls.crl, list(world));
    await sweep();
    await certificates.runChains(ctx);
  };
  const told = () => revocation.signals(made.ctx).map(({ kind }) => kind);
  return { ...made, publish, told };
}

test('that the reason of a revoked CA changed, and that it vanished from the list of its issuer, each once', async () => {
  const { publish, told, state, world, ctx } = await withRoot();
  await publish([entry(CA.serial, { reason: 0 })]);
  expect(told()).toEqual([]);
  await publish([entry(CA.serial, { reason: 2 })]);
  await publish([entry(CA.serial, { reason: 2 })]);
  expect(told()).toEqual(['reason_changed']);
  await publish([]);
  await publish([]);
  expect(told()).toEqual(['reason_changed', 'early_removal']);
  expect(state('4a01').label).toBe('ca_revoked');
  const shown = revocation.signals(ctx).map(({ id }) => revocation.signal(world.person('verifier'), id));
  for (const { commonName, serial, story, evidence } of shown) {
    expect(commonName).toBe('BSRE CA UJI G1');
    expect(serial).toBe(CA.serial);
    expect(story.what).toMatch(/^Sertifikat penerbit BSRE CA UJI G1, nomor seri /);
    expect(evidence).toHaveLength(1);
  }
  expect(shown[0]!.story.what).toContain('kunci penerbit bocor');
  expect(shown[1]!.question).toContain('Subjek: BSRE CA UJI G1');
  expect(revocation.tasks(world.person('verifier')).map(({ about }) => about)).toContain('BSRE CA UJI G1');
});

test('a CA that is put on hold and released is told by its alert only', async () => {
  const { publish, told, state } = await withRoot();
  await publish([entry(CA.serial, { reason: 6 })]);
  expect(state('4a01').label).toBe('ca_revoked');
  await publish([]);
  expect(state('4a01').label).toBe('valid');
  expect(told()).toEqual([]);
});

test('a list that may not be used hints at our CA, once, and changes nothing', async () => {
  const { publish, told, state, world, ctx } = await withRoot();
  await publish([]);
  await publish([entry(CA.serial)], unknown);
  await publish([entry(CA.serial)], unknown);
  expect(told()).toEqual(['hint']);
  expect(state('4a01').label).toBe('valid');
  const [hint] = revocation.signals(ctx);
  const shown = revocation.signal(world.person('verifier'), hint!.id);
  expect(shown.story.what).toMatch(/^Sertifikat penerbit BSRE CA UJI G1, nomor seri .*Mungkin dicabut/);
  expect(shown.evidence[0]!.href).toMatch(/^\/sources\/refused\//);
  revocation.settleSignal(world.person('verifier'), hint!.id, 'Penerbit menjawab: tidak dicabut.', true);
  await publish([entry(CA.serial)], unknown);
  expect(told()).toEqual([]);
  await publish([entry(CA.serial, { reason: 2 })], unknown);
  expect(told()).toEqual(['hint']);
});

test('two CAs that vanish from one list are told of together', async () => {
  const { publish, ctx, world } = await withRoot();
  const other = ca.makeIntermediate(root, {
    key: ca.makeKey('p256'),
    notBefore: world.clock.at - 100 * DAY,
    notAfter: world.clock.at + 900 * DAY,
    serial: '77',
    subject: [[ca.OID.CN, 'CA KEDUA']],
    urls,
  });
  await certificates.importFile(ctx, { name: 'kedua.cer', bytes: other.certificate });
  const others = Array.from({ length: 50 }, (_, i) => entry(`6${i.toString(16).padStart(3, '0')}`));
  await publish([...others, entry(CA.serial), entry('77')]);
  await publish(others);
  const open = revocation.signals(ctx);
  expect(open.map(({ kind }) => kind)).toEqual(['early_removal']);
  const { commonName, story } = revocation.signal(world.person('verifier'), open[0]!.id);
  expect(commonName!.split(', ').sort()).toEqual(['BSRE CA UJI G1', 'CA KEDUA']);
  expect(story.what.match(/Sertifikat penerbit/g)).toHaveLength(2);
});
