// The jobs process from inside: what is due, running it under a lease, and the page that shows it. What is due is
// derived from the run log and from rows that wait, never from ticks; a killed process loses nothing. This room owns no
// knowledge of the field: each job is one verb of another room (list.ts).
import { and, eq, lte } from 'drizzle-orm';
import * as audit from '../audit/index.ts';
import { HOUR } from '../calendar.ts';
import { transact, type Context } from '../context.ts';
import { notFound } from '../errors.ts';
import { demand } from '../permission.ts';
import { attempts } from './attempts.ts';
import { runAside } from './aside.ts';
import * as lease from './lease.ts';
import { ASIDE } from './asides.ts';
import { JOBS, type Environment, type Job } from './list.ts';
import { finishRun, firstStart, forget, lastRun, lastStarts, lastSuccess, recentRuns, startRun } from './runs.ts';
import { inWords, nextDue } from './schedule.ts';
import { heartbeat, jobRequest } from './schema.ts';

export * as backup from './backup.ts';
export { forgive } from './attempts.ts';
export type { Environment } from './list.ts';

/** After this long without a review of the certificates somebody must be told (dead-man's switch). */
const SILENCE = 26 * HOUR;
const PULSE = 30_000;

/** Jobs under way in this process, by name. */
export type Running = Map<string, Promise<boolean>>;

/**
 * Starts whatever is due and not under way. Jobs run beside each other, so a mail server that hangs delays no sweep;
 * the same job never runs twice at once. Called every second; returns at once.
 */
export function startDue(ctx: Context, env: Environment, owner: string, running: Running): void {
  const starts = lastStarts(ctx);
  const asked = new Set(
    ctx.db
      .select({ name: jobRequest.name })
      .from(jobRequest)
      .all()
      .map((row) => row.name),
  );
  for (const job of JOBS) {
    if (running.has(job.name)) continue;
    const now = ctx.now();
    const due = job.waiting
      ? job.waiting(ctx)
      : nextDue(job.schedule, starts.get(job.name) ?? null, now) <= now || job.hurry?.(ctx);
    if (!due && !asked.has(job.name)) continue;
    const run = runJob(ctx, job, env, owner, asked.has(job.name))
      // Nothing could be written, not even that it ran (another process held the database): it is still due.
      .catch((error: Error) => {
        process.stderr.write(`[jobs] ${job.name}: ${error.message}\n`);
        return false;
      })
      .finally(() => running.delete(job.name));
    running.set(job.name, run);
  }
  pulse(ctx, owner);
}

/** Runs one job now, for the command line. @throws AppError not_found */
export async function runNow(ctx: Context, name: string, env: Environment): Promise<string> {
  demand(ctx.actor, 'jobs.run');
  const job = find(name);
  await runJob(ctx, job, env, `cli:${process.pid}`, true);
  const run = lastRun(ctx, name);
  return run?.message ?? 'tidak ada yang perlu dikerjakan';
}

async function runJob(ctx: Context, job: Job, env: Environment, owner: string, asked: boolean): Promise<boolean> {
  const held = lease.acquire(ctx, job.name, owner);
  if (!held) return false;
  const startedAt = ctx.now();
  const id = startRun(ctx, job.name, startedAt);
  const keepAlive = setInterval(() => beat(ctx, held), lease.LEASE / 3);
  try {
    const fenced = { ...ctx, fence: lease.fence(held) };
    const message = ASIDE[job.name]?.heavy(ctx)
      ? await runAside({ name: job.name, held, dir: ctx.dir })
      : await job.run({ ...fenced, attempt: attempts(fenced) }, env, asked);
    if (message === null && job.waiting) forget(ctx, id);
    else finishRun(ctx, id, true, message);
  } catch (error) {
    finishRun(ctx, id, false, error instanceof Error ? error.message : String(error));
  } finally {
    clearInterval(keepAlive);
    // Only now: a run that is killed leaves the request standing.
    const answered = and(eq(jobRequest.name, job.name), lte(jobRequest.requestedAt, startedAt));
    transact(ctx, ({ db }) => void db.delete(jobRequest).where(answered).run());
    lease.release(ctx, held);
  }
  return true;
}

/** A beat that could not be written is made up for by the next one; without any the fence stops the job. */
function beat(ctx: Context, held: lease.Lease): void {
  try {
    lease.renew(ctx, held);
  } catch (error) {
    process.stderr.write(`[jobs] ${held.name}: ${(error as Error).message}\n`);
  }
}

let lastPulse = 0;
function pulse(ctx: Context, owner: string): void {
  const now = ctx.now();
  if (now - lastPulse < PULSE) return;
  lastPulse = now;
  const values = { id: 1, at: now, pid: Number(owner.split(':').at(-1)) || 0 };
  transact(
    ctx,
    ({ db }) =>
      void db.insert(heartbeat).values(values).onConflictDoUpdate({ target: heartbeat.id, set: values }).run(),
  );
}

export type Heartbeat = { alive: boolean; lastAt: number | null; lastReviewAt: number | null; silent: boolean };

/**
 * Whether the jobs process lives (a sign within 5 minutes) and whether certificates were reviewed within 26 hours.
 * `silent` turns on the banner, 503 at /healthz, and the supervisor's mail.
 */
export function pulseOf(ctx: Context): Heartbeat {
  const now = ctx.now();
  const last = ctx.db.select().from(heartbeat).where(eq(heartbeat.id, 1)).get();
  const lastReviewAt = lastSuccess(ctx, 'review')?.finishedAt ?? null;
  const since = lastReviewAt ?? firstStart(ctx);
  return {
    alive: !!last && now - last.at < 5 * 60_000,
    lastAt: last?.at ?? null,
    lastReviewAt,
    silent: since !== null && now - since > SILENCE,
  };
}

/** The page: every job with its last run and when it is due next. */
export function list(ctx: Context) {
  demand(ctx.actor, 'jobs.view');
  const now = ctx.now();
  const asked = new Set(
    ctx.db
      .select({ name: jobRequest.name })
      .from(jobRequest)
      .all()
      .map((row) => row.name),
  );
  return JOBS.map((job) => {
    const last = lastRun(ctx, job.name) ?? null;
    return {
      name: job.name,
      title: job.title,
      schedule: inWords(job.schedule),
      last,
      nextAt: nextDue(job.schedule, last?.startedAt ?? null, now),
      requested: asked.has(job.name),
    };
  });
}

export function runs(ctx: Context, name: string) {
  demand(ctx.actor, 'jobs.view');
  return recentRuns(ctx, find(name).name, 50);
}

/** "Jalankan sekarang": a row that the jobs process picks up within a second. */
export function request(ctx: Context, name: string): void {
  demand(ctx.actor, 'jobs.run');
  const job = find(name);
  const now = ctx.now();
  transact(ctx, (tx) => {
    tx.db
      .insert(jobRequest)
      .values({ name, requestedBy: audit.actorKey(ctx.actor), requestedAt: now })
      .onConflictDoNothing()
      .run();
    audit.record(tx, { action: 'job.requested', targets: [['job', name]], details: { title: job.title } });
  });
}

function find(name: string): Job {
  const job = JOBS.find((candidate) => candidate.name === name);
  if (!job) throw notFound(`Tidak ada tugas bernama ${name}.`);
  return job;
}
