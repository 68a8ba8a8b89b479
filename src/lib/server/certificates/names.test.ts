import { expect, test } from 'vitest';
import { isName, splitName } from './names.ts';

test.each([
  ['Sri Contoh', true],
  ['10.20.30.40', true],
  ['7-Sebelas', true],
  ['2', false],
  ['0', false],
  ['***', false],
  ['', false],
  ['-----BEGIN PRIVATE KEY-----', false],
])('"%s" can be a name: %s', (text, expected) => expect(isName(text)).toBe(expected));

test('a comma begins the titles of a name, and cuts nothing that is none', () => {
  expect(splitName('Sri Contoh, S.Kom., M.Si')).toMatchObject({ name: 'Sri Contoh', titleAfter: 'S.Kom., M.Si' });
  expect(splitName('=HYPERLINK("http://x","y")')).toMatchObject({ name: '=HYPERLINK("http://x","y")', titleAfter: '' });
});
