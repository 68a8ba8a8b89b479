// The key under which downloaded sheets are stamped.
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { makeWorld } from '#tests/support/world.ts';
import { stampKey, stamps } from './download-stamp.ts';

test.each([0, 16, 31])('a key of which a power cut left %i bytes is made anew, and seals nothing of before', (left) => {
  const { dir } = makeWorld();
  const cut = Buffer.alloc(left);
  const file = path.join(dir, 'download-stamp.key');
  writeFileSync(file, cut);
  const key = stampKey(dir);
  expect(key).toHaveLength(32);
  expect(readFileSync(file)).toEqual(key);
  const forged = stamps(cut, 'personnel').make('x', 1, { name: 'Sri' });
  expect(stamps(key, 'personnel').read('x', forged, 2)).toBeNull();
});

test('a key is made once, for this installation alone', () => {
  const { dir } = makeWorld();
  const key = stampKey(dir);
  expect(stampKey(dir)).toEqual(key);
  expect(readFileSync(path.join(dir, 'download-stamp.key'))).toEqual(key);
  expect(stampKey(makeWorld().dir)).not.toEqual(key);
});
