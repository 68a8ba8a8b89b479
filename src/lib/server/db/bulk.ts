// For bulk paths: statements that are prepared once for a connection, instead of once for every row.
import type Database from 'better-sqlite3';
import { getTableColumns, getTableName } from 'drizzle-orm';
import type { SQLiteColumn, SQLiteTable } from 'drizzle-orm/sqlite-core';
import { connection, type Db } from './index.ts';

const statements = new WeakMap<Database.Database, Map<string, Database.Statement>>();

/** Only for texts of the code itself: what is kept stays as long as the connection. */
export function prepared(db: Db, text: string): Database.Statement {
  const client = connection(db);
  let known = statements.get(client);
  if (!known) statements.set(client, (known = new Map()));
  let statement = known.get(text);
  if (!statement) known.set(text, (statement = client.prepare(text)));
  return statement;
}

const queries = new WeakMap<Database.Database, Map<unknown, unknown>>();

/**
 * A query of Drizzle's, put together and prepared once for each connection: for what is asked again for every row.
 * @param build one function for one query; its values are placeholders
 */
export function ready<Q>(db: Db, build: (db: Db) => Q): Q {
  const client = connection(db);
  let known = queries.get(client);
  if (!known) queries.set(client, (known = new Map()));
  if (!known.has(build)) known.set(build, build(db));
  return known.get(build) as Q;
}

/** Of pages: the indexes of some hundred thousand certificates, KiB. */
const BULK_CACHE = 98_304;
/** Pages of the journal before they are copied to the file: 128 MB, in which most are written again and again. */
const BULK_JOURNAL = 32_000;

/** While very much is written all over the indexes, their pages stay in memory and in the journal; then no longer. */
export async function withLargeCache(db: Db, work: () => Promise<void>): Promise<void> {
  const client = connection(db);
  const pragma = (name: string) => client.pragma(name, { simple: true }) as number;
  const [cache, journal] = [pragma('cache_size'), pragma('wal_autocheckpoint')];
  client.pragma(`cache_size = -${BULK_CACHE}`);
  client.pragma(`wal_autocheckpoint = ${BULK_JOURNAL}`);
  try {
    await work();
  } finally {
    client.pragma(`wal_autocheckpoint = ${journal}`);
    client.pragma(`cache_size = ${cache}`);
    client.pragma('shrink_memory');
  }
}

type Plan = {
  statement: (rows: number) => string;
  update: string;
  columns: { key: string; encode: (value: unknown) => unknown }[];
};
const plans = new WeakMap<SQLiteTable, Map<string, Plan>>();

/** Inserts one row; what is left out gets the column's default. */
export const insertRow = <T extends SQLiteTable>(db: Db, table: T, row: T['$inferInsert']): void =>
  insertRows(db, table, [row]);

/** Rows of one statement; few sizes, so that few statements are kept, and far below the limit of bound values. */
const SIZES = [500, 16, 1];

/**
 * Inserts many rows with the same columns, many in one statement. Of a table with triggers a statement keeps aside a copy
 * of every page it is about to change, so that it can be undone alone: row by row that costs more than the row itself.
 * @param known what to do when a row is there already
 */
export function insertRows<T extends SQLiteTable>(
  db: Db,
  table: T,
  rows: readonly T['$inferInsert'][],
  known: 'fail' | 'skip' = 'fail',
): void {
  if (!rows.length) return;
  const { statement, columns } = planOf(table, Object.keys(rows[0]!));
  const more = known === 'skip' ? ' on conflict do nothing' : '';
  let at = 0;
  for (const size of SIZES) {
    for (; rows.length - at >= size; at += size) {
      const values: unknown[] = [];
      for (let i = at; i < at + size; i++) {
        const row = rows[i] as Record<string, unknown>;
        for (const { key, encode } of columns) values.push(encode(row[key]));
      }
      prepared(db, statement(size) + more).run(values);
    }
  }
}

/** Sets columns of the row with this id. */
export function updateRow<T extends SQLiteTable & { id: SQLiteColumn }>(
  db: Db,
  table: T,
  id: string,
  values: Partial<T['$inferSelect']>,
): void {
  const keys = Object.keys(values).filter((key) => values[key as keyof typeof values] !== undefined);
  if (!keys.length) return;
  const { update, columns } = planOf(table, keys);
  prepared(db, update).run(...columns.map(({ key, encode }) => encode(values[key as keyof typeof values])), id);
}

function planOf(table: SQLiteTable, keys: string[]): Plan {
  let known = plans.get(table);
  if (!known) plans.set(table, (known = new Map()));
  const id = keys.join();
  let plan = known.get(id);
  if (!plan) known.set(id, (plan = makePlan(table, keys)));
  return plan;
}

function makePlan(table: SQLiteTable, keys: string[]): Plan {
  const all = getTableColumns(table);
  const columns = keys.map((key) => {
    const column = all[key];
    if (!column) throw new Error(`${getTableName(table)} has no column ${key}`);
    const encode = (value: unknown) => (value === null || value === undefined ? null : column.mapToDriverValue(value));
    return { key, name: `"${column.name}"`, encode };
  });
  const names = columns.map((column) => column.name).join(', ');
  const row = `(${columns.map(() => '?').join(', ')})`;
  const texts = SIZES.map(
    (size) => `insert into "${getTableName(table)}" (${names}) values ${Array(size).fill(row).join(', ')}`,
  );
  const set = columns.map((column) => `${column.name} = ?`).join(', ');
  const update = `update "${getTableName(table)}" set ${set} where id = ?`;
  return { statement: (rows) => texts[SIZES.indexOf(rows)]!, update, columns };
}
