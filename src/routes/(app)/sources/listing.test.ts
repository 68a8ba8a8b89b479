// The list of sources by its address: filters, tabs, order. Pure.
import { expect, test } from 'vitest';
import {
  askedOf,
  badgeOf,
  choicesOf,
  hostOf,
  listed,
  matching,
  paged,
  shown,
  STANDS,
  standWords,
  summaryOf,
  type Row,
} from './listing.ts';

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

const mixed = listed(
  [
    source('good'),
    source('failing', { state: 'failing', failures: 3 }),
    source('stale', { state: 'stale' }),
    source('once', { failures: 1 }),
    source('remarked', { remarks: ['no_number' as never] }),
    source('strayed', { strayed: { evidenceId: 'e', madeFor: [] } }),
    source('gone', { state: 'retired', failures: 9 }),
    source('asking'),
    source('new', { state: 'never' }),
  ],
  [{ sourceId: 'asking' }, { sourceId: null }, { sourceId: 'asking' }],
);

test('a source stands in one way only: the tabs add up to all of them, and the badge says what its tab does', () => {
  const on = (stand: string) => shown(mixed, asked(`state=${stand}`));
  expect(STANDS.map((stand) => [stand, ids(on(stand))])).toEqual([
    ['failing', ['failing']],
    ['stale', ['stale']],
    ['noted', ['once', 'remarked', 'strayed', 'asking']],
    ['never', ['new']],
    ['ok', ['good']],
    ['retired', ['gone']],
  ]);
  expect(ids(shown(mixed, asked('')))).toHaveLength(8);
  for (const stand of STANDS.filter((one) => one !== 'noted'))
    expect(on(stand).map((row) => badgeOf(row).word)).toEqual([standWords[stand]]);
  expect(on('noted').map((row) => badgeOf(row).word)).toEqual([
    'Ada catatan',
    'Ada catatan',
    'CRL untuk alamat lain',
    'Perlu dinilai',
  ]);
  expect(mixed.find(({ id }) => id === 'asking')!.asks).toBe(2);
});

test('the sentence over all sources tells the worst first and adds up; all current is said only of all', () => {
  expect(summaryOf(mixed)).toBe(
    '8 sumber dipakai: 1 gagal diambil, 1 lewat masa pakai, 4 ada catatan, 1 belum pernah ditanya, dan 1 terkini.',
  );
  expect(summaryOf([source('a'), source('gone', { state: 'retired' })])).toBe('Semua 1 sumber terkini.');
  expect(summaryOf([source('a', { asks: 1 })])).toBe('1 sumber dipakai: 1 ada catatan.');
  expect(summaryOf([])).toBe('Belum ada sumber yang ditanya.');
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
