// The append-only record of who did what: entries in their final leaf form (RFC 8785 JSON of integers and strings,
// SHA-256(0x00‖bytes)), an RFC 6962 root grown entry by entry, personal values and typed reasons only as salted commitments.
// Invariants: an entry is written in the transaction of the change it tells of; nothing is updated or deleted
// (triggers refuse it); the root in `audit_head` is the root of all leaves. What it does not do: it does not prove that
// a typed fact is true. Perwali 27/2020 Pasal 14 and 21(2).
import { randomBytes } from 'node:crypto';
import { and, asc, gt, lte } from 'drizzle-orm';
import { transact, type Actor, type Context } from '../context.ts';
import { insertRow } from '../db/bulk.ts';
import { demand } from '../permission.ts';
import type { Action } from './actions.ts';
import { canonical, type Plain } from './canonical.ts';
import { head, readHead, writeHead } from './head.ts';
import { append, leafHash } from './merkle.ts';
import { last } from './reading.ts';
import { auditEntry, auditPersonal, auditTarget } from './schema.ts';
import { commitmentOf, faultOf, verify, type Verification } from './verification.ts';

export { actions, type Action } from './actions.ts';
export { CHECK_PROGRAM, HOW_TO_CHECK } from './export.ts';
export { head } from './head.ts';
export { count, doers, facets, last, lastAct, list, type TrailFilter, type TrailRow } from './reading.ts';
export type { Leaf } from './sentence.ts';
export { faultOf, verify, type Verification } from './verification.ts';

export type Entry = {
  action: Action;
  /** [kind, id] of the records it is about, e.g. ['certificate', id]. */
  targets: (readonly [kind: string, ref: string])[];
  /** Facts the sentence needs: integers and strings only, nothing personal. */
  details?: Record<string, string | number>;
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
  insertRow(ctx.db, auditEntry, {
    seq,
    at: now,
    action: entry.action,
    actor: actorKey(ctx.actor),
    leaf: text,
    leafHash: hash,
  });
  for (const [kind, ref] of entry.targets) insertRow(ctx.db, auditTarget, { seq, kind, ref });
  writeHead(ctx, append(tree, hash));
  return seq;
}

function actorLeaf(actor: Actor): Plain {
  if (actor.kind === 'user') {
    return { key: actorKey(actor), roles: [...actor.roles], agency: actor.agencyId ?? '', session: actor.session };
  }
  return { key: actorKey(actor) };
}

function commit(ctx: Context, field: string, value: string): string {
  const salt = randomBytes(16);
  const commitment = commitmentOf(salt, value);
  ctx.db.insert(auditPersonal).values({ commitment, field, value, salt }).run();
  return commitment;
}

/** The full pass with its own entry in the trail: nightly by jobs, on demand by an auditor. */
export function check(ctx: Context): Verification {
  demand(ctx.actor, 'audit.view');
  const result = verify(ctx);
  const words = result.ok ? `utuh, akar ${result.root.slice(0, 16)}` : `rusak: ${faultOf(result)}`;
  record(ctx, { action: 'trail.checked', targets: [], details: { size: result.size, result: words } });
  return result;
}

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
