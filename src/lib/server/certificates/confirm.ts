// Verified evidence in bulk (only `revocation` calls this): a list confirms or settles every certificate of its issuer at
// once. What is merely confirmed moves its instants and is told nowhere; a list that is confirmed again moves one row.
import type { Context } from '../context.ts';
import { insertRows, prepared } from '../db/bulk.ts';
import { connection, newId } from '../db/index.ts';
import { conflict } from '../errors.ts';
import { demand } from '../permission.ts';
import { confirmedAtSql, freshUntilSql } from './freshness-sql.ts';
import type { Revocation } from './label.ts';
import { statusEvent } from './schema.ts';
import * as store from './store.ts';
import { recordStatus, type StatusInput } from './status.ts';

export type Confirmation = {
  source: 'crl' | 'ocsp';
  evidenceId: string;
  thisUpdate: number;
  nextUpdate: number | null;
  confirmedAt: number;
  freshUntil: number;
};

/** New evidence, or newer instants, for unchanged beliefs. Call inside a transaction of at most a few thousand. */
export function confirmStatus(ctx: Context, ids: readonly string[], by: Confirmation): void {
  demand(ctx.actor, 'revocation.check');
  connection(ctx.db)
    .prepare(
      `update certificate set revocation_source = @source, evidence_id = @evidenceId, this_update = @thisUpdate,
        next_update = @nextUpdate, confirmed_at = @confirmedAt, fresh_until = @freshUntil
        where id in (select value from json_each(@ids))`,
    )
    .run({ ...by, ids: JSON.stringify(ids) });
}

/** What an object's last confirmation gave to all that rests on it; undefined: what stands in each certificate. */
export const lastConfirmation = (ctx: Context, evidenceId: string): store.ObjectFreshness | undefined =>
  store.freshnessOf(ctx.db, evidenceId);

/**
 * All that rests on an object was confirmed with it: one row, however many certificates. What rests on another object, an
 * older one of the same line too, has no part in it. Again changes nothing.
 */
export function confirmObject(ctx: Context, by: Pick<Confirmation, 'evidenceId' | 'confirmedAt' | 'freshUntil'>): void {
  demand(ctx.actor, 'revocation.check');
  prepared(
    ctx.db,
    `insert into evidence_freshness (evidence_id, confirmed_at, fresh_until)
      select @evidenceId, @confirmedAt, @freshUntil where exists (select 1 from certificate where evidence_id = @evidenceId)
      on conflict (evidence_id) do update set confirmed_at = excluded.confirmed_at, fresh_until = excluded.fresh_until
        where (confirmed_at, fresh_until) <> (excluded.confirmed_at, excluded.fresh_until)`,
  ).run(by);
}

/** What an object's last confirmation gave to these certificates they keep themselves. */
export function keepConfirmation(ctx: Context, ids: readonly string[]): void {
  demand(ctx.actor, 'revocation.check');
  prepared(
    ctx.db,
    `update certificate set confirmed_at = ${confirmedAtSql()}, fresh_until = ${freshUntilSql()}
      where id in (select value from json_each(?))`,
  ).run(JSON.stringify(ids));
}

/** An object that confirms no more all that rests on it. */
export function endConfirmation(ctx: Context, evidenceId: string): void {
  demand(ctx.actor, 'revocation.check');
  prepared(ctx.db, 'delete from evidence_freshness where evidence_id = ?').run(evidenceId);
}

export type StatusChange = StatusInput & { id: string };

/** What takes a certificate out of use, or back, is written and told one by one. */
const TOLD: readonly Revocation[] = ['revoked', 'on_hold', 'released', 'conflict'];

/** Changes of belief. A first "good" is an event without an entry of its own: the sweep's entry tells of all. */
export function recordStatuses(ctx: Context, changes: readonly StatusChange[]): void {
  demand(ctx.actor, 'revocation.check');
  const before = beliefs(
    ctx,
    changes.map((change) => change.id),
  );
  const quiet: StatusChange[] = [];
  for (const { id, ...change } of changes) {
    if (TOLD.includes(change.revocation) || TOLD.includes(before.get(id)!)) recordStatus(ctx, id, change);
    else quiet.push({ id, ...change });
  }
  writeQuiet(ctx, quiet);
  const changed = quiet.filter(({ id, revocation }) => before.get(id) !== revocation);
  const now = ctx.now();
  insertRows(
    ctx.db,
    statusEvent,
    changed.map(({ id, revocation, evidenceId, thisUpdate, order, source }) => ({
      id: newId(now),
      certificateId: id,
      at: now,
      facet: 'revocation' as const,
      from: before.get(id)!,
      to: revocation,
      detail: { ...(thisUpdate === null ? {} : { thisUpdate }), order, source } as Record<string, string | number>,
      evidenceId,
    })),
  );
}

function beliefs(ctx: Context, ids: readonly string[]): Map<string, Revocation> {
  const rows = prepared(ctx.db, 'select id, revocation from certificate where id in (select value from json_each(?))');
  return new Map(rows.raw().all(JSON.stringify(ids)) as [string, Revocation][]);
}

const TOLD_SQL = TOLD.map((status) => `'${status}'`).join();

/**
 * What an object says of many is written by one statement for all of them.
 * @throws AppError conflict when one of them is told of by now: another change of the same list may have revoked it
 */
function writeQuiet(ctx: Context, changes: readonly StatusChange[]): void {
  const alike = Map.groupBy(changes, ({ id: _, order: __, ...said }) => JSON.stringify(said));
  const update = prepared(
    ctx.db,
    `update certificate set revocation = @revocation, revocation_reason = null, revoked_at = null, invalidity_at = null,
        revocation_source = @source, evidence_id = @evidenceId, this_update = @thisUpdate, next_update = @nextUpdate,
        confirmed_at = @confirmedAt, fresh_until = @freshUntil, updated_at = @now
        where id in (select value from json_each(@ids)) and revocation not in (${TOLD_SQL})`,
  );
  for (const group of alike.values()) {
    const { revocation, source, evidenceId, thisUpdate, nextUpdate, confirmedAt, freshUntil } = group[0]!;
    const ids = [...new Set(group.map((change) => change.id))];
    const times = { thisUpdate, nextUpdate, confirmedAt, freshUntil };
    const said = { revocation, source, evidenceId, ...times, ids: JSON.stringify(ids), now: ctx.now() };
    if (update.run(said).changes !== ids.length) throw conflict('Status dicabut tidak dapat diubah lagi.');
  }
}
