import { expect, test } from 'vitest';
import { filterOf } from './filter.ts';
import { wordsOf } from './listing.ts';

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

test('search words: several must all occur; a grouped NIP, serial or fingerprint is one; LIKE signs are plain', () => {
  expect(wordsOf('  Sri   Handayani ')).toEqual(['sri', 'handayani']);
  expect(wordsOf('19740723 200212 1 005')).toEqual(['197407232002121005']);
  expect(wordsOf('5A:1F:9C:02:77')).toEqual(['5a1f9c0277']);
  expect(wordsOf('100%_x')).toEqual(['100\\%\\_x']);
  expect(wordsOf(undefined)).toEqual([]);
});
