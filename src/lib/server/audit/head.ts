// Size and root of the trail as stored, the frontier from which the next entry grows.
import { eq } from 'drizzle-orm';
import type { Context } from '../context.ts';
import { prepared, ready } from '../db/bulk.ts';
import type { Db } from '../db/index.ts';
import { emptyTree, root, type Tree } from './merkle.ts';
import { auditHead } from './schema.ts';

const stored = (db: Db) => db.select().from(auditHead).where(eq(auditHead.id, 1)).prepare();

export function readHead(ctx: Context): Tree {
  const row = ready(ctx.db, stored).get();
  return row ? { size: row.size, frontier: row.frontier.map((hex) => Buffer.from(hex, 'hex')) } : emptyTree();
}

export function writeHead(ctx: Context, tree: Tree): void {
  const row = {
    size: tree.size,
    root: root(tree).toString('hex'),
    frontier: tree.frontier.map((b) => b.toString('hex')),
  };
  prepared(
    ctx.db,
    `insert into audit_head (id, size, root, frontier) values (1, @size, @root, @frontier)
      on conflict (id) do update set size = @size, root = @root, frontier = @frontier`,
  ).run({ ...row, frontier: JSON.stringify(row.frontier) });
}

/** Size and root of the trail: what a letter or PDF prints as its anchor. */
export function head(ctx: Context): { size: number; root: string } {
  const tree = readHead(ctx);
  return { size: tree.size, root: root(tree).toString('hex') };
}
