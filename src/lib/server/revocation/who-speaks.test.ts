// Whose word counts about a certificate, where the record itself decides it: delegates, namesakes, CAs below a revoked one.
import { expect, test } from 'vitest';
import * as ca from '../../../bin/demo/ca.ts';
import { entry, issuer, lastNumber, list, office, root, urls } from '#tests/support/revocation-office.ts';
import { NOW } from '#tests/support/world.ts';
import { DAY, HOUR, MINUTE } from '../calendar.ts';
import * as certificates from '../certificates/index.ts';
import { connection } from '../db/index.ts';
import { ia5, retag, seq, tagged } from '../x509/der-writer.ts';
import { readCertificate } from '../x509/index.ts';
import * as revocation from './index.ts';

const life = { notBefore: NOW - 300 * DAY, notAfter: NOW + 1000 * DAY };
const named = (commonName: string): ca.Dn => [
  ['2.5.4.6', 'ID'],
  ['2.5.4.3', commonName],
];
const key = () => ca.makeKey('p256');
type Office = Awaited<ReturnType<typeof office>>;
const bring = ({ ctx }: Office, name: string, bytes: Buffer) => certificates.importFile(ctx, { name, bytes });
const later = (made: Office) => {
  made.world.clock.advance(HOUR);
  return made.sweep();
};

test('a delegate that only the delta revokes answers for nobody', async () => {
  const delegate = ca.makeResponder(issuer, {
    ...life,
    key: key(),
    serial: '7001',
    extensions: { ocspNoCheck: false },
  });
  const made = await office(['4a01']);
  const { world, net, sweep, state } = made;
  const address = 'http://ca.test/delta.crl';
  const freshest = { oid: '2.5.29.46', value: seq(seq(tagged(0, tagged(0, retag(0x86, ia5(address)))))) };
  net.pages.set(urls.crl, list(world, [entry('4a01', { reason: 6 })], { extra: [freshest] }));
  const base = lastNumber();
  await sweep();
  const answer = () =>
    revocation.addEvidence(world.person('verifier'), {
      name: 'jawaban.ors',
      bytes: ca.makeOcspResponse(delegate, {
        answers: [{ id: ca.certId(issuer, '4a01'), status: 'good', thisUpdate: world.clock.at - 1000 }],
        producedAt: world.clock.at - 1000,
      }),
    });
  world.clock.advance(HOUR);
  net.pages.set(address, list(world, [entry('7001')], { deltaOf: base }));
  await sweep();
  expect(await answer()).toMatchObject({ accepted: false });
  expect(state('4a01').revocation).toBe('on_hold');
});

test('a namesake of the issuer under another anchor releases nobody (RFC 5280 §6.3.3 f)', async () => {
  const other = ca.makeRoot({ ...life, key: key(), subject: named('Akar Lain') });
  const namesake = ca.makeIntermediate(other, { ...life, key: key() });
  const made = await office(['4a01']);
  const { world, ctx, net, sweep, state } = made;
  await bring(made, 'akar-lain.cer', other.certificate);
  await bring(made, 'senama.cer', namesake.certificate);
  const anchor = certificates.authorities(ctx).find((a) => a.commonName === 'Akar Lain')!;
  certificates.decideTrust(world.person('administrator'), anchor.id, {
    decision: 'accept',
    fingerprint: anchor.fingerprint,
    note: 'Dibandingkan dengan situs resmi',
  });
  net.pages.set(urls.crl, list(world, [entry('4a01', { reason: 6 })]));
  await sweep();
  expect(state('4a01').revocation).toBe('on_hold');
  world.clock.advance(HOUR);
  net.pages.set(
    urls.crl,
    ca.makeCrl(namesake, {
      entries: [],
      number: lastNumber() + 10,
      thisUpdate: world.clock.at - MINUTE,
      nextUpdate: world.clock.at + DAY,
    }),
  );
  expect(await sweep()).toMatchObject({ refused: 1 });
  expect(state('4a01').revocation).toBe('on_hold');
});

const rootList = (made: Office, serial: string, number: number) =>
  ca.makeCrl(root, {
    entries: [entry(serial)],
    number,
    thisUpdate: made.world.clock.at - MINUTE,
    nextUpdate: made.world.clock.at + 180 * DAY,
  });
const revokedCas = ({ world }: Office) =>
  connection(world.db).prepare('select serial from authority where revoked_at is not null').pluck().all();

test('a CA below a revoked one no longer speaks', async () => {
  const middle = ca.makeIntermediate(root, { ...life, key: key(), serial: '77', subject: named('CA TENGAH'), urls });
  const low = ca.makeIntermediate(middle, { ...life, key: key(), subject: named('CA BAWAH') });
  const address = 'http://low.test/ca.crl';
  const made = await office(['4a01']);
  const { world, net, sweep, state } = made;
  await bring(made, 'tengah.cer', middle.certificate);
  await bring(made, 'bawah.cer', low.certificate);
  await bring(
    made,
    'orang.cer',
    ca.makeLeaf(low, {
      notBefore: NOW - 100 * DAY,
      serial: '5501',
      extensions: { crlUrls: [address], ocspUrls: null },
    }),
  );
  const lowList = (number: number, entries: ca.RevokedEntry[]) =>
    ca.makeCrl(low, { entries, number, thisUpdate: world.clock.at - MINUTE, nextUpdate: world.clock.at + DAY });
  net.pages.set(address, lowList(1, [entry('5501', { reason: 6 })]));
  await sweep();
  expect(state('5501').revocation).toBe('on_hold');
  net.pages.set(urls.rootCrl, rootList(made, '77', 2));
  await later(made);
  expect(revokedCas(made)).toEqual(['77']);
  net.pages.set(address, lowList(2, []));
  expect(await later(made)).toMatchObject({ refused: 1 });
  expect(state('5501').revocation).toBe('on_hold');
});

test('a CA certificate that comes after its issuer was swept is asked about by the list that is held', async () => {
  const middle = ca.makeIntermediate(root, { ...life, key: key(), serial: '77', subject: named('CA TENGAH'), urls });
  const made = await office(['4a01']);
  made.net.pages.set(urls.rootCrl, rootList(made, '77', 2));
  await made.sweep();
  await later(made);
  await bring(made, 'tengah.cer', middle.certificate);
  expect(revokedCas(made)).toEqual([]);
  await later(made);
  expect(revokedCas(made)).toEqual(['77']);
});

test('an indirect list of the root carried by hand revokes our CA, although the root issued nobody of ours', async () => {
  const { world, ctx, sweep, state } = await office(['4a01']);
  await sweep();
  world.clock.advance(HOUR);
  const bytes = ca.makeCrl(root, {
    entries: [entry(readCertificate(issuer.certificate).serial)],
    number: 50,
    thisUpdate: world.clock.at - MINUTE,
    nextUpdate: world.clock.at + 90 * DAY,
    scope: { indirect: true },
  });
  expect(await revocation.addEvidence(world.person('verifier'), { name: 'i.crl', bytes })).toMatchObject({
    accepted: true,
  });
  await certificates.runChains(ctx);
  expect(state('4a01').label).toBe('ca_revoked');
});
