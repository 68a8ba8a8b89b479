// Expiry cliffs (certificate-status §9, estate rules): weeks in which more than 15 % of an agency's certificates end.
import { DAY, wibDate } from '../calendar.ts';
import { connection, newId, type Db } from '../db/index.ts';
import { usableSql } from './label-sql.ts';
import { agencyRules } from './lint.ts';

export type Cliff = { agencyId: string; week: number; n: number; total: number };
/** A few certificates in one week are no cliff, however small the agency. Kebijakan Dinas. */
const FEWEST = 5;
/** Weeks run from Monday in WIB (UTC+7); day 0 of the epoch is a Thursday. */
const WEEK = '((c.not_after + 25200000) / 86400000 + 3) / 7';

/** Weeks of the year ahead in which more than 15 % of an agency's usable certificates end. */
export function readCliffs(db: Db, now: number): Cliff[] {
  return connection(db)
    .prepare(
      `with usable as (select c.agency_id as agencyId, ${WEEK} as week, c.not_after as until from certificate c
          where c.agency_id is not null and c.not_after is not null and c.superseded_by_id is null
            and c.archived_at is null and ${usableSql(now, 'c')})
        select agencyId, week, count(*) as n, (select count(*) from usable t where t.agencyId = u.agencyId) as total
          from usable u where until <= ? group by agencyId, week having n >= ${FEWEST} and n * 100 > total * 15`,
    )
    .all(now + 366 * DAY) as Cliff[];
}

const mondayOf = (week: number): string => wibDate((week * 7 - 3) * DAY);
const sundayOf = (week: number): string => wibDate((week * 7 + 3) * DAY);

/** Weeks that are cliffs start, change their counts, or end. */
export function writeCliffs(db: Db, cliffs: readonly Cliff[], now: number): void {
  const client = connection(db);
  const rule = Object.keys(agencyRules)[0]!;
  const open = client
    .prepare('select id, agency_id as agencyId, "from" from agency_problem where rule = ? and ended_at is null')
    .all(rule) as { id: string; agencyId: string; from: string }[];
  const isSame = (row: (typeof open)[number], cliff: Cliff) =>
    row.agencyId === cliff.agencyId && row.from === mondayOf(cliff.week);
  for (const row of open) {
    if (!cliffs.some((cliff) => isSame(row, cliff)))
      client.prepare('update agency_problem set ended_at = ? where id = ?').run(now, row.id);
  }
  for (const cliff of cliffs) {
    const row = open.find((one) => isSame(one, cliff));
    if (row)
      client.prepare('update agency_problem set count = ?, total = ? where id = ?').run(cliff.n, cliff.total, row.id);
    else
      client
        .prepare(
          `insert into agency_problem (id, agency_id, rule, "from", until, count, total, first_seen_at)
             values (?, ?, ?, ?, ?, ?, ?, ?)`,
        )
        .run(newId(now), cliff.agencyId, rule, mondayOf(cliff.week), sundayOf(cliff.week), cliff.n, cliff.total, now);
  }
}

/** Open cliffs of agencies in a scope, nearest first. */
export function openCliffs(db: Db, scope: 'all' | readonly string[]) {
  const inScope = scope === 'all' ? '' : `and p.agency_id in (${scope.map(() => '?').join(',') || 'null'})`;
  return connection(db)
    .prepare(
      `select p.rule, p.agency_id as agencyId, a.code, an.name, p."from", p.until, p.count, p.total from agency_problem p
         join agency a on a.id = p.agency_id left join agency_name an on an.agency_id = a.id and an."to" is null
        where p.ended_at is null ${inScope} order by p."from", p.count desc`,
    )
    .all(...(scope === 'all' ? [] : scope)) as OpenCliff[];
}
export type OpenCliff = {
  rule: string;
  agencyId: string;
  code: string;
  name: string;
  from: string;
  until: string;
  count: number;
  total: number;
};
