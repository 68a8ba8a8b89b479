import { describe, expect, test } from 'vitest';
import * as ca from '../../../bin/demo/ca.ts';
import { DAY, HOUR, MINUTE } from '../calendar.ts';
import { LENIENT, readCertificate, STRICT } from '../x509/index.ts';
import * as der from '../x509/der-writer.ts';
import { readResponse } from './ocsp.ts';
import { acceptOcsp, type OcspQuestion } from './ocsp-acceptance.ts';
import { certIdOf, isAbout, type Asked } from './ocsp-certid.ts';
import { buildRequest, transportOf } from './ocsp-request.ts';

const NOW = Date.parse('2026-11-22T07:00:00Z');
const life = { notBefore: NOW - 400 * DAY, notAfter: NOW + 2000 * DAY };
const key = () => ca.makeKey('p256');
const root = ca.makeRoot({ key: key(), ...life });
const issuer = ca.makeIntermediate(root, { key: key(), ...life });
const sibling = ca.makeIntermediate(root, {
  key: key(),
  ...life,
  subject: [
    [ca.OID.C, 'ID'],
    [ca.OID.CN, 'CA LAIN UJI'],
  ],
});
const stranger = ca.makeRoot({ key: key(), ...life });
const view = readCertificate(issuer.certificate);
const leafRequest = { notBefore: NOW - 100 * DAY, serial: '4a01', urls: ca.urlsAt('http://ca.test') };
const leaf = ca.makeLeaf(issuer, leafRequest);
const asked: Asked = { serial: '4a01', issuer: view };

const responder = ca.makeResponder(issuer, { key: key(), notBefore: NOW - 10 * DAY, notAfter: NOW + 50 * DAY });
const answer = (extra: Partial<ca.OcspAnswer> = {}): ca.OcspAnswer => ({
  id: ca.certId(issuer, '4a01'),
  status: 'good',
  thisUpdate: NOW - MINUTE,
  ...extra,
});
const respond = (extra: Partial<ca.OcspResponseRequest> = {}, signer: ca.Authority = responder) =>
  ca.makeOcspResponse(signer, { answers: [answer()], producedAt: NOW - MINUTE, ...extra });
const saying = (extra: Partial<ca.OcspAnswer>, more: Partial<ca.OcspResponseRequest> = {}) =>
  respond({ answers: [answer(extra)], ...more });
const judge = (bytes: Buffer, extra: Partial<OcspQuestion> = {}) =>
  acceptOcsp({
    response: readResponse(bytes),
    asked,
    certificate: leaf,
    nonce: null,
    delegateListed: () => null,
    known: null,
    now: NOW,
    maxAgeHours: 24,
    ...extra,
  });
/** The status, or the code of the refusal. */
function code(bytes: Buffer, extra: Partial<OcspQuestion> = {}) {
  const verdict = judge(bytes, extra);
  return verdict.accepted ? verdict.answer.status : verdict.code;
}
const remarks = (bytes: Buffer, extra: Partial<OcspQuestion> = {}) => judge(bytes, extra).remarks;
const delegate = (extensions: ca.Extensions, by: ca.Authority = issuer, days: [number, number] = [-1, 1]) =>
  ca.makeResponder(by, { key: key(), notBefore: NOW + days[0] * DAY, notAfter: NOW + days[1] * DAY, extensions });
const extendedRevoke = { oid: '1.3.6.1.5.5.7.48.1.9', value: der.nothing() };

describe('the request', () => {
  test('is what every responder knows: SHA-1 CertID of the issuer, the serial, a nonce of 32 octets', () => {
    const nonce = Buffer.alloc(32, 7);
    const question = ca.readOcspRequest(buildRequest(asked, nonce));
    expect(question.ids).toMatchObject([{ serial: '4a01', hash: 'sha1', der: ca.certId(issuer, '4a01') }]);
    // The OCTET STRING stands inside the extension's OCTET STRING (RFC 9654 §2.1).
    expect(question.nonce).toEqual(der.octets(nonce));
    expect(ca.readOcspRequest(buildRequest(asked, null, 'sha256'))).toMatchObject({
      ids: [{ der: ca.certId(issuer, '4a01', 'sha256') }],
      nonce: null,
    });
  });

  test('hashes the issuer field of the certificate when it is known, and recognises either encoding', () => {
    const other = Buffer.from(der.seq());
    const differing: Asked = { ...asked, issuerName: other };
    expect(isAbout(certIdOf(differing, 'sha1'), differing)).toBe(true);
    expect(isAbout(certIdOf(asked, 'sha1'), differing)).toBe(true);
    expect(isAbout(certIdOf(differing, 'sha1'), asked)).toBe(false);
  });

  test('goes by GET up to 255 bytes without a nonce, else by POST', () => {
    const plain = buildRequest(asked, null);
    const short = transportOf('http://ocsp.test/', plain, null);
    expect(short).toMatchObject({ method: 'GET', headers: { accept: 'application/ocsp-response' } });
    expect(short.url).toMatch(/^http:\/\/ocsp\.test\/[A-Za-z0-9%]+$/);
    expect(short.url.length).toBeLessThanOrEqual(255);
    expect(Buffer.from(decodeURIComponent(short.url.slice('http://ocsp.test/'.length)), 'base64')).toEqual(plain);
    const room = 255 - short.url.length;
    const at = (extra: number) => transportOf(`http://ocsp.test/${'x'.repeat(room + extra)}`, plain, null);
    expect(at(-1)).toMatchObject({ method: 'GET' });
    expect(at(-1).url).toHaveLength(255);
    expect(at(0)).toMatchObject({ method: 'POST', body: plain });
    expect(transportOf('http://ocsp.test/?ca=1', plain, null)).toMatchObject({ method: 'POST' });
    const nonce = Buffer.alloc(32, 1);
    expect(transportOf('http://o.test', buildRequest(asked, nonce), nonce)).toMatchObject({
      method: 'POST',
      url: 'http://o.test',
      headers: { 'content-type': 'application/ocsp-request' },
    });
  });
});

describe('who may answer (certificate-status §5 no. 3–5)', () => {
  test('the CA itself and its delegate, by key and by name; the CA may leave its certificate out', () => {
    for (const responderId of ['key', 'name'] as const) {
      expect(code(respond({ responderId }))).toBe('good');
      expect(code(respond({ responderId, certificates: [] }, issuer))).toBe('good');
      expect(code(respond({ responderId }, issuer))).toBe('good');
    }
  });

  test.each([
    ['a delegate without EKU', () => delegate({ eku: null }), 'responder_unauthorised'],
    ['a delegate for TLS', () => delegate({ eku: [ca.OID.serverAuth] }), 'responder_unauthorised'],
    ['a delegate for any purpose', () => delegate({ eku: ['2.5.29.37.0'] }), 'responder_unauthorised'],
    ['a delegate of the root', () => delegate({}, root), 'responder_unauthorised'],
    ['a delegate of another CA below the same root', () => delegate({}, sibling), 'responder_unauthorised'],
    ['the other CA itself', () => sibling, 'responder_unauthorised'],
    ['the root above', () => root, 'responder_unauthorised'],
    ['a stranger', () => stranger, 'responder_unauthorised'],
    [
      'a delegate with an unknown critical extension',
      () => delegate({ extra: [{ oid: '1.2.3.4', critical: true, value: der.nothing() }] }),
      'responder_unauthorised',
    ],
    [
      'a delegate that may only sign certificates',
      () => delegate({ keyUsage: ['keyCertSign'] }),
      'responder_unauthorised',
    ],
    ['a delegate whose time is over', () => delegate({}, issuer, [-10, -1]), 'delegate_expired'],
    ['a delegate whose time has not come', () => delegate({}, issuer, [1, 10]), 'delegate_expired'],
    [
      'a stranger under the name of the CA',
      () => ({ ...stranger, name: issuer.name, keyId: issuer.keyId }),
      'bad_signature',
    ],
    [
      'a forged delegate: right names, another CA key',
      () => delegate({}, { ...stranger, name: issuer.name, keyId: issuer.keyId }),
      'responder_unauthorised',
    ],
  ] as [string, () => ca.Authority, string][])('%s is not believed', (_, make, expected) => {
    const signer = make();
    for (const responderId of ['key', 'name'] as const) {
      for (const certificates of [[signer.certificate], [responder.certificate, signer.certificate, root.certificate]])
        expect(code(respond({ responderId, certificates }, signer)), responderId).toBe(expected);
    }
  });

  test('without the delegate’s certificate, or under another’s identifier, nobody stands behind the answer', () => {
    expect(code(respond({ certificates: [] }))).toBe('responder_mismatch');
    expect(code(respond({ certificates: [stranger.certificate] }))).toBe('responder_mismatch');
    expect(code(respond({ certificates: [Buffer.from('3000', 'hex')] }))).toBe('responder_mismatch');
    const borrowed = { ...stranger, keyId: responder.keyId };
    expect(code(respond({ certificates: [responder.certificate] }, borrowed))).toBe('bad_signature');
  });

  test('a delegate that bears the name of the CA is still found', () => {
    const subject = [
      [ca.OID.C, 'ID'],
      [ca.OID.O, ca.TEST_ORGANIZATION],
      [ca.OID.CN, 'BSRE CA UJI G1'],
    ] as ca.Dn;
    const twin = ca.makeResponder(issuer, { key: key(), subject, notBefore: NOW - DAY, notAfter: NOW + DAY });
    expect(code(respond({ responderId: 'name' }, twin))).toBe('good');
  });

  test('a delegate without no-check stands or falls with the list of its CA', () => {
    const checked = delegate({ ocspNoCheck: false });
    expect(code(respond({}, checked))).toBe('delegate_unchecked');
    expect(code(respond({}, checked), { delegateListed: () => true })).toBe('delegate_revoked');
    expect(code(respond({}, checked), { delegateListed: () => false })).toBe('good');
    const serials: string[] = [];
    const delegateListed = (one: { serial: string }) => (serials.push(one.serial), false);
    expect(code(respond(), { delegateListed })).toBe('good');
    expect(serials).toEqual([]);
  });

  test('a no-check delegate that lives longer than ninety days is remarked', () => {
    expect(remarks(respond())).toEqual([]);
    expect(remarks(respond({}, delegate({}, issuer, [-1, 91])))).toEqual(['long_delegate']);
  });

  test('a responder that the office configured for this CA may answer, while it is valid and with its own key', () => {
    const local = ca.makeResponder(stranger, { key: key(), notBefore: NOW - DAY, notAfter: NOW + DAY });
    const configured = [readCertificate(local.certificate)];
    expect(code(respond({ certificates: [] }, local))).toBe('responder_mismatch');
    expect(code(respond({ certificates: [] }, local), { configured })).toBe('good');
    expect(remarks(respond({}, local), { configured })).toEqual(['configured_responder']);
    expect(code(respond({ certificates: [] }, { ...stranger, keyId: local.keyId }), { configured })).toBe(
      'bad_signature',
    );
    expect(
      code(respond({ producedAt: NOW - 2 * DAY, answers: [answer({ thisUpdate: NOW - 2 * DAY })] }, local), {
        configured,
      }),
    ).toBe('delegate_expired');
  });
});

describe('what an answer means', () => {
  test('good, revoked, on hold, unknown; a CertID with SHA-256 counts the same', () => {
    expect(code(respond())).toBe('good');
    expect(code(saying({ id: ca.certId(issuer, '4a01', 'sha256') }))).toBe('good');
    expect(code(saying({ status: { revokedAt: NOW - DAY, reason: 1 } }))).toBe('revoked');
    expect(code(saying({ status: { revokedAt: NOW - DAY } }))).toBe('revoked');
    expect(code(saying({ status: { revokedAt: NOW - DAY, reason: 6 } }))).toBe('on_hold');
    expect(code(saying({ status: 'unknown' }))).toBe('unknown');
  });

  test('revoked on hold since 1970 means that the CA never issued it', () => {
    const never = { status: { revokedAt: 0, reason: 6 as const } };
    expect(judge(saying(never, { extra: [extendedRevoke] }))).toMatchObject({
      answer: { status: 'non_issued' },
      remarks: [],
    });
    expect(judge(saying(never))).toMatchObject({ answer: { status: 'non_issued' }, remarks: ['non_issued_unmarked'] });
    expect(code(saying({ status: { revokedAt: 0, reason: 1 } }))).toBe('revoked');
  });

  test('what the responder does not know yet because it was just issued is no news', () => {
    const fresh = ca.makeLeaf(issuer, { ...leafRequest, notBefore: NOW - 10 * MINUTE });
    expect(code(saying({ status: 'unknown' }), { certificate: fresh })).toBe('just_issued');
    expect(code(saying({ status: { revokedAt: 0, reason: 6 } }), { certificate: fresh })).toBe('just_issued');
    expect(code(saying({ status: 'unknown' }), { certificate: fresh, now: NOW + 21 * MINUTE })).toBe('unknown');
    expect(code(respond(), { certificate: fresh })).toBe('good');
    expect(code(saying({ status: { revokedAt: NOW - MINUTE } }), { certificate: fresh })).toBe('revoked');
  });

  test('good proves issuance only with certHash or extended-revoke', () => {
    const hash = (bytes: Buffer) => ({
      oid: '1.3.36.8.3.13',
      value: der.seq(der.seq(der.oid('2.16.840.1.101.3.4.2.1')), der.octets(bytes)),
    });
    const own = hash(Buffer.from(readCertificate(leaf).fingerprint, 'hex'));
    expect(remarks(saying({ extra: [own] }))).toEqual(['issued_proven']);
    expect(remarks(respond({ extra: [extendedRevoke] }))).toEqual(['issued_proven']);
    expect(remarks(saying({ extra: [own] }), { certificate: null })).toEqual([]);
    expect(code(saying({ extra: [hash(Buffer.alloc(32))] }))).toBe('hash_mismatch');
    expect(code(saying({ extra: [hash(Buffer.alloc(32))], status: { revokedAt: NOW - DAY } }))).toBe('hash_mismatch');
  });

  test('an invalidity date and a reason in the wrong place are read', () => {
    const extra = [
      { oid: '2.5.29.24', value: der.generalizedTime(NOW - 9 * DAY) },
      { oid: '2.5.29.21', value: der.enumerated(1) },
    ];
    expect(judge(saying({ status: { revokedAt: NOW - DAY }, extra }))).toMatchObject({
      answer: { status: 'revoked', invalidityAt: NOW - 9 * DAY },
      remarks: ['reason_in_single'],
    });
  });

  test('a reason that does not exist is remarked, and the revocation stands', () => {
    for (const reason of [7, 8, 11, 127] as ca.ReasonCode[])
      expect(judge(saying({ status: { revokedAt: NOW - DAY, reason } }))).toMatchObject({
        answer: { status: 'revoked' },
        remarks: ['bad_reason'],
      });
  });

  test('an interval that the rules for TLS do not allow is remarked there only', () => {
    const tls = ca.makeLeaf(issuer, { ...leafRequest, extensions: { eku: [ca.OID.serverAuth] } });
    const lasting = (hours: number) => saying({ nextUpdate: NOW - MINUTE + hours * HOUR });
    expect(remarks(lasting(7), { certificate: tls })).toEqual(['odd_interval']);
    expect(remarks(lasting(241), { certificate: tls })).toEqual(['odd_interval']);
    expect(remarks(lasting(8), { certificate: tls })).toEqual([]);
    expect(remarks(lasting(241))).toEqual([]);
  });
});

describe('what is no answer (RFC 6960 §3.2)', () => {
  test.each([
    [1, 'ocsp_malformed_request'],
    [2, 'ocsp_internal_error'],
    [3, 'ocsp_try_later'],
    [5, 'ocsp_sig_required'],
    [6, 'ocsp_unauthorized'],
  ] as const)('the unsigned error %i changes nothing', (status, expected) => {
    expect(code(ca.makeOcspError(status))).toBe(expected);
  });

  test('a status outside the list, another response type, success without content', () => {
    expect(code(der.seq(der.enumerated(4)))).toBe('unreadable');
    expect(code(der.seq(der.enumerated(0)))).toBe('not_basic');
    const typed = der.seq(der.oid('1.2.3'), der.octets(Buffer.from('x')));
    expect(code(der.seq(der.enumerated(0), der.tagged(0, typed)))).toBe('not_basic');
    // An error that carries a signed answer stays an error.
    const good = respond();
    const content = good.subarray(good.indexOf(0xa0));
    expect(code(der.seq(der.enumerated(0), content))).toBe('good');
    expect(code(der.seq(der.enumerated(6), content))).toBe('ocsp_unauthorized');
  });

  test('an answer about another certificate, another issuer or nobody', () => {
    expect(code(saying({ id: ca.certId(issuer, '4a02') }))).toBe('not_about_this');
    expect(code(saying({ id: ca.certId(stranger, '4a01') }))).toBe('not_about_this');
    expect(code(saying({ id: ca.certId({ ...stranger, name: issuer.name }, '4a01') }))).toBe('not_about_this');
    expect(code(saying({ id: ca.certId({ ...issuer, name: stranger.name }, '4a01') }))).toBe('not_about_this');
    expect(code(respond({ answers: [] }))).toBe('not_about_this');
  });

  test('of several answers the latest about us counts, of two as late the one that revokes', () => {
    const answers = [
      answer({ thisUpdate: NOW - 3 * HOUR }),
      answer({ status: { revokedAt: NOW - DAY }, thisUpdate: NOW - HOUR }),
      answer({ id: ca.certId(issuer, '77'), thisUpdate: NOW }),
    ];
    expect(code(respond({ answers, producedAt: NOW }))).toBe('revoked');
    const both = [answer(), answer({ id: ca.certId(issuer, '4a01', 'sha256'), status: { revokedAt: NOW - DAY } })];
    expect(code(respond({ answers: both }))).toBe('revoked');
    expect(code(respond({ answers: both.reverse() }))).toBe('revoked');
  });

  test('times: from the future, past, produced before its content', () => {
    expect(code(saying({ thisUpdate: NOW + HOUR }, { producedAt: NOW + HOUR }))).toBe('from_future');
    expect(code(respond({ producedAt: NOW + 6 * MINUTE }))).toBe('produced_in_future');
    expect(code(respond({ producedAt: NOW + 4 * MINUTE }))).toBe('good');
    expect(code(respond({ producedAt: NOW - HOUR }))).toBe('produced_disordered');
    const late = { thisUpdate: NOW - 3 * DAY, nextUpdate: NOW - 2 * DAY };
    expect(code(saying(late))).toBe('expired');
    expect(code(saying({ ...late, nextUpdate: NOW - 4 * DAY }))).toBe('times_disordered');
    expect(code(saying({ thisUpdate: NOW - 25 * HOUR }))).toBe('expired');
    expect(code(saying({ thisUpdate: NOW - 23 * HOUR }))).toBe('good');
    expect(code(saying({ thisUpdate: NOW - HOUR, nextUpdate: NOW - 4 * MINUTE }))).toBe('good');
    expect(code(saying({ thisUpdate: NOW - HOUR, nextUpdate: NOW - 6 * MINUTE }))).toBe('expired');
  });

  test('past its time an answer proves a revocation, but neither a hold nor that the CA issued nothing', () => {
    const late = { thisUpdate: NOW - 3 * DAY, nextUpdate: NOW - 2 * DAY };
    expect(judge(saying({ ...late, status: { revokedAt: NOW - 4 * DAY } }))).toMatchObject({
      answer: { status: 'revoked' },
      remarks: ['past_answer'],
    });
    expect(code(saying({ ...late, status: { revokedAt: NOW - 4 * DAY, reason: 6 } }))).toBe('expired');
    expect(code(saying({ ...late, status: { revokedAt: 0, reason: 6 } }))).toBe('expired');
    expect(code(saying({ ...late, status: 'unknown' }))).toBe('expired');
  });

  test('a replay of an answer older than the one we hold', () => {
    const held = (status: string, thisUpdate = NOW) => ({ known: { status, thisUpdate } });
    for (const status of ['good', 'on_hold', 'revoked']) {
      expect(code(respond(), held(status))).toBe('older_than_known');
      expect(code(saying({ status: { revokedAt: NOW - DAY, reason: 6 } }), held(status))).toBe('older_than_known');
      expect(code(saying({ status: { revokedAt: 0, reason: 6 } }), held(status))).toBe('older_than_known');
    }
    expect(code(respond(), held('good', NOW - MINUTE))).toBe('good');
  });

  test('an older answer that revokes is no replay to be feared, unless it undoes a correction of a newer one', () => {
    const revoked = saying({ status: { revokedAt: NOW - DAY } });
    for (const status of ['good', 'on_hold', 'unknown', 'non_issued'])
      expect(code(revoked, { known: { status, thisUpdate: NOW } })).toBe('revoked');
    expect(code(revoked, { known: { status: 'revoked', thisUpdate: NOW } })).toBe('older_than_known');
  });

  test('a returned nonce must be ours; an absent one is accepted; it never waives the time', () => {
    const nonce = Buffer.alloc(32, 7);
    expect(judge(respond({ nonce: der.octets(nonce) }), { nonce })).toMatchObject({ remarks: ['live_answer'] });
    expect(code(respond({ nonce }), { nonce })).toBe('good');
    expect(code(respond({ nonce: der.octets(Buffer.alloc(32, 8)) }), { nonce })).toBe('nonce_mismatch');
    expect(code(respond({ nonce: der.octets(nonce.subarray(1)) }), { nonce })).toBe('nonce_mismatch');
    expect(judge(respond(), { nonce })).toMatchObject({ accepted: true, remarks: [] });
    expect(code(saying({ thisUpdate: NOW - 25 * HOUR }, { nonce: der.octets(nonce) }), { nonce })).toBe('expired');
    // Octets that look like an OCTET STRING themselves.
    const tricky = Buffer.concat([Buffer.from([4, 30]), Buffer.alloc(30, 1)]);
    expect(code(respond({ nonce: tricky }), { nonce: tricky })).toBe('good');
    expect(code(respond({ nonce: tricky }), { nonce: tricky.subarray(2) })).toBe('good');
  });

  test('an unknown critical extension, anywhere in it', () => {
    const extra = [{ oid: '1.2.3.4', critical: true, value: der.nothing() }];
    expect(code(respond({ extra }))).toBe('unknown_critical_ocsp');
    expect(code(saying({ extra }))).toBe('unknown_critical_ocsp');
    expect(code(saying({ extra, status: { revokedAt: NOW - DAY } }))).toBe('unknown_critical_ocsp');
    const harmless = [{ oid: '1.2.3.4', value: der.nothing() }];
    expect(code(respond({ extra: harmless, answers: [answer({ extra: harmless })] }))).toBe('good');
    expect(
      () =>
        respond({ extra: [...harmless, ...harmless] }).length && code(respond({ extra: [...harmless, ...harmless] })),
    ).toThrow('duplicate extension');
  });

  test('good before the certificate was there, or after its end without a memory of it', () => {
    const young = ca.makeLeaf(issuer, { ...leafRequest, notBefore: NOW });
    expect(code(respond(), { certificate: young })).toBe('before_certificate');
    const ended = ca.makeLeaf(issuer, { ...leafRequest, notBefore: NOW - 800 * DAY });
    const end = readCertificate(ended).notAfter.ms;
    const cutoff = (at: number) => saying({ extra: [{ oid: '1.3.6.1.5.5.7.48.1.6', value: der.generalizedTime(at) }] });
    expect(code(respond(), { certificate: ended })).toBe('after_expiry');
    expect(code(cutoff(end + 1000), { certificate: ended })).toBe('after_expiry');
    expect(judge(cutoff(end - DAY), { certificate: ended })).toMatchObject({
      answer: { status: 'good' },
      remarks: ['archived'],
    });
    expect(code(saying({ status: { revokedAt: NOW - 500 * DAY } }), { certificate: ended })).toBe('revoked');
  });

  test('the algorithm policy decides about weak signatures, of the answer and of the delegate', () => {
    const rsa = (kind: ca.KeyKind) =>
      ca.makeResponder(issuer, { key: ca.makeKey(kind), notBefore: NOW - DAY, notAfter: NOW + DAY });
    const [usual, short] = [rsa('rsa2048'), rsa('rsa1024')];
    for (const bytes of [respond({ signature: 'sha1RSA' }, usual), respond({}, short)]) {
      expect(code(bytes)).toBe('weak_algorithm');
      expect(code(bytes, { algorithms: LENIENT })).toBe('good');
    }
    expect(code(respond({}, short), { algorithms: { ...STRICT, rsaBits: 1024 } })).toBe('good');
    expect(code(respond({ signature: 'md5RSA' }, usual), { algorithms: LENIENT })).toBe('weak_algorithm');
    expect(code(respond({}, usual), { algorithms: { ...STRICT, rsaBits: 3072 } })).toBe('weak_algorithm');
  });

  test('more than 64 kB, trailing bytes and cut ones are not read; PEM is', () => {
    const bytes = respond();
    const big = respond({ extra: [{ oid: '1.2.3.4', value: der.octets(Buffer.alloc(66_000)) }] });
    expect(() => readResponse(big)).toThrow('too large');
    expect(() => readResponse(Buffer.concat([bytes, Buffer.alloc(1)]))).toThrow('trailing');
    const pem = `-----BEGIN OCSP RESPONSE-----\n${bytes.toString('base64')}\n-----END OCSP RESPONSE-----\n`;
    expect(code(Buffer.from(pem))).toBe('good');
  });

  test('no cut or flipped byte makes another answer', () => {
    const bytes = saying({ status: { revokedAt: NOW - DAY, reason: 1 } });
    const meant = judge(bytes);
    for (let i = 0; i < bytes.length; i++) {
      expect(() => readResponse(bytes.subarray(0, i))).toThrow();
      const flipped = Buffer.from(bytes);
      flipped[i]! ^= 1 << (i % 8);
      let verdict;
      try {
        verdict = judge(flipped);
      } catch (error) {
        expect((error as Error).name).toBe('DerError');
        continue;
      }
      // What is outside the signed part may change without changing what was said.
      if (verdict.accepted) expect(verdict.answer).toEqual(meant.accepted && meant.answer);
    }
  });
});
