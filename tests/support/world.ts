// A test's own world: a migrated database in memory, a data folder of its own, a clock that the test moves, and people.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import type { Actor, Context, UserActor } from '#lib/server/context.ts';
import { migrate, newId, openDatabase, type RootDb } from '#lib/server/db/index.ts';
import { seesWholeCity, type Role } from '#lib/server/permission.ts';
import { user, userRole } from '#lib/server/auth/schema.ts';

/** 22 November 2026 14.05 WIB. */
export const NOW = Date.parse('2026-11-22T07:05:00Z');

export type World = {
  db: RootDb;
  dir: string;
  /** The clock all contexts of this world read. */
  clock: { at: number; advance: (ms: number) => void };
  /** A context for any actor; default the jobs process. */
  ctx: (actor?: Actor) => Context;
  /** Makes a user with these roles and returns a context that acts as that person. */
  person: (
    roles: Role | Role[],
    options?: { name?: string; agencyId?: string; agencies?: string[] },
  ) => Context & { actor: UserActor };
};

export function makeWorld(now = NOW): World {
  const { close, ...world } = openWorld(now);
  onTestFinished(close);
  return world;
}

/** An empty database of this release: migrated once, because a thousand tests begin with it. */
let empty: Buffer | undefined;
function emptyDatabase(): RootDb {
  if (!empty) {
    const db = openDatabase(':memory:');
    migrate(db);
    empty = db.$client.serialize();
    db.$client.close();
  }
  return openDatabase(empty);
}

/** The same outside a test (long runs): whoever opens it closes it. */
export function openWorld(now = NOW): World & { close: () => void } {
  const dir = mkdtempSync(path.join(tmpdir(), 'siaga-'));
  const db = emptyDatabase();
  const close = () => {
    db.$client.close();
    rmSync(dir, { recursive: true, force: true });
  };
  const clock = { at: now, advance: (ms: number) => void (clock.at += ms) };
  const ctx = (actor: Actor = { kind: 'system', name: 'jobs' }): Context => ({ db, dir, actor, now: () => clock.at });
  let people = 0;
  return {
    db,
    dir,
    clock,
    ctx,
    close,
    person: (wanted, options = {}) => {
      const roles = Array.isArray(wanted) ? wanted : [wanted];
      people += 1;
      const id = newId(clock.at + people);
      const name = options.name ?? `Orang ${people}`;
      db.insert(user)
        .values({
          id,
          email: `orang${people}@batam.example`,
          name,
          agencyId: options.agencyId ?? null,
          createdAt: clock.at,
        })
        .run();
      for (const role of roles) {
        db.insert(userRole)
          .values({ id: newId(clock.at), userId: id, role, grantedBy: 'system:setup', grantedAt: clock.at })
          .run();
      }
      const agencies = seesWholeCity(roles)
        ? 'all'
        : (options.agencies ?? (options.agencyId ? [options.agencyId] : []));
      const actor: UserActor = {
        kind: 'user',
        id,
        name,
        roles,
        agencyId: options.agencyId ?? null,
        agencies,
        session: 'test',
      };
      return { ...ctx(), actor };
    },
  };
}
