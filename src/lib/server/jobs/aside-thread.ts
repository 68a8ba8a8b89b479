// The thread of one run of a job (aside.ts): the same verb as in the jobs process, on a connection of its own.
import { parentPort, workerData } from 'node:worker_threads';
import { databaseFile, openDatabase } from '../db/index.ts';
import { attempts } from './attempts.ts';
import type { Order, Outcome } from './aside.ts';
import { fence } from './lease.ts';
import { ASIDE } from './asides.ts';

const { name, held, dir } = workerData as Order;
const db = openDatabase(databaseFile(dir));

async function outcome(): Promise<Outcome> {
  try {
    const actor = { kind: 'system', name: 'jobs' } as const;
    const ctx = { db, dir, now: Date.now, actor, fence: fence(held) };
    return { message: await ASIDE[name]!.run({ ...ctx, attempt: attempts(ctx) }) };
  } catch (error) {
    return { failure: error instanceof Error ? error.message : String(error) };
  }
}

parentPort!.postMessage(await outcome());
db.$client.close();
