// Queries for renewals: what ends without a usable successor, and the pairs that were proposed.
import { DAY } from '../calendar.ts';
import { connection, type Db } from '../db/index.ts';
import type { Use } from './facts.ts';
import { usableSql } from './label-sql.ts';

/** Days after its end in which a certificate still stands on the work-list. */
export const ENDED_DAYS = 30;

export type RenewalState = 'none' | 'recorded' | 'rejected';
export type RenewalFilter = {
  /** Days ahead, or 'ended': ended less than 30 days ago. */
  within: number | 'ended';
  agency?: string;
  use?: Use;
  state?: RenewalState;
};
export type RenewalRow = {
  id: string;
  name: string;
  position: string | null;
  holderId: string | null;
  agencyId: string | null;
  agencyCode: string | null;
  agencyName: string | null;
  use: Use;
  serial: string | null;
  notAfter: number;
  state: RenewalState;
};
type View = { now: number; scope: 'all' | readonly string[] };

const NAME = `coalesce(nullif(trim(h.title_before || ' ' || h.name || case when h.title_after <> '' then ', ' || h.title_after else '' end), ''), c.common_name)`;
/** A later record of the same holder and use whose file has not come; a pair that a person rejected. */
const STATE = `case
  when exists (select 1 from certificate o where o.holder_id = c.holder_id and o.use = c.use and o.id <> c.id
                 and o.fingerprint is null and o.archived_at is null and o.not_after > c.not_after) then 'recorded'
  when exists (select 1 from renewal_decision d where d.certificate_id = c.id and d.decision = 'rejected') then 'rejected'
  else 'none' end`;
const FROM = `from certificate c
  left join holder h on h.id = c.holder_id
  left join agency a on a.id = c.agency_id
  left join agency_name an on an.agency_id = a.id and an."to" is null`;

function whereOf(filter: RenewalFilter, view: View) {
  const parts = ['c.archived_at is null and c.retired_at is null and c.superseded_by_id is null'];
  const args: (string | number)[] = [];
  if (filter.within === 'ended') {
    // Revoked before it ended: nothing to renew.
    parts.push(`c.not_after >= ? and c.not_after < ? and c.revocation not in ('revoked', 'on_hold')`);
    args.push(view.now - ENDED_DAYS * DAY, view.now);
  } else {
    parts.push(`c.not_after <= ? and ${usableSql(view.now, 'c')}`);
    args.push(view.now + filter.within * DAY);
  }
  if (view.scope !== 'all') {
    parts.push(`c.agency_id in (${view.scope.map(() => '?').join(',') || 'null'})`);
    args.push(...view.scope);
  }
  if (filter.agency === 'none') parts.push('c.agency_id is null');
  else if (filter.agency) {
    parts.push('a.code = ?');
    args.push(filter.agency);
  }
  if (filter.use) {
    parts.push('c.use = ?');
    args.push(filter.use);
  }
  if (filter.state) {
    parts.push(`${STATE} = ?`);
    args.push(filter.state);
  }
  return { sql: parts.join(' and '), args };
}

/** By agency, soonest first, behind a row; all of them without a limit. */
export function rows(
  db: Db,
  filter: RenewalFilter,
  view: View,
  page: { after?: string; limit?: number } = {},
): RenewalRow[] {
  const where = whereOf(filter, view);
  const order = `coalesce(an.name, '~')`;
  if (page.after) {
    const at = connection(db)
      .prepare(`select ${order} as agency, c.not_after as until, c.id ${FROM} where c.id = ?`)
      .get(page.after) as { agency: string; until: number; id: string } | undefined;
    if (at) {
      where.sql += ` and (${order}, c.not_after, c.id) > (?, ?, ?)`;
      where.args.push(at.agency, at.until, at.id);
    }
  }
  return connection(db)
    .prepare(
      `select c.id, ${NAME} as name, c.holder_id as holderId, c.agency_id as agencyId, a.code as agencyCode,
              an.name as agencyName, c.use, c.serial, c.not_after as notAfter, ${STATE} as state,
              (select p.title from position p where p.holder_id = c.holder_id and p."to" is null order by p."from" desc limit 1) as position
         ${FROM} where ${where.sql} order by ${order}, c.not_after, c.id limit ?`,
    )
    .all(...where.args, page.limit ?? -1) as RenewalRow[];
}

export const count = (db: Db, filter: RenewalFilter, view: View): number => {
  const where = whereOf(filter, view);
  return connection(db)
    .prepare(`select count(*) ${FROM} where ${where.sql}`)
    .pluck()
    .get(...where.args) as number;
};

/** How many each choice would show. */
export function countBy(
  db: Db,
  by: 'agency' | 'use' | 'state',
  filter: RenewalFilter,
  view: View,
): Record<string, number> {
  const column = { agency: `coalesce(a.code, 'none')`, use: 'c.use', state: STATE }[by];
  const where = whereOf({ ...filter, [by]: undefined }, view);
  const found = connection(db)
    .prepare(`select ${column} as key, count(*) as n ${FROM} where ${where.sql} group by 1`)
    .all(...where.args) as { key: string; n: number }[];
  return Object.fromEntries(found.map((row) => [row.key, row.n]));
}

export type PairIds = { id: string; successorId: string; decision: 'confirmed' | 'rejected' | null; at: number | null };

/**
 * Pairs whose older certificate is usable or ended less than 30 days ago: proposed ones, and those a person decided.
 */
export function pairs(db: Db, view: View): PairIds[] {
  const inScope = view.scope === 'all' ? '' : `and c.agency_id in (${view.scope.map(() => '?').join(',') || 'null'})`;
  const scope = view.scope === 'all' ? [] : view.scope;
  return connection(db)
    .prepare(
      `with pair(id, successorId) as (
         select c.id, c.superseded_by_id from certificate c where c.superseded_by_id is not null
            and c.archived_at is null and c.retired_at is null and c.revocation <> 'revoked' and c.not_after >= ? ${inScope}
         union select d.certificate_id, d.successor_id from renewal_decision d join certificate c on c.id = d.certificate_id
            where c.archived_at is null ${inScope})
       select p.id, p.successorId, d.decision, d.at from pair p
         left join renewal_decision d on d.rowid = (select x.rowid from renewal_decision x
            where x.certificate_id = p.id and x.successor_id = p.successorId order by x.at desc, x.rowid desc limit 1)
         join certificate c on c.id = p.id order by c.not_after, p.id`,
    )
    .all(view.now - ENDED_DAYS * DAY, ...scope, ...scope) as PairIds[];
}
