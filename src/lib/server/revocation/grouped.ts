// Answers of many lanes, written together: a commit waits for the disk, and one wait serves all that arrived meanwhile.
// Each piece of work is a savepoint of its own, so that one that fails takes nothing of the others with it.
import { transact, type Context } from '../context.ts';

/**
 * Runs work inside a transaction that others may share; resolves with its result after the commit. What all of them must
 * know is read once.
 */
export type Write<Shared> = <T>(work: (tx: Context, shared: Shared) => T) => Promise<T>;

/** Each piece of work for itself, at once. */
export const alone =
  <Shared>(ctx: Context, read: (tx: Context) => Shared): Write<Shared> =>
  async (work) =>
    transact(ctx, (tx) => work(tx, read(tx)));

/** What is asked for within one turn of the event loop shares a transaction. */
export function grouped<Shared>(ctx: Context, read: (tx: Context) => Shared): Write<Shared> {
  type Waiting = { run: (tx: Context, shared: Shared) => () => void; refuse: (error: unknown) => void };
  let waiting: Waiting[] = [];
  const flush = () => {
    const group = waiting;
    waiting = [];
    try {
      const settle = transact(ctx, (tx) => {
        const shared = read(tx);
        return group.map(({ run }) => run(tx, shared));
      });
      for (const done of settle) done();
    } catch (error) {
      // The whole transaction did not happen: the lease is lost, or the database is busy or full.
      for (const { refuse } of group) refuse(error);
    }
  };
  return (work) =>
    new Promise((resolve, reject) => {
      if (waiting.length === 0) setImmediate(flush);
      const run = (tx: Context, shared: Shared) => {
        try {
          const result = transact(tx, (own) => work(own, shared));
          return () => resolve(result);
        } catch (error) {
          return () => reject(error as Error);
        }
      };
      waiting.push({ run, refuse: reject });
    });
}
