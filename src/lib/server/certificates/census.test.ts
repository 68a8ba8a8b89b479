import { expect, test } from 'vitest';
import { DAY } from '../calendar.ts';
import { countChoices, each, takeCensus, type CensusFilter } from './census.ts';

test('a value of its own in every certificate is told from every other one', () => {
  const rows = Array.from({ length: 70_000 }, (_, i): Parameters<typeof takeCensus>[0][number] => [
    i + 1,
    null,
    'signature',
    'valid',
    null,
    'RSA-2048',
    null,
    'file',
    `import-${i}`,
    0,
    null,
    null,
  ]);
  const census = takeCensus(rows, []);
  const asked: CensusFilter = { now: 0, agencies: null, scope: null, found: null, importId: 'import-3' };
  const found: number[] = [];
  each(census, asked, (row) => found.push(row));
  expect(found).toEqual([3]);
});

test('a window holds the narrower ones also when nothing ends between them', () => {
  const now = 1000 * DAY;
  const ending = (docid: number, days: number): Parameters<typeof takeCensus>[0][number] => {
    const ends = now + days * DAY;
    return [docid, null, 'signature', 'valid', null, 'RSA-2048', null, 'file', null, 0, ends, now - DAY / 2];
  };
  const census = takeCensus([ending(1, 20), ending(2, 50), ending(3, 300)], []);
  const { expiring, confirmed } = countChoices(census, { now, agencies: null, scope: null, found: null });
  expect([...expiring]).toEqual([
    ['30', 1],
    ['60', 2],
    ['90', 2],
    ['180', 2],
    ['365', 3],
  ]);
  expect([...confirmed]).toEqual([
    ['24', 3],
    ['168', 3],
    ['720', 3],
  ]);
});
