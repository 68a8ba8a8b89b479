import { expect, test } from 'vitest';
import * as ca from '../../../bin/demo/ca.ts';
import { entry, issuer, list } from '#tests/support/revocation-office.ts';
import { makeWorld, NOW } from '#tests/support/world.ts';
import { DAY } from '../calendar.ts';
import { readCertificate } from '../x509/index.ts';
import { cross, readCrl } from './crl.ts';
import { delegateListed } from './ocsp-delegate.ts';
import type { Held } from './subject.ts';

const delegate = readCertificate(
  ca.makeResponder(issuer, { key: ca.makeKey('p256'), notBefore: NOW - DAY, notAfter: NOW + DAY }).certificate,
);
/** A list of the CA that names these serials. */
function held(serials: readonly string[], more: Partial<Held> = {}): Held {
  const crl = readCrl(
    list(
      makeWorld(),
      serials.map((serial) => entry(serial)),
    ),
  );
  const crossing = cross(crl, new Set());
  return { crl, crossing, evidenceId: 'e', scope: 'all', confirmedAt: NOW, quarantined: false, ...more };
}

test('a delegate is cleared by a current list that does not name it, and condemned by one that does', () => {
  expect(delegateListed([held([])], delegate, NOW)).toBe(false);
  expect(delegateListed([held([])], delegate, NOW + 2 * DAY)).toBe(null);
  expect(delegateListed([held([delegate.serial])], delegate, NOW)).toBe(true);
  expect(delegateListed([], delegate, NOW)).toBe(null);
});

test('a list that lost most of its entries at once clears no delegate; what it names it condemns all the same', () => {
  expect(delegateListed([held([], { quarantined: true })], delegate, NOW)).toBe(null);
  expect(delegateListed([held([delegate.serial], { quarantined: true })], delegate, NOW)).toBe(true);
});
