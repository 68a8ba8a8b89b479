// What a sweep that has nothing to do costs in a large estate: it asks what waits of what may wait, not of every certificate.
import { expect, test } from 'vitest';
import { plansOf } from '#tests/support/plans.ts';
import { dataOnly, issuer, office } from '#tests/support/revocation-office.ts';
import { readCertificate } from '../x509/index.ts';
import * as store from './store.ts';

const issuerKey = readCertificate(issuer.certificate).publicKey.spkiSha256;

test('records without their file are found by their own index, whatever else the estate holds', async () => {
  const { world, sweep } = await office(['4a01']);
  dataOnly(world, '4a02');
  await sweep();
  for (const ask of [
    () => store.dataOnlyOf(world.db, issuerKey),
    () => store.waiting(world.db, issuerKey, world.clock.at, world.clock.at),
  ]) {
    const plan = plansOf(world.db, ask).join('\n');
    expect(plan).toContain('certificate_data_only');
    expect(plan).not.toContain('certificate_by_serial');
  }
  expect(store.dataOnlyOf(world.db, issuerKey).map(({ serial }) => serial)).toEqual(['4a02']);
});

test('of an issuer that signs its own lists no certificate is looked at for another signer', async () => {
  const { world, sweep } = await office(['4a01']);
  await sweep();
  const plan = plansOf(world.db, () => store.goodByOthers(world.db, issuerKey));
  expect(plan[0]).toContain('MATERIALIZE theirs');
  expect(store.goodByOthers(world.db, issuerKey)).toEqual([]);
});

test('the findings of a certificate are found by it, not among all of their kind', async () => {
  const { world, ids } = await office(['4a01']);
  const plan = plansOf(world.db, () => store.episodesOf(world.db, ids)).join('\n');
  expect(plan).toContain('revocation_signal_by_certificate');
  expect(plan).not.toContain('revocation_signal_once');
});
