// What somebody pasted into the one box of the import page: certificates in PEM, or cells copied from a spreadsheet.
import type { Upload } from './import-steps.ts';

/**
 * Cells from Excel come with tabs between columns, one row alone too (its preview then asks for the heading); a list
 * from a text file may have semicolons, and has more than one line.
 * @returns a file as if it had been chosen, or null when nothing was pasted
 */
export function pastedFile(text: string): Upload | null {
  if (!text.trim()) return null;
  return { name: isCells(text) ? 'tempelan.csv' : 'tempelan.pem', bytes: Buffer.from(text) };
}

export function isCells(text: string): boolean {
  if (/-----BEGIN /.test(text)) return false;
  const lines = text.split(/\r?\n/).filter((line) => line.trim());
  if (lines.length < 2) return text.includes('\t');
  return ['\t', ';', ','].some((sign) => lines.slice(0, 5).every((line) => line.includes(sign)));
}
