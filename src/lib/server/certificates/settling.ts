// After records came or changed: chains that a new CA certificate completes, lint, estate rules, traits. For imports and
// for the jobs process; each step is idempotent and cut into short transactions.
import { transact, type Context } from '../context.ts';
import { demand } from '../permission.ts';
import { runChains } from './chain-runs.ts';
import { estateRuleIds, refreshEstate, refreshRule, type Touched } from './estate.ts';
import { lintRecords } from './lint-store.ts';
import { refreshSuccessors } from './successors.ts';
import { refreshTraits } from './traits.ts';

/** More touched records than this, and looking at all of them is less work. */
const FEW = 20_000;

/** @param touched what changed; null: everything */
export async function settleRecords(ctx: Context, touched: Touched | null): Promise<void> {
  await runChains(ctx);
  await lintRecords(ctx);
  if (touched && (touched.certificates?.length ?? 0) <= FEW)
    transact(ctx, (tx) => refreshEstate(tx.db, tx.now(), touched));
  else refreshWhole(ctx);
  refreshTraits(ctx);
}

function refreshWhole(ctx: Context): { started: number; ended: number } {
  const sum = { started: 0, ended: 0 };
  for (const rule of estateRuleIds) {
    const { started, ended } = transact(ctx, (tx) => refreshRule(tx.db, rule, tx.now()));
    sum.started += started;
    sum.ended += ended;
  }
  return sum;
}

/** Brings successors, estate rules and traits up to date (time passes, people leave). For the jobs process; idempotent. */
export function refreshRecords(ctx: Context): { started: number; ended: number } {
  demand(ctx.actor, 'certificates.import');
  transact(ctx, (tx) => refreshSuccessors(tx.db, null));
  const changed = refreshWhole(ctx);
  refreshTraits(ctx);
  return changed;
}
