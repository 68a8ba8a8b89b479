// Queries over sheets that wait for a person: how each is read, its rows as understood, the columns people chose.
import { and, asc, count, eq, gt, isNotNull, ne } from 'drizzle-orm';
import { connection, type Db } from '../db/index.ts';
import type { Judged, Verdict } from './import-plan.ts';
import { importRow, importSheet, sheetLayout } from './schema-import.ts';

export type SheetState = typeof importSheet.$inferSelect;
export type PreviewRow = typeof importRow.$inferSelect;
export type PreviewVerdict = Verdict | 'absent';

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
    `insert into import_row (import_id, seq, line, verdict, name, about, reason, notes, changes, unknown_agency, target_id)
     values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  for (const row of rows) {
    insert.run(
      importId,
      row.seq,
      row.line,
      row.verdict,
      row.name.slice(0, 300),
      row.about.slice(0, 300),
      row.reason,
      JSON.stringify(row.notes),
      JSON.stringify(row.changes),
      row.unknownAgency,
      row.targetId,
    );
  }
}

export function verdicts(db: Db, importId: string): Record<PreviewVerdict, number> {
  const result = { added: 0, completed: 0, changed: 0, same: 0, absent: 0, rejected: 0 };
  const rows = db
    .select({ verdict: importRow.verdict, n: count() })
    .from(importRow)
    .where(eq(importRow.importId, importId))
    .groupBy(importRow.verdict)
    .all();
  for (const row of rows) result[row.verdict] = row.n;
  return result;
}

/** `notes`: rows of which a value was left out, whatever becomes of them. */
export type RowFilter = { verdict?: PreviewVerdict | 'notes'; after: number; limit: number };

export const previewRows = (db: Db, importId: string, filter: RowFilter): PreviewRow[] =>
  db
    .select()
    .from(importRow)
    .where(and(eq(importRow.importId, importId), gt(importRow.seq, filter.after), wanted(filter.verdict)))
    .orderBy(asc(importRow.seq))
    .limit(filter.limit)
    .all();

const wanted = (verdict: RowFilter['verdict']) =>
  verdict === undefined
    ? ne(importRow.verdict, 'absent')
    : verdict === 'notes'
      ? ne(importRow.notes, [])
      : eq(importRow.verdict, verdict);

export const countNoted = (db: Db, importId: string): number =>
  db
    .select({ n: count() })
    .from(importRow)
    .where(and(eq(importRow.importId, importId), ne(importRow.notes, [])))
    .get()?.n ?? 0;

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
export function foreseen(db: Db, importId: string, from: number, to: number): Map<number, string> {
  const rows = connection(db)
    .prepare('select seq, verdict from import_row where import_id = ? and seq > ? and seq <= ?')
    .all(importId, from, to) as { seq: number; verdict: string }[];
  return new Map(rows.map((row) => [row.seq, row.verdict]));
}

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

/** The name on a certificate, as its own field says it. */
export function commonNames(db: Db): (id: string) => string {
  const read = connection(db).prepare('select common_name from certificate where id = ?').pluck();
  return (id) => read.get(id) as string;
}
