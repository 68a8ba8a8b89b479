// Columns whose cells are words of a fixed vocabulary: what nobody understands is asked once for each word, not told row by
// row, and what a person said is read so in every later list. Pure.
import { number } from '#lib/format.ts';
import { holderStatuses, portalWords, uses } from '#lib/terms.ts';
import { withoutNik } from '../nik.ts';
import { readHolderStatus, readUse } from './cells.ts';
import { readPortalWord } from './portal-word.ts';
import { fieldWords, type Field, type SheetRow } from './sheet.ts';

/** Fields with a vocabulary: how a cell is read, and what it may mean. */
export const vocabularies = {
  status: { read: readHolderStatus, meanings: holderStatuses },
  portal: { read: readPortalWord, meanings: plain(portalWords) },
  use: { read: readUse, meanings: uses },
} as const;
export type WordField = keyof typeof vocabularies;
/** As it is written in the list. */
export type UnknownWord = { field: WordField; text: string };

function plain<Key extends string>(terms: Record<Key, { word: string }>): Record<Key, string> {
  return Object.fromEntries(Object.entries<{ word: string }>(terms).map(([key, { word }]) => [key, word])) as Record<
    Key,
    string
  >;
}

/** A cell as it is asked about and kept: no NIK, and no more than a person reads. */
const askable = (text: string): string => withoutNik(text).slice(0, 120);

/** What tells one word from another: small letters and digits of what is asked about. */
export const wordKey = (text: string): string =>
  askable(text)
    .toLowerCase()
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();

/** What people explained; '' says nothing, undefined: nobody did. */
export type ExplainedWords = (field: WordField, text: string) => string | undefined;
export const nothingExplained: ExplainedWords = () => undefined;

type Meaning<Field extends WordField> = keyof (typeof vocabularies)[Field]['meanings'];

/** What a cell means: as a person said before, else by itself. @returns '' when it says nothing, null when nobody knows */
export function readWord<Field extends WordField>(
  field: Field,
  text: string,
  explained: ExplainedWords,
): Meaning<Field> | '' | null {
  return (explained(field, text) ?? vocabularies[field].read(text)) as Meaning<Field> | '' | null;
}

const fields = Object.keys(vocabularies) as WordField[];

/** The columns with a vocabulary that a list has. */
export const wordFields = (columns: readonly (Field | null)[]): WordField[] =>
  fields.filter((field) => columns.includes(field));

/** The words of a row that nobody understands. */
export const unknownWords = (values: SheetRow['values'], explained: ExplainedWords): UnknownWord[] =>
  fields.flatMap((field) => {
    const text = values[field];
    return text && readWord(field, text, explained) === null ? [{ field, text: askable(text) }] : [];
  });

/** What a list owes to words that people explained before, one sentence for each column. */
export function explainedRemarks(rows: readonly SheetRow[], explained: ExplainedWords): string[] {
  return fields.flatMap((field) => {
    const seen = new Map<string, { said: string; rows: number }>();
    for (const { values } of rows) {
      const text = values[field];
      const meaning = text === undefined ? undefined : explained(field, text);
      if (text === undefined || meaning === undefined) continue;
      const one = seen.get(wordKey(text));
      if (one) one.rows += 1;
      else seen.set(wordKey(text), { said: `"${text.slice(0, 60)}" ${meaningWords(field, meaning)}`, rows: 1 });
    }
    const told = [...seen.values()].map(({ said, rows: count }) => `${said} (${number(count)} baris)`);
    return told.length
      ? [`Kolom ${fieldWords[field]} dibaca seperti yang pernah dijelaskan: ${told.slice(0, 12).join('; ')}.`]
      : [];
  });
}

/** "sebagai Pensiun". */
export function meaningWords(field: WordField, meaning: string): string {
  const meanings: Record<string, string> = vocabularies[field].meanings;
  return meaning ? `sebagai ${meanings[meaning] ?? meaning}` : 'diabaikan';
}
