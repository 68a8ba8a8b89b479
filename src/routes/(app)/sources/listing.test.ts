// The list of sources by its address: filters, tabs, order. Pure.
import { expect, test } from 'vitest';
import { askedOf, choicesOf, hostOf, listed, matching, paged, shown, type Row } from './listing.ts';

const source = (id: string, change: Partial<Row> = {}): Row =>
  ({
    id,
    kind: 'crl',
    url: `http://crl${id}.example/ca.crl`,
    issuerKey: `k${id}`,
    issuerName: `CA ${id}`,
    state: 'ok',
    failures: 0,
    remarks: [],
    strayed: null,
    trend: [],
    asks: 0,
    ...change,
  }) as unknown as Row;
const asked = (query: string) => askedOf(new URLSearchParams(query));
const ids = (rows: readonly Row[]) => rows.map((row) => row.id);

test('the problems’ tab has what fails, is past its term, failed once, is remarked on, serves another’s list or asks; nothing retired', () => {
  const rows = [
    source('good'),
    source('failing', { state: 'failing', failures: 3 }),
    source('stale', { state: 'stale' }),
    source('once', { failures: 1 }),
    source('remarked', { remarks: ['no_number' as never] }),
    source('strayed', { strayed: { evidenceId: 'e', madeFor: [] } }),
    source('gone', { state: 'retired', failures: 9 }),
    source('asking'),
  ];
  const all = listed(rows, [{ sourceId: 'asking' }, { sourceId: null }, { sourceId: 'asking' }]);
  expect(all.at(-1)!.asks).toBe(2);
  const query = asked('state=problem');
  expect(ids(shown(matching(all, query), query))).toEqual([
    'failing',
    'stale',
    'strayed',
    'asking',
    'once',
    'remarked',
  ]);
});

test('a host is chosen with its port, and the choices say how many sources each has', () => {
  const rows = [
    source('a', { url: 'http://ca.example:8080/a.crl' }),
    source('b', { url: 'http://ca.example:8080/ocsp', kind: 'ocsp' }),
    source('c', { url: 'not an address' }),
  ];
  expect(choicesOf(rows).hosts).toEqual([
    { value: 'ca.example:8080', label: 'ca.example:8080 (2)' },
    { value: 'not an address', label: 'not an address (1)' },
  ]);
  expect(ids(matching(rows, asked('host=ca.example:8080')))).toEqual(['a', 'b']);
  expect(hostOf('http://[::1]:80/x')).toBe('[::1]');
});

test('what an address may not say is as if it said nothing', () => {
  expect(asked('state=anything&kind=x&sort=__proto__&host=')).toMatchObject({
    state: '',
    kind: '',
    sort: 'attention',
    host: '',
  });
  expect(ids(matching([source('a')], asked('host=elsewhere')))).toEqual([]);
});

test('pages follow each other both ways, and a row that is gone leads to the first', () => {
  const rows = Array.from({ length: 60 }, (_, i) => source(`s${i}`));
  const at = (query: string) => paged(rows, asked(query));
  const first = at('');
  expect([first.rows.length, first.prev, first.next]).toEqual([25, null, 's24']);
  const second = at(`after=${first.next}`);
  expect([second.rows[0]!.id, second.rows.at(-1)!.id, second.prev, second.next]).toEqual(['s25', 's49', 's25', 's49']);
  const third = at(`after=${second.next}`);
  expect([ids(third.rows).length, third.next]).toEqual([10, null]);
  expect(at(`before=${third.prev}`)).toEqual(second);
  expect(at(`before=${second.prev}`)).toEqual(first);
  for (const gone of ['after=x', 'before=x', 'before=s0', 'after=__proto__']) expect(at(gone)).toEqual(first);
  expect(paged([], asked('after=x'))).toEqual({ rows: [], next: null, prev: null });
});
