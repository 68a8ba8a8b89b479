// Judging many chains anew: after a decision about an issuer, after a CA certificate came, once a day. The request is a
// row; the jobs process works it off in short transactions and keeps its place in the row, so that a killed run goes on.
// What must not wait is a doubt (`doubts.ts`), raised by the decision itself: nothing counts as anchored under a CA just rejected.
import * as audit from '../audit/index.ts';
import { transact, type Context } from '../context.ts';
import { connection, newId, type Db } from '../db/index.ts';
import { demand } from '../permission.ts';
import { readCertificate } from '../x509/index.ts';
import { refreshCounts } from './browsing.ts';
import { judgeChain, type ChainVerdict } from './chain.ts';
import * as doubts from './doubts.ts';
import { keyringOf } from './keyring.ts';
import type { Chain } from './label.ts';
import * as store from './store.ts';

export type ChainRun = { id: string; scope: 'all' | 'open'; state: string; after: string; total: number; done: number };

const CHUNK = 250;

const unfinished = `select id, scope, state, after, total, done from chain_run where state <> 'done'`;

/**
 * Asks for chains to be judged anew. `open`: only those that are not anchored, because a CA certificate came. Call it in
 * the transaction that makes it necessary. A request that has not begun takes this one in.
 */
export function requestChains(ctx: Context, scope: ChainRun['scope']): void {
  const client = connection(ctx.db);
  const waiting = client.prepare(`${unfinished} and state = 'requested'`).get() as ChainRun | undefined;
  if (!waiting) {
    client
      .prepare(`insert into chain_run (id, scope, state, requested_at) values (?, ?, 'requested', ?)`)
      .run(newId(ctx.now()), scope, ctx.now());
  } else if (scope === 'all') client.prepare(`update chain_run set scope = 'all' where id = ?`).run(waiting.id);
}

/** What is being judged or waits for it, for the page; null when all chains are up to date. */
export const chainProgress = (ctx: Context): ChainRun | null =>
  (connection(ctx.db).prepare(`${unfinished} order by requested_at, id limit 1`).get() as ChainRun | undefined) ?? null;

export const chainsWaiting = (ctx: Context): boolean => chainProgress(ctx) !== null || doubts.all(ctx.db).size > 0;

/** Asks for the daily judgement of all chains: CA certificates end, too. */
export function requestAllChains(ctx: Context): void {
  demand(ctx.actor, 'certificates.import');
  transact(ctx, (tx) => requestChains(tx, 'all'));
}

/** Works off what was requested. For the jobs process; idempotent. @returns how many chains changed */
export async function runChains(ctx: Context): Promise<number> {
  demand(ctx.actor, 'certificates.import');
  let changed = 0;
  for (let run = chainProgress(ctx); run; run = chainProgress(ctx)) {
    changed += runChunk(ctx, run);
    await new Promise((resolve) => setImmediate(resolve));
  }
  settleDoubts(ctx);
  return changed;
}

/** The counts first: a census from before the decision must not speak again when the doubts have gone. */
function settleDoubts(ctx: Context): void {
  if (doubts.all(ctx.db).size === 0) return;
  refreshCounts(ctx);
  transact(ctx, (tx) => doubts.settle(tx.db));
}

const SCOPES = { all: '', open: `and c.chain <> 'anchored'` } as const;
type Row = { id: string; chain: Chain; chainRule: string | null; authorityId: string | null; der: Buffer };

function runChunk(ctx: Context, run: ChainRun): number {
  const client = connection(ctx.db);
  if (run.state === 'requested') {
    transact(ctx, (tx) => {
      const where = `from certificate c where c.fingerprint is not null ${SCOPES[run.scope]}`;
      const begin = `update chain_run set state = 'running', total = (select count(*) ${where}) where id = ?`;
      connection(tx.db).prepare(begin).run(run.id);
    });
    return 0;
  }
  const now = ctx.now();
  const ring = keyringOf(ctx);
  const rows = client
    .prepare(
      `select c.id, c.chain, c.chain_rule as chainRule, c.authority_id as authorityId, d.der
         from certificate c join certificate_der d on d.fingerprint = c.fingerprint
        where c.id > ? ${SCOPES[run.scope]} order by c.id limit ${CHUNK}`,
    )
    .all(run.after) as Row[];
  const judged = rows.map((row) => ({ row, verdict: judgeChain(readCertificate(row.der), ring, now) }));
  return transact(ctx, (tx) => {
    // A decision between reading and writing: these verdicts are from before it, the chunk is judged again.
    if (keyringOf(tx) !== ring) return 0;
    const last = rows.at(-1)?.id;
    const move = `update chain_run set after = ?, done = done + ? where id = ? and after = ? and state = 'running'`;
    if (last && connection(tx.db).prepare(move).run(last, rows.length, run.id, run.after).changes === 0) return 0;
    const changed = judged.filter(({ row, verdict }) => write(tx.db, row, verdict, now)).length;
    if (changed)
      connection(tx.db).prepare('update chain_run set changed = changed + ? where id = ?').run(changed, run.id);
    if (rows.length < CHUNK) finish(tx, run.id, now);
    return changed;
  });
}

/** @returns whether the facet, its rule or the issuer changed */
function write(db: Db, row: Row, verdict: ChainVerdict, now: number): boolean {
  if (verdict.chain === row.chain && verdict.rule === row.chainRule && verdict.authorityId === row.authorityId)
    return false;
  // With another issuer, lint has other dates to compare with.
  const relint = verdict.authorityId === row.authorityId ? '' : `, linted_with = ''`;
  connection(db)
    .prepare(
      `update certificate set chain = ?, chain_rule = ?, authority_id = ?, chain_checked_at = ?${relint} where id = ?`,
    )
    .run(verdict.chain, verdict.rule, verdict.authorityId, now, row.id);
  if (verdict.chain !== row.chain) {
    const detail: Record<string, string> = verdict.rule ? { rule: verdict.rule } : {};
    store.appendEvent(db, {
      certificateId: row.id,
      at: now,
      facet: 'chain',
      from: row.chain,
      to: verdict.chain,
      detail,
    });
  }
  return true;
}

function finish(tx: Context, id: string, now: number): void {
  const client = connection(tx.db);
  client.prepare(`update chain_run set state = 'done', finished_at = ? where id = ?`).run(now, id);
  const changed = client.prepare('select changed from chain_run where id = ?').pluck().get(id) as number;
  if (changed) audit.record(tx, { action: 'chains.refreshed', targets: [], details: { count: changed } });
}
