import { describe, expect, test } from 'vitest';
import { CURRENT_SET, criteriaSet, measured } from './criteria.ts';
import { FULL, effective, halfEven, median, scoreOf, share, type Weighed } from './score.ts';

describe('score arithmetic', () => {
  test.each([
    [0, 3, 0],
    [1, 3, 0],
    [2, 3, 1],
    [1, 2, 0], // a tie goes to the even neighbour
    [3, 2, 2],
    [5, 2, 2],
    [7, 2, 4],
    [10_000, 1, 10_000],
  ])('%i / %i rounds half to even as %i', (numerator, denominator, expected) => {
    expect(halfEven(numerator, denominator)).toBe(expected);
  });

  test.each([
    [1, 3, 3333],
    [2, 3, 6667],
    [1, 8, 1250],
    [1, 16, 625],
    [1, 32, 312], // 312,5 → 312
    [3, 32, 938], // 937,5 → 938
    [0, 5, 0],
    [0, 0, null],
  ])('%i of %i is a share of %s basis points', (n, d, expected) => {
    expect(share(n, d)).toBe(expected);
  });

  const item = (weight: number, result: Weighed['result'], value: number | null = null): Weighed => ({
    weight,
    result,
    value,
  });
  test.each<[string, Weighed[], number | null, number | null]>([
    ['everything met', [item(60, 'conform', FULL), item(40, 'conform', FULL)], 10_000, 10_000],
    ['weights count', [item(75, 'conform', FULL), item(25, 'nonconform', 0)], 7_500, 10_000],
    [
      'unknown is not zero: it leaves the score and lowers the coverage',
      [item(50, 'conform', FULL), item(50, 'unknown')],
      10_000,
      5_000,
    ],
    ['not applicable leaves both', [item(50, 'partial', 6_000), item(50, 'not_applicable')], 6_000, 10_000],
    ['nothing known has no score', [item(50, 'unknown'), item(50, 'unknown')], null, 0],
    ['nothing applicable has no coverage', [item(50, 'not_applicable')], null, null],
    [
      'a third rounds to basis points',
      [item(1, 'conform', FULL), item(1, 'nonconform', 0), item(1, 'nonconform', 0)],
      3_333,
      10_000,
    ],
  ])('%s', (_, items, score, coverage) => {
    expect(scoreOf(items)).toMatchObject({ score, coverage });
  });

  test('an excellent score over little knowledge says so beside it', () => {
    expect(scoreOf([item(4, 'conform', 9_600), item(6, 'unknown')])).toEqual({
      score: 9_600,
      coverage: 4_000,
      known: 1,
      applicable: 2,
    });
  });

  test('the median of an even number lies between the two middles', () => {
    expect(median([])).toBeNull();
    expect(median([9_000, 7_000, 8_000])).toBe(8_000);
    expect(median([7_000, 8_001])).toBe(7_500);
  });
});

describe('the effective result', () => {
  const measure = { result: 'nonconform' as const, value: 2_000, rowsHash: 'a' };
  test('is the judgement while the rows it was made on are unchanged', () => {
    expect(effective(measure, { result: 'partial', basisHash: 'a' })).toEqual({
      result: 'partial',
      value: 5_000,
      by: 'judgement',
    });
  });
  test('falls back to the measure when those rows changed', () => {
    expect(effective(measure, { result: 'conform', basisHash: 'older' })).toEqual({
      result: 'nonconform',
      value: 2_000,
      by: 'measure',
    });
  });
  test('keeps the measured value when the judgement confirms it', () => {
    expect(effective(measure, { result: 'nonconform', basisHash: 'a' }).value).toBe(2_000);
  });
  test('is unknown when there is nothing', () => {
    expect(effective(null, null)).toEqual({ result: 'unknown', value: null, by: 'nothing' });
  });
});

describe('the criteria set', () => {
  const set = criteriaSet(CURRENT_SET);
  const leavers = set.find((c) => c.code === 'leavers')!;
  test('has eight criteria whose weights add up to 100', () => {
    expect(set).toHaveLength(8);
    expect(set.reduce((sum, c) => sum + c.weight, 0)).toBe(100);
    expect(new Set(set.map((c) => c.code)).size).toBe(8);
  });
  test('nothing to count is not applicable, missing facts are unknown', () => {
    expect(measured(leavers, 'DINAS_DAERAH', { numerator: 0, denominator: 0, unknown: 0 }).result).toBe(
      'not_applicable',
    );
    expect(measured(leavers, 'DINAS_DAERAH', { numerator: 0, denominator: 0, unknown: 3 }).result).toBe('unknown');
  });
  test('rounding never makes one miss in a hundred thousand full', () => {
    const almost = measured(leavers, 'RSUD', { numerator: 99_999, denominator: 100_000, unknown: 0 });
    expect(almost).toEqual({ result: 'partial', value: 10_000 });
  });
  test('a kelurahan is not asked about record keeping', () => {
    const records = set.find((c) => c.code === 'records')!;
    expect(measured(records, 'KELURAHAN', { numerator: 0, denominator: 9, unknown: 0 })).toEqual({
      result: 'not_applicable',
      value: null,
    });
    expect(measured(records, 'KECAMATAN', { numerator: 0, denominator: 9, unknown: 0 })).toEqual({
      result: 'nonconform',
      value: 0,
    });
  });
});
