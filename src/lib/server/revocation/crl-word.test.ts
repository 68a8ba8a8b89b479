import { describe, expect, test } from 'vitest';
import * as ca from '../../../bin/demo/ca.ts';
import { DAY, HOUR } from '../calendar.ts';
import { readCertificate } from '../x509/index.ts';
import * as der from '../x509/der-writer.ts';
import { cross, readCrl } from './crl.ts';
import { judgeFiles } from './from-files.ts';
import { wordOf } from './crl-word.ts';
import { subjectOfView } from './subject.ts';

const AT = Date.parse('2026-11-22T07:00:00Z');
const life = { notBefore: AT - 400 * DAY, notAfter: AT + 2000 * DAY };
const OURS = '4a01';
const root = ca.makeRoot({ key: ca.makeKey('p256'), ...life });
const issuer = ca.makeIntermediate(root, { key: ca.makeKey('p256'), ...life });
const aside = (extra: Partial<ca.CertificateRequest> = {}, by: ca.Authority = root): ca.Authority => {
  const key = ca.makeKey('p256');
  const subject: ca.Dn = [[ca.OID.CN, 'PENERBIT CRL UJI']];
  const certificate = ca.issue(by, {
    subject,
    spki: key.spki,
    ...life,
    serial: '77',
    extensions: { keyUsage: ['cRLSign'] },
    ...extra,
  });
  return ca.authority(certificate, subject, key);
};
const publisher = aside();

type Point = { url?: string; relative?: string; reasons?: number[]; issuer?: Buffer };
const uri = (url: string) => der.tagged(0, der.tagged(0, ca.uriName(url)));
/** The RDN as it stands behind the tag [1]. */
const relative = (name: string) => der.tagged(0, der.tagged(1, der.seq(der.oid(ca.OID.CN), der.utf8(name))));
const encoded = ({ url, relative: name, reasons, issuer: by }: Point) =>
  der.seq(
    ...(url ? [uri(url)] : []),
    ...(name ? [relative(name)] : []),
    ...(reasons ? [der.retag(0x81, der.namedBits(reasons))] : []),
    ...(by ? [der.tagged(2, der.tagged(4, by))] : []),
  );
const leafAt = (...points: Point[]) =>
  readCertificate(
    ca.makeLeaf(issuer, {
      notBefore: AT - 100 * DAY,
      serial: OURS,
      extensions: { crlUrls: null, extra: [{ oid: '2.5.29.31', value: der.seq(...points.map(encoded)) }] },
    }),
  );

const entry = (extra: Partial<ca.RevokedEntry> = {}) => ({ serial: OURS, revokedAt: AT - 3 * DAY, ...extra });
const list = (by: ca.Authority, entries: ca.RevokedEntry[] = [], extra: Partial<ca.CrlRequest> = {}) =>
  ca.makeCrl(by, { entries, number: 1, thisUpdate: AT - HOUR, nextUpdate: AT + DAY, ...extra });
const scopeOf = (...parts: Buffer[]): Partial<ca.CrlRequest> => ({
  extra: [{ oid: '2.5.29.28', critical: true, value: der.seq(...parts) }],
});

function word(bytes: Buffer, leaf: ReturnType<typeof leafAt>) {
  const crl = readCrl(bytes);
  return wordOf(crl, cross(crl, new Set([OURS])).found.get(OURS) ?? [], subjectOfView(leaf));
}

describe('indirect lists (RFC 5280 §5.2.5, §5.3.3)', () => {
  const url = 'http://crl.test/indirect.crl';
  const leaf = leafAt({ url, issuer: publisher.name });
  const scope = { url, indirect: true };
  const judge = (crls: Buffer[], signers: ca.Authority[] = [publisher]) =>
    judgeFiles({
      leaf,
      anchors: [readCertificate(root.certificate)],
      intermediates: [issuer, ...signers].map(({ certificate }) => readCertificate(certificate)),
      crls: [list(root), ...crls],
      at: AT,
    });

  test('speak for the certificates whose point names their issuer', () => {
    expect(judge([list(publisher, [], { scope })])).toMatchObject({ decision: 'accepted', outcome: 'good' });
    const revoked = list(publisher, [entry({ issuer: issuer.name, reason: 1 })], { scope });
    expect(judge([revoked])).toMatchObject({ decision: 'rejected', revocation: { reason: 'keyCompromise' } });
  });

  test('an entry holds for the issuer named last, and for nobody else’s serial', () => {
    const before = { serial: '1', revokedAt: AT - DAY, issuer: issuer.name };
    expect(word(list(publisher, [before, entry()], { scope }), leaf)).toMatchObject({ status: 'revoked' });
    expect(word(list(publisher, [entry()], { scope }), leaf)).toMatchObject({ status: 'good' });
    const others = { ...before, issuer: root.name };
    expect(word(list(publisher, [others, entry()], { scope }), leaf)).toMatchObject({ status: 'good' });
  });

  test('must say that they are indirect; the list of the issuer itself that names the point is none of it', () => {
    expect(word(list(publisher, [], { scope: { url } }), leaf)).toMatchObject({ why: 'out_of_scope' });
    expect(word(list(issuer, [entry()], { scope: { url } }), leaf)).toMatchObject({ why: 'out_of_scope' });
    expect(word(list(publisher, [], { scope: { indirect: true } }), leafAt({ url }))).toMatchObject({
      why: 'out_of_scope',
    });
  });

  test('leave it to the issuer to revoke by a list of its own, whose silence proves nothing (RFC 5280 §6.3.3, last paragraph)', () => {
    expect(word(list(issuer, [entry({ reason: 1 })]), leaf)).toMatchObject({ status: 'revoked', reason: 1 });
    expect(word(list(issuer, [entry({ reason: 6 })]), leaf)).toMatchObject({ status: 'on_hold' });
    expect(word(list(issuer), leaf)).toMatchObject({ why: 'out_of_scope' });
    const named = scopeOf(der.tagged(0, der.tagged(0, der.tagged(4, issuer.name))));
    for (const one of [leaf, leafAt({ url })]) {
      expect(word(list(issuer, [entry()], named), one)).toMatchObject({ status: 'revoked' });
      expect(word(list(issuer, [], named), one)).toMatchObject({ why: 'out_of_scope' });
    }
    // Nobody else's list is implied.
    expect(word(list(publisher, [entry()]), leafAt({ url }))).toMatchObject({ why: 'out_of_scope' });
    const revoked = list(issuer, [entry({ reason: 1 })]);
    expect(judge([list(publisher, [], { scope }), revoked])).toMatchObject({
      decision: 'rejected',
      outcome: 'revoked',
    });
  });

  test('count for nothing when their signer is of another anchor, may not sign lists, or is revoked', () => {
    const other = ca.makeRoot({ key: ca.makeKey('p256'), ...life });
    const foreign = aside({}, other);
    expect(judge([list(foreign, [], { scope })], [foreign])).toMatchObject({ decision: 'undetermined' });
    const unfit = aside({ extensions: { keyUsage: ['digitalSignature'] } });
    expect(judge([list(unfit, [], { scope })], [unfit])).toMatchObject({ decision: 'undetermined' });
    const revoked = list(root, [{ serial: '77', revokedAt: AT - DAY, reason: 1 }], {
      number: 2,
      thisUpdate: AT - 60_000,
    });
    expect(judge([revoked, list(publisher, [], { scope })])).toMatchObject({ decision: 'undetermined' });
  });

  test('rest on a signer that is itself settled, or nothing is accepted', () => {
    const below = aside({}, issuer);
    const verdict = judge([list(below, [], { scope })], [below]);
    expect(verdict).toMatchObject({ decision: 'undetermined', revocation: { status: 'good' } });
    expect(verdict.explanations.map(({ code }) => code)).toContain('crl_signer_undetermined');
  });
});

describe('names of points and of lists', () => {
  test('a relative name is the CRL issuer’s name with one part more, on either side', () => {
    const leaf = leafAt({ relative: 'CRL 1' });
    expect(word(list(issuer, [], scopeOf(relative('CRL 1'))), leaf)).toMatchObject({ status: 'good' });
    expect(word(list(issuer, [], scopeOf(relative('CRL 2'))), leaf)).toMatchObject({ why: 'out_of_scope' });
    const rdn = der.set(der.seq(der.oid(ca.OID.CN), der.utf8('CRL 1')));
    const name = readCertificate(issuer.certificate).subject.der;
    const full = der.seq(name.subarray(name[1]! < 0x80 ? 2 : 3), rdn);
    const spelt = der.tagged(0, der.tagged(0, der.tagged(4, full)));
    expect(word(list(issuer, [], scopeOf(spelt)), leaf)).toMatchObject({ status: 'good' });
  });

  test('without a name the point is met by its cRLIssuer', () => {
    const leaf = leafAt({ issuer: publisher.name });
    const named = der.tagged(0, der.tagged(0, der.tagged(4, publisher.name)));
    const indirect = der.primitive(4, Buffer.from([0xff]));
    expect(word(list(publisher, [], scopeOf(named, indirect)), leaf)).toMatchObject({ status: 'good' });
  });

  test('any one name of the list and any one of the point are enough', () => {
    const two = der.tagged(0, der.tagged(0, ca.uriName('http://a.test/1'), ca.uriName('http://b.test/1')));
    expect(word(list(issuer, [], scopeOf(two)), leafAt({ url: 'http://b.test/1' }))).toMatchObject({ status: 'good' });
  });
});

describe('reasons of points and of lists (RFC 5280 §6.3.3 d)', () => {
  test('count where both have them', () => {
    const leaf = leafAt({ url: 'http://a.test/1', reasons: [1, 2, 3] });
    const parts = list(issuer, [], { scope: { url: 'http://a.test/1', reasons: [2, 3, 4] } });
    expect(word(parts, leaf)).toEqual({ status: 'good', reasons: [2, 3] });
  });

  test('lists that cover all reasons only together make a certificate good together', () => {
    const leaf = leafAt(
      { url: 'http://a.test/1', reasons: [1, 2, 3, 4] },
      { url: 'http://a.test/2', reasons: [5, 6, 7, 8] },
    );
    const part = (n: 1 | 2) => list(issuer, [], { scope: { url: `http://a.test/${n}` } });
    const judge = (...crls: Buffer[]) =>
      judgeFiles({
        leaf,
        anchors: [readCertificate(root.certificate)],
        intermediates: [readCertificate(issuer.certificate)],
        crls: [list(root), ...crls],
        at: AT,
      });
    expect(judge(part(1), part(2))).toMatchObject({ decision: 'accepted' });
    const half = judge(part(1));
    expect(half).toMatchObject({ decision: 'undetermined', revocation: { status: 'undetermined' } });
    expect(half.explanations.map(({ code }) => code)).toContain('partial_reasons');
  });
});
