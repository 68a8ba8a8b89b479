// Queries over sheets that wait for a person: how each is read, its rows as understood, the columns people chose.
import { and, asc, between, count, eq, gt, isNotNull, ne, not, or, sql } from 'drizzle-orm';
import { connection, type Db } from '../db/index.ts';
import type { ImportResult } from '#lib/terms.ts';
import { isTaken } from './contested.ts';
import type { Judged, Verdict } from './import-plan.ts';
import { importRow, importSheet, sheetLayout } from './schema-import.ts';
import type { Memory } from './sheet-memory.ts';
import type { Change, Field, SheetKind } from './sheet.ts';
import { bears, type AskedWord } from './sheet-word-store.ts';

export type SheetState = typeof importSheet.$inferSelect;
export type PreviewVerdict = Verdict | 'absent';
export type PreviewRow = Omit<typeof importRow.$inferSelect, 'verdict'> & { verdict: PreviewVerdict };

/** A row that is contested is kept as one that changes; which of its changes are is told by themselves. */
const CONTESTED = `(instr(changes, '"conflict":') > 0 and exists (select 1 from json_each(import_row.changes) where json_extract(value, '$.conflict.taken') = 0))`;

export const sheetOf = (db: Db, importId: string): SheetState | undefined =>
  db.select().from(importSheet).where(eq(importSheet.importId, importId)).get();

export const insertSheet = (db: Db, row: Pick<SheetState, 'importId'> & Partial<SheetState>): void =>
  void db
    .insert(importSheet)
    .values({ sheets: [], columns: [], chosen: {}, remarks: [], layout: '', ...row })
    .run();

export const setSheet = (db: Db, importId: string, values: Partial<SheetState>): void =>
  void db.update(importSheet).set(values).where(eq(importSheet.importId, importId)).run();

export const clearRows = (db: Db, importId: string): void =>
  void db.delete(importRow).where(eq(importRow.importId, importId)).run();

/** What is no longer in the file stays with the run; the rest was scratch and stands in the ledger now. */
export const keepAbsent = (db: Db, importId: string): void =>
  void db
    .delete(importRow)
    .where(and(eq(importRow.importId, importId), ne(importRow.verdict, 'absent')))
    .run();

export function insertRows(
  db: Db,
  importId: string,
  rows: readonly (Omit<Judged, 'verdict'> & { seq: number; line: number | null; verdict: PreviewVerdict })[],
): void {
  const insert = connection(db).prepare(
    `insert into import_row (import_id, seq, line, verdict, name, about, reason, notes, changes, unknown_agency, unknown_words, target_id)
     values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  for (const row of rows) {
    insert.run(
      importId,
      row.seq,
      row.line,
      row.verdict === 'contested' ? 'changed' : row.verdict,
      row.name.slice(0, 300),
      row.about.slice(0, 300),
      row.reason,
      JSON.stringify(row.notes),
      JSON.stringify(row.changes),
      row.unknownAgency,
      row.unknownWords?.length ? JSON.stringify(row.unknownWords) : null,
      row.targetId,
    );
  }
}

export function verdicts(db: Db, importId: string): Record<PreviewVerdict, number> {
  const result = { added: 0, completed: 0, changed: 0, contested: 0, same: 0, absent: 0, rejected: 0 };
  const rows = db
    .select({ verdict: importRow.verdict, n: count() })
    .from(importRow)
    .where(eq(importRow.importId, importId))
    .groupBy(importRow.verdict)
    .all();
  for (const row of rows) result[row.verdict] = row.n;
  result.contested = countRows(db, importId, { shown: 'contested' });
  result.changed -= result.contested;
  return result;
}

/** `notes`: rows that enter without a value that was damaged or could not be read. */
export type RowFilter = { shown?: ImportResult | 'notes'; word?: AskedWord };

const matching = (importId: string, { shown, word }: RowFilter) =>
  and(eq(importRow.importId, importId), wanted(shown), word && bears(word));

export const countRows = (db: Db, importId: string, filter: RowFilter): number =>
  db.select({ n: count() }).from(importRow).where(matching(importId, filter)).get()?.n ?? 0;

export const previewRows = (
  db: Db,
  importId: string,
  filter: RowFilter & { after: number; limit: number },
): PreviewRow[] =>
  db
    .select()
    .from(importRow)
    .where(and(matching(importId, filter), gt(importRow.seq, filter.after)))
    .orderBy(asc(importRow.seq))
    .limit(filter.limit)
    .all()
    .map((row) => ({ ...row, verdict: isContested(row.changes) ? 'contested' : row.verdict }));

const isContested = (changes: readonly Change[]): boolean => !changes.every(isTaken);

const NOTED = and(ne(importRow.verdict, 'rejected'), or(ne(importRow.notes, []), isNotNull(importRow.reason)));

function wanted(shown: RowFilter['shown']) {
  if (shown === undefined) return ne(importRow.verdict, 'absent');
  if (shown === 'notes') return NOTED;
  const changed = eq(importRow.verdict, 'changed');
  if (shown === 'contested') return and(changed, sql.raw(CONTESTED));
  if (shown === 'changed') return and(changed, not(sql.raw(CONTESTED)));
  return sql`${importRow.verdict} = ${shown}`;
}

export const countNoted = (db: Db, importId: string): number => countRows(db, importId, { shown: 'notes' });

/** Names of agencies that fit none, with how many rows bear each. */
export const unknownAgencies = (db: Db, importId: string): { text: string; rows: number }[] =>
  db
    .select({ text: importRow.unknownAgency, rows: count() })
    .from(importRow)
    .where(and(eq(importRow.importId, importId), isNotNull(importRow.unknownAgency)))
    .groupBy(importRow.unknownAgency)
    .all()
    .map((row) => ({ text: row.text!, rows: row.rows }))
    .sort((a, b) => b.rows - a.rows || (a.text < b.text ? -1 : 1));

/** What the preview said of these rows, by seq. */
export function foreseen(
  db: Db,
  importId: string,
  from: number,
  to: number,
): Map<number, Pick<PreviewRow, 'verdict' | 'changes'>> {
  const rows = previewRows(db, importId, { after: from, limit: to - from });
  return new Map(rows.filter(({ seq }) => seq <= to).map((row) => [row.seq, row]));
}

/** Whose value counts where a row is contested, of one row or of all. @returns how many rows have it otherwise now */
export function choose(db: Db, importId: string, taken: boolean, seq: number | null): number {
  const client = connection(db);
  const rows = client
    .prepare(
      `select seq, changes from import_row where import_id = :importId and verdict = 'changed' and (:seq is null or seq = :seq)
         and exists (select 1 from json_each(import_row.changes) where json_extract(value, '$.conflict.taken') = :was)`,
    )
    .all({ importId, seq, was: taken ? 0 : 1 }) as { seq: number; changes: string }[];
  const write = client.prepare('update import_row set changes = ? where import_id = ? and seq = ?');
  for (const row of rows) {
    const changes = (JSON.parse(row.changes) as Change[]).map((change) =>
      change.conflict ? { ...change, conflict: { ...change.conflict, taken } } : change,
    );
    write.run(JSON.stringify(changes), importId, row.seq);
  }
  return rows.length;
}

/** Rows of which a person chose what the sheet says over what is newer. */
export const overwriting = (db: Db, importId: string): number =>
  connection(db)
    .prepare(
      `select count(*) from import_row where import_id = ? and verdict = 'changed'
         and exists (select 1 from json_each(import_row.changes) where json_extract(value, '$.conflict.taken') = 1)`,
    )
    .pluck()
    .get(importId) as number;

export const layout = (db: Db, key: string) =>
  db
    .select({ fields: sheetLayout.fields, offered: sheetLayout.offered })
    .from(sheetLayout)
    .where(eq(sheetLayout.layout, key))
    .get() ?? null;

export const rememberLayout = (db: Db, row: typeof sheetLayout.$inferInsert): void =>
  void db
    .insert(sheetLayout)
    .values(row)
    .onConflictDoUpdate({
      target: sheetLayout.layout,
      set: { fields: row.fields, offered: row.offered, by: row.by, at: row.at },
    })
    .run();

/** Beside the layouts, whose keys are hashes: what was chosen for single headings of a kind, by their words. */
const headingKey = (kind: SheetKind, words: string): string => `${kind} ${words}`;

export const headingMemory = (db: Db, kind: SheetKind): Memory =>
  new Map(
    db
      .select({ key: sheetLayout.layout, fields: sheetLayout.fields, at: sheetLayout.at })
      .from(sheetLayout)
      .where(between(sheetLayout.layout, headingKey(kind, ''), `${kind}!`))
      .all()
      .map(({ key, fields, at }) => [key.slice(headingKey(kind, '').length), { field: fields[0] ?? null, at }]),
  );

export function rememberHeadings(
  db: Db,
  kind: SheetKind,
  said: ReadonlyMap<string, Field | null>,
  row: Pick<typeof sheetLayout.$inferInsert, 'offered' | 'by' | 'at'>,
): void {
  for (const [words, field] of said) rememberLayout(db, { ...row, layout: headingKey(kind, words), fields: [field] });
}

/** @returns how many of them were remembered */
export const forgetHeadings = (db: Db, kind: SheetKind, words: readonly string[]): number =>
  forgetLayouts(
    db,
    words.map((text) => headingKey(kind, text)),
  );

export function forgetLayouts(db: Db, keys: readonly string[]): number {
  const forget = connection(db).prepare('delete from sheet_layout where layout = ?');
  return keys.reduce((sum, key) => sum + forget.run(key).changes, 0);
}

/** The name on a certificate, as its own field says it. */
export function commonNames(db: Db): (id: string) => string {
  const read = connection(db).prepare('select common_name from certificate where id = ?').pluck();
  return (id) => read.get(id) as string;
}
