import { describe, expect, test } from 'vitest';
import { DAY, HOUR, MINUTE } from '../calendar.ts';
import {
  certificateRules,
  isUsable,
  obligationOnTime,
  reportedOnTime,
  revocationSeen,
  type CertificateFacts,
} from './facts.ts';

const AT = Date.parse('2026-11-22T07:05:00Z');
const good: CertificateFacts = {
  notBefore: AT - 100 * DAY,
  notAfter: AT + 300 * DAY,
  hasFile: true,
  chain: 'anchored',
  revocation: 'good',
  freshUntil: AT + HOUR,
  superseded: false,
  retired: false,
  archived: false,
  holderKind: 'person',
  holderStatus: 'active',
  inPersonnel: true,
};
const verdict = (rule: string, change: Partial<CertificateFacts>) =>
  certificateRules[rule]!({ ...good, ...change }, AT);

describe('what is counted', () => {
  test('validity is inclusive at both ends', () => {
    expect(isUsable({ ...good, notAfter: AT }, AT)).toBe(true);
    expect(isUsable({ ...good, notAfter: AT - 1 }, AT)).toBe(false);
    expect(isUsable({ ...good, notBefore: AT }, AT)).toBe(true);
    expect(isUsable({ ...good, notBefore: AT + 1 }, AT)).toBe(false);
  });

  test.each<[string, string, Partial<CertificateFacts>, string]>([
    ['verified_holder', 'a person in the personnel list', {}, 'met'],
    ['verified_holder', 'a person nobody knows', { inPersonnel: false }, 'missed'],
    ['verified_holder', 'no owner', { holderKind: null }, 'missed'],
    ['verified_holder', 'a server is its own owner', { holderKind: 'system', inPersonnel: false }, 'met'],
    ['verified_holder', 'revoked is not active', { revocation: 'revoked' }, 'skip'],
    ['renewal', 'ends in 31 days', { notAfter: AT + 31 * DAY }, 'skip'],
    ['renewal', 'ends in 30 days without successor', { notAfter: AT + 30 * DAY }, 'missed'],
    ['renewal', 'ends in 30 days with successor', { notAfter: AT + 30 * DAY, superseded: true }, 'met'],
    ['renewal', 'declared out of use needs none', { notAfter: AT + DAY, retired: true }, 'skip'],
    ['leavers', 'still in office', {}, 'met'],
    ['leavers', 'retired but usable', { holderStatus: 'retired' }, 'missed'],
    ['leavers', 'declared out of use is still usable', { holderStatus: 'moved', retired: true }, 'missed'],
    ['leavers', 'retired and revoked', { holderStatus: 'retired', revocation: 'revoked' }, 'skip'],
    ['leavers', 'nobody knows whose it is', { holderKind: null, holderStatus: null }, 'unknown'],
    ['freshness', 'fresh', {}, 'met'],
    ['freshness', 'stale', { freshUntil: AT - 1 }, 'missed'],
    ['freshness', 'never confirmed', { freshUntil: null }, 'missed'],
    ['freshness', 'needs no check (RFC 9608)', { freshUntil: null, revocation: 'not_applicable' }, 'met'],
    ['records', 'complete', {}, 'met'],
    ['records', 'without its file', { hasFile: false }, 'missed'],
    ['records', 'expired and still marked in use', { notAfter: AT - DAY }, 'missed'],
    ['records', 'expired and declared out of use', { notAfter: AT - DAY, retired: true }, 'met'],
    ['records', 'expired and replaced', { notAfter: AT - DAY, superseded: true }, 'met'],
    ['records', 'archived', { archived: true, hasFile: false }, 'skip'],
  ])('%s: %s', (rule, _, change, expected) => {
    expect(verdict(rule, change)).toBe(expected);
  });

  test.each<[string, number | null, number | null, boolean, string]>([
    ['seen in time', AT - 2 * DAY, AT - 2 * DAY + 60 * MINUTE, false, 'met'],
    ['seen too late', AT - 3 * DAY, AT - DAY, false, 'missed'],
    ['not seen, limit over', AT - 2 * DAY, null, false, 'missed'],
    ['not seen, limit running', AT - HOUR, null, false, 'skip'],
    ['not asked for yet', null, null, false, 'skip'],
    ['documented exception', AT - 9 * DAY, null, true, 'skip'],
  ])('a revocation %s', (_, requestedAt, seenAt, excepted, expected) => {
    expect(revocationSeen({ requestedAt, seenAt, excepted }, 1440, AT)).toBe(expected);
  });

  test.each<[string, number, number | null, boolean, string]>([
    ['met at the last minute', AT, AT, false, 'met'],
    ['met late', AT - HOUR, AT, false, 'missed'],
    ['overdue', AT - 1, null, false, 'missed'],
    ['running', AT + 1, null, false, 'skip'],
    ['released by two people', AT - DAY, null, true, 'skip'],
  ])('an obligation %s', (_, dueAt, metAt, released, expected) => {
    expect(obligationOnTime({ dueAt, metAt, released }, AT)).toBe(expected);
  });

  test('a report within a day of noticing is in time; without the moment of noticing it is unknown', () => {
    expect(reportedOnTime(AT - 24 * HOUR, AT)).toBe('met');
    expect(reportedOnTime(AT - 24 * HOUR - 1, AT)).toBe('missed');
    expect(reportedOnTime(null, AT)).toBe('unknown');
  });
});
