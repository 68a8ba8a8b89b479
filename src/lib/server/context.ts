// What every verb receives: the database (or the caller's open transaction), the only clock below the edges, who acts,
// and the data folder. A verb reads the clock once.
import { connection, immediately, type Db } from './db/index.ts';
import type { Role } from './permission.ts';

/** A signed-in person. `agencies` is what the person may see: everything, or own agency and its descendants. */
export type UserActor = {
  kind: 'user';
  id: string;
  name: string;
  roles: readonly Role[];
  agencyId: string | null;
  agencies: 'all' | readonly string[];
  /** First characters of the session's hash, enough to tell sessions apart in the trail. */
  session: string;
};

/** A process of the office's own; never a second person, never an approver. */
export type SystemActor = { kind: 'system'; name: 'jobs' | 'cli' | 'setup' };

/** Somebody who has not signed in (the public report form). */
export type PublicActor = { kind: 'public' };

export type Actor = UserActor | SystemActor | PublicActor;

export type Context = {
  db: Db;
  now: () => number;
  actor: Actor;
  /** The data folder: database, content-addressed files, backups. */
  dir: string;
  /** Set at the web edge: request id and shortened network address for the trail. */
  request?: { id: string; network: string };
  /** A job's lease: throws inside the transaction when another process has taken the job over (fencing token). */
  fence?: (db: Db) => void;
  /** Set for a job: see `attempt`. */
  attempt?: Attempt;
};

/**
 * @param row what asks for the work, e.g. 'import:<id>', and how far it has come: a death further on is another one
 * @param work receives the context to use: what it does is one attempt, whatever it calls
 * @param giveUp ends the row with a failure that tells who asked
 */
export type Attempt = <T>(
  row: { row: string; place?: number },
  work: (ctx: Context) => Promise<T>,
  giveUp: () => T,
) => Promise<T>;

/** Does what a row asks for; a job gives it up when the process has died of it three times (jobs/attempts.ts). */
export const attempt = (ctx: Context): Attempt => ctx.attempt ?? ((_, work) => work(ctx));

/** For whoever asked for what was given up. */
export const GIVEN_UP =
  'Proses tugas mati tiga kali saat mengerjakan ini, jadi tidak diulangi lagi. Beri tahu administrator (sebabnya ada di log proses tugas), lalu ajukan lagi setelah dibetulkan.';

/**
 * Runs `work` in one immediate transaction, or as a savepoint when `ctx` already is inside one, so doors compose.
 * Nothing asynchronous may happen inside (rule 2).
 */
export function transact<T>(ctx: Context, work: (ctx: Context) => T): T {
  return immediately(connection(ctx.db), () => {
    ctx.fence?.(ctx.db);
    return work(ctx);
  });
}

/** Several queries over the database as it is at one instant, whatever another process writes between them. */
export const reading = <T>(ctx: Context, work: () => T): T => connection(ctx.db).transaction(work).deferred();

/** The same context acting as another actor, e.g. a job that acts for the system. */
export const as = (ctx: Context, actor: Actor): Context => ({ ...ctx, actor });
