// What another lane finds out while the word of a disbelieved signer is being taken back: it is newer, and stays.
import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import * as ca from '../../../bin/demo/ca.ts';
import { entry, issuer, list, office, root, urls } from '#tests/support/revocation-office.ts';
import { NOW } from '#tests/support/world.ts';
import { DAY, HOUR, MINUTE } from '../calendar.ts';
import * as certificates from '../certificates/index.ts';
import { readCertificate } from '../x509/index.ts';
import * as revocation from './index.ts';
import { once } from './under-way.ts';
import { withdraw } from './withdrawing.ts';

const life = { notBefore: NOW - 300 * DAY, notAfter: NOW + 1000 * DAY };
const keyOf = (of: ca.Authority): string => readCertificate(of.certificate).publicKey.spkiSha256;
const ROOT_NAME = [
  [ca.OID.CN, 'Root CA Uji G1'],
  [ca.OID.O, ca.TEST_ORGANIZATION],
  [ca.OID.C, 'ID'],
] as ca.Dn;

/** What `by` has on hold at an address, a separate signer of lists releases; then the signer is rejected. */
async function releasedInVain(by: ca.Authority, url: string, serial: string, subject?: ca.Dn) {
  const signer = ca.makeIntermediate(by, {
    ...life,
    key: ca.makeKey('p256'),
    extensions: { keyUsage: ['cRLSign'] },
    ...(subject ? { subject } : {}),
  });
  const made = await office(['4a01']);
  const { world, ctx, net, sweep } = made;
  await certificates.importFile(ctx, { name: 'penanda.cer', bytes: signer.certificate });
  let number = 50;
  for (const [from, entries] of [
    [by, [entry(serial, { reason: 6 })]],
    [signer, []],
  ] as const) {
    world.clock.advance(HOUR);
    net.pages.set(urls.crl, list(world));
    const times = { thisUpdate: world.clock.at - MINUTE, nextUpdate: world.clock.at + 30 * DAY };
    net.pages.set(url, ca.makeCrl(from, { entries: [...entries], number: ++number, ...times }));
    await sweep();
  }
  await certificates.runChains(ctx);
  const { fingerprint } = readCertificate(signer.certificate);
  const { id } = certificates.authorities(ctx).find((one) => one.fingerprint === fingerprint)!;
  certificates.decideTrust(world.person('administrator'), id, { decision: 'reject', note: 'Kuncinya dicuri' });
  return made;
}

test('a certificate that is found revoked meanwhile stays revoked', async () => {
  const { ctx, state, idOf } = await releasedInVain(issuer, urls.crl, '4a01');
  expect(state('4a01').revocation).toBe('released');
  const going = withdraw(ctx, keyOf(issuer));
  await setImmediate();
  const said = { revocation: 'revoked' as const, reason: 1, revokedAt: NOW, source: 'ocsp' as const };
  certificates.recordStatus(ctx, idOf('4a01'), { ...said, evidenceId: 'lain', confirmedAt: NOW });
  await going;
  expect(state('4a01')).toMatchObject({ revocation: 'revoked', evidenceId: 'lain' });
});

test('a CA that is found revoked meanwhile is not put on hold', async () => {
  const CA = readCertificate(issuer.certificate).serial;
  const { ctx } = await releasedInVain(root, urls.rootCrl, CA, ROOT_NAME);
  const known = () => certificates.authorities(ctx).find(({ serial }) => serial === CA)!;
  expect(known()).toMatchObject({ revokedAt: null, held: false });
  const going = withdraw(ctx, keyOf(root));
  certificates.recordAuthorityRevocation(ctx, known().id, { revokedAt: NOW, evidenceId: 'lain' });
  await going;
  expect(known()).toMatchObject({ revokedAt: NOW, held: false, revocationEvidenceId: 'lain' });
});

test('what one lane takes back the other leaves alone, and does when it is left undone', async () => {
  const { ctx, net, state } = await releasedInVain(issuer, urls.crl, '4a01');
  const { promise, resolve } = Promise.withResolvers<void>();
  const walk = once(`withdraw ${keyOf(issuer)}`, () => promise);
  await revocation.sweep(ctx, { outbound: net.outbound, lane: 'urgent' });
  expect(state('4a01').revocation).toBe('released');
  resolve();
  await walk;
  await revocation.sweep(ctx, { outbound: net.outbound, lane: 'urgent' });
  expect(state('4a01').revocation).toBe('on_hold');
});
