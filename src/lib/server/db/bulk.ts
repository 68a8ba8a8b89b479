// For bulk paths: statements that are prepared once for a connection, instead of once for every row.
import type Database from 'better-sqlite3';
import { getTableColumns, getTableName } from 'drizzle-orm';
import type { SQLiteTable } from 'drizzle-orm/sqlite-core';
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

type Plan = { text: string; columns: { key: string; encode: (value: unknown) => unknown }[] };
const plans = new WeakMap<SQLiteTable, Map<string, Plan>>();

/** Inserts one row; what is left out gets the column's default. */
export function insertRow<T extends SQLiteTable>(db: Db, table: T, row: T['$inferInsert']): void {
  const values = row as Record<string, unknown>;
  const { text, columns } = planOf(table, Object.keys(values));
  prepared(db, text).run(columns.map(({ key, encode }) => encode(values[key])));
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
  const text = `insert into "${getTableName(table)}" (${names}) values (${columns.map(() => '?').join(', ')})`;
  return { text, columns };
}
