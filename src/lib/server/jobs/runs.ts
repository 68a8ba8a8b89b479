// The run log: reading it, writing it, and forgetting what is older than 90 days.
import { and, desc, eq, isNotNull, lt, sql } from 'drizzle-orm';
import { DAY } from '../calendar.ts';
import { transact, type Context } from '../context.ts';
import { newId } from '../db/index.ts';
import { jobRun } from './schema.ts';

export type Run = typeof jobRun.$inferSelect;

export function startRun(ctx: Context, name: string, at: number): string {
  const id = newId(at);
  transact(ctx, ({ db }) => void db.insert(jobRun).values({ id, name, startedAt: at }).run());
  return id;
}

export function finishRun(ctx: Context, id: string, ok: boolean, message: string | null): void {
  const set = { finishedAt: ctx.now(), ok, message };
  transact(ctx, ({ db }) => void db.update(jobRun).set(set).where(eq(jobRun.id, id)).run());
}

export const forget = (ctx: Context, id: string): void =>
  transact(ctx, ({ db }) => void db.delete(jobRun).where(eq(jobRun.id, id)).run());

export const lastRun = (ctx: Context, name: string): Run | undefined =>
  ctx.db.select().from(jobRun).where(eq(jobRun.name, name)).orderBy(desc(jobRun.startedAt)).limit(1).get();

export const lastSuccess = (ctx: Context, name: string): Run | undefined =>
  ctx.db
    .select()
    .from(jobRun)
    .where(and(eq(jobRun.name, name), eq(jobRun.ok, true)))
    .orderBy(desc(jobRun.startedAt))
    .limit(1)
    .get();

/** When the first logged run of any job began; null before that. */
export const firstStart = (ctx: Context): number | null =>
  ctx.db
    .select({ at: sql<number | null>`min(${jobRun.startedAt})` })
    .from(jobRun)
    .get()?.at ?? null;

export const recentRuns = (ctx: Context, name: string, limit = 20): Run[] =>
  ctx.db.select().from(jobRun).where(eq(jobRun.name, name)).orderBy(desc(jobRun.startedAt)).limit(limit).all();

/** Start of every job's last run that came to its end, in one read: a run that was killed leaves the job due. */
export function lastStarts(ctx: Context): Map<string, number> {
  const rows = ctx.db
    .select({ name: jobRun.name, at: sql<number>`max(${jobRun.startedAt})` })
    .from(jobRun)
    .where(isNotNull(jobRun.finishedAt))
    .groupBy(jobRun.name)
    .all();
  return new Map(rows.map((row) => [row.name, row.at]));
}

/** Deletes log rows older than 90 days. @returns how many */
export const sweepRuns = (ctx: Context): number =>
  ctx.db
    .delete(jobRun)
    .where(lt(jobRun.startedAt, ctx.now() - 90 * DAY))
    .run().changes;
