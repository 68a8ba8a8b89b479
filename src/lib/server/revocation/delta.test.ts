import { describe, expect, test } from 'vitest';
import * as ca from '../../../bin/demo/ca.ts';
import { DAY, HOUR } from '../calendar.ts';
import { readCertificate } from '../x509/index.ts';
import * as der from '../x509/der-writer.ts';
import { cross, readCrl } from './crl.ts';
import { acceptCrl } from './crl-acceptance.ts';
import { combine, combines, crossLine } from './delta.ts';
import { judgeFiles } from './from-files.ts';

const AT = Date.parse('2026-11-22T07:00:00Z');
const life = { notBefore: AT - 400 * DAY, notAfter: AT + 2000 * DAY };
const root = ca.makeRoot({ key: ca.makeKey('p256'), ...life });
const other = ca.makeRoot({ key: ca.makeKey('p256'), ...life });
const view = readCertificate(root.certificate);
const OURS = '4a01';
const leaf = readCertificate(ca.makeLeaf(root, { notBefore: AT - 100 * DAY, serial: OURS }));

const entry = (reason?: ca.ReasonCode, serial = OURS): ca.RevokedEntry => ({ serial, revokedAt: AT - 3 * DAY, reason });
const complete = (entries: ca.RevokedEntry[] = [], extra: Partial<ca.CrlRequest> = {}, by = root) =>
  ca.makeCrl(by, { entries, number: 20, thisUpdate: AT - 2 * DAY, nextUpdate: AT + DAY, ...extra });
const delta = (entries: ca.RevokedEntry[] = [], extra: Partial<ca.CrlRequest> = {}, by = root) =>
  complete(entries, { number: 21, deltaOf: 20, thisUpdate: AT - HOUR, nextUpdate: AT + 6 * HOUR, ...extra }, by);
const effective = (base: Buffer, change: Buffer) => crossLine(readCrl(base), readCrl(change), new Set([OURS, '9']));
const judge = (...crls: Buffer[]) => judgeFiles({ leaf, anchors: [view], crls, at: AT });

describe('which complete list a delta continues (RFC 5280 §5.2.4)', () => {
  const fits = (base: Buffer, change: Buffer) => combines(readCrl(base), readCrl(change));

  test('the numbers leave no gap, and the delta is the newer of the two', () => {
    expect(fits(complete(), delta())).toBe(true);
    expect(fits(complete(), delta([], { deltaOf: 5, number: 30 }))).toBe(true);
    expect(fits(complete(), delta([], { deltaOf: 21, number: 22 }))).toBe(false);
    expect(fits(complete(), delta([], { deltaOf: 19, number: 20 }))).toBe(false);
    expect(fits(complete([], { number: null }), delta())).toBe(false);
    expect(fits(complete([], { number: 1n << 140n }), delta([], { deltaOf: 20, number: (1n << 140n) + 1n }))).toBe(
      true,
    );
  });

  test('issuer, key and scope are the same, byte for byte', () => {
    expect(fits(complete([], {}, other), delta())).toBe(false);
    expect(fits(complete([], { aki: false }), delta())).toBe(false);
    expect(fits(complete([], { scope: { onlyUser: true } }), delta())).toBe(false);
    expect(fits(complete([], { scope: { onlyUser: true } }), delta([], { scope: { onlyUser: true } }))).toBe(true);
  });

  test('two complete lists, or two deltas, never combine', () => {
    expect(fits(complete(), complete([], { number: 21 }))).toBe(false);
    expect(fits(delta(), delta([], { number: 22 }))).toBe(false);
  });
});

describe('what a complete list and its delta say as one', () => {
  test('number and times are the delta’s, the bytes stay the complete list’s', () => {
    const base = complete();
    const { crl } = effective(base, delta());
    expect(crl).toMatchObject({ number: '15', thisUpdate: { ms: AT - HOUR }, nextUpdate: { ms: AT + 6 * HOUR } });
    expect(crl.der.equals(base)).toBe(true);
  });

  test('what the delta names wins, what it does not name stays', () => {
    const { crossing, released } = effective(complete([entry(6), entry(4, '9')]), delta([entry(1)]));
    expect(crossing.found.get(OURS)).toMatchObject([{ reason: 1 }]);
    expect(crossing.found.get('9')).toMatchObject([{ reason: 4 }]);
    expect(released).toEqual([]);
  });

  test('a hold is released; a revocation is not, and is told', () => {
    const hold = effective(complete([entry(6)]), delta([entry(8)]));
    expect(hold.crossing.found.size).toBe(0);
    expect(hold.released).toMatchObject([{ serial: OURS, reason: 6 }]);
    const revoked = effective(complete([entry(1)]), delta([entry(8)]));
    expect(revoked.crossing.found.get(OURS)).toMatchObject([{ reason: 1 }]);
    expect(revoked.earlyRemoved).toMatchObject([{ serial: OURS, reason: 1 }]);
    expect(revoked.released).toEqual([]);
  });

  test('in an indirect list the entry of another issuer with the same serial is left alone', () => {
    const scope = { indirect: true };
    const foreign = { ...entry(6), issuer: der.seq(other.name) };
    const both = effective(complete([entry(6), foreign], { scope }), delta([entry(8)], { scope }));
    expect(both.crossing.found.get(OURS)).toHaveLength(1);
    expect(both.crossing.found.get(OURS)![0]!.issuer).not.toBeNull();
  });

  test('combining changes neither of the two', () => {
    const [base, change] = [readCrl(complete([entry(6)])), readCrl(delta([entry(8)]))];
    const crossed = { crl: base, crossing: cross(base, new Set([OURS])) };
    combine(crossed, { crl: change, crossing: cross(change, new Set([OURS])) });
    expect(crossed.crossing.found.get(OURS)).toMatchObject([{ reason: 6 }]);
    expect(crossed.crl.number).toBe('14');
  });
});

describe('a delta that arrives', () => {
  const accept = (bytes: Buffer, base: Buffer | null) => {
    const crl = readCrl(bytes);
    const crossing = cross(crl, new Set([OURS]));
    const question = { signers: [view], anchored: () => true, known: null, now: AT };
    const verdict = acceptCrl({ crl, crossing, ...question, complete: base && readCrl(base) });
    return verdict.accepted ? 'accepted' : verdict.code;
  };

  test('is taken only beside the complete list it continues', () => {
    expect(accept(delta(), null)).toBe('delta_alone');
    expect(accept(delta([], { deltaOf: 25, number: 26 }), complete())).toBe('delta_unfit');
    expect(accept(delta(), complete())).toBe('accepted');
    expect(accept(delta([], {}, { ...root, key: other.key }), complete())).toBe('bad_signature');
  });

  test('revokes, holds and releases; alone or forged it does nothing', () => {
    expect(judge(complete(), delta([entry(1)]))).toMatchObject({
      decision: 'rejected',
      revocation: { status: 'revoked' },
    });
    expect(judge(complete([entry(6)]), delta([entry(8)]))).toMatchObject({
      decision: 'accepted',
      revocation: { status: 'released', thisUpdate: '2026-11-22T06:00:00Z' },
    });
    expect(judge(delta())).toMatchObject({ decision: 'undetermined' });
    const forged = delta([entry(8)], {}, { ...root, key: other.key });
    expect(judge(complete([entry(6)]), forged)).toMatchObject({ revocation: { status: 'on_hold' } });
  });

  test('of the same instant speaks as one with its complete list, so that the hold it takes away never began', () => {
    const same = { thisUpdate: AT - 2 * DAY };
    expect(judge(complete([entry(6)]), delta([entry(8)], same))).toMatchObject({ revocation: { status: 'good' } });
  });

  test('that is forged and of the same instant does not silence the list it pretends to continue', () => {
    const forged = delta([entry(8)], { thisUpdate: AT - 2 * DAY }, { ...root, key: other.key });
    expect(judge(complete([entry(1)]), forged)).toMatchObject({ decision: 'rejected', outcome: 'revoked' });
    expect(judge(complete(), forged)).toMatchObject({ decision: 'accepted', revocation: { status: 'good' } });
  });

  test('takes no revocation away: the state stays, and the early removal is told', () => {
    const verdict = judge(complete([entry(1)]), delta([entry(8)]));
    expect(verdict).toMatchObject({ decision: 'rejected', revocation: { status: 'revoked', reason: 'keyCompromise' } });
    expect(verdict.explanations.map(({ code }) => code)).toContain('early_removal');
  });

  test('past its time leaves the certificate undetermined, past the complete list’s time it carries it on', () => {
    const late = { nextUpdate: AT - HOUR / 2 };
    expect(judge(complete(), delta([], late))).toMatchObject({ decision: 'undetermined' });
    expect(judge(complete([], { nextUpdate: AT - HOUR / 2 }), delta())).toMatchObject({ decision: 'accepted' });
  });
});
