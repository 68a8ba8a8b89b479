// A responder whose delegate is not excused from being looked up (no id-pkix-ocsp-nocheck): the list of its CA is asked about it for
// every answer (certificate-status §5 no. 5), and may be long.
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { expect, onTestFinished, test, vi } from 'vitest';
import * as ca from '../../../bin/demo/ca.ts';
import { entry, issuer, list, OCSP_ONLY, office, urls } from '#tests/support/revocation-office.ts';
import { NOW } from '#tests/support/world.ts';
import { DAY, HOUR } from '../calendar.ts';
import { readCertificate } from '../x509/index.ts';
import * as revocation from './index.ts';

const life = { notBefore: NOW - 400 * DAY, notAfter: NOW + 2000 * DAY };
const MANY = 30;
const LONG = 100_000;
const delegateOf = (ocspNoCheck: boolean) =>
  ca.makeResponder(issuer, { key: ca.makeKey('p256'), ...life, extensions: { crlUrls: [urls.crl], ocspNoCheck } });

test('a long list of the CA is walked once for all answers of a delegate, and again when another holds', async () => {
  const serials = Array.from({ length: MANY }, (_, i) => (0x5000 + i).toString(16));
  const made = await office([], OCSP_ONLY);
  const { world, ctx, net, state } = made;
  await made.addAll(serials);
  await made.add('4a01', { extensions: {} });
  const entries = Array.from({ length: LONG }, (_, i) => entry((0x7000000000 + i).toString(16)));
  net.pages.set(urls.crl, list(world, entries, { nextUpdate: world.clock.at + 30 * DAY, scope: { url: urls.crl } }));
  let delegate = delegateOf(true);
  net.responders.set(urls.ocsp, ({ id, at }) =>
    ca.makeOcspResponse(delegate, { answers: [{ id, status: 'good', thisUpdate: at }], producedAt: at }),
  );
  const read = vi.spyOn(fs, 'readFileSync');
  syncBuiltinESMExports();
  onTestFinished(() => {
    read.mockRestore();
    syncBuiltinESMExports();
  });
  /** How often a long list is read while all are asked about. */
  const readings = async () => {
    world.clock.advance(6 * HOUR);
    read.mockClear();
    const { questions } = await revocation.sweep(ctx, net);
    expect(questions).toBeGreaterThanOrEqual(MANY);
    return read.mock.results.filter(({ value }) => Buffer.isBuffer(value) && value.length > LONG).length;
  };
  await readings();
  const excused = await readings();
  delegate = delegateOf(false);
  expect(await readings()).toBeLessThan(excused + 4);
  expect(state(serials[0]!).label).toBe('valid');

  const { serial } = readCertificate(delegate.certificate);
  net.pages.set(
    urls.crl,
    list(world, [...entries, entry(serial)], { nextUpdate: world.clock.at + 30 * DAY, scope: { url: urls.crl } }),
  );
  world.clock.advance(6 * HOUR);
  await revocation.sweep(ctx, net);
  expect(revocation.sources(ctx).find(({ kind }) => kind === 'ocsp')!.failureCode).toBe('delegate_revoked');
}, 60_000);
