import { describe, expect, test } from 'vitest';
import { changesOf, massChange, type Listing } from './changes.ts';

const listing = (reason: number | null, extra: Partial<Listing> = {}): Listing => ({
  reason,
  revokedAt: 1000,
  invalidityAt: null,
  ...extra,
});
const living = { notAfter: 9000, thisUpdate: 5000 };

describe('what two lists of one line say differently about a certificate (certificate-status §3)', () => {
  test.each<[string, Listing | null, Listing | null, string[]]>([
    ['neither names it', null, null, []],
    ['it is revoked', null, listing(1), ['revoked']],
    ['it is held', null, listing(6), ['held']],
    ['nothing changed', listing(1), listing(1), []],
    ['a hold is gone', listing(6), null, ['released']],
    ['a revocation is gone', listing(4), null, ['early_removal']],
    ['one without a reason is gone', listing(null), null, ['early_removal']],
    ['a hold became a revocation', listing(6), listing(1), ['finalised']],
    ['a revocation became a hold', listing(1), listing(6), ['held_again']],
    ['the reason became known', listing(null), listing(1), ['reason_changed']],
    ['the date moved', listing(1), listing(1, { revokedAt: 500 }), ['date_changed']],
    ['the key was suspect earlier', listing(1), listing(1, { invalidityAt: 200 }), ['date_changed']],
    ['reason and date', listing(0), listing(1, { revokedAt: 500 }), ['reason_changed', 'date_changed']],
  ])('%s', (_, before, now, changes) => expect(changesOf(before, now, living)).toEqual(changes));

  test('after the certificate expired a CA may drop it: the last word is frozen', () => {
    expect(changesOf(listing(1), null, { notAfter: 4999, thisUpdate: 5000 })).toEqual(['frozen']);
    expect(changesOf(listing(6), null, { notAfter: 4999, thisUpdate: 5000 })).toEqual(['frozen']);
    expect(changesOf(listing(1), null, { notAfter: 5000, thisUpdate: 5000 })).toEqual(['early_removal']);
    expect(changesOf(listing(1), null, { notAfter: null, thisUpdate: 5000 })).toEqual(['early_removal']);
  });
});

test('a list that loses half of its entries at once releases nobody; small ones are no mass', () => {
  expect(massChange(100, 50)).toBeNull();
  expect(massChange(100, 49)).toBe('shrunk');
  expect(massChange(100, 0)).toBe('emptied');
  expect(massChange(19, 5)).toBeNull();
  expect(massChange(1, 0)).toBeNull();
  expect(massChange(2, 0)).toBe('emptied');
  expect(massChange(100, 79, { percent: 20, atLeast: 50 })).toBe('shrunk');
});
