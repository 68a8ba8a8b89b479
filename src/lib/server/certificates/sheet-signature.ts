// The signature below a printed list: "Batam, 5 Januari 2026", "Mengetahui, Kepala Dinas", the name of who signs and
// "NIP. …". Pure. It is told by how it opens, and takes only rows that no list could enter, so that nobody of the list
// is lost with it.
import type { SheetRow } from './sheet.ts';

/** A row that is not empty: all of its cells that hold something, and what is read from it. */
export type Line = { filled: readonly string[]; row: SheetRow };

const MONTH =
  '(?:jan(?:uari)?|feb(?:ruari)?|mar(?:et)?|apr(?:il)?|mei|juni?|juli?|agu?s(?:tus)?|sept?(?:ember)?|okt(?:ober)?|nov(?:ember)?|des(?:ember)?)';
/** Words with which only a signature begins. */
const OPENING = [
  /^(mengetahui|menyetujui|mengesahkan|menetapkan|diketahui|disetujui|disahkan|ditetapkan|dibuat|diperiksa|disusun|pada tanggal)\b/i,
  /^(yang (membuat|menyusun|melaporkan|mengesahkan)|tanda tangan|ttd\b|dto\b)/i,
];
const DATED = new RegExp(
  String.raw`^\p{L}[\p{L} .'-]{2,40},\s*(tanggal\s*)?[\d.…_\s]{0,12}(${MONTH}\s+[\d.…_]{2,8}|20\d\d)$`,
  'iu',
);
/** The office of who signs, alone in its row; such a row may also head a group of the list. */
const TITLE =
  /^((a\.?\s?n|u\.?\s?b|plt|plh|pj|pjs)\b\.?\s*)*(kepala|sekretaris|wali\s?kota|bupati|camat|lurah|direktur|inspektur|ketua|asisten)\b/i;
const NIP = /^\(?\s*nip\b[\s.:]*[\d\s.]*\)?$/i;
/** "M.Si" of a name that a comma cut. */
const DEGREE = /^(?=.{2,14}$)(\p{Lu}\p{L}{0,4}\.){1,3}\p{L}{0,5}$/u;
/** Title, room for the signature, name, rank, NIP. */
const LONGEST = 10;

/** Which lines belong to a signature. */
export function signatureLines(lines: readonly Line[]): Set<number> {
  const found = new Set<number>();
  let block: number[] = [];
  let isSure = false;
  const close = (atEnd: boolean) => {
    // "Kepala Dinas" may also head a group: only its end, or a "NIP. …" of its own, tells that somebody signs.
    if (isSure || atEnd || block.some((i) => isNipAlone(lines[i]))) for (const i of block) found.add(i);
    block = [];
    isSure = false;
  };
  lines.forEach((line, i) => {
    const opens = opening(line.filled);
    if (opens) isSure ||= opens === 'sure';
    else if (!block.length) return;
    else if (block.length >= LONGEST || !continues(line, lines[i + 1], isSure)) return close(false);
    block.push(i);
  });
  close(true);
  return found;
}

function opening(filled: readonly string[]): 'sure' | 'perhaps' | null {
  // A comma may have cut it into two cells.
  if (DATED.test(filled.join(', ')) || filled.some((text) => isOpening(text) && filled.every(isOfSignature)))
    return 'sure';
  return filled.some((text) => TITLE.test(text)) && filled.every(isOfSignature) ? 'perhaps' : null;
}

const isOpening = (text: string): boolean =>
  text.length <= 120 && (DATED.test(text) || OPENING.some((one) => one.test(text)));
const isOfSignature = (text: string): boolean => isOpening(text) || TITLE.test(text) || NIP.test(text);
const isNipAlone = (line: Line | undefined): boolean => line !== undefined && line.filled.every((one) => NIP.test(one));

/**
 * Whether a row below says too little for a list to enter it: at most a name, or a number, or what tells nobody. A row
 * with its number is one of the list.
 */
function continues({ filled, row: { values, damage } }: Line, next: Line | undefined, isSure: boolean): boolean {
  if (isNumbered(filled) || values.id || values.fingerprint || damage.fingerprint) return false;
  if (isSure && filled.length <= 3 && isNipAlone(next)) return true;
  if (values.name && isOfSignature(values.name)) return true;
  const others = (['nip', 'agency', 'serial', 'until', 'email', ...(isSure ? [] : (['position'] as const))] as const)
    .filter((field) => damage[field] ?? values[field])
    .filter((field) => damage[field] || !(DEGREE.test(values[field]!) || isOfSignature(values[field]!)));
  return values.name ? others.length === 0 : others.length <= 1;
}

const isNumbered = (filled: readonly string[]): boolean => filled.some((text) => /^\d{1,6}\.?$/.test(text));
