// Queries over words of columns with a fixed vocabulary: what people explained, and what a list asks.
import { and, asc, count, eq, inArray, isNotNull, sql } from 'drizzle-orm';
import type { Db } from '../db/index.ts';
import { importRow, sheetWord } from './schema-import.ts';
import { wordKey, type ExplainedWords, type WordField } from './sheet-words.ts';

export type SheetWord = typeof sheetWord.$inferSelect;

/** What people explained, read once for a list. */
export function explained(db: Db): ExplainedWords {
  const known = new Map(
    db
      .select()
      .from(sheetWord)
      .all()
      .map((row) => [`${row.field} ${row.words}`, row.meaning]),
  );
  return known.size ? (field, text) => known.get(`${field} ${wordKey(text)}`) : () => undefined;
}

export const remembered = (db: Db, fields: readonly WordField[]): SheetWord[] =>
  db
    .select()
    .from(sheetWord)
    .where(inArray(sheetWord.field, [...fields]))
    .orderBy(asc(sheetWord.field), asc(sheetWord.words))
    .all();

export const remember = (db: Db, row: SheetWord): void =>
  void db
    .insert(sheetWord)
    .values(row)
    .onConflictDoUpdate({ target: [sheetWord.field, sheetWord.words], set: row })
    .run();

/** @returns what it was remembered to mean; undefined: nothing was */
export const forget = (db: Db, field: WordField, words: string): SheetWord | undefined =>
  db
    .delete(sheetWord)
    .where(and(eq(sheetWord.field, field), eq(sheetWord.words, words)))
    .returning()
    .get();

/** A word that a list asks about, with the spellings that mean the same and how many rows bear it. */
export type AskedWord = { field: WordField; words: string; texts: string[]; rows: number };

export function asked(db: Db, importId: string): AskedWord[] {
  // A column holds few different words: rows with the same ones are counted together before anything is read.
  const found = db
    .select({ words: importRow.unknownWords, rows: count() })
    .from(importRow)
    .where(and(eq(importRow.importId, importId), isNotNull(importRow.unknownWords)))
    .groupBy(importRow.unknownWords)
    .all();
  const words = new Map<string, AskedWord>();
  for (const { words: borne, rows } of found) {
    for (const { field, text } of borne ?? []) {
      const key = wordKey(text);
      const one = words.get(`${field} ${key}`);
      if (!one) words.set(`${field} ${key}`, { field, words: key, texts: [text], rows });
      else {
        one.rows += rows;
        if (!one.texts.includes(text)) one.texts.push(text);
      }
    }
  }
  return [...words.values()].sort((a, b) => b.rows - a.rows);
}

/** A word in addresses and forms. */
export const addressOf = ({ field, words }: Pick<AskedWord, 'field' | 'words'>): string => `${field}:${words}`;
export const askedAt = (db: Db, importId: string, address: string | undefined): AskedWord | undefined =>
  address === undefined ? undefined : asked(db, importId).find((one) => addressOf(one) === address);

/** Rows that bear a word. */
export const bears = ({ field, texts }: AskedWord) =>
  sql`${importRow.unknownWords} is not null and exists (select 1 from json_each(${importRow.unknownWords}) word where json_extract(word.value, '$.field') = ${field}
    and json_extract(word.value, '$.text') in (select value from json_each(${JSON.stringify(texts)})))`;
