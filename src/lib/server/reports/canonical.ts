// Rows in one fixed form, so that the same row always has the same hash: keys sorted, no spaces, integers, text, null,
// booleans, lists. Pure.
import { createHash } from 'node:crypto';

/** @throws Error for a number that is not an integer: a float would not survive a recomputation elsewhere */
export function canonical(value: unknown): string {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'number') {
    if (!Number.isSafeInteger(value)) throw new Error('only integers are kept in a snapshot');
    return String(value);
  }
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  const entries = Object.entries(value as object).filter(([, v]) => v !== undefined);
  entries.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return `{${entries.map(([key, v]) => `${JSON.stringify(key)}:${canonical(v)}`).join(',')}}`;
}

export const sha256 = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');

export type RowRef = { table: string; id: string; hash: string };

/** Hash over the sorted list of (table, id, row hash): which rows a figure was counted from. */
export const rowSetHash = (rows: readonly RowRef[]): string =>
  sha256(
    rows
      .map((row) => `${row.table} ${row.id} ${row.hash}\n`)
      .sort()
      .join(''),
  );
