import { readXlsx } from 'hucre/xlsx';
import { describe, expect, test } from 'vitest';
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
    ).toBe('\ufeffNama,Sampai (WIB),Jumlah\r\n"Siti ""S"", M.Pd.",2026-11-23 00:30,-3\r\nBudi,,0\r\n');
  });

  test('text that a spreadsheet would run as a formula is defused', () => {
    for (const name of ['=1+1', '+1', '-1', '@x', '\tx']) {
      expect(csv([{ head: 'x', value: (r: Row) => r.name }], [{ name, at, n: 1 }])).toContain(`'${name}`);
    }
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
