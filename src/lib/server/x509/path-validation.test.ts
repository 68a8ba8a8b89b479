import { execFileSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import * as ca from '../../../bin/demo/ca.ts';
import * as write from './der-writer.ts';
import {
  algorithmPolicy,
  readCertificate,
  signedBy,
  validatePath,
  verifySignature,
  type PathOptions,
} from './index.ts';

const NOW = Date.UTC(2026, 10, 22);
const YEAR = 365 * ca.DAY;
const era = { notBefore: NOW - 3 * YEAR, notAfter: NOW + 3 * YEAR };
const keys = {
  root: ca.makeKey('p256'),
  issuing: ca.makeKey('p256'),
  other: ca.makeKey('p256'),
  leaf: ca.makeKey('p256'),
};
const root = ca.makeRoot({ ...era, key: keys.root });
const issuing = ca.makeIntermediate(root, { ...era, key: keys.issuing });
const view = (authority: ca.Authority | Buffer) =>
  readCertificate(Buffer.isBuffer(authority) ? authority : authority.certificate);
const leafOf = (issuer: ca.Authority, request: Partial<ca.CertificateRequest> = {}) =>
  view(ca.makeLeaf(issuer, { notBefore: NOW - YEAR, spki: keys.leaf.spki, ...request }));
const judge = (
  leaf: ReturnType<typeof view>,
  intermediates: (ca.Authority | Buffer)[],
  options: Partial<PathOptions> = {},
) => validatePath(leaf, { anchors: [view(root)], intermediates: intermediates.map(view), at: NOW, ...options });
/** Another intermediate under the root with one thing changed. */
const variant = (extensions: ca.Extensions, dates = era) =>
  ca.makeIntermediate(root, { ...dates, key: keys.issuing, extensions });

describe('a good path', () => {
  test('runs from the leaf to the anchor', () => {
    const result = judge(leafOf(issuing), [issuing]);
    expect(result).toMatchObject({ ok: true, chain: 'anchored' });
    expect(result.path.map(({ subject }) => subject.text.split(',')[0])).toEqual(['C=ID', 'CN=BSRE CA UJI G1', 'C=ID']);
  });
  test('may consist of the anchor alone', () => expect(judge(view(root), []).path).toHaveLength(1));
  test('holds to the last second and not longer', () => {
    const leaf = leafOf(issuing);
    expect(judge(leaf, [issuing], { at: leaf.notAfter.ms }).ok).toBe(true);
    expect(judge(leaf, [issuing], { at: leaf.notAfter.ms + 1000 })).toMatchObject({
      ok: false,
      rule: 'expired',
      chain: 'anchored',
    });
    expect(judge(leaf, [issuing], { at: leaf.notBefore.ms - 1 })).toMatchObject({ ok: false, rule: 'not_yet_valid' });
  });
});

describe('a path that fails says why', () => {
  test.each([
    ['its issuer is missing', () => judge(leafOf(issuing), []), 'incomplete'],
    ['its root is not accepted', () => judge(leafOf(issuing), [issuing, root], { anchors: [] }), 'untrusted'],
    [
      'the issuer has the name but another key',
      () => judge(leafOf(issuing), [ca.makeIntermediate(root, { ...era, key: keys.other })]),
      'bad_signature',
    ],
    ['the issuer expired', () => judge(leafOf(issuing), [variant({}, { ...era, notAfter: NOW - 1000 })]), 'ca_expired'],
    [
      'the issuer is not yet valid',
      () => judge(leafOf(issuing), [variant({}, { ...era, notBefore: NOW + 1000 })]),
      'ca_not_yet_valid',
    ],
    ['the issuer is no CA', () => judge(leafOf(issuing), [variant({ basicConstraints: { ca: false } })]), 'not_a_ca'],
    [
      'the issuer has no basic constraints',
      () => judge(leafOf(issuing), [variant({ basicConstraints: null })]),
      'not_a_ca',
    ],
    [
      'the issuer may not sign certificates',
      () => judge(leafOf(issuing), [variant({ keyUsage: ['cRLSign'] })]),
      'key_usage',
    ],
    [
      'a critical extension is unknown',
      () =>
        judge(
          leafOf(issuing, { extensions: { extra: [{ oid: '1.2.3.4', critical: true, value: write.nothing() }] } }),
          [issuing],
        ),
      'critical_extension',
    ],
    [
      'an extension is broken',
      () =>
        judge(leafOf(issuing, { extensions: { extra: [{ oid: '2.5.29.54', value: Buffer.from([9]) }] } }), [issuing]),
      'malformed_extension',
    ],
  ])('%s', (_, run, rule) => {
    const result = run();
    expect(result).toMatchObject({ ok: false, rule });
    expect(result.explanation).toBeTruthy();
  });

  test('a path longer than an issuer permits', () => {
    const first = variant({ basicConstraints: { ca: true, pathLen: 0 } });
    const second = ca.makeIntermediate(first, { ...era, key: keys.other, subject: [[ca.OID.CN, 'CA kedua']] });
    expect(judge(leafOf(second), [first, second])).toMatchObject({ ok: false, rule: 'path_length' });
    expect(judge(leafOf(first), [first]).ok).toBe(true);
  });

  test('a signature changed by one bit', () => {
    const der = Buffer.from(ca.makeLeaf(issuing, { notBefore: NOW - YEAR, spki: keys.leaf.spki }));
    der[der.length - 1]! ^= 1;
    expect(judge(view(der), [issuing])).toMatchObject({ ok: false, chain: 'bad_signature' });
  });

  test('SHA-1 is refused unless weak algorithms are allowed, MD5 always', () => {
    const rsa = ca.makeRoot({ ...era });
    const anchors = [view(rsa)];
    const leaf = (signature: ca.SignatureKind) => leafOf(rsa, { signature });
    expect(judge(leaf('sha1RSA'), [], { anchors })).toMatchObject({ ok: false, rule: 'weak_algorithm' });
    expect(judge(leaf('sha1RSA'), [], { anchors, allowWeak: true }).ok).toBe(true);
    expect(judge(leaf('md5RSA'), [], { anchors, allowWeak: true })).toMatchObject({
      ok: false,
      rule: 'weak_algorithm',
    });
    expect(judge(leaf('pss256'), [], { anchors }).ok).toBe(true);
    expect(algorithmPolicy('1.2.840.113549.1.1.10', anchors[0]!.publicKey)).toBe('weak');
  });
});

describe('several ways up', () => {
  test('two keys under one name: the one that signed is found', () => {
    const rollover = ca.makeIntermediate(root, { ...era, key: keys.other });
    expect(judge(leafOf(rollover), [issuing, rollover]).ok).toBe(true);
    expect(judge(leafOf(issuing), [rollover, issuing]).ok).toBe(true);
  });
  test('an expired twin of the issuer does not spoil the good one', () => {
    expect(judge(leafOf(issuing), [variant({}, { ...era, notAfter: NOW - 1 }), issuing]).ok).toBe(true);
  });
  test('cross-certificates that point at each other end', () => {
    const a = ca.makeRoot({ ...era, key: keys.issuing, subject: [[ca.OID.CN, 'A']] });
    const b = ca.makeRoot({ ...era, key: keys.other, subject: [[ca.OID.CN, 'B']] });
    const ab = ca.makeIntermediate(a, { ...era, key: b.key, subject: [[ca.OID.CN, 'B']] });
    const ba = ca.makeIntermediate(b, { ...era, key: a.key, subject: [[ca.OID.CN, 'A']] });
    expect(judge(leafOf(a), [ab, ba, a, b]).ok).toBe(false);
    expect(judge(leafOf(a), [ab, ba], { anchors: [view(b)] }).ok).toBe(true);
  });
  test('many certificates of one name and key are searched within a bound', () => {
    const twins = Array.from({ length: 40 }, () =>
      ca.makeRoot({ ...era, key: keys.issuing, subject: [[ca.OID.CN, 'Kembar']] }),
    );
    const began = performance.now();
    expect(judge(leafOf(twins[0]!), twins).ok).toBe(false);
    expect(performance.now() - began).toBeLessThan(2000);
  });
});

describe('name constraints', () => {
  const tree = (n: number, ...bases: Buffer[]) => write.tagged(n, ...bases.map((base) => write.seq(base)));
  const dns = (name: string) => write.primitive(2, Buffer.from(name));
  const constrained = (value: Buffer) =>
    variant({ extra: [{ oid: '2.5.29.30', critical: true, value: write.seq(value) }] });
  const server = (issuer: ca.Authority, ...names: string[]) => leafOf(issuer, { extensions: { dnsNames: names } });
  test.each([
    ['batam.go.id', true],
    ['www.batam.go.id', true],
    ['jahatbatam.go.id', false],
    ['contoh.id', false],
  ])('only batam.go.id permitted: %s → %s', (name, ok) => {
    const issuer = constrained(tree(0, dns('batam.go.id')));
    expect(judge(server(issuer, name), [issuer]).ok).toBe(ok);
  });
  test('an excluded host is not reached by a wildcard either', () => {
    const issuer = constrained(tree(1, dns('rahasia.batam.go.id')));
    expect(judge(server(issuer, '*.batam.go.id'), [issuer])).toMatchObject({ ok: false, rule: 'name_constraints' });
    expect(judge(server(issuer, 'www.batam.go.id'), [issuer]).ok).toBe(true);
  });
  test('a directory constraint is a prefix of the name', () => {
    const base = (dn: ca.Dn) => write.tagged(4, ca.name(dn));
    const inside = constrained(tree(0, base([[ca.OID.CN, 'budi uji']])));
    expect(judge(leafOf(inside), [inside]).ok).toBe(true);
    const outside = constrained(tree(0, base([[ca.OID.CN, 'ORANG LAIN']])));
    expect(judge(leafOf(outside), [outside])).toMatchObject({ rule: 'name_constraints' });
  });
});

describe('policies', () => {
  test('an explicit policy is required when asked for', () => {
    const bearing = variant({ policies: [ca.SIGNER_POLICY] });
    expect(judge(leafOf(bearing), [bearing], { explicitPolicy: true })).toMatchObject({
      ok: true,
      policies: [ca.SIGNER_POLICY],
    });
    expect(judge(leafOf(bearing), [bearing], { explicitPolicy: true, policies: ['1.2.3'] })).toMatchObject({
      ok: false,
      rule: 'policy',
    });
    expect(judge(leafOf(issuing), [issuing], { explicitPolicy: true })).toMatchObject({ ok: false, rule: 'policy' });
  });
});

describe('signatures', () => {
  test.each(['rsa2048', 'p256', 'p384', 'p521', 'ed25519', 'ed448'] as const)(
    'by %s verify, and with another key do not',
    (kind) => {
      const signer = ca.makeRoot({ ...era, key: ca.makeKey(kind) });
      expect(signedBy(leafOf(signer), view(signer))).toBe(true);
      expect(signedBy(leafOf(signer), view(ca.makeRoot({ ...era, key: keys.other })))).toBe(false);
    },
  );
});

describe('meshes of cross-certificates end in bounded time', () => {
  const count = 12;
  const keys = Array.from({ length: count }, () => ca.makeKey('p256'));
  const dn = (i: number): ca.Dn => [[ca.OID.CN, `CA SILANG ${i}`]];
  const signer = (i: number) => ({ name: ca.name(dn(i)), key: keys[i]!, keyId: ca.keyIdOf(keys[i]!.spki) });
  const extensions: ca.Extensions = { basicConstraints: { ca: true }, keyUsage: ['keyCertSign'] };
  const cross = (subject: number, issuer: number, dates = era) =>
    view(
      ca.issue(signer(issuer), {
        subject: dn(subject),
        spki: keys[subject]!.spki,
        ...dates,
        serial: ca.randomSerial(),
        extensions,
      }),
    );
  const all = keys.flatMap((_, i) => keys.flatMap((__, j) => (i === j ? [] : [cross(i, j)])));
  const leaf = view(
    ca.makeLeaf({ certificate: Buffer.alloc(0), ...signer(0) }, { notBefore: NOW - YEAR, spki: keys[1]!.spki }),
  );
  const timed = (options: Partial<PathOptions>) => {
    const started = performance.now();
    const result = validatePath(leaf, { anchors: [], intermediates: all, at: NOW, ...options });
    expect(performance.now() - started).toBeLessThan(5_000);
    return result;
  };

  test('without an anchor', () => expect(timed({})).toMatchObject({ ok: false, chain: 'incomplete' }));
  test('with an anchor the shortest path is found', () => {
    const result = timed({ anchors: [cross(11, 11)] });
    expect(result.ok).toBe(true);
    expect(result.path).toHaveLength(3);
  });
  test('when no path holds, the failure is told', () => {
    const ended = cross(11, 11, { ...era, notAfter: NOW - 1000 });
    expect(timed({ anchors: [ended] })).toMatchObject({ ok: false, chain: 'ca_expired' });
  });
});

describe('RSASSA-PSS', () => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const spki = publicKey.export({ type: 'spki', format: 'der' });
  const message = Buffer.from('yang ditandatangani');
  const hashOid = { sha256: '2.16.840.1.101.3.4.2.1', sha384: '2.16.840.1.101.3.4.2.2', sha1: '1.3.14.3.2.26' };
  const parameters = (hash: keyof typeof hashOid, mask: keyof typeof hashOid, salt: number) =>
    write.seq(
      write.oid('1.2.840.113549.1.1.10'),
      write.seq(
        write.tagged(0, write.seq(write.oid(hashOid[hash]))),
        write.tagged(1, write.seq(write.oid('1.2.840.113549.1.1.8'), write.seq(write.oid(hashOid[mask])))),
        write.tagged(2, write.integer(salt)),
      ),
    );
  const folder = mkdtempSync(path.join(tmpdir(), 'pss-'));
  writeFileSync(path.join(folder, 'key.pem'), privateKey.export({ type: 'pkcs8', format: 'pem' }));
  writeFileSync(path.join(folder, 'message'), message);
  const signed = (hash: string, mask: string, salt: number) =>
    execFileSync('openssl', [
      'dgst',
      `-${hash}`,
      '-sign',
      path.join(folder, 'key.pem'),
      '-sigopt',
      'rsa_padding_mode:pss',
      '-sigopt',
      `rsa_pss_saltlen:${salt}`,
      '-sigopt',
      `rsa_mgf1_md:${mask}`,
      path.join(folder, 'message'),
    ]);
  afterAll(() => rmSync(folder, { recursive: true }));

  test.each([
    ['sha256', 'sha256', 32],
    ['sha256', 'sha1', 20],
    ['sha384', 'sha256', 48],
    ['sha256', 'sha384', 0],
  ] as const)('%s with a mask by %s and %i octets of salt, made by OpenSSL', (hash, mask, salt) => {
    const signature = signed(hash, mask, salt);
    expect(verifySignature(message, parameters(hash, mask, salt), signature, spki)).toBe(true);
    expect(verifySignature(message, parameters(hash, mask, salt + 1), signature, spki)).toBe(false);
    expect(verifySignature(message, parameters(hash, mask === 'sha1' ? 'sha256' : 'sha1', salt), signature, spki)).toBe(
      false,
    );
    expect(verifySignature(Buffer.from('lain'), parameters(hash, mask, salt), signature, spki)).toBe(false);
    signature[10]! ^= 1;
    expect(verifySignature(message, parameters(hash, mask, salt), signature, spki)).toBe(false);
  });
});
