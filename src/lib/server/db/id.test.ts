import { expect, test } from 'vitest';
import { newId } from './id.ts';

test('keys of one instant sort in the order they were made, and differ', () => {
  const ids = Array.from({ length: 5000 }, () => newId(1_764_000_000_000));
  expect(ids).toEqual([...ids].sort());
  expect(new Set(ids).size).toBe(5000);
  expect(newId(1_764_000_000_001) > ids.at(-1)!).toBe(true);
});
