// Values of a list that Excel worked out from formulas, told to who imports it: for each column how many and where, and at the
// rows themselves where they are few. A whole column of them would bury the notes that ask for something. Pure.
import { number } from '#lib/format.ts';
import { lineRuns } from './line-runs.ts';
import { fieldWords, type Field, type SheetRow } from './sheet.ts';

/** Formulas of a column up to which each row says it. */
const FEW = 20;

const kinds = ['own', 'book'] as const;
const said = {
  own: 'rumus Excel',
  book: 'rumus yang mengambil nilainya dari buku kerja lain',
} as const;
const meaning = {
  own: 'Yang dipakai adalah hasil terakhir yang tersimpan di berkas; rumusnya tidak dihitung ulang.',
  book: 'Yang dipakai adalah hasil terakhir yang tersimpan di berkas, dan buku kerja itu mungkin sudah berubah. Bila ragu, buka keduanya di Excel, simpan, lalu kirim ulang.',
} as const;

/** @returns the rows with the formulas that are told at each of them, and the sentences about the list */
export function tellFormulas(rows: readonly SheetRow[]): { rows: SheetRow[]; remarks: string[] } {
  const lines = new Map<string, number[]>();
  for (const { line, formulas } of rows) {
    for (const [field, kind] of Object.entries(formulas ?? {})) {
      const key = `${field} ${kind}`;
      const own = lines.get(key);
      if (own) own.push(line);
      else lines.set(key, [line]);
    }
  }
  const remarks = (Object.keys(fieldWords) as Field[]).flatMap((field) =>
    kinds.flatMap((kind) => {
      const at = lines.get(`${field} ${kind}`);
      return at
        ? [
            `Kolom ${fieldWords[field]}: ${number(at.length)} sel berisi ${said[kind]} (baris ${lineRuns(at)}). ${meaning[kind]}`,
          ]
        : [];
    }),
  );
  const isFew = (field: string, kind: string) => lines.get(`${field} ${kind}`)!.length <= FEW;
  return {
    rows: rows.map((row) => {
      const { formulas, ...plain } = row;
      if (!formulas) return row;
      const few = Object.entries(formulas).filter(([field, kind]) => isFew(field, kind));
      return few.length ? { ...plain, formulas: Object.fromEntries(few) } : plain;
    }),
    remarks,
  };
}

/** At the row. */
export const formulaNote = {
  own: 'hasil rumus Excel; periksa bahwa nilainya benar.',
  book: 'hasil rumus dari buku kerja lain; periksa bahwa nilainya masih benar.',
} as const;
