// Queries over what hosts and signed objects said of the time.
import { gt, lt, sql } from 'drizzle-orm';
import { prepared } from '../db/bulk.ts';
import { connection, newId, type Db } from '../db/index.ts';
import { clockReading } from './schema-asking.ts';

type Reading = { host: string; tops: readonly string[]; at: number; offset: number; order: number };

/** Keeps a reading and forgets those before an instant. */
export function addReading(db: Db, { tops, host, at, offset }: Omit<Reading, 'order'>, forget: number): void {
  const witness = [...tops, host].join(' ');
  if (readJust(db, witness, at)) return;
  db.insert(clockReading)
    .values({ id: newId(at), host: witness, at, offset })
    .run();
  db.delete(clockReading).where(lt(clockReading.at, forget)).run();
}

/** A host that answers hundreds of questions tells its time once for all of them. */
const READING_LASTS = 30_000;
const readJust = (db: Db, witness: string, at: number): boolean =>
  prepared(db, 'select 1 from clock_reading where at > ? and at <= ? and host = ? limit 1').get(
    at - READING_LASTS,
    at,
    witness,
  ) !== undefined;

export const readings = (db: Db, since: number): Reading[] =>
  db
    .select({ witness: clockReading.host, at: clockReading.at, offset: clockReading.offset, order: sql<number>`rowid` })
    .from(clockReading)
    .where(gt(clockReading.at, since))
    .all()
    .map(({ witness, ...reading }) => {
      const [host, ...tops] = witness.split(' ').reverse();
      return { host: host!, tops, ...reading };
    });

/** Whether an object whose signature was verified carried a time in our future. */
export const refusedAhead = (db: Db, codes: readonly string[], since: number): boolean =>
  connection(db)
    .prepare('select 1 from revocation_refused where code in (select value from json_each(?)) and at > ? limit 1')
    .get(JSON.stringify(codes), since) !== undefined;
