import { expect, test } from 'vitest';
import { zip } from '#tests/support/zip.ts';
import { readSheet } from './index.ts';

const parts = {
  '[Content_Types].xml':
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>',
  '_rels/.rels':
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>',
  'xl/workbook.xml':
    '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="Pegawai" sheetId="1" r:id="rId1"/></sheets></workbook>',
  'xl/_rels/workbook.xml.rels':
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
};

/** A workbook of one sheet, its cells written as programs write them. */
const book = (...rows: string[]) =>
  readSheet({
    name: 'a.xlsx',
    bytes: zip(
      Object.entries({
        ...parts,
        'xl/worksheets/sheet1.xml': `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>${rows.map((cells, i) => `<row r="${i + 1}">${cells}</row>`).join('')}</sheetData></worksheet>`,
      }).map(([name, text]) => ({ name, bytes: Buffer.from(text) })),
    ),
  });

test('the last result of a formula is the value, and the cell is known as a formula', async () => {
  const { rows, formulas, problems } = await book(
    '<c r="A1"><f>1+1</f><v>2</v></c><c r="B1" t="str"><f>"a"&amp;"b"</f><v>ab</v></c><c r="C1" t="str"><f>""</f><v></v></c>',
    '<c r="A2" t="str"><f>VLOOKUP(1,\'[1]Data Induk\'!A:B,2,0)</f><v>Dinas</v></c><c r="B2" t="str"><f>Tabel[[#This Row],[2024]]&amp;"[1]x!"</f><v>y</v></c>',
  );
  expect(rows).toEqual([
    ['2', 'ab', ''],
    ['Dinas', 'y', ''],
  ]);
  expect(formulas).toEqual([
    { row: 1, col: 1, formula: 'own' },
    { row: 1, col: 2, formula: 'own' },
    { row: 2, col: 1, formula: 'book' },
    { row: 2, col: 2, formula: 'own' },
  ]);
  expect(problems).toEqual([]);
});

test('a formula that no program has worked out, and an error, have no value and say what to do', async () => {
  const { rows, formulas, problems } = await book(
    '<c r="A1"><f>B1</f></c><c r="B1"><f>B2</f><v/></c><c r="C1" t="e"><f>NA()</f><v>#N/A</v></c><c r="D1" t="e"><f>A1#</f><v>#TUMPAH!</v></c>',
  );
  expect(rows).toEqual([['', '', '', '']]);
  expect(formulas).toEqual([]);
  expect(problems.map(({ col, text }) => `${col} ${text.slice(0, 34)}`)).toEqual([
    '1 Sel berisi rumus tanpa hasil. Buka',
    '2 Sel berisi rumus tanpa hasil. Buka',
    '3 Sel berisi galat Excel #N/A, bukan',
    '4 Sel berisi galat Excel #TUMPAH!, b',
  ]);
  expect(problems.every(({ text }) => text.includes('kirim ulang'))).toBe(true);
});

test('cells that share a formula, and those it spills into, are its results; a range without end is not followed', async () => {
  const { formulas } = await book(
    '<c r="A1"><f t="shared" si="0" ref="A1:A2">[1]X!A1</f><v>1</v></c><c r="B1"><f t="array" ref="B1:C2">Z1:Z4</f><v>1</v></c><c r="C1"><v>2</v></c>',
    '<c r="A2"><f t="shared" si="0"/><v>2</v></c><c r="B2"><v>3</v></c><c r="C2"><v>4</v></c><c r="D2"><v>5</v></c>',
  );
  expect(formulas.map(({ row, col, formula }) => `${row}${col}${formula}`)).toEqual([
    '11book',
    '12own',
    '13own',
    '21book',
    '22own',
    '23own',
  ]);
  const many = Array.from(
    { length: 3000 },
    (_, i) => `<c r="A${i + 1}"><f t="array" ref="A1:XFD1048576">1</f><v>1</v></c>`,
  );
  const before = performance.now();
  expect((await book(...many)).formulas).toHaveLength(3000);
  expect(performance.now() - before).toBeLessThan(5000);
});

test.each([
  ['=1+1', '', 1],
  ['=cmd|" /C calc"!A0', '', 1],
  ['="198503152010011005"', '198503152010011005', 0],
  ["'=1+1", '=1+1', 0],
  ['=====', '=====', 0],
  ['-', '-', 0],
  ['+62812', '+62812', 0],
])('the cell %s of a CSV', async (cell, value, problems) => {
  const sheet = await readSheet({ name: 'a.csv', bytes: Buffer.from(`Nama;Isi\nAni;${cell}\n`) });
  expect(sheet.rows[1]).toEqual(['Ani', value]);
  expect(sheet.problems).toHaveLength(problems);
});
