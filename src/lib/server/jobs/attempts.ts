// Work that a row asks for may bring the whole process down (memory, a fault of the runtime). The next process would begin it
// again, die again, and nothing else would ever be done. So an attempt is written down before it begins and forgotten
// when it ends, well or with an error: what is left counts deaths. After three the row is given up.
import { and, eq, gte, lt, lte, sql } from 'drizzle-orm';
import { DAY } from '../calendar.ts';
import { transact, type Attempt, type Context } from '../context.ts';
import { jobAttempt } from './schema.ts';

const MOST = 3;

/** The last attempts take turns: of several rows that were under way when a process died only one is to blame. */
let turn: Promise<unknown> = Promise.resolve();

/** @param ctx of the job, with its fence */
export const attempts =
  (ctx: Context): Attempt =>
  async ({ row, place = 0 }, work, giveUp) => {
    const died = deaths(ctx, row, place);
    if (died >= MOST) {
      const given = giveUp();
      forget(ctx, row);
      return given;
    }
    const counted = async () => {
      begin(ctx, { row, place, begun: died + 1, at: ctx.now() });
      try {
        return await work({ ...ctx, attempt: undefined });
      } finally {
        forget(ctx, row);
      }
    };
    if (died < MOST - 1) return counted();
    const mine = turn.then(counted);
    turn = mine.catch(() => {});
    return mine;
  };

function deaths(ctx: Context, row: string, place: number): number {
  const known = ctx.db.select().from(jobAttempt).where(eq(jobAttempt.row, row)).get();
  return known?.place === place ? known.begun : 0;
}

const begin = (ctx: Context, values: typeof jobAttempt.$inferInsert): void =>
  transact(
    ctx,
    (tx) =>
      void tx.db.insert(jobAttempt).values(values).onConflictDoUpdate({ target: jobAttempt.row, set: values }).run(),
  );

const forget = (ctx: Context, row: string): void =>
  transact(ctx, (tx) => void tx.db.delete(jobAttempt).where(eq(jobAttempt.row, row)).run());

/**
 * The process is about to leave in good order although these attempts are under way: they did not kill it, and do not count.
 * @param since when the process began; what was begun before it is what deaths left behind
 */
export function forgive(ctx: Context, since: number): void {
  transact(ctx, (tx) => {
    const own = gte(jobAttempt.at, since);
    tx.db
      .delete(jobAttempt)
      .where(and(own, lte(jobAttempt.begun, 1)))
      .run();
    tx.db
      .update(jobAttempt)
      .set({ begun: sql`${jobAttempt.begun} - 1` })
      .where(own)
      .run();
  });
}

/** Rows that were ended by others since. @returns how many */
export const sweepAttempts = (ctx: Context): number =>
  ctx.db
    .delete(jobAttempt)
    .where(lt(jobAttempt.at, ctx.now() - 7 * DAY))
    .run().changes;
