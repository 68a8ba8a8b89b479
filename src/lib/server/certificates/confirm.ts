// Verified evidence confirms what is already believed: only its instants move, nothing is told. Bulk, because a list that
// is fetched every hour confirms every certificate of its issuer (only `revocation` calls this).
import type { Context } from '../context.ts';
import { connection } from '../db/index.ts';
import { demand } from '../permission.ts';

export type Confirmation = {
  id: string;
  source: 'crl' | 'ocsp';
  evidenceId: string;
  thisUpdate: number;
  nextUpdate: number | null;
  confirmedAt: number;
  freshUntil: number;
};

/** New evidence for an unchanged belief. Call inside a transaction of at most a few hundred. */
export function confirmStatus(ctx: Context, rows: readonly Confirmation[]): void {
  demand(ctx.actor, 'revocation.check');
  const write = connection(ctx.db).prepare(
    `update certificate set revocation_source = @source, evidence_id = @evidenceId, this_update = @thisUpdate,
        next_update = @nextUpdate, confirmed_at = @confirmedAt, fresh_until = @freshUntil where id = @id`,
  );
  for (const row of rows) write.run(row);
}

/** The same evidence was confirmed again (304, or the same bytes). @returns how many certificates rest on it */
export function confirmEvidence(
  ctx: Context,
  evidenceId: string,
  confirmed: { at: number; freshUntil: number },
): number {
  demand(ctx.actor, 'revocation.check');
  return connection(ctx.db)
    .prepare('update certificate set confirmed_at = ?, fresh_until = ? where evidence_id = ? and confirmed_at < ?')
    .run(confirmed.at, confirmed.freshUntil, evidenceId, confirmed.at).changes;
}
