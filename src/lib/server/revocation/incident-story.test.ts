// A report of an incident that begins at verified evidence: told by identifiers, so that no address can say anything.
import { expect, test } from 'vitest';
import { makeWorld, NOW } from '#tests/support/world.ts';
import * as ca from '../../../bin/demo/ca.ts';
import { dateTime } from '#lib/format.ts';
import { DAY, MINUTE } from '../calendar.ts';
import * as certificates from '../certificates/index.ts';
import { connection } from '../db/index.ts';
import * as revocation from './index.ts';

const life = { notBefore: NOW - 400 * DAY, notAfter: NOW + 2000 * DAY };
const root = ca.makeRoot({ key: ca.makeKey('p256'), ...life });
const urls = ca.urlsAt('http://ca.test');
const issuer = ca.makeIntermediate(root, { key: ca.makeKey('p256'), ...life, urls });

/** Two certificates under a trusted root and lists carried by hand. */
async function office() {
  const world = makeWorld();
  const put = (name: string, bytes: Buffer) => certificates.importFile(world.ctx(), { name, bytes });
  await put('root.cer', root.certificate);
  await put('ca.cer', issuer.certificate);
  const anchor = certificates.authorities(world.ctx()).find((a) => a.selfSigned)!;
  certificates.decideTrust(world.person('administrator'), anchor.id, {
    decision: 'accept',
    fingerprint: anchor.fingerprint,
    note: 'Dibandingkan dengan situs resmi',
  });
  const ids: string[] = [];
  for (const serial of ['4a01', '4a02']) {
    await put(
      `${serial}.cer`,
      ca.makeLeaf(issuer, { serial, commonName: `UJI ${serial}`, notBefore: NOW - 30 * DAY, urls }),
    );
    ids.push(connection(world.db).prepare('select id from certificate where serial = ?').pluck().get(serial) as string);
  }
  let number = 0;
  const carry = async (entries: ca.RevokedEntry[]) => {
    world.clock.at += 10 * MINUTE;
    const bytes = ca.makeCrl(issuer, {
      entries,
      number: ++number,
      thisUpdate: world.clock.at - MINUTE,
      nextUpdate: world.clock.at + DAY,
    });
    return revocation.addEvidence(world.ctx(), { name: 'ca.crl', bytes });
  };
  const revoked = (serial: string): ca.RevokedEntry => ({ serial, revokedAt: NOW - DAY, reason: 1 });
  return { world, ids: ids as [string, string], carry, revoked };
}

test('a revocation tells certificate, what was seen, when and by which evidence', async () => {
  const { world, ids, carry, revoked } = await office();
  await carry([revoked('4a01')]);
  const { seenAt, text } = revocation.incidentStory(world.person('supervisor'), ids[0]);
  expect(seenAt).toBe(world.clock.at);
  const evidenceId = certificates.get(world.ctx(), ids[0]).evidenceId!;
  for (const part of [
    'UJI 4a01',
    '4A:01',
    'Tercantum dicabut menurut CRL',
    'nomor 1',
    `/evidence/${evidenceId}`,
    'RFC 5280 §3.3',
  ])
    expect(text).toContain(part);
  expect(text).not.toMatch(/undefined|null|NaN/);
});

test('an early removal tells its own story; another certificate’s signal says nothing here', async () => {
  const { world, ids, carry, revoked } = await office();
  await carry([revoked('4a01'), revoked('4a02')]);
  await carry([revoked('4a02')]);
  const ctx = world.person('supervisor');
  const signal = revocation.signals(ctx).find((row) => row.kind === 'early_removal')!;
  expect(signal.certificateId).toBe(ids[0]);
  const told = revocation.incidentStory(ctx, ids[0], signal.id);
  expect(told.seenAt).toBe(signal.at);
  expect(told.text).toContain('lalu hilang dari CRL');
  expect(told.text).toContain('Status pencabutan sekarang: dicabut');
  expect(revocation.incidentStory(ctx, ids[1], signal.id).text).not.toContain('hilang dari CRL');
  expect(revocation.incidentStory(ctx, ids[0], 'nothing of ours').text).not.toContain('hilang dari CRL');
});

test('who may not see the certificate learns nothing of it', async () => {
  const { world, ids, carry, revoked } = await office();
  await carry([revoked('4a01')]);
  const officer = world.person('officer', { agencies: [] });
  expect(() => revocation.incidentStory(officer, ids[0])).toThrow(/tidak ada|tidak ditemukan/i);
});

test('what was first seen stays so when the issuer corrects the reason, and begins anew after a release', async () => {
  const { world, ids, carry, revoked } = await office();
  const ctx = world.person('supervisor');
  const first = () => revocation.incidentStory(ctx, ids[0]).seenAt;
  const told = () => revocation.explain(ctx, ids[0]).basis.known;
  await carry([{ ...revoked('4a01'), reason: 6 }]);
  const held = world.clock.at;
  expect(first()).toBe(held);
  await carry([]);
  world.clock.at += 2 * DAY;
  await carry([{ ...revoked('4a01'), reason: 0 }]);
  const seen = world.clock.at;
  world.clock.at += 10 * DAY;
  await carry([revoked('4a01')]);
  expect(certificates.get(ctx, ids[0])).toMatchObject({ revocationReason: 1, revocationSeenAt: seen });
  expect(first()).toBe(seen);
  expect(told()).toContain(`Siaga pertama melihatnya ${dateTime(seen)}.`);
  expect(revocation.incidentStory(ctx, ids[0]).text).toContain(`Pertama terlihat Siaga ${dateTime(seen)}.`);
});
