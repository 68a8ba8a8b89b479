import { expect, test } from 'vitest';
import { massChange } from './mass-change.ts';

test('a list that loses half of its entries at once releases nobody; small ones are no mass', () => {
  expect(massChange(100, 50)).toBeNull();
  expect(massChange(100, 49)).toBe('shrunk');
  expect(massChange(100, 0)).toBe('emptied');
  expect(massChange(19, 5)).toBeNull();
  expect(massChange(1, 0)).toBeNull();
  expect(massChange(2, 0)).toBe('emptied');
  expect(massChange(100, 79, { percent: 20, atLeast: 50 })).toBe('shrunk');
});
