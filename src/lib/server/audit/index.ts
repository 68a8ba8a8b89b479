// The append-only record of who did what: entries in their final leaf form (RFC 8785 JSON of integers and strings,
// SHA-256(0x00‖bytes)), an RFC 6962 root grown entry by entry, personal values and typed reasons only as salted commitments.
// Invariants: an entry is written in the transaction of the change it tells of; nothing is updated or deleted
// (triggers refuse it); the root in `audit_head` is the root of all leaves. What it does not do: it does not prove that
// a typed fact is true. Perwali 27/2020 Pasal 14 and 21(2).
import { createHash, randomBytes } from 'node:crypto';
import { and, asc, desc, eq, gt, gte, inArray, lt, lte, sql } from 'drizzle-orm';
import { transact, type Actor, type Context } from '../context.ts';
import { connection } from '../db/index.ts';
import { demand } from '../permission.ts';
import type { Action } from './actions.ts';
import { canonical, type Plain } from './canonical.ts';
import { append, emptyTree, leafHash, root, type Tree } from './merkle.ts';
import { auditEntry, auditHead, auditPersonal, auditTarget } from './schema.ts';
import { sentence, type Leaf } from './sentence.ts';

export { actions, type Action } from './actions.ts';
export { CHECK_PROGRAM, HOW_TO_CHECK } from './export.ts';
export type { Leaf } from './sentence.ts';

type Details = Record<string, string | number>;
export type Entry = {
  action: Action;
  /** [kind, id] of the records it is about, e.g. ['certificate', id]. */
  targets: (readonly [kind: string, ref: string])[];
  /** Facts the sentence needs: integers and strings only, nothing personal. */
  details?: Details;
  /** Names, addresses, NIP …: stored erasable, committed to in the leaf. */
  personal?: Record<string, string>;
  /** Why, as typed by the person: free text may name people, so it too is erasable and only committed to. */
  reason?: string;
};

/** How an actor is written into rows and leaves. */
export const actorKey = (actor: Actor): string =>
  actor.kind === 'user' ? `user:${actor.id}` : actor.kind === 'system' ? `system:${actor.name}` : 'public';

/**
 * Appends one entry, in the transaction of the change it tells of; alone (a file was read) in one of its own.
 * @returns its sequence number, from 1
 */
export const record = (ctx: Context, entry: Entry): number => transact(ctx, (tx) => write(tx, entry));

function write(ctx: Context, entry: Entry): number {
  const now = ctx.now();
  const tree = readHead(ctx);
  const seq = tree.size + 1;
  const leaf: Record<string, Plain> = {
    v: 1,
    seq,
    ts: now,
    actor: actorLeaf(ctx.actor),
    action: entry.action,
    targets: entry.targets.map(([kind, ref]) => [kind, ref]),
  };
  if (entry.details && Object.keys(entry.details).length) leaf.details = entry.details;
  if (entry.reason) leaf.reason = commit(ctx, 'reason', entry.reason);
  if (ctx.request) leaf.request = { id: ctx.request.id, net: commit(ctx, 'net', ctx.request.network) };
  if (entry.personal) {
    leaf.personal = Object.fromEntries(
      Object.entries(entry.personal).map(([field, value]) => [field, commit(ctx, field, value)]),
    );
  }
  const text = canonical(leaf);
  const hash = leafHash(Buffer.from(text, 'utf8'));
  ctx.db
    .insert(auditEntry)
    .values({ seq, at: now, action: entry.action, actor: actorKey(ctx.actor), leaf: text, leafHash: hash })
    .run();
  for (const [kind, ref] of entry.targets) ctx.db.insert(auditTarget).values({ seq, kind, ref }).run();
  writeHead(ctx, append(tree, hash));
  return seq;
}

function actorLeaf(actor: Actor): Plain {
  if (actor.kind === 'user') {
    return { key: actorKey(actor), roles: [...actor.roles], agency: actor.agencyId ?? '', session: actor.session };
  }
  return { key: actorKey(actor) };
}

const commitmentOf = (salt: Buffer, value: string): string =>
  createHash('sha256').update(salt).update(value, 'utf8').digest('hex');

function commit(ctx: Context, field: string, value: string): string {
  const salt = randomBytes(16);
  const commitment = commitmentOf(salt, value);
  ctx.db.insert(auditPersonal).values({ commitment, field, value, salt }).run();
  return commitment;
}

function readHead(ctx: Context): Tree {
  const row = ctx.db.select().from(auditHead).where(eq(auditHead.id, 1)).get();
  return row ? { size: row.size, frontier: row.frontier.map((hex) => Buffer.from(hex, 'hex')) } : emptyTree();
}

function writeHead(ctx: Context, tree: Tree): void {
  const row = {
    size: tree.size,
    root: root(tree).toString('hex'),
    frontier: tree.frontier.map((b) => b.toString('hex')),
  };
  ctx.db
    .insert(auditHead)
    .values({ id: 1, ...row })
    .onConflictDoUpdate({ target: auditHead.id, set: row })
    .run();
}

/** Size and root of the trail: what a letter or PDF prints as its anchor. */
export function head(ctx: Context): { size: number; root: string } {
  const tree = readHead(ctx);
  return { size: tree.size, root: root(tree).toString('hex') };
}

export type Verification = {
  size: number;
  root: string;
  ok: boolean;
  firstBad: number | null;
  /** Personal values that were erased, and those that are not what the leaves committed to. */
  erased: number;
  forged: number;
};

/**
 * Recomputes every leaf hash and the root from the stored bytes, and every commitment from its salt and value: what a
 * sentence shows as a name must be the name that was written down. One state of the trail, whoever writes meanwhile.
 * `firstBad` is the first entry whose number, bytes or hash do not fit, or size + 1 when only the root differs.
 */
export const verify = (ctx: Context): Verification =>
  ctx.db.transaction((tx) => verifyAll({ ...ctx, db: tx }), { behavior: 'deferred' });

function verifyAll(ctx: Context): Verification {
  let tree = emptyTree();
  let firstBad: number | null = null;
  for (let after = 0; firstBad === null;) {
    const rows = ctx.db
      .select()
      .from(auditEntry)
      .where(gt(auditEntry.seq, after))
      .orderBy(auditEntry.seq)
      .limit(2000)
      .all();
    if (rows.length === 0) break;
    for (const row of rows) {
      const hash = leafHash(Buffer.from(row.leaf, 'utf8'));
      const leaf = JSON.parse(row.leaf) as Leaf;
      const fits =
        row.seq === tree.size + 1 && leaf.seq === row.seq && leaf.action === row.action && leaf.ts === row.at;
      if (!fits || !hash.equals(row.leafHash) || leaf.actor.key !== row.actor) {
        firstBad = row.seq;
        break;
      }
      tree = append(tree, hash);
      after = row.seq;
    }
  }
  const stored = head(ctx);
  const computed = root(tree).toString('hex');
  if (firstBad === null && (stored.size !== tree.size || stored.root !== computed)) firstBad = tree.size + 1;
  const { erased, forged } = personalState(ctx);
  return { size: tree.size, root: computed, ok: firstBad === null && forged === 0, firstBad, erased, forged };
}

/** Erased values are empty; any other has to hash to the commitment it stands under. */
function personalState(ctx: Context): { erased: number; forged: number } {
  let [erased, forged] = [0, 0];
  const rows = connection(ctx.db).prepare('select commitment, value, salt from audit_personal');
  for (const row of rows.iterate() as Iterable<{ commitment: string; value: string; salt: Buffer }>) {
    if (row.value === '') erased += 1;
    else if (commitmentOf(row.salt, row.value) !== row.commitment) forged += 1;
  }
  return { erased, forged };
}

/** What a failed verification found, in words. */
export const faultOf = (result: Verification): string =>
  result.firstBad === null
    ? `${result.forged} nilai pribadi tidak sama dengan yang dicatat`
    : `entri pertama yang tidak cocok adalah nomor ${result.firstBad}`;

/** The full pass with its own entry in the trail: nightly by jobs, on demand by an auditor. */
export function check(ctx: Context): Verification {
  demand(ctx.actor, 'audit.view');
  const result = verify(ctx);
  const words = result.ok ? `utuh, akar ${result.root.slice(0, 16)}` : `rusak: ${faultOf(result)}`;
  record(ctx, { action: 'trail.checked', targets: [], details: { size: result.size, result: words } });
  return result;
}

/** The newest entry of an act, with its details; null: never done. */
export function last(ctx: Context, action: Action): { at: number; details: Details } | null {
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

/** When the trail was last checked and what was said; null: never. */
export function lastCheck(ctx: Context): { at: number; ok: boolean } | null {
  const entry = last(ctx, 'trail.checked');
  return entry && { at: entry.at, ok: String(entry.details.result).startsWith('utuh') };
}

export type TrailExport = { head: { size: number; root: string; exportedAt: number }; leaves: () => Generator<string> };

/**
 * All leaves as they were hashed, one a line, with the head they add up to. Personal values stay behind: a leaf holds
 * only their commitments. Being exported is itself an entry, after the last one that is exported.
 */
export function exportAll(ctx: Context): TrailExport {
  demand(ctx.actor, 'audit.export');
  const { size, root: hash } = head(ctx);
  const exportedAt = ctx.now();
  record(ctx, { action: 'trail.exported', targets: [], details: { size, root: hash } });
  return { head: { size, root: hash, exportedAt }, leaves: () => leavesUpTo(ctx, size) };
}

function* leavesUpTo(ctx: Context, size: number): Generator<string> {
  for (let after = 0; after < size;) {
    const rows = ctx.db
      .select({ seq: auditEntry.seq, leaf: auditEntry.leaf })
      .from(auditEntry)
      .where(and(gt(auditEntry.seq, after), lte(auditEntry.seq, size)))
      .orderBy(asc(auditEntry.seq))
      .limit(2000)
      .all();
    if (rows.length === 0) return;
    for (const row of rows) yield row.leaf;
    after = rows.at(-1)!.seq;
  }
}

/** Who and what the trail knows, with counts: the choices of its filters. */
export function facets(ctx: Context): {
  actors: { key: string; count: number }[];
  actions: { action: string; count: number }[];
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
      .orderBy(auditEntry.action)
      .all(),
  };
}

export type TrailFilter = {
  target?: readonly [kind: string, ref: string];
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
};

function matching(ctx: Context, filter: TrailFilter) {
  const wanted = filter.target
    ? ctx.db
        .select({ seq: auditTarget.seq })
        .from(auditTarget)
        .where(and(eq(auditTarget.kind, filter.target[0]), eq(auditTarget.ref, filter.target[1])))
    : null;
  return and(
    wanted ? inArray(auditEntry.seq, wanted) : undefined,
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
    };
  });
}

const revealed = (ctx: Context, commitment: string): string | null =>
  ctx.db
    .select({ value: auditPersonal.value })
    .from(auditPersonal)
    .where(eq(auditPersonal.commitment, commitment))
    .get()?.value || null;
