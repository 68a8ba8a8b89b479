// Why something was refused names the standard of what was refused.
import { expect, test } from 'vitest';
import { refusalWords, refusals } from './refusals.ts';

test('a rule that lists and answers share is cited where it stands for each', () => {
  expect(refusalWords('crl', 'older_than_known').clause).toBe('RFC 5280 §5.2.3');
  expect(refusalWords('ocsp', 'older_than_known').clause).toBe('RFC 6960 §4.2.2.1');
  expect(refusalWords('ocsp', 'from_future').clause).toBe('RFC 6960 §4.2.2.1');
});

test('no refusal of a signed answer cites the profile of lists', () => {
  const shared = ['unreadable', 'issuer_unknown', 'issuer_untrusted', 'bad_signature', 'times_disordered'];
  for (const code of shared) expect(refusalWords('ocsp', code).clause, code).not.toMatch(/5280/);
});

test('a code that no rule has any more says so, also the name of an inherited property', () => {
  expect(refusalWords('crl', 'toString').clause).toBe('');
  expect(Object.keys(refusals).every((code) => refusalWords('crl', code).clause)).toBe(true);
});
