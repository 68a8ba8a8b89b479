import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { makeWorld, NOW, type World } from '#tests/support/world.ts';
import * as ca from '../../../bin/demo/ca.ts';
import * as audit from '../audit/index.ts';
import * as auth from '../auth/index.ts';
import { DAY } from '../calendar.ts';
import { connection } from '../db/index.ts';
import { readCertificate } from '../x509/index.ts';
import * as certificates from './index.ts';
import { knownIssuers } from './known-issuers/index.ts';
import { trustWarnings } from './trust-warnings.ts';

const life = { notBefore: NOW - 400 * DAY, notAfter: NOW + 2000 * DAY };
const root = ca.makeRoot({ key: ca.makeKey('p256'), ...life });
const issuer = ca.makeIntermediate(root, { key: ca.makeKey('p256'), ...life });
const leafKey = ca.makeKey('p256');
const leaf = (commonName: string, more: Partial<Parameters<typeof ca.makeLeaf>[1]> = {}) =>
  ca.makeLeaf(issuer, { commonName, notBefore: NOW - DAY, spki: leafKey.spki, ...more });

async function office() {
  const world = makeWorld();
  const admin = world.person('administrator');
  for (const [i, bytes] of [root.certificate, issuer.certificate, leaf('ANI')].entries())
    await certificates.importFile(world.ctx(), { name: `${i}.cer`, bytes });
  const anchor = certificates.authorities(world.ctx()).find((a) => a.selfSigned)!;
  const { fingerprint } = anchor;
  const decide = (decision: 'accept' | 'reject') =>
    certificates.decideTrust(admin, anchor.id, { decision, fingerprint, note: 'situs resmi' });
  const row = () => certificates.list(world.ctx()).rows[0]!;
  return { world, admin, anchor, decide, row, ctx: world.ctx() };
}
const eventsOf = (world: World, id: string) =>
  certificates.get(world.ctx(), id).events.filter(({ facet }) => facet === 'chain');

describe('a decision about an issuer', () => {
  test('takes the fingerprint as it is copied: with its name, colons, spaces and marks nobody sees', async () => {
    const { admin, anchor, decide } = await office();
    const pairs = anchor.fingerprint.toUpperCase().match(/../g)!;
    for (const written of [
      ` sha256 Fingerprint=${pairs.join(':')}\n`,
      `SHA-256: ${pairs.join(' ')}`,
      `\u200e${pairs.join(' ')}`,
      `${anchor.fingerprint.slice(0, 32)}\n${anchor.fingerprint.slice(32)}`,
    ]) {
      const decided = { decision: 'accept' as const, fingerprint: written, note: 'situs resmi' };
      expect(() => certificates.decideTrust(admin, anchor.id, decided)).not.toThrow();
      decide('reject');
    }
  });

  test('is warned of before it is made where nothing below the issuer could become valid by it', async () => {
    const world = makeWorld();
    const self = (name: string, extensions: Parameters<typeof ca.makeRoot>[0]['extensions']) =>
      ca.makeRoot({ key: ca.makeKey('p256'), ...life, subject: [['2.5.4.3', name]], extensions });
    const made = {
      'CA Biasa': self('CA Biasa', {}),
      'CA Tanpa Hak': self('CA Tanpa Hak', { keyUsage: ['digitalSignature', 'cRLSign'] }),
      'Bukan CA': self('Bukan CA', { basicConstraints: { ca: false } }),
      'CA Tanpa Batasan': self('CA Tanpa Batasan', { keyUsage: null }),
    };
    for (const { certificate } of Object.values(made))
      certificates.proposeAuthority(world.ctx(), { der: certificate, origin: 'Unggahan' });
    const warned = Object.fromEntries(certificates.authorities(world.ctx()).map((a) => [a.commonName, a.unfit]));
    expect(warned).toEqual({
      'CA Biasa': null,
      'CA Tanpa Hak': { text: 'Kunci penerbit tidak boleh menandatangani sertifikat.', clause: expect.any(String) },
      'Bukan CA': { text: 'Penerbit tidak dinyatakan sebagai CA.', clause: expect.any(String) },
      'CA Tanpa Batasan': null,
    });
    expect(warned['CA Tanpa Hak']!.clause).toContain('§4.2.1.3');
    expect(warned['Bukan CA']!.clause).toContain('§4.2.1.9');

    const admin = world.person('administrator', { name: 'Rina' });
    const accept = (name: string, despite?: boolean) => {
      const { id, fingerprint } = certificates.authorities(world.ctx()).find((a) => a.commonName === name)!;
      certificates.decideTrust(admin, id, { decision: 'accept', fingerprint, note: 'situs resmi', despite });
      return audit.list(admin, { target: ['authority', id] }, auth.names(admin))[0]!.sentence;
    };
    expect(accept('CA Biasa')).toBe(
      'Rina menyatakan penerbit CA Biasa dipercaya setelah membandingkan sidik jarinya, karena situs resmi',
    );
    expect(() => accept('CA Tanpa Hak')).toThrow('Belum dipercaya. Kunci penerbit tidak boleh menandatangani');
    expect(certificates.authorities(world.ctx()).find((a) => a.commonName === 'CA Tanpa Hak')!.trust).toBe('proposed');
    expect(accept('CA Tanpa Hak', true)).toBe(
      'Rina menyatakan penerbit CA Tanpa Hak dipercaya setelah membandingkan sidik jarinya, walaupun diperingatkan: Kunci penerbit tidak boleh menandatangani sertifikat (RFC 5280 §4.2.1.3, §6.1.4 (n)), karena situs resmi',
    );
  });

  test('that its life is over, or has not begun, is a warning; that it is revoked is a grave one', () => {
    const { certificate } = root;
    const view = readCertificate(certificate);
    const rules = (at: number, revokedAt: number | null = null) =>
      trustWarnings(view, revokedAt, at).map(
        ({ text, grave }) => `${grave ? '!' : ''}${text.replace(/ sejak .*/, '')}`,
      );
    expect(rules(NOW)).toEqual([]);
    expect(rules(NOW + 2001 * DAY)).toEqual(['Masa berlaku sertifikat penerbit sudah berakhir.']);
    expect(rules(NOW - 401 * DAY)).toEqual(['Masa berlaku sertifikat penerbit belum mulai.']);
    expect(rules(NOW, NOW - DAY)).toEqual(['!Menurut bukti terverifikasi sertifikat ini dicabut atau ditangguhkan']);
  });

  test('a key that is too weak is a grave warning, also of a root that signed itself', () => {
    const weak = ca.makeRoot({ key: ca.makeKey('rsa1024'), ...life, subject: [['2.5.4.3', 'CA Lemah']] });
    expect(trustWarnings(readCertificate(weak.certificate), null, NOW)).toEqual([
      {
        text: 'Kunci penerbit ini (RSA 1024 bit) terlalu lemah; tanda tangannya tidak dapat dipercaya.',
        clause: 'NIST SP 800-131A',
        grave: true,
      },
    ]);
  });

  test('commits at once; the chains follow by jobs, with progress that can be seen', async () => {
    const { decide, row, ctx } = await office();
    expect(row().chain).toBe('untrusted');
    decide('accept');
    expect(row().chain).toBe('untrusted');
    expect(certificates.chainProgress(ctx)).toMatchObject({ scope: 'all', state: 'requested', done: 0 });
    expect(await certificates.runChains(ctx)).toBe(1);
    expect(row().chain).toBe('anchored');
    expect(certificates.chainProgress(ctx)).toBeNull();
    expect(await certificates.runChains(ctx)).toBe(0);
  });

  test('a rejection takes anchored chains down in the same instant, before any job, and history tells it once', async () => {
    const { world, decide, row, ctx } = await office();
    decide('accept');
    await certificates.runChains(ctx);
    connection(world.db)
      .prepare("update certificate set revocation = 'good', confirmed_at = ?, fresh_until = ?")
      .run(NOW, NOW + DAY);
    expect(row().label).toBe('valid');
    decide('reject');
    expect(row()).toMatchObject({ chain: 'untrusted', label: 'untrusted' });
    expect(certificates.get(ctx, row().id).status.sentence).toContain('baru saja dicabut');
    const before = eventsOf(world, row().id).length;
    await certificates.runChains(ctx);
    expect(row().label).not.toBe('valid');
    const events = eventsOf(world, row().id);
    expect(events).toHaveLength(before + 1);
    expect(events[0]).toMatchObject({ from: 'anchored', to: 'untrusted' });
  });

  test('a run that was killed goes on from its place', async () => {
    const { world, decide, row, ctx } = await office();
    decide('accept');
    connection(world.db).prepare("update chain_run set state = 'running', after = ''").run();
    await certificates.runChains(ctx);
    expect(row().chain).toBe('anchored');
  });

  test('revocation of an intermediate takes down what stands below it', async () => {
    const { decide, row, ctx } = await office();
    decide('accept');
    await certificates.runChains(ctx);
    const middle = certificates.authorities(ctx).find((a) => !a.selfSigned)!;
    certificates.recordAuthorityRevocation(ctx, middle.id, { revokedAt: NOW, evidenceId: null });
    expect(row().chain).toBe('ca_revoked');
    await certificates.runChains(ctx);
    expect(row().chain).toBe('ca_revoked');
  });
});

describe('public issuers that come along', () => {
  test('have the SHA-256 that is published, each with where to compare it', () => {
    const published: Record<string, string> = {
      'OSD LU Kelas 2': '2178095b3cc0f6facb9e6f07feecee6327a89c6681af43ba95126b68867d02b2',
      'Root CA Indonesia DS G1': 'b5f36672fd7cfd401e01ef640b2fe61f816f32f447b280b76f536244cf42fcdf',
      'BSRE CA DS G1': '4a3ab062c4d24f60417fa28f6543ac7151c9f1fde5817bbe67f49c55ce5ffed5',
    };
    for (const { name, sha256, der, compare } of knownIssuers) {
      expect(sha256).toBe(published[name]);
      expect(createHash('sha256').update(der).digest('hex')).toBe(sha256);
      expect(readCertificate(der).ca).toBe(true);
      expect(compare).toMatch(/bandingkan|telepon/);
    }
  });

  test('are proposals and candidates, once; nothing is trusted by it', () => {
    const ctx = makeWorld().ctx();
    expect(certificates.offersWaiting(ctx)).toBe(true);
    expect(certificates.offerKnownIssuers(ctx)).toBe(3);
    expect(certificates.offerKnownIssuers(ctx)).toBe(0);
    expect(certificates.offersWaiting(ctx)).toBe(false);
    const rows = certificates.authorities(ctx);
    expect(rows.map(({ commonName, trust }) => [commonName, trust]).sort()).toEqual([
      ['BSRE CA DS G1', 'candidate'],
      ['OSD LU Kelas 2', 'proposed'],
      ['Root CA Indonesia DS G1', 'proposed'],
    ]);
    const bsre = rows.find(({ trust }) => trust === 'candidate')!;
    expect(bsre.issuerId).toBe(rows.find(({ commonName }) => commonName.startsWith('Root'))!.id);
    expect(rows.every(({ known }) => known?.compare)).toBe(true);
  });

  test('a leaf issued under a CA that has ended since says so, and what it means for old signatures', async () => {
    const old = ca.makeRoot({ key: ca.makeKey('p256'), notBefore: NOW - 3000 * DAY, notAfter: NOW - 96 * DAY });
    const world = makeWorld();
    const bytes = ca.makeLeaf(old, { commonName: 'BUDI', notBefore: NOW - 300 * DAY });
    await certificates.importFile(world.ctx(), { name: 'ca.cer', bytes: old.certificate });
    const { id, fingerprint } = certificates.authorities(world.ctx())[0]!;
    certificates.decideTrust(world.person('administrator'), id, { decision: 'accept', fingerprint, note: 'uji' });
    const [told] = audit.list(world.person('auditor'), { target: ['authority', id] }, String);
    expect(told!.sentence).toContain('walaupun diperingatkan: Masa berlaku sertifikat penerbit sudah berakhir (RFC');
    await certificates.runChains(world.ctx());
    await certificates.importFile(world.ctx(), { name: 'l.cer', bytes });
    const found = certificates.get(world.ctx(), certificates.list(world.ctx()).rows[0]!.id);
    expect(found).toMatchObject({ chain: 'ca_expired', label: 'ca_expired' });
    expect(found.status.sentence).toContain('Diterbitkan di bawah CA yang sudah kedaluwarsa');
    expect(found.status.sentence).toContain('sebelum');
    expect(found.pathFailure?.rule).toBe('ca_expired');
    expect(found.path.map(({ fails }) => fails)).toEqual([true]);
  });
});

describe('meshes of cross-certificates', () => {
  test('twelve CAs that all signed each other are judged in bounded time, with an anchor and without', async () => {
    const keys = Array.from({ length: 12 }, () => ca.makeKey('p256'));
    const dn = (i: number): ca.Dn => [[ca.OID.CN, `CA SILANG ${i}`]];
    const signer = (i: number) => ({ name: ca.name(dn(i)), key: keys[i]!, keyId: ca.keyIdOf(keys[i]!.spki) });
    const extensions = { basicConstraints: { ca: true }, keyUsage: ['keyCertSign' as const] };
    const crossed = keys.flatMap((key, i) =>
      keys.flatMap((_, j) =>
        i === j
          ? []
          : [ca.issue(signer(j), { subject: dn(i), spki: key.spki, ...life, serial: ca.randomSerial(), extensions })],
      ),
    );
    const top = ca.issue(signer(11), {
      subject: dn(11),
      spki: keys[11]!.spki,
      ...life,
      serial: ca.randomSerial(),
      extensions,
    });
    const world = makeWorld();
    const pem = [...crossed, top].map(
      (der) => `-----BEGIN CERTIFICATE-----\n${der.toString('base64')}\n-----END CERTIFICATE-----\n`,
    );
    await certificates.importFile(world.ctx(), { name: 'mesh.pem', bytes: Buffer.from(pem.join('')) });
    const bytes = ca.makeLeaf({ certificate: top, ...signer(0) }, { commonName: 'ANI', notBefore: NOW - DAY });
    const started = performance.now();
    await certificates.importFile(world.ctx(), { name: 'leaf.cer', bytes });
    const row = () => certificates.list(world.ctx()).rows[0]!;
    expect(row().chain).toBe('untrusted');
    const anchor = certificates.authorities(world.ctx()).find((a) => a.selfSigned)!;
    const { id, fingerprint } = anchor;
    certificates.decideTrust(world.person('administrator'), id, { decision: 'accept', fingerprint, note: 'uji' });
    await certificates.runChains(world.ctx());
    expect(row().chain).toBe('anchored');
    // The shortest way is drawn: the leaf's issuer, crossed by the anchor.
    expect(certificates.get(world.ctx(), row().id).path).toHaveLength(2);
    expect(performance.now() - started).toBeLessThan(20_000);
  });
});
