// What somebody pasted into a box of the import page: certificates in PEM, or cells copied from a spreadsheet.
import { isKeyPasted, isPem } from '../containers/index.ts';
import { invalid } from '../errors.ts';
import type { Upload } from './import-steps.ts';

/**
 * Cells from Excel come with tabs between columns, one row alone too (its preview then asks for the heading); a list
 * from a text file may have semicolons, and has more than one line.
 * @returns a file as if it had been chosen, or null when nothing was pasted
 * @throws AppError invalid when it is neither: there is no file to look for again, so it is said while the text is there
 */
export function pastedFile(text: string, kind?: 'personnel'): Upload | null {
  if (!text.trim()) return null;
  const bytes = Buffer.from(text);
  if (isCells(text)) return { name: 'tempelan.csv', bytes };
  // A key goes on to be refused as one, with the words that belong to that.
  if (isKeyPasted(text)) return { name: 'tempelan.pem', bytes };
  if (kind === 'personnel') throw invalid('Belum ada yang diimpor.', { pasted: NO_CELLS });
  if (!isPem(bytes)) throw invalid('Belum ada yang diimpor.', { pasted: NEITHER });
  return { name: 'tempelan.pem', bytes };
}

const NO_CELLS =
  'Ini bukan sel dari Excel. Salin selnya bersama baris judul, atau pilih berkasnya. Sertifikat ditempel pada kotak Sertifikat.';
const NEITHER =
  'Ini bukan sertifikat dan bukan sel dari Excel. Salin sertifikat utuh dari “-----BEGIN CERTIFICATE-----” sampai “-----END CERTIFICATE-----”, atau sel bersama baris judulnya.';

export function isCells(text: string): boolean {
  if (/-----BEGIN /.test(text)) return false;
  // A cell may hold several lines; Excel quotes it then.
  const lines = text
    .replace(/"[^"]*"/g, '""')
    .split(/\r?\n/)
    .filter((line) => line.trim());
  if (lines.length < 2) return text.includes('\t');
  return ['\t', ';', ','].some((sign) => lines.slice(0, 5).every((line) => line.includes(sign)));
}
