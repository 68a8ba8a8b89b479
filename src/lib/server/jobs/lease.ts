// Leases with fencing tokens. A job runs under a lease; every transaction it opens first checks that its token still
// is the newest (Context.fence), so a process that was suspended and overtaken can write nothing.
import { hostname } from 'node:os';
import { and, eq } from 'drizzle-orm';
import { transact, type Context } from '../context.ts';
import type { Db } from '../db/index.ts';
import { conflict } from '../errors.ts';
import { jobLease } from './schema.ts';

/** How long a lease lasts without renewal; a killed process is followed by another after this. */
export const LEASE = 30_000;

export type Lease = { name: string; owner: string; token: number };

/** Takes the lease of a job if nobody holds it. @returns null when another process does */
export function acquire(ctx: Context, name: string, owner: string): Lease | null {
  return transact(ctx, ({ db }) => {
    const now = ctx.now();
    const row = db.select().from(jobLease).where(eq(jobLease.name, name)).get();
    if (row && row.until > now && row.owner !== owner && !isGone(row.owner)) return null;
    const token = (row?.token ?? 0) + 1;
    const values = { name, owner, token, until: now + LEASE };
    db.insert(jobLease).values(values).onConflictDoUpdate({ target: jobLease.name, set: values }).run();
    return { name, owner, token };
  });
}

/** Whether an owner ('host:pid') was a process of this machine that lives no more: its jobs need not wait for the end. */
function isGone(owner: string): boolean {
  const [host, pid] = [owner.slice(0, owner.lastIndexOf(':')), Number(owner.slice(owner.lastIndexOf(':') + 1))];
  if (host !== hostname() || !Number.isInteger(pid)) return false;
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}

/** Moves the end of a lease that still is ours. @returns false when it was taken over */
export function renew(ctx: Context, lease: Lease): boolean {
  const mine = and(eq(jobLease.name, lease.name), eq(jobLease.token, lease.token));
  const until = ctx.now() + LEASE;
  return transact(ctx, ({ db }) => db.update(jobLease).set({ until }).where(mine).run().changes === 1);
}

export function release(ctx: Context, lease: Lease): void {
  const mine = and(eq(jobLease.name, lease.name), eq(jobLease.token, lease.token));
  transact(ctx, ({ db }) => void db.update(jobLease).set({ until: 0 }).where(mine).run());
}

/** The check that runs inside every transaction of the job. @throws AppError conflict */
export const fence =
  (lease: Lease) =>
  (db: Db): void => {
    const row = db.select({ token: jobLease.token }).from(jobLease).where(eq(jobLease.name, lease.name)).get();
    if (row?.token !== lease.token) throw conflict(`Tugas ${lease.name} sudah diambil alih proses lain.`);
  };
