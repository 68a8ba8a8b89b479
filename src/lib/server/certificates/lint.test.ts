import { describe, expect, test } from 'vitest';
import * as ca from '../../../bin/demo/ca.ts';
import * as write from '../x509/der-writer.ts';
import { readCertificate } from '../x509/index.ts';
import { isIssuerTrait, lint, lintKey, lintRuleIds, ruleOf, rules, type OfficeRules } from './lint.ts';
import { hasClosePrimes, integerRoot, isRoca } from './lint/weak-keys.ts';

const DAY = 86_400_000;
const NOW = Date.UTC(2026, 10, 22);
const life = { notBefore: NOW - 400 * DAY, notAfter: NOW + 2000 * DAY };
const root = ca.makeRoot({ key: ca.makeKey('p256'), ...life });
const key = ca.makeKey('rsa2048');
const office: OfficeRules = { emailDomains: ['batam.go.id'], maxDays: 1096, organizations: ['PEMERINTAH KOTA BATAM'] };
const urls = ca.urlsAt('https://va.bsre.test');
type Wanted = Partial<Parameters<typeof ca.makeLeaf>[1]>;
const view = (wanted: Wanted = {}) =>
  readCertificate(ca.makeLeaf(root, { notBefore: NOW - DAY, spki: key.spki, urls, ...wanted }));
const fired = (wanted: Wanted = {}, issuer = readCertificate(root.certificate)) =>
  lint(view(wanted), issuer, office).map(({ rule }) => rule);
const rsa = (modulus: bigint, exponent = 65537n) =>
  write.seq(
    write.seq(write.oid('1.2.840.113549.1.1.1'), write.nothing()),
    write.bits(write.seq(write.integer(modulus), write.integer(exponent))),
  );
const hex = (buffer: Buffer) => BigInt(`0x${buffer.toString('hex')}`);
const random = ca.randomFrom('lint');

describe('the rules as data', () => {
  test('each has an id of its own, a clause, a sentence that says what to do, and who must act', () => {
    expect(new Set(lintRuleIds).size).toBe(lintRuleIds.length);
    for (const { id, clause, title, sentence, fixer, effective } of rules) {
      expect([id, clause.length > 5, title.length > 5, sentence.length > 20, fixer.length > 0]).toEqual([
        id,
        true,
        true,
        true,
        true,
      ]);
      if (effective) expect(effective).toMatch(/^\d{4}-\d{2}-\d{2}$/);
    }
    expect(ruleOf('gone_rule')).toMatchObject({ title: 'gone_rule' });
  });
  test('another setting of the office asks for another look', () => {
    expect(lintKey(office)).toBe(lintKey({ ...office }));
    expect(lintKey(office)).not.toBe(lintKey({ ...office, maxDays: 730 }));
  });
  test('more than nine in ten of at least twenty are a trait of the issuer', () => {
    expect([isIssuerTrait(19, 20), isIssuerTrait(18, 20), isIssuerTrait(19, 19)]).toEqual([true, false, false]);
  });
});

test("BSrE's own profile is no fault", () => expect(fired()).toEqual([]));

describe('what fires', () => {
  const at = (date: string) => Date.parse(date);
  const cases: [rule: string, wanted: Wanted][] = [
    ['weak_key', { spki: ca.makeKey('rsa1024').spki }],
    ['rsa_exponent', { spki: rsa(hex(random(256)) | 1n, 3n) }],
    ['rsa_modulus', { spki: rsa((hex(random(256)) | 1n) - 1n) }],
    ['rsa_horizon', { notAfter: at('2031-06-01') }],
    ['validity_too_long', { notAfter: NOW + 1900 * DAY }],
    ['validity_order', { notBefore: NOW, notAfter: NOW - DAY }],
    ['beyond_ca', { notAfter: NOW + 2001 * DAY }],
    ['issued_before_ca', { notBefore: NOW - 401 * DAY, notAfter: NOW }],
    ['short_serial', { serial: '1234' }],
    ['serial', { serial: '-01' }],
    ['no_key_usage', { extensions: { ...ca.profiles.signer(urls), keyUsage: null } }],
    ['signer_without_non_repudiation', { extensions: { ...ca.profiles.signer(urls), keyUsage: ['digitalSignature'] } }],
    [
      'ca_key_usage_on_leaf',
      { extensions: { ...ca.profiles.signer(urls), keyUsage: ['nonRepudiation', 'keyCertSign'] } },
    ],
    [
      'server_auth_on_person',
      { extensions: { ...ca.profiles.signer(urls), eku: [ca.OID.serverAuth, ca.OID.adobeSigning] } },
    ],
    ['mixed_use', { extensions: { ...ca.profiles.signer(urls), eku: [ca.OID.clientAuth, ca.OID.adobeSigning] } }],
    [
      'usage_inconsistent',
      { extensions: { ...ca.profiles.signer(urls), keyUsage: ['nonRepudiation'], eku: [ca.OID.serverAuth] } },
    ],
    ['no_aki', { extensions: { ...ca.profiles.signer(urls), aki: false } }],
    ['no_policy', { extensions: { ...ca.profiles.signer(urls), policies: null } }],
    ['policy_arc', { extensions: { ...ca.profiles.signer(urls), policies: ['1.2.3.4'] } }],
    ['policy_twice', { extensions: { ...ca.profiles.signer(urls), policies: [ca.SIGNER_POLICY, ca.SIGNER_POLICY] } }],
    ['cps_not_https', { extensions: { ...ca.profiles.signer(urls), cps: 'http://bsre.go.id/policy' } }],
    ['no_revocation_pointer', { extensions: { ...ca.profiles.signer(), crlUrls: null, ocspUrls: null } }],
    ['cdp_not_http', { extensions: { ...ca.profiles.signer(urls), crlUrls: ['ldap://a.test/cn=crl'] } }],
    ['no_ca_issuers', { extensions: { ...ca.profiles.signer(urls), caIssuers: null } }],
    ['email_domain', { extensions: { ...ca.profiles.signer(urls), emails: ['budi@gmail.test'] } }],
    ['email_form', { extensions: { ...ca.profiles.signer(urls), emails: ['bukan surel'] } }],
    [
      'country',
      {
        subject: [
          [ca.OID.CN, 'BUDI'],
          [ca.OID.O, 'Pemerintah Kota Batam'],
          [ca.OID.C, 'SG'],
        ],
      },
    ],
    ['organization', { subject: ca.holderDn('BUDI', 'Pemerintah Kota Lain') }],
    [
      'no_common_name',
      {
        subject: [
          [ca.OID.O, 'Pemerintah Kota Batam'],
          [ca.OID.C, 'ID'],
        ],
      },
    ],
    ['nik_visible', { subject: ca.holderDn('BUDI 2171014508900001') }],
    ['dn_spaces', { subject: ca.holderDn('BUDI ') }],
    ['dn_garbled', { subject: ca.holderDn('BUDI &amp; ANI') }],
    ['email_only_in_dn', { subject: [...ca.holderDn('BUDI'), [ca.OID.E, 'budi@batam.go.id']] }],
    [
      'no_rev_avail_contradicted',
      { extensions: { ...ca.profiles.signer(urls), extra: [{ oid: '2.5.29.56', value: write.nothing() }] } },
    ],
    [
      'qc_malformed',
      { extensions: { ...ca.profiles.signer(urls), extra: [{ oid: '1.3.6.1.5.5.7.1.3', value: write.nothing() }] } },
    ],
    [
      'unknown_critical_extension',
      {
        extensions: {
          ...ca.profiles.signer(urls),
          extra: [{ oid: '1.2.3.4.5', critical: true, value: write.nothing() }],
        },
      },
    ],
  ];
  test.each(cases)('%s', (rule, wanted) => expect(fired(wanted)).toContain(rule));

  test('a certificate that its CA issued after its own end', () => {
    const old = ca.makeRoot({ key: ca.makeKey('p256'), notBefore: NOW - 3000 * DAY, notAfter: NOW - 96 * DAY });
    const bytes = ca.makeLeaf(old, { notBefore: NOW - DAY, spki: key.spki, urls });
    const found = lint(readCertificate(bytes), readCertificate(old.certificate), office).map(({ rule }) => rule);
    expect(found).toEqual(expect.arrayContaining(['issued_under_expired_ca', 'beyond_ca']));
  });

  test('a rule with an effective date leaves older certificates alone', () => {
    const wanted = { spki: ca.makeKey('rsa1024').spki, notAfter: at('2013-12-31') };
    expect(fired({ ...wanted, notBefore: at('2013-01-01') })).not.toContain('weak_key');
    expect(fired({ ...wanted, notBefore: at('2014-01-01'), notAfter: at('2015-01-01') })).toContain('weak_key');
  });

  test('a detail never repeats a NIK or an address', () => {
    const wanted = {
      subject: [...ca.holderDn('BUDI 2171014508900001'), [ca.OID.E, 'rahasia@gmail.test']] as ca.Dn,
      extensions: { ...ca.profiles.signer(urls), emails: ['rahasia@gmail.test'] },
    };
    const told = JSON.stringify(lint(view(wanted), null, office));
    expect(told).not.toMatch(/2171014508900001|rahasia|BUDI/);
    expect(told).toContain('gmail.test');
  });

  test('an NIP of 18 digits is no NIK', () =>
    expect(fired({ subject: ca.holderDn('BUDI 198001012006041001') })).not.toContain('nik_visible'));
});

describe('weak keys', () => {
  test('ROCA: residues that only powers of 65537 leave; a random modulus is not', () => {
    const primes = [
      3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97, 101, 103, 107, 109,
      113, 127, 131, 137, 139, 149, 151, 157, 163, 167,
    ];
    const product = primes.reduce((m, p) => m * BigInt(p), 1n);
    const power = (n: number) => Array.from({ length: n }).reduce<bigint>((p) => (p * 65537n) % product, 1n);
    const half = (seed: number) => (hex(random(90)) << 8n) * product + power(seed);
    expect(isRoca(half(1234) * half(4321))).toBe(true);
    expect(fired({ spki: rsa(half(77) * half(99)) })).toContain('rsa_roca');
    for (let i = 0; i < 50; i++) expect(isRoca(hex(random(256)) | 1n)).toBe(false);
  });

  test('close primes fall to Fermat, distant ones do not; the root is exact', () => {
    const p = hex(random(128)) | 1n;
    expect(hasClosePrimes(p * (p + 2n))).toBe(true);
    expect(hasClosePrimes(p * (p + 4_000n))).toBe(true);
    expect(hasClosePrimes(p * (hex(random(128)) | 1n))).toBe(false);
    expect(fired({ spki: rsa(p * (p + 2n)) })).toContain('rsa_close_primes');
    for (const n of [0n, 1n, 2n, 3n, 4n, 24n, 25n, 26n, p * p - 1n, p * p]) {
      const root = integerRoot(n);
      expect(root * root <= n && (root + 1n) * (root + 1n) > n).toBe(true);
    }
  });
});
