// What was never held was not released, and nobody handled what ended by itself.
import { expect, test } from 'vitest';
import { endWord } from './end-words.ts';

test('an alert ends in the words of what it was about', () => {
  expect(endWord({ kind: 'on_hold', signalId: null }, 'released')).toBe('penangguhannya dilepas');
  expect(endWord({ kind: 'non_issued', signalId: 's' }, 'released')).toMatch(/tidak lagi menyebutnya/);
  expect(endWord({ kind: 'conflict', signalId: 's' }, 'handled')).toBe('temuannya selesai');
  expect(endWord({ kind: 'revoked', signalId: null }, 'handled')).toBe('ditangani');
});
