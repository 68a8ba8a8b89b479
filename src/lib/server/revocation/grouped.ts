// Answers of many lanes, written together: a commit waits for the disk, and one wait serves all that arrived meanwhile.
// Each piece of work is a savepoint of its own, so that one that fails takes nothing of the others with it.
import { transact, type Context } from '../context.ts';

/** Runs work inside a transaction that others may share; resolves with its result after the commit. */
export type Write = <T>(work: (tx: Context) => T) => Promise<T>;

/** Each piece of work for itself, at once. */
export const alone =
  (ctx: Context): Write =>
  async (work) =>
    transact(ctx, work);

/** What is asked for within one turn of the event loop shares a transaction. */
export function grouped(ctx: Context): Write {
  type Waiting = { run: (tx: Context) => () => void; refuse: (error: unknown) => void };
  let waiting: Waiting[] = [];
  const flush = () => {
    const group = waiting;
    waiting = [];
    try {
      const settle = transact(ctx, (tx) => group.map(({ run }) => run(tx)));
      for (const done of settle) done();
    } catch (error) {
      // The whole transaction did not happen: the lease is lost, or the database is busy or full.
      for (const { refuse } of group) refuse(error);
    }
  };
  return (work) =>
    new Promise((resolve, reject) => {
      if (waiting.length === 0) setImmediate(flush);
      const run = (tx: Context) => {
        try {
          const result = transact(tx, work);
          return () => resolve(result);
        } catch (error) {
          return () => reject(error as Error);
        }
      };
      waiting.push({ run, refuse: reject });
    });
}
