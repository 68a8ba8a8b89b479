// What jobs worked out over a large estate together with its census, for pages that would need a second for it each time.
// Whoever reads one puts on top what was decided since; a small estate keeps none and is worked out live.
import { deserialize, serialize } from 'node:v8';
import { connection, type Db } from '../db/index.ts';

export type Kept<T> = { takenAt: number; rows: T };
type Name = 'matching' | 'renewals';

const cache = new WeakMap<object, Map<Name, Kept<unknown>>>();

export function kept<T>(db: Db, name: Name): Kept<T> | null {
  const client = connection(db);
  const takenAt = client.prepare('select taken_at from kept_survey where name = ?').pluck().get(name) as
    number | undefined;
  if (takenAt === undefined) return null;
  const held = cache.get(client) ?? new Map<Name, Kept<unknown>>();
  cache.set(client, held);
  const known = held.get(name);
  if (known?.takenAt === takenAt) return known as Kept<T>;
  const rows = client.prepare('select rows from kept_survey where name = ?').pluck().get(name) as Buffer;
  const fresh = { takenAt, rows: deserialize(rows) as T };
  held.set(name, fresh);
  return fresh;
}

/** Replaces what is kept; null: nothing is kept any more. */
export function keep(db: Db, now: number, surveys: Record<Name, unknown> | null): void {
  const client = connection(db);
  client.prepare('delete from kept_survey').run();
  const insert = client.prepare('insert into kept_survey (name, taken_at, rows) values (?, ?, ?)');
  for (const [name, rows] of Object.entries(surveys ?? {})) insert.run(name, now, serialize(rows));
}
