// A CA whose certificate was renewed with the same key is the same CA: what it signs goes on counting.
import { expect, test } from 'vitest';
import * as ca from '../../../bin/demo/ca.ts';
import { office, root, urls } from '#tests/support/revocation-office.ts';
import { NOW } from '#tests/support/world.ts';
import { DAY, HOUR } from '../calendar.ts';
import * as certificates from '../certificates/index.ts';
import { connection } from '../db/index.ts';
import { readCertificate } from '../x509/index.ts';
import * as revocation from './index.ts';

const serial = '5b01';

/** A certificate of the elder CA certificate, and the younger; 20 days later the elder has expired, and the younger's answer comes. */
async function renewed(younger: Partial<Parameters<typeof ca.makeIntermediate>[1]> = {}) {
  const key = ca.makeKey('p256');
  const old = ca.makeIntermediate(root, { key, urls, notBefore: NOW - 400 * DAY, notAfter: NOW + 10 * DAY });
  const life = { notBefore: NOW - DAY, notAfter: NOW + 900 * DAY };
  const next = ca.makeIntermediate(root, { urls, ...life, key, ...younger });
  const made = await office([]);
  const { world, ctx } = made;
  const leaf = { notBefore: NOW - 100 * DAY, serial, commonName: 'ORANG', urls, extensions: { crlUrls: null } };
  for (const bytes of [old.certificate, ca.makeLeaf(old, leaf), next.certificate])
    await certificates.importFile(ctx, { name: 'a.cer', bytes });
  await certificates.runChains(ctx);
  connection(world.db)
    .prepare('update certificate set authority_id = (select id from authority where fingerprint = ?) where serial = ?')
    .run(readCertificate(old.certificate).fingerprint, serial);
  world.clock.advance(20 * DAY);
  const at = world.clock.at - 1000;
  const answers = [
    { id: ca.certId(old, serial), status: { revokedAt: at - HOUR, reason: 1 }, thisUpdate: at, nextUpdate: at + HOUR },
  ] as const;
  const bytes = ca.makeOcspResponse(next, { answers: [...answers], producedAt: at, certificates: [] });
  const taken = await revocation.addEvidence(world.person('verifier'), { name: 'a.ors', bytes });
  const id = connection(world.db).prepare('select id from certificate where serial = ?').pluck().get(serial) as string;
  return { text: taken.text, state: certificates.get(ctx, id) };
}

test('an answer under the renewed certificate revokes what the expired one issued', async () => {
  const { state } = await renewed();
  expect(state.revocation).toBe('revoked');
});

test('another key, or the same key under another name, is another CA: its answer changes nothing', async () => {
  for (const other of [{ key: ca.makeKey('p256') }, { subject: [['2.5.4.3', 'CA LAIN']] as ca.Dn }]) {
    const { state, text } = await renewed(other);
    expect(state.revocation).toBe('undetermined');
    expect(text).toMatch(/tidak/i);
  }
});
