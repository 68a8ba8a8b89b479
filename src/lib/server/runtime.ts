// Edge: opens the database once per process (lazily, never while building) and makes contexts for requests.
import { building } from '$app/environment';
import { readConfig, type Config } from './config.ts';
import type { Actor, Context } from './context.ts';
import { databaseFile, openDatabase, type RootDb } from './db/index.ts';

type Runtime = { config: Config; db: RootDb };
let runtime: Runtime | undefined;

export function open(): Runtime {
  if (building) throw new Error('the database is never opened while building');
  if (!runtime) {
    const config = readConfig();
    runtime = { config, db: openDatabase(databaseFile(config.data)) };
  }
  return runtime;
}

export function contextFor(actor: Actor, request?: Context['request']): Context {
  const { config, db } = open();
  return { db, now: Date.now, actor, dir: config.data, ...(request ? { request } : {}) };
}
