// Cells that a spreadsheet works out: a workbook holds the formula and its last result. The result is what people see and what
// enters; nothing is worked out here, and what has no result stays empty and is named.
import type { Cell } from 'hucre';

/** `book`: the result came from another workbook. */
export type Formula = 'own' | 'book';

/** Another workbook stands in a formula by its number: [1]Sheet1!A1, '[2]Data Induk'!B2, [1]!Nama. */
const OTHER_BOOK = /\[\d+\][^[\]"]*!/;
const isFromBook = (formula: string): boolean => OTHER_BOOK.test(formula.replace(/"[^"]*"/g, '""'));

/** Cells that one formula may fill beside its own; what a range claims beyond is not followed. */
const SPILLED = 200_000;

const at = (row: number, col: number): string => `${row},${col}`;

/** Which cells (from 0, "row,column") are results, those included that a formula spills into. */
export function formulasOf(cells: ReadonlyMap<string, Cell>, rows: readonly unknown[][]): Map<string, Formula> {
  const found = new Map<string, Formula>();
  const shared = new Map<number, Formula>();
  const spilling: { ref: string; kind: Formula }[] = [];
  for (const [key, { formula, formulaType, formulaSharedIndex: index, formulaRef }] of cells) {
    if (formula === undefined) continue;
    const kind = (!formula && index !== undefined && shared.get(index)) || (isFromBook(formula) ? 'book' : 'own');
    if (formula && index !== undefined) shared.set(index, kind);
    found.set(key, kind);
    if (formulaType === 'array' && formulaRef?.includes(':')) spilling.push({ ref: formulaRef, kind });
  }
  let left = SPILLED;
  for (const { ref, kind } of spilling) {
    const range = rangeOf(ref);
    if (!range) continue;
    for (let row = range.top; row <= Math.min(range.bottom, rows.length - 1); row++) {
      const width = rows[row]!.length;
      for (let col = range.first; col <= Math.min(range.last, width - 1); col++) {
        if ((left -= 1) < 0) return found;
        if (!found.has(at(row, col))) found.set(at(row, col), kind);
      }
      if ((left -= 1) < 0) return found;
    }
  }
  return found;
}

function rangeOf(ref: string) {
  const found = /^\$?([A-Z]{1,3})\$?(\d{1,7}):\$?([A-Z]{1,3})\$?(\d{1,7})$/.exec(ref);
  if (!found) return null;
  const column = (letters: string) => [...letters].reduce((sum, one) => sum * 26 + one.charCodeAt(0) - 64, 0) - 1;
  return {
    first: column(found[1]!),
    top: Number(found[2]) - 1,
    last: column(found[3]!),
    bottom: Number(found[4]) - 1,
  };
}

/** A cell that holds no value, and why. */
export class NoValue {
  readonly why: string;
  constructor(why: string) {
    this.why = why;
  }
}

const NO_RESULT = new NoValue(
  'Sel berisi rumus tanpa hasil. Buka berkasnya di Excel, simpan sehingga rumusnya dihitung, lalu kirim ulang, atau isi nilainya.',
);

/** What Excel shows where a formula has no value; `null`: the text is none of that. */
export const errorIn = (text: string): NoValue | null => (EXCEL_ERROR.test(text) ? errorOf(text) : null);
const EXCEL_ERROR =
  /^#(?:REF|N\/A|VALUE|NAME|DIV\/0|NUM|NULL|SPILL|CALC|FIELD|BLOCKED|CONNECT|BUSY|UNKNOWN|EXTERNAL|PYTHON|GETTING_DATA)[!?]?$/;
const errorOf = (text: string): NoValue =>
  new NoValue(
    `Sel berisi galat Excel ${text.slice(0, 20)}, bukan nilai. Perbaiki rumusnya di Excel atau isi nilainya, lalu kirim ulang.`,
  );

/** A cell of a workbook that has no value although something stands in it. */
export const noValueOf = ({ type, formula, value }: Cell): NoValue | null =>
  type === 'error' ? errorOf(String(value)) : formula !== undefined && value === null ? NO_RESULT : null;

/** A cell of a CSV that begins with "=": the text of ="0012", else a formula that nobody has worked out. */
export function fromCsvFormula(cell: string): string | NoValue | null {
  const constant = /^="([^"]*)"$/.exec(cell);
  if (constant) return constant[1]!;
  return /^=[^=\s]/.test(cell) ? NO_RESULT : null;
}
