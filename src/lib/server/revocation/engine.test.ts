import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import * as ca from '../../../bin/demo/ca.ts';
import { readCertificate } from '../x509/index.ts';
import * as der from '../x509/der-writer.ts';
import { cross, readCrl, uriName } from './crl.ts';
import { acceptCrl, coversAllReasons, wordOf, type CrlQuestion, type Subject } from './crl-acceptance.ts';
import { decide, freshUntil, NOTHING_KNOWN, type State, type Word } from './decide.ts';
import { buildRequest, readResponse, type Asked } from './ocsp.ts';
import { acceptOcsp, type OcspQuestion } from './ocsp-acceptance.ts';

const NOW = Date.parse('2026-11-22T07:00:00Z');
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const life = { notBefore: NOW - 400 * DAY, notAfter: NOW + 2000 * DAY };
const root = ca.makeRoot({ key: ca.makeKey('p256'), ...life });
const issuer = ca.makeIntermediate(root, { key: ca.makeKey('p256'), ...life });
const stranger = ca.makeRoot({ key: ca.makeKey('p256'), ...life });
const view = readCertificate(issuer.certificate);
const leaf = ca.makeLeaf(issuer, { notBefore: NOW - 100 * DAY, serial: '4a01', urls: ca.urlsAt('http://ca.test') });
const subject: Subject = {
  serial: '4a01',
  ca: false,
  notBefore: NOW - 100 * DAY,
  notAfter: NOW + 630 * DAY,
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
    const before = performance.now();
    expect(cross(crl, wanted)).toMatchObject({ count: 1_000_000 });
    // Generous, for a busy machine; an object for each entry would take a minute and gigabytes.
    expect(performance.now() - before).toBeLessThan(15_000);
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
    const known = { sha256: 'x', number: '7', thisUpdate: NOW - 2 * HOUR, entryCount: 0 };
    expect(codeOf(listOf({ number: 6 }), { known })).toBe('older_than_known');
    expect(codeOf(listOf({ thisUpdate: NOW - 3 * HOUR, number: 9 }), { known })).toBe('older_than_known');
    expect(judge(listOf(), { known }).verdict).toMatchObject({ remarks: ['same_number'] });
    expect(codeOf(listOf({ number: 1n << 150n }), { known: { ...known, number: (1n << 149n).toString(16) } })).toBe(
      'accepted',
    );
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
    const known = { sha256: 'x', number: '6', thisUpdate: NOW - DAY, entryCount: 100 };
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

describe('accepting an OCSP answer (certificate-status §5)', () => {
  const asked: Asked = { serial: '4a01', issuer: view };
  const responder = ca.makeResponder(issuer, {
    key: ca.makeKey('p256'),
    notBefore: NOW - 10 * DAY,
    notAfter: NOW + 50 * DAY,
  });
  const answer = (extra: Partial<ca.OcspAnswer> = {}): ca.OcspAnswer => ({
    id: ca.certId(issuer, '4a01'),
    status: 'good',
    thisUpdate: NOW - 60_000,
    ...extra,
  });
  const respond = (extra: Partial<ca.OcspResponseRequest> = {}, signer: ca.Authority = responder) =>
    ca.makeOcspResponse(signer, { answers: [answer()], producedAt: NOW - 60_000, ...extra });
  function code(bytes: Buffer, extra: Partial<OcspQuestion> = {}) {
    const verdict = acceptOcsp({
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
    return verdict.accepted ? verdict.answer.status : verdict.code;
  }

  test('of the CA itself and of its delegate, by key and by name', () => {
    expect(code(respond())).toBe('good');
    expect(code(respond({ responderId: 'name' }))).toBe('good');
    expect(code(respond({ certificates: [] }, issuer))).toBe('good');
    expect(code(respond({ answers: [answer({ status: { revokedAt: NOW - DAY, reason: 1 } })] }))).toBe('revoked');
    expect(code(respond({ answers: [answer({ status: { revokedAt: NOW - DAY, reason: 6 } })] }))).toBe('on_hold');
    expect(code(respond({ answers: [answer({ status: { revokedAt: 0, reason: 6 } })] }))).toBe('non_issued');
    expect(code(respond({ answers: [answer({ status: 'unknown' })] }))).toBe('unknown');
    expect(code(respond({ answers: [answer({ id: ca.certId(issuer, '4a01', 'sha256') })] }))).toBe('good');
  });

  test.each([
    [1, 'ocsp_malformed_request'],
    [2, 'ocsp_internal_error'],
    [3, 'ocsp_try_later'],
    [5, 'ocsp_sig_required'],
    [6, 'ocsp_unauthorized'],
  ] as const)('the unsigned error %i changes nothing', (status, expected) => {
    expect(code(ca.makeOcspError(status))).toBe(expected);
  });

  test('an answer about another certificate or another issuer is no answer', () => {
    expect(code(respond({ answers: [answer({ id: ca.certId(issuer, '4a02') })] }))).toBe('not_about_this');
    expect(code(respond({ answers: [answer({ id: ca.certId(stranger, '4a01') })] }))).toBe('not_about_this');
    expect(code(respond({ answers: [] }))).toBe('not_about_this');
  });

  test('of several answers the latest about us counts', () => {
    const answers = [
      answer({ thisUpdate: NOW - 3 * HOUR }),
      answer({ status: { revokedAt: NOW - DAY }, thisUpdate: NOW - HOUR }),
      answer({ id: ca.certId(issuer, '77'), thisUpdate: NOW }),
    ];
    expect(code(respond({ answers, producedAt: NOW }))).toBe('revoked');
  });

  test('a signer without authority from this CA is refused, whatever it chains to', () => {
    const delegate = (by: ca.Authority, extensions: ca.Extensions) =>
      ca.makeResponder(by, { key: ca.makeKey('p256'), notBefore: NOW - DAY, notAfter: NOW + DAY, extensions });
    expect(code(respond({}, delegate(issuer, { eku: null })))).toBe('responder_unauthorised');
    expect(code(respond({}, delegate(issuer, { eku: [ca.OID.serverAuth] })))).toBe('responder_unauthorised');
    expect(code(respond({}, delegate(root, {})))).toBe('responder_unauthorised');
    expect(code(respond({}, stranger))).toBe('responder_unauthorised');
    expect(code(respond({ certificates: [] }))).toBe('responder_mismatch');
    expect(code(respond({ certificates: [responder.certificate] }, { ...stranger, keyId: responder.keyId }))).toBe(
      'bad_signature',
    );
  });

  test('a delegate is valid when it answers, and unrevoked', () => {
    const old = ca.makeResponder(issuer, { key: ca.makeKey('p256'), notBefore: NOW - 10 * DAY, notAfter: NOW - DAY });
    expect(code(respond({}, old))).toBe('delegate_expired');
    const checked = ca.makeResponder(issuer, {
      key: ca.makeKey('p256'),
      notBefore: NOW - DAY,
      notAfter: NOW + DAY,
      extensions: { ocspNoCheck: false },
    });
    expect(code(respond({}, checked))).toBe('delegate_unchecked');
    expect(code(respond({}, checked), { delegateListed: () => true })).toBe('delegate_revoked');
    expect(code(respond({}, checked), { delegateListed: () => false })).toBe('good');
  });

  test('times: future, expired, production before content; a revocation outlives its time', () => {
    expect(code(respond({ answers: [answer({ thisUpdate: NOW + HOUR })], producedAt: NOW + HOUR }))).toBe(
      'from_future',
    );
    expect(code(respond({ producedAt: NOW - HOUR }))).toBe('produced_disordered');
    const late = { thisUpdate: NOW - 3 * DAY, nextUpdate: NOW - 2 * DAY };
    expect(code(respond({ answers: [answer(late)] }))).toBe('expired');
    expect(code(respond({ answers: [answer({ thisUpdate: NOW - 25 * HOUR })] }))).toBe('expired');
    expect(code(respond({ answers: [answer({ thisUpdate: NOW - 23 * HOUR })] }))).toBe('good');
    expect(code(respond({ answers: [answer({ ...late, status: { revokedAt: NOW - 4 * DAY } })] }))).toBe('revoked');
    expect(code(respond(), { known: NOW })).toBe('older_than_known');
  });

  test('a returned nonce must be ours; an absent one is accepted', () => {
    const nonce = Buffer.alloc(32, 7);
    const sent = buildRequest(asked, nonce);
    const question = ca.readOcspRequest(sent);
    expect(question.ids[0]).toMatchObject({ serial: '4a01' });
    expect(code(respond({ nonce: question.nonce, answers: [answer({ id: question.ids[0]!.der })] }), { nonce })).toBe(
      'good',
    );
    expect(code(respond({ nonce: der.octets(Buffer.alloc(32, 8)) }), { nonce })).toBe('nonce_mismatch');
    expect(code(respond(), { nonce })).toBe('good');
  });

  test('a certHash must be of our certificate', () => {
    const hash = (bytes: Buffer) => ({
      oid: '1.3.36.8.3.13',
      value: der.seq(der.seq(der.oid('1.3.14.3.2.26')), der.octets(bytes)),
    });
    expect(code(respond({ answers: [answer({ extra: [hash(Buffer.alloc(20))] })] }))).toBe('hash_mismatch');
  });

  test('no cut or flipped byte makes an answer', () => {
    const bytes = respond();
    for (let i = 0; i < bytes.length; i += 3) {
      expect(() => readResponse(bytes.subarray(0, i))).toThrow();
      const flipped = Buffer.from(bytes);
      flipped[i]! ^= 0x55;
      let result = 'threw';
      try {
        result = code(flipped);
      } catch (error) {
        expect((error as Error).name).toBe('DerError');
      }
      // The certificate that came along is outside the signed part; damage there may still leave a readable delegate.
      if (result === 'good') expect(i).toBeGreaterThan(bytes.indexOf(responder.certificate) - 40);
    }
  });
});

describe('the state machine (certificate-status §4, §6)', () => {
  const policy = { leafCrlHours: 48, ocspHours: 24 };
  let evidence = 0;
  const word = (status: Word['status'], extra: Partial<Word> = {}): Word => ({
    source: 'crl',
    status,
    reason: null,
    revokedAt: status === 'revoked' || status === 'on_hold' ? NOW - DAY : null,
    invalidityAt: null,
    evidenceId: `e${++evidence}`,
    thisUpdate: NOW - HOUR,
    nextUpdate: NOW + DAY,
    confirmedAt: NOW,
    ...extra,
  });
  const after = (words: Word[], from: State = NOTHING_KNOWN) => decide(from, words, policy);
  const kinds = (d: ReturnType<typeof after>) => d.events.map((e) => e.kind);

  test.each([
    // CRL, OCSP, result: the table of §6
    ['revoked', 'revoked', 0, 'revoked'],
    ['revoked', 'good', -1, 'revoked'],
    ['revoked', 'good', 1, 'revoked'],
    ['on_hold', 'good', 1, 'released'],
    ['on_hold', 'good', -1, 'on_hold'],
    ['on_hold', 'revoked', -1, 'revoked'],
    ['good', 'revoked', -1, 'revoked'],
    ['good', 'revoked', 1, 'revoked'],
    ['good', 'unknown', 1, 'good'],
    ['good', 'unknown', -1, 'good'],
    [null, 'good', 0, 'good'],
    [null, 'unknown', 0, 'unknown'],
    ['undetermined', 'unknown', 1, 'unknown'],
    ['undetermined', 'good', -1, 'good'],
  ] as const)('CRL %s, OCSP %s (%i h newer) gives %s', (crl, ocsp, hours, expected) => {
    const words = [
      ...(crl ? [word(crl, { reason: crl === 'on_hold' ? 6 : 1 })] : []),
      word(ocsp, { source: 'ocsp', thisUpdate: NOW - HOUR + hours * 60_000 }),
    ];
    expect(after(words).state.status).toBe(expected);
    expect(after([...words].reverse()).state.status).toBe(expected);
    expect(after(words, after(words).state).state.status).toBe(expected);
  });

  test('a revoked certificate stays revoked: removal raises an alarm, a newer OCSP good a conflict', () => {
    const revoked = after([word('revoked', { reason: 1 })]).state;
    const removed = after([word('good', { removed: true, thisUpdate: NOW })], revoked);
    expect(removed.state).toEqual(revoked);
    expect(kinds(removed)).toEqual(['early_removal']);
    expect(kinds(after([word('good', { source: 'ocsp', thisUpdate: NOW })], revoked))).toEqual(['conflict']);
    expect(decide(revoked, [word('good', { removed: true, thisUpdate: NOW })], policy, NOW - DAY).events).toEqual([]);
  });

  test('a hold ends by strictly newer evidence only, and never by a list in quarantine', () => {
    const held = after([word('on_hold', { reason: 6 })]).state;
    expect(after([word('good')], held).state.status).toBe('on_hold');
    expect(after([word('good', { thisUpdate: NOW, quarantined: true })], held).state.status).toBe('on_hold');
    const released = after([word('good', { thisUpdate: NOW })], held);
    expect(released.state.status).toBe('released');
    expect(kinds(released)).toEqual(['released']);
    expect(after([word('on_hold', { thisUpdate: NOW + 1 })], released.state).state.status).toBe('on_hold');
  });

  test('silence and unknown take nothing away from what was verified', () => {
    for (const status of ['good', 'revoked', 'on_hold'] as const) {
      const state = after([word(status)]).state;
      expect(after([word('unknown', { source: 'ocsp', thisUpdate: NOW })], state).state).toEqual(state);
      expect(after([word('undetermined', { thisUpdate: NOW })], state).state).toEqual(state);
    }
  });

  test('a changed reason or date is told', () => {
    const state = after([word('revoked', { reason: 0 })]).state;
    const next = after([word('revoked', { reason: 1, revokedAt: NOW - 3 * DAY, thisUpdate: NOW })], state);
    expect(kinds(next).sort()).toEqual(['date_changed', 'reason_changed']);
  });

  test('freshness: the smaller of nextUpdate and the policy; a CA list until nextUpdate; OCSP without nextUpdate 24 h', () => {
    expect(freshUntil(word('good'), policy)).toBe(NOW + DAY);
    expect(freshUntil(word('good', { nextUpdate: NOW + 90 * DAY }), policy)).toBe(NOW + 2 * DAY);
    expect(freshUntil(word('good', { nextUpdate: NOW + 90 * DAY }), { ...policy, authority: true })).toBe(
      NOW + 90 * DAY,
    );
    expect(freshUntil(word('good', { nextUpdate: null }), policy)).toBe(NOW - HOUR);
    expect(freshUntil(word('good', { source: 'ocsp', nextUpdate: null }), policy)).toBe(NOW + 23 * HOUR);
  });

  test('no walk of any words leaves revoked, and nothing but good words makes good', () => {
    let seed = 42;
    const random = (n: number) => (seed = (seed * 1103515245 + 12345) & 0x7fffffff) % n;
    for (let walk = 0; walk < 400; walk++) {
      let state = NOTHING_KNOWN;
      let sawGood = false;
      for (let i = 0; i < 12; i++) {
        const status = (['good', 'revoked', 'on_hold', 'unknown', 'undetermined'] as const)[random(walk % 3 ? 5 : 4)]!;
        const source = random(2) ? 'crl' : 'ocsp';
        const w = word(status, {
          source,
          thisUpdate: NOW + random(50) * HOUR,
          removed: random(2) === 0,
          quarantined: random(3) === 0,
        });
        sawGood ||= status === 'good';
        const next = after([w], state).state;
        if (state.status === 'revoked') expect(next.status).toBe('revoked');
        if (!sawGood) expect(['good', 'released']).not.toContain(next.status);
        state = next;
      }
    }
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
