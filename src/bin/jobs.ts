// The jobs process: asks every second what is due and runs it. What is due lives in the database, so
// no schedule is kept here.
import { hostname } from 'node:os';
import { setTimeout } from 'node:timers/promises';
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

let stopping = false;
const running = loop();

/** Asks again a second after the last answer: runs never overlap, and a long one delays nothing that is not due. */
async function loop(): Promise<void> {
  while (!stopping) {
    await jobs.runDue(ctx, environment, owner).catch((error: Error) => console.error(`[jobs] ${error.message}`));
    if (!stopping) await setTimeout(1000, undefined, { ref: true });
  }
}

async function stop(): Promise<void> {
  stopping = true;
  // A verb in flight may finish; after a while the process leaves anyway, and its lease runs out.
  await Promise.race([running, setTimeout(8000)]);
  db.$client.close();
  process.exit(0);
}
process.on('SIGTERM', stop);
process.on('SIGINT', stop);
// The supervisor is gone (killed): do not live on without it.
process.on('disconnect', stop);
