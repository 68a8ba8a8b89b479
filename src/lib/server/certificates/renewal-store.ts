// Queries for renewals: what ends without a usable successor, and the pairs that were proposed.
import { DAY } from '../calendar.ts';
import { connection, type Db } from '../db/index.ts';
import type { Use } from './facts.ts';
import { SHOWN_NAME } from './holder-sql.ts';
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
      `select c.id, ${SHOWN_NAME} as name, c.holder_id as holderId, c.agency_id as agencyId, a.code as agencyCode,
              an.name as agencyName, c.use, c.serial, c.not_after as notAfter, ${STATE} as state,
              (select p.title from position p where p.holder_id = c.holder_id and p."to" is null order by p."from" desc limit 1) as position
         ${FROM} where ${where.sql} order by ${order}, c.not_after, c.id limit ?`,
    )
    .all(...where.args, page.limit ?? -1) as RenewalRow[];
}

type Cell = { days: number | null; agency: string; use: Use; state: RenewalState; n: number };
export type RenewalCounts = {
  total: number;
  windows: Record<string, number>;
  byAgency: Record<string, number>;
  byUse: Record<string, number>;
  byState: Record<string, number>;
};

/** How many each choice of each filter would show, the others staying as they are: one pass over what ends soon. */
export function counts(
  db: Db,
  filter: RenewalFilter,
  windows: readonly (number | 'ended')[],
  view: View,
): RenewalCounts {
  const ahead = windows.filter((window) => window !== 'ended').sort((a, b) => a - b);
  const cells: Cell[] = [];
  for (const within of [ahead.at(-1)!, 'ended'] as const) {
    const where = whereOf({ within }, view);
    // The smallest window a certificate lies in; null: it has ended.
    const days =
      within === 'ended'
        ? 'null'
        : `case ${ahead.map((window) => `when c.not_after <= ${view.now + window * DAY} then ${window}`).join(' ')} end`;
    cells.push(
      ...(connection(db)
        .prepare(
          `select ${days} as days, coalesce(a.code, 'none') as agency, c.use, ${STATE} as state, count(*) as n
             from certificate c left join agency a on a.id = c.agency_id where ${where.sql} group by 1, 2, 3, 4`,
        )
        .all(...where.args) as Cell[]),
    );
  }
  const fits = {
    within: (cell: Cell, window: number | 'ended' = filter.within) =>
      window === 'ended' ? cell.days === null : cell.days !== null && cell.days <= window,
    agency: (cell: Cell) => !filter.agency || cell.agency === filter.agency,
    use: (cell: Cell) => !filter.use || cell.use === filter.use,
    state: (cell: Cell) => !filter.state || cell.state === filter.state,
  };
  const all = Object.keys(fits) as (keyof typeof fits)[];
  const sum = (rows: readonly Cell[]) => rows.reduce((n, cell) => n + cell.n, 0);
  const but = (...left: (keyof typeof fits)[]) =>
    cells.filter((cell) => all.every((name) => left.includes(name) || fits[name](cell)));
  const by = (name: 'agency' | 'use' | 'state') => {
    const found: Record<string, number> = {};
    for (const cell of but(name)) found[cell[name]] = (found[cell[name]] ?? 0) + cell.n;
    return found;
  };
  return {
    total: sum(but()),
    windows: Object.fromEntries(
      windows.map((window) => [window, sum(but('within').filter((cell) => fits.within(cell, window)))]),
    ),
    byAgency: by('agency'),
    byUse: by('use'),
    byState: by('state'),
  };
}
