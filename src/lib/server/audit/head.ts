// Size and root of the trail as stored, the frontier from which the next entry grows.
import { eq } from 'drizzle-orm';
import type { Context } from '../context.ts';
import { emptyTree, root, type Tree } from './merkle.ts';
import { auditHead } from './schema.ts';

export function readHead(ctx: Context): Tree {
  const row = ctx.db.select().from(auditHead).where(eq(auditHead.id, 1)).get();
  return row ? { size: row.size, frontier: row.frontier.map((hex) => Buffer.from(hex, 'hex')) } : emptyTree();
}

export function writeHead(ctx: Context, tree: Tree): void {
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
