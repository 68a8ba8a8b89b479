import { describe, expect, test } from 'vitest';
import * as ca from '../../../bin/demo/ca.ts';
import { readCertificate } from '../x509/index.ts';
import { judgeFiles, type FilesRequest } from './from-files.ts';

const AT = Date.parse('2026-11-22T07:00:00Z');
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const life = { notBefore: AT - 400 * DAY, notAfter: AT + 2000 * DAY };
const root = ca.makeRoot({ key: ca.makeKey('p256'), ...life });
const issuer = ca.makeIntermediate(root, { key: ca.makeKey('p256'), ...life, urls: ca.urlsAt('http://ca.test') });
const leaf = ca.makeLeaf(issuer, { notBefore: AT - 100 * DAY, serial: '4a01', urls: ca.urlsAt('http://ca.test') });
const list = (by: ca.Authority, entries: ca.RevokedEntry[] = [], extra: Partial<ca.CrlRequest> = {}) =>
  ca.makeCrl(by, { entries, number: 1, thisUpdate: AT - HOUR, nextUpdate: AT + DAY, ...extra });
const ours = (reason?: 1 | 6) => ({ serial: '4a01', revokedAt: AT - DAY, reason });

const judge = (extra: Partial<FilesRequest> = {}) =>
  judgeFiles({
    leaf: readCertificate(leaf),
    anchors: [readCertificate(root.certificate)],
    intermediates: [readCertificate(issuer.certificate)],
    crls: [list(root), list(issuer)],
    at: AT,
    ...extra,
  });

describe('status from files', () => {
  test('accepted when the path holds and every certificate below the anchor is good by fresh evidence', () => {
    const verdict = judge();
    expect(verdict).toMatchObject({
      decision: 'accepted',
      outcome: 'good',
      label: 'valid',
      facets: { freshness: 'fresh' },
    });
    expect(verdict.path.map((row) => row.revocation.status)).toEqual(['good', 'good', 'not_applicable']);
    expect(verdict.explanations).toEqual([]);
  });

  test('undetermined without evidence about one of the path, or with evidence past its time', () => {
    expect(judge({ crls: [list(issuer)] })).toMatchObject({ decision: 'undetermined', outcome: 'undetermined' });
    expect(judge({ crls: [] })).toMatchObject({ decision: 'undetermined' });
    expect(judge({ at: AT + 2 * DAY })).toMatchObject({
      decision: 'undetermined',
      revocation: { status: 'undetermined' },
    });
    expect(judge({ maxAge: 30 * 60_000 })).toMatchObject({ decision: 'undetermined' });
    expect(judge({ crls: [], noRevocation: true })).toMatchObject({ decision: 'accepted', outcome: 'undetermined' });
  });

  test('a CA of the issuer’s name that another CA certified under the same root neither revokes nor clears', () => {
    const other = ca.makeIntermediate(root, { ...life, key: ca.makeKey('p256'), subject: [[ca.OID.CN, 'CA JAHAT']] });
    const beside = (above: ca.Authority) =>
      ca.makeIntermediate(above, {
        ...life,
        key: ca.makeKey('p256'),
        subject: [
          [ca.OID.C, 'ID'],
          [ca.OID.O, ca.TEST_ORGANIZATION],
          [ca.OID.CN, 'BSRE CA UJI G1'],
        ],
      });
    const by = (signer: ca.Authority, crls: Buffer[]) =>
      judge({
        intermediates: [issuer, other, signer].map(({ certificate }) => readCertificate(certificate)),
        crls: [list(root), list(other), ...crls],
      }).revocation.status;
    const namesake = beside(other);
    expect(by(namesake, [list(issuer), list(namesake, [ours(1)])])).toBe('good');
    expect(by(namesake, [list(namesake)])).toBe('undetermined');
    // Another key of the CA itself, which the same root certified.
    const sibling = beside(root);
    expect(by(sibling, [list(issuer), list(sibling, [ours(1)])])).toBe('revoked');
  });

  test('a list without a number does not make the numbers before it forgotten', () => {
    const step = (hours: number, number: number | null, entries: ca.RevokedEntry[] = []) =>
      list(issuer, entries, { number, thisUpdate: AT - hours * HOUR });
    const after = (last: Buffer) =>
      judge({ crls: [list(root), step(5, 73, [ours(6)]), step(4, null, [ours(6)]), last] });
    expect(after(step(3, 62))).toMatchObject({
      revocation: { status: 'on_hold' },
      explanations: expect.arrayContaining([expect.objectContaining({ code: 'number_lower' })]),
    });
    expect(after(step(3, 74)).revocation.status).toBe('released');
  });

  const codesOf = ({ explanations }: { explanations: { code: string }[] }) => explanations.map(({ code }) => code);
  const answer = (serial: string, at: { thisUpdate: number; nextUpdate?: number }) =>
    ca.makeOcspResponse(issuer, {
      answers: [{ id: ca.certId(issuer, serial), status: 'good', ...at }],
      producedAt: at.thisUpdate,
    });

  test('a hold and a release of the same second are explained, until something newer says which', () => {
    const at = AT - 5 * HOUR;
    const held = list(issuer, [ours(6)], { number: 5, thisUpdate: at });
    const good = answer('4a01', { thisUpdate: at, nextUpdate: AT + HOUR });
    const verdict = judge({ crls: [list(root), held], ocsps: [good] });
    expect(verdict.revocation.status).toBe('on_hold');
    expect(codesOf(verdict)).toContain('release_not_newer');
    expect(codesOf(judge({ crls: [list(root), held] }))).not.toContain('release_not_newer');
    const later = list(issuer, [], { number: 6, thisUpdate: at + HOUR });
    const released = judge({ crls: [list(root), held, later], ocsps: [good] });
    expect(released.revocation.status).toBe('released');
    expect(codesOf(released)).not.toContain('release_not_newer');
    // Two lists of the line may share the second too.
    const twin = list(issuer, [], { number: 6, thisUpdate: at });
    expect(codesOf(judge({ crls: [list(root), held, twin] }))).toContain('release_not_newer');
  });

  test('whatever leaves it undetermined is said, with the name of the certificate and what to bring', () => {
    const missing = judge({ crls: [list(issuer)] });
    expect(missing.explanations).toMatchObject([
      { code: 'evidence_missing', text: expect.stringContaining('Sertakan') },
    ]);
    expect(missing.explanations[0]!.text).toContain(readCertificate(issuer.certificate).subject.text);
    const late = judge({ at: AT + 2 * DAY }).explanations.find(({ code }) => code === 'evidence_too_old')!;
    expect(late.text).toContain('lewat nextUpdate (2026-11-23T07:00:00Z)');
    const aged = judge({ maxAge: 30 * 60_000 }).explanations;
    expect(aged.map(({ code }) => code)).toEqual(['evidence_too_old', 'evidence_too_old']);
    expect(aged[0]!.text).toContain('--max-age');
    expect(codesOf(judge({ crls: [], noRevocation: true }))).toEqual([]);
    expect(codesOf(judge({ intermediates: [] }))).toContain('issuer_missing');
  });

  test('an answer is about something else only when it is about no certificate of the path', () => {
    const fresh = { thisUpdate: AT - HOUR, nextUpdate: AT + DAY };
    expect(codesOf(judge({ ocsps: [answer('4a01', fresh)], crls: [list(root)] }))).toEqual([]);
    expect(codesOf(judge({ ocsps: [answer('4a99', fresh)] }))).toEqual(['not_about_this']);
  });

  test('an answer past its time is said to be so, and settles nothing', () => {
    const ocsps = [answer('4a01', { thisUpdate: AT - 3 * DAY, nextUpdate: AT - 2 * DAY })];
    const verdict = judge({ ocsps, crls: [list(root)] });
    expect(verdict).toMatchObject({ decision: 'undetermined', outcome: 'undetermined' });
    expect(codesOf(verdict)).toContain('expired');
    // Beside a hold it releases nothing.
    const hold = list(issuer, [ours(6)], { thisUpdate: AT - 4 * DAY, nextUpdate: AT + DAY });
    expect(judge({ ocsps, crls: [list(root), hold] })).toMatchObject({ decision: 'rejected', outcome: 'revoked' });
  });

  test('old evidence still proves a revocation', () => {
    const crls = [list(root), list(issuer, [ours(1)])];
    const reason = { status: 'revoked', reason: 'keyCompromise', revokedAt: '2026-11-21T07:00:00Z', source: 'crl' };
    expect(judge({ crls, at: AT + 9 * DAY })).toMatchObject({
      decision: 'rejected',
      outcome: 'revoked',
      revocation: reason,
    });
  });

  test('a delegate without no-check is believed as soon as a list clears it, also one that came after the answer', () => {
    const delegate = ca.makeResponder(issuer, {
      key: ca.makeKey('p256'),
      serial: '5e1f',
      notBefore: AT - DAY,
      notAfter: AT + DAY,
      extensions: { ocspNoCheck: false },
    });
    const answers = [{ id: ca.certId(issuer, '4a01'), status: 'good' as const, thisUpdate: AT - 2 * HOUR }];
    const ocsps = [ca.makeOcspResponse(delegate, { answers, producedAt: AT - 2 * HOUR })];
    const about = (entries: ca.RevokedEntry[]) => list(issuer, entries, { thisUpdate: AT - HOUR });
    const codes = (crls: Buffer[]) => judge({ ocsps, crls }).explanations.map((e) => e.code);
    expect(codes([list(root)])).toContain('delegate_unchecked');
    expect(codes([list(root), about([])])).not.toContain('delegate_unchecked');
    expect(codes([list(root), about([{ serial: '5e1f', revokedAt: AT - DAY }])])).toContain('delegate_revoked');
  });

  test('a list of another scope that takes over from one that ended releases nobody when it lost the others, too', () => {
    const others = Array.from({ length: 30 }, (_, i) => ({ serial: `5b${10 + i}`, revokedAt: AT - DAY }));
    const [held, since] = [{ thisUpdate: AT - 9 * DAY, nextUpdate: AT - 8 * DAY }, { number: 2 }];
    const scope = { scope: { url: ca.urlsAt('http://ca.test').crl } };
    const taking = (entries: ca.RevokedEntry[]) =>
      judge({
        crls: [list(root), list(issuer, [ours(6), ...others], held), list(issuer, entries, { ...since, ...scope })],
      });
    expect(taking([])).toMatchObject({ revocation: { status: 'on_hold' } });
    expect(taking([]).explanations.map(({ code }) => code)).toContain('shrunk');
    expect(taking(others)).toMatchObject({ revocation: { status: 'released' } });
  });

  test('several lists are replayed in order: an early removal stays revoked, a hold is released', () => {
    const later = list(issuer, [], { number: 2, thisUpdate: AT - 60_000 });
    const removed = judge({ crls: [later, list(root), list(issuer, [ours(1)])] });
    expect(removed).toMatchObject({ decision: 'rejected', outcome: 'revoked' });
    expect(removed.explanations.map((e) => e.code)).toContain('early_removal');
    expect(judge({ crls: [later, list(root), list(issuer, [ours(6)])] })).toMatchObject({
      decision: 'accepted',
      revocation: { status: 'released' },
    });
  });

  test('an unusable list that names the certificate is a hint and nothing more; one that does not is none', () => {
    const unknown = { extra: [{ oid: '1.2.3.4', critical: true, value: Buffer.from([5, 0]) }], number: 2 };
    const of = (entries: ca.RevokedEntry[]) =>
      judge({ crls: [list(root), list(issuer), list(issuer, entries, unknown)] });
    const named = of([ours(1)]);
    expect(named).toMatchObject({ decision: 'accepted', revocation: { status: 'good' } });
    expect(named.explanations.map((e) => e.code)).toEqual(['unknown_critical', 'hint']);
    expect(of([{ ...ours(1), serial: '7777' }]).explanations.map((e) => e.code)).toEqual(['unknown_critical']);
  });

  test('a list with the number of the one that holds releases nothing; one with a higher number does', () => {
    const hold = list(issuer, [ours(6)], { number: 61, thisUpdate: AT - 3 * HOUR });
    const same = list(issuer, [], { number: 61, thisUpdate: AT - 2 * HOUR });
    expect(judge({ crls: [list(root), hold, same] })).toMatchObject({ revocation: { status: 'on_hold' } });
    const higher = list(issuer, [], { number: 62 });
    expect(judge({ crls: [list(root), hold, same, higher] })).toMatchObject({ revocation: { status: 'released' } });
  });

  test('a revoked CA rejects everything below it', () => {
    const serial = readCertificate(issuer.certificate).serial;
    const crls = [list(root, [{ serial, revokedAt: AT - DAY }]), list(issuer)];
    expect(judge({ crls })).toMatchObject({ decision: 'rejected', outcome: 'revoked', label: 'ca_revoked' });
  });

  test('what is garbage or of a stranger is explained, never believed', () => {
    const stranger = ca.makeRoot({ key: ca.makeKey('p256'), ...life, subject: [[ca.OID.CN, 'Orang Lain']] });
    const verdict = judge({
      crls: [
        list(root),
        Buffer.from('x'),
        list(stranger),
        list({ ...stranger, name: issuer.name, keyId: issuer.keyId }),
      ],
    });
    expect(verdict).toMatchObject({ decision: 'undetermined', revocation: { status: 'undetermined' } });
    expect(verdict.explanations.map((e) => e.code).sort()).toEqual([
      'bad_signature',
      'crl_unreadable',
      'evidence_missing',
      'issuer_unknown',
    ]);
  });
});
