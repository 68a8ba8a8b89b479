import { expect, test } from 'vitest';
import { parsed, shown } from './date-text.ts';

test.each([
  ['22/11/2026', '2026-11-22'],
  ['2-1-2026', '2026-01-02'],
  ['22.11.26', '2026-11-22'],
  ['22112026', '2026-11-22'],
  ['2026-11-22', '2026-11-22'],
  ['', ''],
  ['31/02/2026', null],
  ['11/22/2026', null],
  ['besok', null],
  ['22/11/2026 14.05', null],
])('the date "%s" is sent as %s', (text, iso) => {
  expect(parsed(text, false)).toBe(iso);
});

test.each([
  ['22/11/2026 14.05', '2026-11-22T14:05'],
  ['22/11/2026 9:30', '2026-11-22T09:30'],
  ['22/11/2026 pukul 09.30', '2026-11-22T09:30'],
  ['2026-11-22T14:05', '2026-11-22T14:05'],
  ['22/11/2026', null],
  ['22/11/2026 24.00', null],
])('the instant "%s" is sent as %s', (text, iso) => {
  expect(parsed(text, true)).toBe(iso);
});

test('what is sent reads as people write it', () => {
  expect(shown('2026-11-22')).toBe('22/11/2026');
  expect(shown('2026-11-22T14:05')).toBe('22/11/2026 14.05');
  expect(shown('')).toBe('');
  expect(shown('besok')).toBe('');
});
