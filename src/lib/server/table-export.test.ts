import { readXlsx } from 'hucre/xlsx';
import { describe, expect, test } from 'vitest';
import { readSheet } from './containers/index.ts';
import { asFile, csv, formatOf, type Column } from './table-export.ts';

type Row = { name: string; at: number | null; n: number };
const columns: Column<Row>[] = [
  { head: 'Nama', value: (r) => r.name },
  { head: 'Sampai', value: (r) => r.at, kind: 'instant' },
  { head: 'Jumlah', value: (r) => r.n },
];
const at = Date.parse('2026-11-22T17:30:00Z');

describe('export of a table', () => {
  test('CSV has a byte order mark, quotes what it must, shows instants in WIB, leaves absent values empty', () => {
    expect(
      csv(columns, [
        { name: 'Siti "S", M.Pd.', at, n: -3 },
        { name: 'Budi', at: null, n: 0 },
      ]),
    ).toBe('\ufeffNama;Sampai (WIB);Jumlah\r\n"Siti ""S"", M.Pd.";2026-11-23 00:30;-3\r\nBudi;;0\r\n');
  });

  test('text that a spreadsheet would run as a formula is defused', () => {
    for (const name of ['=1+1', '+1', '-1', '@x', '\tx']) {
      expect(csv([{ head: 'x', value: (r: Row) => r.name }], [{ name, at, n: 1 }])).toContain(`'${name}`);
    }
  });

  test('a NIP, a serial and a number with a zero in front keep every digit in a spreadsheet, without a formula', () => {
    const texts = ['197811042005012007', '63200000000000000000000000000000000001', '08117700123', '632e47', '2026'];
    const lines = csv([{ head: 'x', value: (text: string) => text }], texts).split('\r\n');
    expect(lines.slice(1, 6)).toEqual([...texts.slice(0, 4).map((text) => `\t${text}`), '2026']);
  });

  test('our own import reads a CSV back as it was written', async () => {
    const texts = [
      ...['197811042005012007', '08117700123', '632e10', '77AA', 'Siti "S", M.Pd.; Dra.', 'dua\nbaris'],
      ...['=1+1', "'=1+1", "''-", '-', '+62 811', '@x', "O'Neil", "'kutip'", '2026-11-22'],
    ];
    const bytes = Buffer.from(
      csv(
        [
          { head: 'x', value: (text: string) => text },
          { head: 'y', value: () => 'z' },
        ],
        texts,
      ),
    );
    const { rows, problems } = await readSheet({ name: 'a.csv', bytes });
    expect(rows).toEqual([['x', 'y'], ...texts.map((text) => [text, 'z'])]);
    expect(problems).toEqual([]);
  });

  test('XLSX reads back with the same values, and a formula stays text', async () => {
    const file = await asFile('daftar', 'xlsx', columns, [{ name: '=1+1\u0000', at, n: 7 }]);
    expect(file.name).toBe('daftar.xlsx');
    const book = await readXlsx(file.bytes);
    expect(book.sheets[0]!.rows[0]).toEqual(['Nama', 'Sampai (WIB)', 'Jumlah']);
    expect(book.sheets[0]!.rows[1]![0]).toBe('=1+1');
    expect(book.sheets[0]!.rows[1]![2]).toBe(7);
  });

  test('an unknown format reads as CSV', () => {
    expect([formatOf('xlsx'), formatOf('exe'), formatOf(null)]).toEqual(['xlsx', 'csv', 'csv']);
  });
});
