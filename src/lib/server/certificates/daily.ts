// One row a day for each agency and label, stored from the first day; trends and reports read them, nothing recomputes
// the past. The last run of a day stands.
import { and, asc, gte, inArray, lte } from 'drizzle-orm';
import { wibDate } from '../calendar.ts';
import { transact, type Context } from '../context.ts';
import { connection, newId } from '../db/index.ts';
import { demand, scope } from '../permission.ts';
import { exactByAgencyAndLabel } from './counting.ts';
import { dailyCount } from './schema-list.ts';
import { policy } from './view.ts';

/** Stores today's counts (WIB). Twice a day gives one set of rows. @returns the day and how many rows count something */
export function snapshotDay(ctx: Context): { day: string; rows: number } {
  demand(ctx.actor, 'certificates.import');
  const now = ctx.now();
  const day = wibDate(now);
  return transact(ctx, (tx) => {
    const client = connection(tx.db);
    const rows = exactByAgencyAndLabel(tx.db, { now, policy: policy(tx), scope: 'all' });
    client.prepare('update daily_count set count = 0 where day = ?').run(day);
    // `is` because an agency may be null, and a unique index takes nulls for different.
    const raise = client.prepare('update daily_count set count = ? where day = ? and agency_id is ? and label = ?');
    const insert = client.prepare('insert into daily_count (id, day, agency_id, label, count) values (?, ?, ?, ?, ?)');
    for (const row of rows) {
      if (raise.run(row.n, day, row.agencyId, row.label).changes === 0)
        insert.run(newId(now), day, row.agencyId, row.label, row.n);
    }
    return { day, rows: rows.length };
  });
}

/** Stored counts of the agencies the actor sees between two days (inclusive), for trends. */
export function dailyCounts(ctx: Context, from: string, to: string) {
  demand(ctx.actor, 'agencies.view');
  const seen = scope(ctx.actor);
  const own = seen === 'all' ? undefined : inArray(dailyCount.agencyId, [...seen]);
  return ctx.db
    .select()
    .from(dailyCount)
    .where(and(gte(dailyCount.day, from), lte(dailyCount.day, to), own))
    .orderBy(asc(dailyCount.day))
    .all();
}
