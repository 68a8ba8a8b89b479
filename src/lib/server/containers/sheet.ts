// Sheets that offices send: XLSX and CSV. What Excel has already damaged (an 18-digit NIP kept as a number, a serial
// shown as 6,32E+47, ##### and error cells) is named and the cell left empty: a guess would attach a certificate to
// the wrong person. Runs in the worker only.
import { parse } from 'csv-parse/sync';
import { fromCsvText } from './csv-text.ts';
import { errorIn, formulasOf, fromCsvFormula, NoValue, noValueOf, type Formula } from './formulas.ts';
import type { Cell as WorkbookCell } from 'hucre';
import { readXlsx } from 'hucre/xlsx';
import { BROKEN, freshBudget, isZip, LOCKED, members, TOO_LARGE_MEMBER } from './archive.ts';
import { LOCKED_WORKBOOK, OLD_WORKBOOK, oldOffice } from './office.ts';
import { asText } from './pem.ts';
import { memorySource } from './source.ts';
import { ContainerError, LimitError, LIMITS, type Sheet, type SheetFormula, type SheetProblem } from './types.ts';

/** What a workbook may unpack to. */
const UNPACKED = 256 * 2 ** 20;

/** The first sheet, or the one named. Rows keep their place: row 1 of the file is `rows[0]`. */
export async function openSheet(bytes: Buffer, wanted?: string): Promise<Sheet> {
  if (bytes.length === 0) throw new ContainerError('Berkas ini kosong. Periksa berkasnya, lalu kirim ulang.');
  if (isZip(bytes)) return openXlsx(bytes, wanted);
  const old = oldOffice(bytes);
  if (old) throw new ContainerError(old === 'locked' ? LOCKED_WORKBOOK : OLD_WORKBOOK);
  return openCsv(bytes);
}

async function openXlsx(bytes: Buffer, wanted?: string): Promise<Sheet> {
  await checkUnpacked(bytes);
  const names: string[] = [];
  const workbook = await readXlsx(bytes, {
    maxRows: LIMITS.sheetRows + 1,
    readStyles: true,
    sheets: (info, index) => {
      names.push(info.name);
      return wanted === undefined ? index === 0 : info.name === wanted;
    },
  }).catch(() => {
    throw new ContainerError(
      'Berkas ini bukan buku kerja Excel (.xlsx) yang dapat dibaca. Buka di Excel, simpan lagi sebagai .xlsx, lalu kirim ulang.',
    );
  });
  const sheet = workbook.sheets[0];
  if (!sheet)
    throw new ContainerError(
      wanted === undefined ? 'Buku kerja ini tidak mempunyai lembar.' : `Lembar "${wanted}" tidak ada.`,
    );
  const rows: unknown[][] = sheet.rows;
  const cells = sheet.cells ?? new Map<string, WorkbookCell>();
  for (const [key, cell] of cells) {
    const none = noValueOf(cell);
    if (!none) continue;
    const [row = 0, col = 0] = key.split(',').map(Number);
    rows[row]![col] = none;
  }
  return { sheets: names, ...grid(rows, formulasOf(cells, rows)) };
}

const DAMAGED = 'Buku kerja Excel ini rusak. Buka di Excel, simpan lagi sebagai .xlsx, lalu kirim ulang.';
const TOO_LARGE = `Setelah dibuka, isi buku kerja Excel ini terlalu besar (lebih dari ${LIMITS.memberBytes / 2 ** 20} MB dalam satu lembar, atau ${UNPACKED / 2 ** 20} MB seluruhnya). Hapus lembar, baris, dan kolom yang tidak perlu, atau simpan sebagai .csv, lalu kirim ulang.`;

/** Really unpacks once, counting: a workbook is a ZIP, and its directory may lie. A person knows of no ZIP. */
async function checkUnpacked(bytes: Buffer): Promise<void> {
  const budget = freshBudget(bytes.length);
  budget.members = 2000;
  budget.bytes = UNPACKED;
  try {
    for await (const member of members(memorySource(bytes), budget)) {
      if (!('refused' in member)) continue;
      if (member.refused === TOO_LARGE_MEMBER) throw new LimitError(TOO_LARGE);
      throw new ContainerError(member.refused === LOCKED ? LOCKED_WORKBOOK : DAMAGED);
    }
  } catch (error) {
    if (error instanceof LimitError) throw new LimitError(TOO_LARGE);
    if (error instanceof ContainerError && error.message === BROKEN) throw new ContainerError(DAMAGED);
    throw error;
  }
}

function openCsv(bytes: Buffer): Sheet {
  const text = decode(bytes);
  if (/[\u0000-\u0008]/.test(text.slice(0, 4096)))
    throw new ContainerError(
      'Berkas ini bukan lembar Excel (.xlsx) atau CSV. Buka di Excel, simpan sebagai .xlsx, lalu kirim ulang.',
    );
  return { sheets: [], ...grid(records(text)) };
}

function records(text: string): unknown[][] {
  try {
    return parse(text, {
      delimiter: delimiterOf(text),
      bom: true,
      relaxColumnCount: true,
      relaxQuotes: true,
      to: LIMITS.sheetRows + 1,
      maxRecordSize: 1 << 20,
      cast: (cell) => fromCsvFormula(cell) ?? fromCsvText(cell),
    });
  } catch {
    throw new ContainerError(
      'Berkas CSV ini tidak dapat dibaca: tanda kutip atau barisnya rusak. Buka di Excel, simpan sebagai .xlsx, lalu kirim ulang.',
    );
  }
}

/** UTF-8 with or without mark, UTF-16 with mark, else Windows-1252 (old Excel). */
function decode(bytes: Buffer): string {
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)) return asText(bytes);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('windows-1252').decode(bytes);
  }
}

/** Indonesian Excel writes `;`. The one that appears most in the first lines, outside quotes. */
function delimiterOf(text: string): string {
  const head = text.slice(0, 20_000).replace(/"[^"]*"/g, '');
  if (/^sep=(.)\r?\n/.test(head)) return head[4]!;
  const count = (one: string) => head.split(one).length;
  return [';', ',', '\t'].reduce((best, one) => (count(one) > count(best) ? one : best));
}

function grid(cells: unknown[][], results: ReadonlyMap<string, Formula> = new Map()): Omit<Sheet, 'sheets'> {
  if (cells.length > LIMITS.sheetRows)
    throw new ContainerError(
      `Lembar ini berisi lebih dari ${LIMITS.sheetRows.toLocaleString('id-ID')} baris; bagi menjadi beberapa berkas.`,
    );
  const problems: SheetProblem[] = [];
  const formulas: SheetFormula[] = [];
  const rows = cells.map((row, r) =>
    row.slice(0, LIMITS.sheetColumns).map((cell, c) => {
      const { value, damage } = readCell(cell);
      if (damage) problems.push({ row: r + 1, col: c + 1, text: damage });
      const formula = value && results.get(`${r},${c}`);
      if (formula) formulas.push({ row: r + 1, col: c + 1, formula });
      return value;
    }),
  );
  return { rows, problems, formulas };
}

type Cell = { value: string; damage?: string };
const damaged = (damage: string): Cell => ({ value: '', damage });

function readCell(cell: unknown): Cell {
  if (cell === null || cell === undefined) return { value: '' };
  if (cell instanceof NoValue) return damaged(cell.why);
  if (cell instanceof Date)
    return Number.isNaN(cell.getTime()) ? damaged('Tanggal tidak sah.') : { value: dateText(cell) };
  if (typeof cell === 'number') return readNumber(cell);
  if (typeof cell === 'boolean') return { value: cell ? 'TRUE' : 'FALSE' };
  return readText(String(cell));
}

/** Excel keeps 15 digits of a number; the rest of a NIP or a serial is gone. */
function readNumber(number: number): Cell {
  if (Math.abs(number) >= 1e15) {
    return damaged(
      `Angka ini sudah dibulatkan oleh Excel (${shown(number)}) sehingga digit terakhirnya hilang. Ubah kolomnya menjadi Teks, lalu isi dari sumbernya.`,
    );
  }
  return { value: Number.isInteger(number) ? String(number) : String(Number(number.toPrecision(15))) };
}
const shown = (number: number): string => number.toExponential(2).replace('.', ',').replace('e+', 'E+');

function readText(text: string): Cell {
  const value = text.replace(/\u00a0/g, ' ').trim();
  if (value.length > LIMITS.cellCharacters) return damaged('Isi sel terlalu panjang.');
  if (/^-?\d(?:[.,]\d+)?E\+?\d{1,3}$/i.test(value)) {
    return damaged(
      `Angka ini sudah dibulatkan oleh Excel (${value}) sehingga digitnya hilang. Ubah kolomnya menjadi Teks, lalu isi dari sumbernya.`,
    );
  }
  if (/^#{3,}$/.test(value)) return damaged('Sel berisi ##### (kolom terlalu sempit saat disalin).');
  const error = errorIn(value);
  if (error) return damaged(error.why);
  return { value };
}

/** A date alone, or with its time when it has one. Excel's dates have no zone. */
function dateText(date: Date): string {
  const iso = date.toISOString();
  return iso.endsWith('T00:00:00.000Z') ? iso.slice(0, 10) : iso.slice(0, 19).replace('T', ' ');
}
