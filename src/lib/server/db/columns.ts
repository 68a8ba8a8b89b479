// Column helpers, so that every table says the same thing the same way.
import { getTableName, sql } from 'drizzle-orm';
import { check, integer, text, type CheckBuilder, type SQLiteColumn } from 'drizzle-orm/sqlite-core';

/** UUIDv7 text key. */
export const id = () => text('id').primaryKey();
/** UTC milliseconds. */
export const instant = (name: string) => integer(name);
/** 'YYYY-MM-DD', a calendar date in WIB. */
export const date = (name: string) => text(name);
/** 0 or 1. */
export const flag = (name: string) => integer(name, { mode: 'boolean' });
/** A JSON value with its type. */
export const json = <T>(name: string) => text(name, { mode: 'json' }).$type<T>();

/**
 * CHECKs of a table's closed words: a column declared with `enum` holds one of them, a flag 0 or 1. Null passes; whether
 * it may be null is the column's own. TypeScript says the same, but only to code that goes through Drizzle.
 */
export function known(columns: Record<string, SQLiteColumn>): CheckBuilder[] {
  const quoted = (word: string) => `'${word.replaceAll("'", "''")}'`;
  return Object.values(columns).flatMap((column) => {
    const words = column.enumValues?.length
      ? column.enumValues.map(quoted)
      : column.dataType === 'boolean'
        ? ['0', '1']
        : null;
    if (!words) return [];
    const name = `${getTableName(column.table)}_${column.name}_known`;
    return [check(name, sql`${column} in (${sql.raw(words.join(', '))})`)];
  });
}

/**
 * CHECK that an end is not before its beginning; an end that has not come is null and passes. Only for instants that the
 * office sets: what a certificate or a list says about itself may be nonsense and is kept as it says.
 */
export function ordered(from: SQLiteColumn, to: SQLiteColumn): CheckBuilder {
  return check(`${getTableName(from.table)}_${to.name}_order`, sql`${to} >= ${from}`);
}
