import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import * as ca from '../../../bin/demo/ca.ts';
import { readCertificate } from '../x509/index.ts';
import * as der from '../x509/der-writer.ts';
import { cross, readCrl, uriName } from './crl.ts';
import { acceptCrl, type CrlQuestion } from './crl-acceptance.ts';
import { coversAllReasons, wordOf, type Subject } from './crl-word.ts';

const NOW = Date.parse('2026-11-22T07:00:00Z');
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const life = { notBefore: NOW - 400 * DAY, notAfter: NOW + 2000 * DAY };
const root = ca.makeRoot({ key: ca.makeKey('p256'), ...life });
const issuer = ca.makeIntermediate(root, { key: ca.makeKey('p256'), ...life });
const stranger = ca.makeRoot({ key: ca.makeKey('p256'), ...life });
const view = readCertificate(issuer.certificate);
const subject: Subject = {
  serial: '4a01',
  ca: false,
  notBefore: NOW - 100 * DAY,
  notAfter: NOW + 630 * DAY,
  issuer: view.subject,
  points: [{ names: [uriName('http://ca.test/ca.crl')], reasons: null }],
};

const listOf = (request: Partial<ca.CrlRequest> = {}, signer: ca.Authority = issuer) =>
  ca.makeCrl(signer, { entries: [], number: 7, thisUpdate: NOW - HOUR, nextUpdate: NOW + DAY, ...request });
const ours = (extra: Partial<ca.RevokedEntry> = {}): ca.RevokedEntry => ({
  serial: '4a01',
  revokedAt: NOW - 2 * DAY,
  ...extra,
});

function judge(bytes: Buffer, question: Partial<CrlQuestion> = {}) {
  const crl = readCrl(bytes);
  const crossing = cross(crl, new Set(['4a01']));
  const verdict = acceptCrl({
    crl,
    crossing,
    signers: [view],
    anchored: () => true,
    known: null,
    now: NOW,
    ...question,
  });
  return { crl, crossing, verdict, word: wordOf(crl, crossing.found.get('4a01') ?? [], subject) };
}
const codeOf = (bytes: Buffer, question: Partial<CrlQuestion> = {}) => {
  const { verdict } = judge(bytes, question);
  return verdict.accepted ? 'accepted' : verdict.code;
};

describe('reading a CRL', () => {
  test('finds our serial among others and keeps reason, dates and number', () => {
    const entries = [
      ...Array.from({ length: 500 }, (_, i) => ({ serial: (0x5000 + i).toString(16), revokedAt: NOW - DAY })),
      ours({ reason: 1, invalidityDate: NOW - 5 * DAY }),
    ];
    const { crl, crossing } = judge(listOf({ entries, number: (1n << 140n) + 1n }));
    expect(crossing.count).toBe(501);
    expect(crossing.found.get('4a01')).toMatchObject([
      { reason: 1, revokedAt: NOW - 2 * DAY, invalidityAt: NOW - 5 * DAY },
    ]);
    expect(crossing.found.size).toBe(1);
    expect(crl.number).toBe(((1n << 140n) + 1n).toString(16));
  });

  test('an empty list, a v1 list and PEM are read', () => {
    expect(judge(listOf()).word).toEqual({ status: 'good', reasons: null });
    expect(judge(listOf({ version: 1 })).verdict).toMatchObject({ accepted: true, remarks: ['no_number'] });
    const pem = `-----BEGIN X509 CRL-----\n${listOf()
      .toString('base64')
      .match(/.{1,64}/g)!
      .join('\n')}\n-----END X509 CRL-----\n`;
    expect(codeOf(Buffer.from(pem))).toBe('accepted');
  });

  test('leading zeros, long, negative and 20-octet serials compare as integers', () => {
    const serials = ['7f', '80', 'ff00', '-1', '-80', 'f'.repeat(40), `1${'0'.repeat(50)}`];
    const crl = readCrl(listOf({ entries: serials.map((serial) => ({ serial, revokedAt: NOW - DAY })) }));
    const found = cross(crl, new Set(serials)).found;
    expect([...found.keys()].sort()).toEqual([...serials].sort());
    expect(cross(crl, new Set(['ff', '1', '8000'])).found.size).toBe(0);
  });

  test('nothing of it counts when any byte is cut off, added or changed in its structure', () => {
    const bytes = listOf({ entries: [ours(), { serial: '99', revokedAt: NOW - DAY, reason: 1 }] });
    for (let cut = 0; cut < bytes.length; cut++) expect(() => readCrl(bytes.subarray(0, cut))).toThrow();
    expect(() => readCrl(Buffer.concat([bytes, Buffer.from([0])]))).toThrow('trailing');
  });

  test('a million entries are walked without an object for each', () => {
    const entry = (serial: number) => der.seq(der.integer(BigInt(serial) + (1n << 120n)), der.time(NOW - DAY));
    const body = Buffer.concat(Array.from({ length: 1000 }, (_, i) => entry(i)));
    const all = Buffer.concat(Array.from({ length: 1000 }, () => body));
    const small = readCrl(listOf());
    const crl = { ...small, der: all, entries: { from: 0, to: all.length } };
    const wanted = new Set(Array.from({ length: 1000 }, (_, i) => (BigInt(i) + (1n << 121n)).toString(16)));
    expect(cross(crl, wanted)).toMatchObject({ count: 1_000_000 });
  });

  const naming = (serial: string, count: number, octets: number) => {
    const names = der.seq(der.primitive(2, Buffer.alloc(octets, 0x61)));
    const extension = der.seq(der.oid('2.5.29.29'), der.boolean(true), der.octets(names));
    const rest = der.seq(der.integer(BigInt(`0x${serial}`)), der.time(NOW - DAY));
    const first = der.seq(der.integer(BigInt(`0x${serial}`)), der.time(NOW - DAY), der.seq(extension));
    const all = Buffer.concat([first, ...Array.from({ length: count - 1 }, () => rest)]);
    return { ...readCrl(listOf()), der: all, entries: { from: 0, to: all.length } };
  };

  test('names of a certificate issuer are kept once for all entries that they hold for', () => {
    const entries = cross(naming('4a01', 1000, 60_000), new Set(['4a01'])).found.get('4a01')!;
    expect(entries).toHaveLength(1000);
    expect(new Set(entries.map(({ issuer }) => issuer)).size).toBe(1);
    expect(entries[0]!.issuer!.length).toBeGreaterThan(60_000);
  });

  test('a list made to fill the memory is no list', () => {
    expect(() => cross(naming('4a01', 1, 70_000), new Set())).toThrow('certificate issuer too long');
    expect(() => cross(naming('4a01', 1001, 10), new Set(['4a01']))).toThrow('too many entries of one serial');
    // Somebody else's serial is walked over as often as it stands there.
    expect(cross(naming('4a01', 1001, 10), new Set(['4a02']))).toMatchObject({ count: 1001 });
    const extra = Array.from({ length: 65 }, (_, i) => ({ oid: `1.3.6.1.4.1.${100_000 + i}`, value: der.nothing() }));
    expect(() => readCrl(listOf({ extra }))).toThrow('too many extensions');
    expect(readCrl(listOf({ extra: extra.slice(0, 60) })).extensions.length).toBeGreaterThan(60);
  });
});

describe('accepting a CRL (certificate-status §2)', () => {
  test('a good one is accepted', () => expect(judge(listOf()).verdict).toMatchObject({ accepted: true, remarks: [] }));

  test('another signer, a changed byte, an unknown or untrusted issuer are refused', () => {
    expect(codeOf(listOf({}, { ...stranger, name: issuer.name }))).toBe('issuer_unknown');
    expect(
      codeOf(
        ca.makeCrl(
          { ...stranger, name: issuer.name, keyId: issuer.keyId },
          { entries: [], number: 1, thisUpdate: NOW - HOUR, nextUpdate: NOW + DAY },
        ),
      ),
    ).toBe('bad_signature');
    expect(codeOf(listOf({}, stranger))).toBe('issuer_unknown');
    expect(codeOf(listOf(), { anchored: () => false })).toBe('issuer_untrusted');
    const bytes = listOf({ entries: [ours()] });
    bytes[bytes.indexOf(Buffer.from('4a01', 'hex')) + 1] = 2;
    expect(codeOf(bytes)).toBe('bad_signature');
  });

  test('a CA that may not sign lists is refused', () => {
    const key = ca.makeKey('p256');
    const extensions = { basicConstraints: { ca: true }, keyUsage: ['keyCertSign' as const] };
    const weak = ca.makeIntermediate(root, { key, ...life, extensions });
    expect(codeOf(listOf({}, weak), { signers: [readCertificate(weak.certificate)] })).toBe('no_crl_sign');
  });

  test('times: future, before the issuer, disordered; without or past nextUpdate only a remark', () => {
    expect(codeOf(listOf({ thisUpdate: NOW + 6 * 60_000 }))).toBe('from_future');
    expect(codeOf(listOf({ thisUpdate: NOW + 4 * 60_000 }))).toBe('accepted');
    expect(codeOf(listOf({ thisUpdate: life.notBefore - DAY }))).toBe('before_issuer');
    expect(codeOf(listOf({ nextUpdate: NOW - 2 * HOUR }))).toBe('times_disordered');
    expect(judge(listOf({ nextUpdate: null })).verdict).toMatchObject({ remarks: ['no_next_update'] });
    expect(judge(listOf({ nextUpdate: NOW - 60_000 })).verdict).toMatchObject({ remarks: ['past_next_update'] });
  });

  test('it never goes back: lower number or older; the same number with other bytes is remarked', () => {
    const numbered = { number: '7', sha256: 'x' };
    const known = { sha256: 'x', numbered, thisUpdate: NOW - 2 * HOUR, entryCount: 0 };
    expect(codeOf(listOf({ number: 6 }), { known })).toBe('number_lower');
    expect(codeOf(listOf({ thisUpdate: NOW - 3 * HOUR, number: 9 }), { known })).toBe('older_than_known');
    expect(judge(listOf(), { known }).verdict).toMatchObject({ remarks: ['same_number'] });
    expect(
      codeOf(listOf({ number: 1n << 150n }), {
        known: { ...known, numbered: { ...numbered, number: (1n << 149n).toString(16) } },
      }),
    ).toBe('accepted');
  });

  test('an unknown critical extension, of the list or of any entry, keeps it from being used', () => {
    const extra = [{ oid: '1.2.3.4', critical: true, value: der.nothing() }];
    expect(codeOf(listOf({ extra }))).toBe('unknown_critical');
    expect(codeOf(listOf({ entries: [{ serial: '77', revokedAt: NOW - DAY, extra }] }))).toBe('unknown_critical');
    const harmless = [{ oid: '1.2.3.4', critical: false, value: der.nothing() }];
    expect(
      codeOf(listOf({ extra: harmless, entries: [{ serial: '77', revokedAt: NOW - DAY, extra: harmless }] })),
    ).toBe('accepted');
  });

  test('scope: contradictory, attribute-only, delta, foreign issuers', () => {
    expect(codeOf(listOf({ scope: { onlyUser: true, onlyCa: true } }))).toBe('scope_malformed');
    expect(codeOf(listOf({ scope: { onlyAttribute: true } }))).toBe('attribute_only');
    expect(codeOf(listOf({ deltaOf: 3 }))).toBe('delta_alone');
    expect(codeOf(listOf({ entries: [ours({ issuer: stranger.name })] }))).toBe('issuer_in_direct');
  });

  test('a mass of entries that vanishes is remarked', () => {
    const known = { sha256: 'x', numbered: { number: '6', sha256: 'x' }, thisUpdate: NOW - DAY, entryCount: 100 };
    expect(judge(listOf(), { known }).verdict).toMatchObject({ remarks: ['shrunk'] });
  });
});

describe('what a list says about one certificate', () => {
  test('revoked with reason, on hold, good', () => {
    expect(judge(listOf({ entries: [ours({ reason: 1 })] })).word).toMatchObject({ status: 'revoked', reason: 1 });
    expect(judge(listOf({ entries: [ours()] })).word).toMatchObject({ status: 'revoked', reason: null });
    expect(judge(listOf({ entries: [ours({ reason: 6 })] })).word).toMatchObject({ status: 'on_hold' });
    expect(judge(listOf()).word).toMatchObject({ status: 'good' });
  });

  test('the earliest of duplicate entries wins', () => {
    const entries = [ours({ revokedAt: NOW - DAY }), ours({ revokedAt: NOW - 3 * DAY })];
    expect(judge(listOf({ entries })).word).toMatchObject({ revokedAt: NOW - 3 * DAY });
  });

  test('absence is silence for one that expired before, was issued after, or lies out of scope', () => {
    const crl = readCrl(listOf());
    expect(wordOf(crl, [], { ...subject, notAfter: NOW - 2 * HOUR })).toMatchObject({ why: 'expired_before' });
    expect(wordOf(crl, [], { ...subject, notBefore: NOW })).toMatchObject({ why: 'issued_after' });
    const kept = readCrl(listOf({ extra: [{ oid: '2.5.29.60', value: der.generalizedTime(NOW - 400 * DAY) }] }));
    expect(wordOf(kept, [], { ...subject, notAfter: NOW - 2 * HOUR })).toMatchObject({ status: 'good' });
    expect(judge(listOf({ scope: { onlyCa: true } })).word).toMatchObject({ why: 'out_of_scope' });
    expect(judge(listOf({ scope: { url: 'http://ca.test/other.crl' } })).word).toMatchObject({ why: 'out_of_scope' });
    expect(judge(listOf({ scope: { url: 'http://ca.test/ca.crl', onlyUser: true } })).word).toMatchObject({
      status: 'good',
    });
  });

  test('removeFromCRL in a complete list releases nothing', () => {
    expect(judge(listOf({ entries: [ours({ reason: 8 })] })).word).toEqual({
      status: 'silent',
      why: 'removal_unproven',
    });
  });

  test('an entry of another issuer in an indirect list is not ours', () => {
    const scope = { indirect: true };
    const entries = [{ serial: '1', revokedAt: NOW - DAY, issuer: stranger.name }, ours()];
    expect(judge(listOf({ scope, entries })).word).toMatchObject({ status: 'good' });
    expect(judge(listOf({ scope, entries: [ours({ issuer: issuer.name })] })).word).toMatchObject({
      status: 'revoked',
    });
  });

  test('good needs every reason covered', () => {
    expect(coversAllReasons([[1, 2, 3]])).toBe(false);
    expect(
      coversAllReasons([
        [1, 2, 3],
        [4, 5, 6, 7, 8],
      ]),
    ).toBe(true);
    expect(coversAllReasons([[1], null])).toBe(true);
    expect(judge(listOf({ scope: { reasons: [1, 2] } })).word).toEqual({ status: 'good', reasons: [1, 2] });
  });
});

describe('OpenSSL as second opinion', () => {
  test('a list made by openssl ca is read and judged the same', () => {
    const dir = mkdtempSync(path.join(tmpdir(), 'siaga-openssl-'));
    onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
    const at = (name: string) => path.join(dir, name);
    const pem = (type: string, bytes: Buffer) =>
      `-----BEGIN ${type}-----\n${bytes
        .toString('base64')
        .match(/.{1,64}/g)!
        .join('\n')}\n-----END ${type}-----\n`;
    writeFileSync(at('ca.pem'), pem('CERTIFICATE', issuer.certificate));
    writeFileSync(at('key.pem'), issuer.key.privateKey.export({ type: 'pkcs8', format: 'pem' }));
    writeFileSync(
      at('index'),
      'R\t271122000000Z\t261120000000Z,keyCompromise\t4A01\tunknown\t/CN=x\nR\t271122000000Z\t261120000000Z\t4A02\tunknown\t/CN=y\n',
    );
    writeFileSync(at('number'), '2A\n');
    writeFileSync(
      at('c.cnf'),
      `[ca]\ndefault_ca=d\n[d]\ndatabase=${at('index')}\ncrlnumber=${at('number')}\ndefault_md=sha256\ncrl_extensions=x\n[x]\nauthorityKeyIdentifier=keyid\n`,
    );
    const args = [
      '-config',
      at('c.cnf'),
      '-cert',
      at('ca.pem'),
      '-keyfile',
      at('key.pem'),
      '-gencrl',
      '-crldays',
      '2',
      '-out',
      at('crl.pem'),
    ];
    execFileSync('openssl', ['ca', ...args], { stdio: 'pipe' });
    const bytes = execFileSync('openssl', ['crl', '-in', at('crl.pem'), '-outform', 'DER']);
    const { crl, crossing, verdict, word } = judge(bytes, { now: Date.now() });
    expect(verdict.accepted).toBe(true);
    expect(crl.number).toBe('2a');
    expect(crossing.count).toBe(2);
    expect(word).toMatchObject({ status: 'revoked', reason: 1, revokedAt: Date.parse('2026-11-20T00:00:00Z') });
  });
});
