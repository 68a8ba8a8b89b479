// Counts of certificates for the home pages, over the agencies a person sees. Reads the rows of `certificates`; the
// label is that room's own expression.
import * as certificates from '../certificates/index.ts';
import { DAY } from '../calendar.ts';
import type { Context } from '../context.ts';
import { connection } from '../db/index.ts';
import { scope } from '../permission.ts';

const quoted = (labels: readonly string[]): string => labels.map((label) => `'${label}'`).join(',');

function visible(ctx: Context): { sql: string; args: string[] } {
  const seen = scope(ctx.actor);
  if (seen === 'all') return { sql: 'c.archived_at is null', args: [] };
  return {
    sql: `c.archived_at is null and c.agency_id in (${seen.map(() => '?').join(',') || 'null'})`,
    args: [...seen],
  };
}

/** Usable certificates whose status a source confirmed within the last 24 hours. */
export function confirmedWithinDay(ctx: Context): number {
  const now = ctx.now();
  const where = visible(ctx);
  const row = connection(ctx.db)
    .prepare(
      `select count(*) as n from certificate c
        where ${where.sql} and c.confirmed_at > ? and (${certificates.labelSql(now, certificates.policy(ctx), 'c')}) in (${quoted(certificates.USABLE)})`,
    )
    .get(...where.args, now - DAY) as { n: number };
  return row.n;
}

/** Usable certificates that end in each month (WIB, 'YYYY-MM') from now until `until`, by whether a successor exists. */
export function endsByMonth(ctx: Context, until: number): Map<string, { without: number; with: number }> {
  const now = ctx.now();
  const where = visible(ctx);
  const rows = connection(ctx.db)
    .prepare(
      `select strftime('%Y-%m', c.not_after / 1000 + 25200, 'unixepoch') as month,
              sum(c.superseded_by_id is null) as without, sum(c.superseded_by_id is not null) as successor
         from certificate c
        where ${where.sql} and c.not_after between ? and ? and ${certificates.inUseSql(now, 'c')} group by 1`,
    )
    .all(...where.args, now, until) as { month: string; without: number; successor: number }[];
  return new Map(rows.map((row) => [row.month, { without: row.without, with: row.successor }]));
}

export type AgencyEstate = { code: string; name: string; inForce: number; ending: number; confirmedAt: number | null };

/** For each agency: certificates in force, those that end within 30 days without successor, the last confirmation. */
export function estateByAgency(ctx: Context): AgencyEstate[] {
  const now = ctx.now();
  const where = visible(ctx);
  const label = certificates.labelSql(now, certificates.policy(ctx), 'c');
  return connection(ctx.db)
    .prepare(
      `select a.code, an.name, sum((${label}) in (${quoted(certificates.IN_FORCE)})) as inForce,
              sum(${certificates.endingSql(now, 30, 'c')}) as ending,
              max(c.confirmed_at) as confirmedAt
         from certificate c
         join agency a on a.id = c.agency_id
         join agency_name an on an.agency_id = a.id and an."to" is null
        where ${where.sql} group by a.id`,
    )
    .all(...where.args) as AgencyEstate[];
}
