// Shared by the chapters: paragraphs of the narrative, marks, share columns.
import type { Content, TableCell } from 'pdfmake/interfaces';
import { number } from '#lib/format.ts';
import type { ReportData } from '../report-data.ts';
import { head, right } from '../parts/table.ts';
import { numbered, paragraph } from '../parts/text.ts';

/** Paragraphs of a section of the narrative; none: none. */
export const told = (data: ReportData, section: string): Content[] =>
  (data.narrative[section] ?? []).map((text) => paragraph(text));

/** A section of the narrative as a numbered list. */
export const listed = (data: ReportData, section: string, mark?: (index: number) => string): Content[] => {
  const items = data.narrative[section] ?? [];
  return items.length ? [numbered(items, mark ? { mark } : {})] : [];
};

export const heads = (texts: string[]): TableCell[] => texts.map((text) => head(text, { alignment: 'right' }));
/** Share of a whole with one digit, '—' when there is no whole. */
export const shareOf = (part: number, whole: number, bold = false): TableCell =>
  right(whole > 0 ? number((100 * part) / whole, 1) : '—', bold ? { bold } : {});
export const total = (text = 'Jumlah'): TableCell => ({ text, bold: true });
export const boldNumber = (value: number | null): TableCell => right(value, { bold: true });
export const SOURCE = 'Sumber: data beku Siaga.';
export const NONE = (text: string): Content => ({ text, italics: true, color: '#555555', margin: [0, 0, 0, 6] });
