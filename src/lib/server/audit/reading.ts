// The trail as people and other rooms read it: entries as sentences, and who did what to a record.
import { and, asc, desc, eq, gt, gte, inArray, lt, lte, or, sql } from 'drizzle-orm';
import type { Context } from '../context.ts';
import { demand } from '../permission.ts';
import type { Action } from './actions.ts';
import { auditEntry, auditPersonal, auditTarget } from './schema.ts';
import { sentence, type Leaf } from './sentence.ts';
import { title } from './title.ts';

/** The newest entry of an act, with its details; null: never done. */
export function last(ctx: Context, action: Action): { at: number; details: Record<string, string | number> } | null {
  const row = ctx.db
    .select({ at: auditEntry.at, leaf: auditEntry.leaf })
    .from(auditEntry)
    .where(eq(auditEntry.action, action))
    .orderBy(desc(auditEntry.seq))
    .limit(1)
    .get();
  return row ? { at: row.at, details: (JSON.parse(row.leaf) as Leaf).details ?? {} } : null;
}

/** Actor keys of whoever did one of these acts to a record: what a second person is measured against. */
export const doers = (ctx: Context, [kind, ref]: readonly [string, string], acts: readonly Action[]): string[] =>
  ctx.db
    .selectDistinct({ actor: auditEntry.actor })
    .from(auditTarget)
    .innerJoin(auditEntry, eq(auditEntry.seq, auditTarget.seq))
    .where(and(eq(auditTarget.kind, kind), eq(auditTarget.ref, ref), inArray(auditEntry.action, [...acts])))
    .all()
    .map((row) => row.actor);

/** The newest of these acts on a record after an instant, and whose it was; null: none. */
export const lastAct = (
  ctx: Context,
  [kind, ref]: readonly [string, string],
  acts: readonly Action[],
  after: number,
): { by: string; at: number } | null =>
  ctx.db
    .select({ by: auditEntry.actor, at: auditEntry.at })
    .from(auditTarget)
    .innerJoin(auditEntry, eq(auditEntry.seq, auditTarget.seq))
    .where(
      and(
        eq(auditTarget.kind, kind),
        eq(auditTarget.ref, ref),
        inArray(auditEntry.action, [...acts]),
        gt(auditEntry.at, after),
      ),
    )
    .orderBy(desc(auditEntry.seq))
    .limit(1)
    .get() ?? null;

/** Who and what the trail knows, with counts: the choices of its filters. */
export function facets(ctx: Context): {
  actors: { key: string; count: number }[];
  actions: { action: Action; title: string; count: number }[];
} {
  demand(ctx.actor, 'audit.view');
  const count = sql<number>`count(*)`;
  return {
    actors: ctx.db
      .select({ key: auditEntry.actor, count })
      .from(auditEntry)
      .groupBy(auditEntry.actor)
      .orderBy(desc(count))
      .all(),
    actions: ctx.db
      .select({ action: auditEntry.action, count })
      .from(auditEntry)
      .groupBy(auditEntry.action)
      .all()
      .map((row) => ({ ...row, action: row.action as Action, title: title(row.action as Action) }))
      .sort((a, b) => a.title.localeCompare(b.title, 'id')),
  };
}

export type TrailFilter = {
  target?: readonly [kind: string, ref: string];
  /** With a target: these acts on other records too, which made it what it is (an import writes one entry for all). */
  also?: { targets: readonly (readonly [kind: string, ref: string])[]; actions: readonly Action[] };
  action?: string;
  actor?: string;
  /** Instants, both inclusive. */
  from?: number;
  to?: number;
  /** Keyset paging: entries older than `before`, or newer than `after` (still newest first). */
  before?: number;
  after?: number;
  limit?: number;
};
export type TrailRow = {
  seq: number;
  at: number;
  action: Action;
  actor: string;
  sentence: string;
  reason: string | null;
  leaf: string;
  targets: Leaf['targets'];
};

function matching(ctx: Context, filter: TrailFilter) {
  const about = ([kind, ref]: readonly [string, string]) =>
    ctx.db
      .select({ seq: auditTarget.seq })
      .from(auditTarget)
      .where(and(eq(auditTarget.kind, kind), eq(auditTarget.ref, ref)));
  const also = (filter.also?.targets ?? []).map((target) =>
    and(inArray(auditEntry.seq, about(target)), inArray(auditEntry.action, [...filter.also!.actions])),
  );
  return and(
    filter.target ? or(inArray(auditEntry.seq, about(filter.target)), ...also) : undefined,
    filter.action ? eq(auditEntry.action, filter.action) : undefined,
    filter.actor ? eq(auditEntry.actor, filter.actor) : undefined,
    filter.from !== undefined ? gte(auditEntry.at, filter.from) : undefined,
    filter.to !== undefined ? lte(auditEntry.at, filter.to) : undefined,
  );
}

/** How many entries match, whatever the page. */
export function count(ctx: Context, filter: TrailFilter): number {
  if (!filter.target) demand(ctx.actor, 'audit.view');
  return (
    ctx.db
      .select({ n: sql<number>`count(*)` })
      .from(auditEntry)
      .where(matching(ctx, filter))
      .get()?.n ?? 0
  );
}

/** Entries, newest first, as sentences. `names` turns an actor key into a person's name (auth.names). */
export function list(ctx: Context, filter: TrailFilter, names: (key: string) => string): TrailRow[] {
  if (!filter.target) demand(ctx.actor, 'audit.view');
  const limit = filter.limit ?? 50;
  const rows = ctx.db
    .select()
    .from(auditEntry)
    .where(
      and(
        matching(ctx, filter),
        filter.before ? lt(auditEntry.seq, filter.before) : undefined,
        filter.after ? gt(auditEntry.seq, filter.after) : undefined,
      ),
    )
    .orderBy(filter.after ? asc(auditEntry.seq) : desc(auditEntry.seq))
    .limit(limit)
    .all();
  if (filter.after) rows.reverse();
  return rows.map((row) => {
    const leaf = JSON.parse(row.leaf) as Leaf;
    return {
      seq: row.seq,
      at: row.at,
      action: leaf.action,
      actor: row.actor,
      sentence: sentence(leaf, names, (commitment) => revealed(ctx, commitment)),
      reason: leaf.reason ? revealed(ctx, leaf.reason) : null,
      leaf: row.leaf,
      targets: leaf.targets,
    };
  });
}

const revealed = (ctx: Context, commitment: string): string | null =>
  ctx.db
    .select({ value: auditPersonal.value })
    .from(auditPersonal)
    .where(eq(auditPersonal.commitment, commitment))
    .get()?.value || null;
