// Columns whose cells are words of a fixed vocabulary: what nobody understands is asked once for each word, not told row by
// row, and what a person said is read so in every later list. Pure.
import { holderStatuses, portalWords, uses } from '#lib/terms.ts';
import { readHolderStatus, readUse } from './cells.ts';
import { readPortalWord } from './portal-word.ts';

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

/** What tells one word from another: small letters and digits. */
export const wordKey = (text: string): string =>
  text
    .toLowerCase()
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
    .slice(0, 120);

/** What people explained; '' says nothing. */
export type ExplainedWords = (field: WordField, text: string) => string | undefined;
