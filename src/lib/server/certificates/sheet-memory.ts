// What people chose for single headings, in lists of a kind, carried over to whatever list has them: one more column, one
// less or another order forgets nothing. Pure. A list whose headings are exactly those of before is read by its layout.
import {
  fieldsOf,
  fieldWords,
  headingWords,
  kindFields,
  type Field,
  type ReadFields,
  type SheetColumn,
  type SheetKind,
} from './sheet.ts';

/** The field chosen last for a heading; null: its column is not used. */
export type Recalled = { field: Field | null; at: number };
/** By the words of the heading. */
export type Memory = ReadonlyMap<string, Recalled>;

/** A row of data that was pointed at as the heading is no wording of headings. */
const isWording = (words: string): boolean => words !== '' && words.length <= 120 && !/\d{6}/.test(words);

/** The words of each heading; '' where it has none, or shares them with another column of the list. */
function wordsOf(cells: readonly string[]): string[] {
  const words = cells.map((text) => headingWords(text));
  const seen = new Set<string>();
  const shared = new Set(words.filter((text) => seen.size === seen.add(text).size));
  return words.map((text) => (isWording(text) && !shared.has(text) ? text : ''));
}

/**
 * What is proposed for the columns, by what was chosen before: a person's word goes before the guess, and of two headings
 * with one field the one that was said last has it.
 */
export function recall(
  cells: readonly string[],
  guess: readonly (Field | null)[],
  kind: SheetKind,
  memory: Memory,
): (Field | null)[] {
  if (!memory.size) return [...guess];
  const said = wordsOf(cells).map((words) => memory.get(words));
  const taken = new Map<Field, number>();
  const latest = said
    .flatMap((one, i) =>
      one?.field && kindFields[kind].includes(one.field) ? [{ i, field: one.field, at: one.at }] : [],
    )
    .sort((a, b) => b.at - a.at);
  for (const { i, field } of latest) if (!taken.has(field)) taken.set(field, i);
  const chosen = new Map([...taken].map(([field, i]) => [i, field]));
  return guess.map((field, i) => {
    const own = chosen.get(i);
    if (own) return own;
    return said[i]?.field === null || (field && taken.has(field)) ? null : field;
  });
}

/** Reads a row of headings with what was chosen before. */
export const recalling =
  (kind: SheetKind, memory: Memory): ReadFields =>
  (cells) =>
    recall(cells, fieldsOf(cells, kind), kind, memory);

/**
 * What an accepted list says of its headings: `keep` where a person chose otherwise than proposed, `drop` where the
 * proposal holds. A field that was only given to another column says nothing of the heading it was taken from.
 */
export function lessons(columns: readonly SheetColumn[]): { keep: Map<string, Field | null>; drop: string[] } {
  const words = wordsOf(columns.map((column) => column.heading));
  const keep = new Map<string, Field | null>();
  const drop: string[] = [];
  columns.forEach(({ field, proposed }, i) => {
    if (!words[i] || proposed === undefined) return;
    const isMoved = field === null && columns.some((other) => other.field === proposed);
    if (field === proposed) drop.push(words[i]);
    else if (!isMoved) keep.set(words[i], field);
  });
  return { keep, drop };
}

/** Columns that nobody reads although their headings or cells say what they are, and no other column is read as that. */
export const turnedOff = (columns: readonly SheetColumn[]): { index: number; heading: string; field: Field }[] =>
  columns.flatMap(({ heading, field, proposed }, index) =>
    field === null && proposed && heading && !columns.some((other) => other.field === proposed)
      ? [{ index, heading, field: proposed }]
      : [],
  );

/** Whether columns are read otherwise than would be proposed without what was chosen before. */
export const isRecalled = (columns: readonly SheetColumn[]): boolean =>
  columns.some(({ heading, field, proposed }) => proposed !== undefined && field !== proposed && heading);

/** Which columns are read otherwise than would be proposed without what was chosen before, but those turned off; null: none. */
export function recalledWords(columns: readonly SheetColumn[]): string | null {
  const off = new Set(turnedOff(columns).map(({ index }) => index));
  const read = columns.flatMap(({ heading, field, proposed }, i) =>
    proposed === undefined || field === proposed || !heading || off.has(i)
      ? []
      : [`${heading} ${field ? `sebagai ${fieldWords[field]}` : 'tidak dipakai'}`],
  );
  return read.length ? `Kolom dibaca seperti yang pernah dipilih: ${read.join('; ')}.` : null;
}

/** All headings of a list that something may be remembered of. */
export const rememberable = (columns: readonly SheetColumn[]): string[] =>
  wordsOf(columns.map((column) => column.heading)).filter(Boolean);
