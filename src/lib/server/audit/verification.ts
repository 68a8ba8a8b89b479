// Whether the trail is what it was when it was written: leaves, root, and the personal values behind them.
import { createHash } from 'node:crypto';
import { gt } from 'drizzle-orm';
import type { Context } from '../context.ts';
import { connection } from '../db/index.ts';
import { head } from './head.ts';
import { append, emptyTree, leafHash, root } from './merkle.ts';
import { auditEntry } from './schema.ts';
import type { Leaf } from './sentence.ts';

/** What a leaf holds in place of a personal value. */
export const commitmentOf = (salt: Buffer, value: string): string =>
  createHash('sha256').update(salt).update(value, 'utf8').digest('hex');

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
