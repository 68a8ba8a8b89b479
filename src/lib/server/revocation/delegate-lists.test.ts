// What is remembered about the delegate of a responder holds for as long as the same lists speak, and no longer
// (certificate-status §5 no. 5, §12).
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import * as ca from '../../../bin/demo/ca.ts';
import { entry, issuer, list, office, root, urls } from '#tests/support/revocation-office.ts';
import { NOW } from '#tests/support/world.ts';
import { DAY, wibDate } from '../calendar.ts';
import * as certificates from '../certificates/index.ts';
import * as files from '../files/index.ts';
import * as settings from '../settings/index.ts';
import { readCertificate } from '../x509/index.ts';
import { delegateListedNow } from './delegate-lists.ts';
import { Issuers } from './issuers.ts';
import * as store from './store.ts';

const life = { notBefore: NOW - 400 * DAY, notAfter: NOW + 2000 * DAY };
const makeDelegate = () =>
  readCertificate(
    ca.makeResponder(issuer, {
      key: ca.makeKey('p256'),
      ...life,
      extensions: { crlUrls: [urls.crl], ocspNoCheck: false },
    }).certificate,
  );

/** An office that swept, and what the lists of its CA say of a delegate whenever they are asked. */
async function swept() {
  const made = await office(['4a01']);
  const { world, ctx, net, sweep, state } = made;
  net.pages.set(urls.crl, list(world, [], { nextUpdate: world.clock.at + 30 * DAY }));
  await sweep();
  const held = store.evidenceById(ctx.db, state('4a01').evidenceId!)!;
  const delegate = makeDelegate();
  const listed = () =>
    delegateListedNow(ctx, delegate, {
      issuerKey: held.issuerKey,
      issuers: Issuers.read(ctx.db),
      now: world.clock.at,
    });
  return { ...made, held, delegate, listed };
}

test('of a delegate nobody can say anything while a list is lost, and it is cleared again as soon as the list is back', async () => {
  const { world, held, listed } = await swept();
  const file = join(world.dir, 'files', held.sha256.slice(0, 2), held.sha256.slice(2, 4), held.sha256);
  const bytes = readFileSync(file);
  rmSync(file);
  expect(listed()).toBe(null);
  writeFileSync(file, bytes);
  expect(listed()).toBe(false);
});

test('a delegate whom a namesake’s list names is listed only for as long as the office lets that signer speak', async () => {
  const { world, ctx, held, delegate, listed } = await swept();
  const subject = [
    [ca.OID.C, 'ID'],
    [ca.OID.O, ca.TEST_ORGANIZATION],
    [ca.OID.CN, 'BSRE CA UJI G1'],
  ] as ca.Dn;
  const made = { notBefore: NOW - 300 * DAY, notAfter: NOW + 1000 * DAY };
  const hostile = ca.makeIntermediate(root, { ...made, key: ca.makeKey('p256'), subject: [[ca.OID.CN, 'CA LAIN']] });
  const namesake = ca.makeIntermediate(hostile, { ...made, key: ca.makeKey('p256'), subject });
  for (const { certificate } of [hostile, namesake])
    await certificates.importFile(ctx, { name: 'lain.cer', bytes: certificate });
  await certificates.runChains(ctx);
  const bytes = ca.makeCrl(namesake, {
    entries: [entry(delegate.serial)],
    number: 1,
    thisUpdate: world.clock.at,
    nextUpdate: world.clock.at + DAY,
  });
  const stored = files.put(ctx, bytes);
  files.register(ctx, stored, 'application/pkix-crl');
  // As a release before 0.5 took it in.
  const { fingerprint, publicKey } = readCertificate(namesake.certificate);
  const scope = `other-key ${publicKey.spkiSha256} all`;
  const { id: _, ...own } = held;
  const theirs = { scope, sha256: stored.sha256, size: bytes.length, signerFingerprint: fingerprint };
  const evidenceId = store.addEvidence(ctx.db, { ...own, ...theirs, acceptedAt: world.clock.at });
  store.continueLine(ctx.db, { issuerKey: own.issuerKey, scope, evidenceId, confirmedAt: world.clock.at }, false);
  expect(listed()).toBe(false);
  const allowed = {
    issuer: readCertificate(issuer.certificate).fingerprint,
    signer: fingerprint,
    why: 'Kunci lama penerbit',
    until: wibDate(world.clock.at + DAY),
  };
  settings.set(world.person('administrator'), 'crlSigners', [allowed], { source: 'uji' });
  expect(listed()).toBe(true);
  world.clock.advance(3 * DAY);
  expect(listed()).toBe(false);
});
