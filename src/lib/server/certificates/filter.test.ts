import { expect, test } from 'vitest';
import { filterOf } from './filter.ts';

const read = (query: string) => filterOf(new URLSearchParams(query));

test('the address says what is filtered; what is not understood is left out', () => {
  expect(read('status=revoked&agency=DISDIK&use=signature&expiring=30&successor=none&sort=-end')).toEqual({
    labels: ['revoked', 'ca_revoked', 'on_hold'],
    agency: 'DISDIK',
    use: 'signature',
    expiring: 30,
    withoutSuccessor: true,
    sort: 'end',
    descending: true,
  });
  expect(read('status=stale,ageing,nonsense&sort=secret&use=x&expiring=-1&mark=hacked')).toEqual({
    labels: ['stale', 'ageing'],
  });
  expect(read('status=toString')).toEqual({});
  expect(read('confirmed=24')).toEqual({ confirmed: 24 });
  expect(read('confirmed=nonsense')).toEqual({});
});

test('the cursor of a row with a long name in a long order is whole; what is longer than any cursor counts as none', () => {
  const cursor = Buffer.from(
    JSON.stringify([
      '0197ffcb-4100-7000-8000-07fcb2c7310a',
      'SISTEM '.repeat(40),
      '0197ffcb-4100-7000-8000-0c9b4c0b9777',
    ]),
  ).toString('base64url');
  expect(read(`after=${cursor}`)).toEqual({ after: cursor });
  expect(read(`before=${cursor}`)).toEqual({ before: cursor });
  expect(read(`after=${'x'.repeat(10_000)}`)).toEqual({});
});

test('the address says which list, responder or evidence a certificate rests on; a longer address than any counts as none', () => {
  expect(
    read(`crl=${encodeURIComponent('http://crl.example/a.crl?x=1')}&ocsp=http://ocsp.example&evidence=e1`),
  ).toEqual({
    crl: 'http://crl.example/a.crl?x=1',
    ocsp: 'http://ocsp.example',
    evidence: 'e1',
  });
  expect(read(`crl=http://${'x'.repeat(2048)}`)).toEqual({});
});
