// The small timeline says what the CA changed where the status stayed what it was.
import { expect, test } from 'vitest';
import type { Episode } from '#lib/server/revocation/index.ts';
import { changeOf, until } from './revocation-looks.ts';

const DAY = 86_400_000;
const AT = Date.parse('2026-11-23T05:00:00Z');
const span = (change: Partial<Episode> = {}): Episode => ({
  status: 'revoked',
  from: AT,
  until: AT + DAY,
  open: false,
  evidenceId: null,
  reason: null,
  revokedAt: AT,
  invalidityAt: null,
  source: 'crl',
  ...change,
});

test('a span that follows one of the same status says which of reason and dates changed, another says nothing', () => {
  const first = span();
  expect(changeOf(first, undefined)).toBe('');
  expect(changeOf(first, span({ status: 'good' }))).toBe('');
  expect(changeOf(span({ reason: 1, revokedAt: AT - 5 * DAY }), first)).toBe(
    'alasan: kunci privat bocor atau hilang, tanggal: 18 Nov 2026',
  );
  expect(changeOf(span({ reason: 0 }), first)).toBe('');
  expect(changeOf(span({ invalidityAt: AT - 9 * DAY }), first)).toBe('diragukan sejak 14 Nov 2026');
  expect(changeOf(first, span({ invalidityAt: AT }))).toBe('tanpa tanggal diragukan');
});

test('what was never issued and is then on hold names no reason and no year 1970', () => {
  const never = span({ status: 'on_hold', reason: 6, revokedAt: 0, source: 'ocsp' });
  expect(changeOf(never, span({ status: 'on_hold', reason: 6, revokedAt: AT }))).not.toContain('1970');
});

test('the last span reaches to now only where that is proved', () => {
  expect(until(null)).toBe(', sekarang');
  expect(until(AT)).toBe(', menurut bukti 23 November 2026 pukul 12.00 WIB');
});
