// The jobs process: asks every second what is due and runs it. What is due lives in the database; node-cron only ticks.
import { hostname } from 'node:os';
import cron from 'node-cron';
import { readConfig } from '#lib/server/config.ts';
import type { Context } from '#lib/server/context.ts';
import { databaseFile, openDatabase } from '#lib/server/db/index.ts';
import * as jobs from '#lib/server/jobs/index.ts';
import { outbound } from '#lib/server/outbound/index.ts';

const config = readConfig();
const db = openDatabase(databaseFile(config.data));
const ctx: Context = { db, dir: config.data, now: Date.now, actor: { kind: 'system', name: 'jobs' } };
const environment: jobs.Environment = { outbound, smtpUrl: config.smtpUrl };
const owner = `${hostname()}:${process.pid}`;

let running: Promise<unknown> = Promise.resolve();
const tick = cron.schedule(
  '* * * * * *',
  () => {
    running = jobs.runDue(ctx, environment, owner).catch((error: Error) => console.error(`[jobs] ${error.message}`));
    return running;
  },
  { noOverlap: true },
);

async function stop() {
  await tick.stop();
  // A verb in flight may finish; after a while the process leaves anyway, and the lease runs out.
  await Promise.race([running, new Promise((resolve) => setTimeout(resolve, 8000))]);
  db.$client.close();
  process.exit(0);
}
process.on('SIGTERM', stop);
process.on('SIGINT', stop);
// The supervisor is gone (killed): do not live on without it.
process.on('disconnect', stop);
