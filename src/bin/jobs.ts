// The jobs process: asks every second what is due and runs it. What is due lives in the database, so
// no schedule is kept here.
import { hostname } from 'node:os';
import { setTimeout } from 'node:timers/promises';
import { readConfig } from '#lib/server/config.ts';
import type { Context } from '#lib/server/context.ts';
import { databaseFile, openDatabase } from '#lib/server/db/index.ts';
import * as jobs from '#lib/server/jobs/index.ts';
import { outbound } from '#lib/server/outbound/index.ts';
import { roomForThreads } from './memory-arguments.ts';
import { yieldToPages } from './priority.ts';

yieldToPages();
roomForThreads();

const config = readConfig();
const db = openDatabase(databaseFile(config.data));
const ctx: Context = { db, dir: config.data, now: Date.now, actor: { kind: 'system', name: 'jobs' } };
const environment: jobs.Environment = { outbound, smtpUrl: config.smtpUrl };
const began = ctx.now();
const owner = `${hostname()}:${process.pid}`;

const running: jobs.Running = new Map();
const tick = setInterval(() => {
  try {
    jobs.startDue(ctx, environment, owner, running);
  } catch (error) {
    console.error(`[jobs] ${(error as Error).message}`);
  }
}, 1000);

async function stop(): Promise<void> {
  clearInterval(tick);
  // Verbs in flight may finish; after a while the process leaves anyway, and their leases run out.
  await Promise.race([Promise.allSettled(running.values()), setTimeout(8000)]);
  try {
    jobs.forgive(ctx, began);
  } catch (error) {
    console.error(`[jobs] ${(error as Error).message}`);
  }
  db.$client.close();
  process.exit(0);
}
process.on('SIGTERM', stop);
process.on('SIGINT', stop);
// The supervisor is gone (killed): do not live on without it.
process.on('disconnect', stop);
