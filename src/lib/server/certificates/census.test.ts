import { expect, test } from 'vitest';
import { each, takeCensus, type CensusFilter } from './census.ts';

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
