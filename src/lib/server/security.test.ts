import { describe, expect, test } from 'vitest';
import * as security from './security.ts';

describe('the network of a request', () => {
  test.each([
    ['10.20.30.40', '10.20.30.0/24'],
    ['::ffff:10.20.30.40', '10.20.30.0/24'],
    ['2001:db8:12:3456::1', '2001:db8:12::/48'],
    ['::1', '0:0:0::/48'],
    ['fe80::1%eth0', 'fe80:0:0::/48'],
    ['bukan alamat', 'unknown'],
    ["1.2.3.4' or 1=1", 'unknown'],
    [undefined, 'unknown'],
  ])('%s belongs to %s', (address, network) => {
    expect(security.networkOf(address)).toBe(network);
  });

  test('behind a proxy only the entry the proxy itself wrote counts', () => {
    expect(security.forwardedAddress('6.6.6.6, 10.0.0.9')).toBe('10.0.0.9');
    expect(security.forwardedAddress('')).toBeUndefined();
    expect(security.forwardedAddress(null)).toBeUndefined();
  });

  test('loopback is an address and a name of this machine, not a name that resolves to it', () => {
    expect(['127.0.0.1', '127.8.9.1', '::1', '::ffff:127.0.0.1'].every(security.isLoopback)).toBe(true);
    expect(['10.0.0.1', '', undefined, '127.0.0.1.evil'].some(security.isLoopback)).toBe(false);
    expect(security.isLoopbackHost('127.0.0.1.evil.example')).toBe(false);
    expect(security.isLoopbackHost('localhost')).toBe(true);
  });
});

describe('where to go after signing in', () => {
  test.each([
    ['/certificates?label=expired', '/certificates?label=expired'],
    ['//evil.example', '/'],
    ['/\\evil.example', '/'],
    ['https://evil.example', '/'],
    ['javascript:alert(1)', '/'],
    ['/a\r\nSet-Cookie: x', '/'],
    ['/\t/evil.example', '/'],
    [null, '/'],
  ])('%j leads to %s', (next, path) => {
    expect(security.ownPath(next)).toBe(path);
  });
});

test('only routes that take files accept large bodies', () => {
  expect(security.bodyLimit('/certificates/import')).toBe(600_000_000);
  expect(security.bodyLimit('/certificates/importx')).toBe(512_000);
  expect(security.bodyLimit('/sign-in')).toBe(512_000);
});

test('HSTS is sent over TLS only, and the cookie is bound to the host there', () => {
  expect(security.baseHeaders(false)).not.toHaveProperty('strict-transport-security');
  expect(security.baseHeaders(true)).toHaveProperty('strict-transport-security');
  expect([security.sessionCookie(true), security.sessionCookie(false)]).toEqual(['__Host-siaga', 'siaga']);
});
