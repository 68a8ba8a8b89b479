// Rows of past_summary; and what Siaga itself holds of a period, so that nothing is counted twice.
import { asc, desc, eq, isNotNull, isNull } from 'drizzle-orm';
import { connection, type Db } from '../db/index.ts';
import { pastSummary } from './schema.ts';

export type PastRow = typeof pastSummary.$inferSelect;

export const insert = (db: Db, row: typeof pastSummary.$inferInsert): void =>
  void db.insert(pastSummary).values(row).run();

export const withdraw = (
  db: Db,
  id: string,
  values: Required<Pick<PastRow, 'withdrawnAt' | 'withdrawnBy' | 'withdrawnWhy'>>,
): void => void db.update(pastSummary).set(values).where(eq(pastSummary.id, id)).run();

export const byId = (db: Db, id: string): PastRow | undefined =>
  db.select().from(pastSummary).where(eq(pastSummary.id, id)).get();

/** In force, newest period first. */
export const inForce = (db: Db): PastRow[] =>
  db
    .select()
    .from(pastSummary)
    .where(isNull(pastSummary.withdrawnAt))
    .orderBy(desc(pastSummary.period), asc(pastSummary.kind))
    .all();

export const withdrawn = (db: Db): PastRow[] =>
  db.select().from(pastSummary).where(isNotNull(pastSummary.withdrawnAt)).orderBy(desc(pastSummary.withdrawnAt)).all();

/** Routine evaluations that Siaga itself holds of a year or semester. */
export const ownRounds = (db: Db, period: string): number =>
  connection(db)
    .prepare(
      `select count(*) from evaluation_round where kind = 'routine' and (period = :p or substr(period, 1, 4) = :p)`,
    )
    .pluck()
    .get({ p: period }) as number;
