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
