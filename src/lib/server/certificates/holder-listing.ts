// The list of holders: one condition from the filter and the actor's scope, counts of its choices, keyset paging in any
// order. A leaver stands under the last agency served.
import { connection, type Db } from '../db/index.ts';
import type { HolderRow } from './holder-store.ts';
import { LAST_POSITION } from './holder-sql.ts';
import { usableSql } from './label-sql.ts';
import { FOUND_HOLDERS, matchOf, wordsOf } from './search.ts';
import { BELOW } from './where.ts';

export const HOLDER_SORTS = ['name', 'agency', 'status', 'certificates', 'usable'] as const;
export type HolderSort = (typeof HOLDER_SORTS)[number];
export type HolderFilter = {
  q?: string;
  ids?: readonly string[];
  /** Code of an agency, whose descendants count, or 'none': no position known. */
  agency?: string;
  status?: HolderRow['status'] | 'leaver';
  kind?: HolderRow['kind'];
  /** With or without any certificate; 'usable': leaves out those whose certificates have all ended. */
  certificates?: 'with' | 'without' | 'usable';
  sort?: HolderSort;
  descending?: boolean;
  after?: string;
  limit?: number;
};
export type HolderListRow = {
  id: string;
  kind: HolderRow['kind'];
  name: string;
  titleBefore: string;
  titleAfter: string;
  nip: string | null;
  email: string | null;
  status: HolderRow['status'];
  position: string | null;
  agencyCode: string | null;
  agencyName: string | null;
  certificates: number;
  usable: number;
};
type View = { now: number; scope: 'all' | readonly string[] };
type Clause = { sql: string; args: (string | number)[] };

const BARE = 'from holder h';
const FROM = `from holder h
  ${LAST_POSITION}
  left join agency a on a.id = p.agency_id
  left join agency_name an on an.agency_id = a.id and an."to" is null`;
const OWN = 'select 1 from certificate c where c.holder_id = h.id and c.archived_at is null';

function whereOf(filter: HolderFilter, view: View): Clause {
  const parts = ['h.archived_at is null'];
  const args: (string | number)[] = [];
  const add = (sql: string, ...values: (string | number)[]) => {
    parts.push(sql);
    args.push(...values);
  };
  if (view.scope !== 'all') {
    const list = view.scope.map(() => '?').join(',') || 'null';
    // Also those whose certificates the agency still answers for, e.g. after a move.
    add(`(p.agency_id in (${list}) or exists (${OWN} and c.agency_id in (${list})))`, ...view.scope, ...view.scope);
  }
  if (filter.q?.trim()) add(`h.id in (${FOUND_HOLDERS})`, matchOf(wordsOf(filter.q)));
  if (filter.ids) add(`h.id in (${filter.ids.map(() => '?').join(',') || 'null'})`, ...filter.ids);
  if (filter.agency === 'none') add('p.agency_id is null');
  else if (filter.agency) {
    add(`p.agency_id in (${BELOW})`, filter.agency);
  }
  if (filter.status === 'leaver') add(`h.status <> 'active'`);
  else if (filter.status) add('h.status = ?', filter.status);
  if (filter.kind) add('h.kind = ?', filter.kind);
  if (filter.certificates === 'with') add(`exists (${OWN})`);
  if (filter.certificates === 'without') add(`not exists (${OWN})`);
  if (filter.certificates === 'usable') add(`exists (${OWN} and ${usableSql(view.now, 'c')})`);
  return { sql: parts.join(' and '), args };
}

const countOf = (now: number) => ({
  certificates: `(select count(*) from certificate c where c.holder_id = h.id and c.archived_at is null)`,
  usable: `(select count(*) from certificate c where c.holder_id = h.id and c.archived_at is null and ${usableSql(now, 'c')})`,
});

/** Only a condition on the agency needs the positions. */
const fromOf = (filter: HolderFilter, view: View): string => (filter.agency || view.scope !== 'all' ? FROM : BARE);

/** What an order sorts by; ties by name, then id. Numbers run from many to few. */
function orderOf(sort: HolderSort, now: number): { sql: string; descending: boolean } {
  const counts = countOf(now);
  if (sort === 'certificates' || sort === 'usable') return { sql: counts[sort], descending: true };
  if (sort === 'agency') return { sql: `coalesce(an.name, '~')`, descending: false };
  return { sql: sort === 'status' ? 'h.status' : `''`, descending: false };
}

/** One page, behind the filter's cursor. */
export function page(
  db: Db,
  filter: HolderFilter,
  view: View,
): { rows: HolderListRow[]; total: number; next: string | null } {
  const where = whereOf(filter, view);
  const total = connection(db)
    .prepare(`select count(*) ${fromOf(filter, view)} where ${where.sql}`)
    .pluck()
    .get(...where.args) as number;
  const order = orderOf(filter.sort ?? 'name', view.now);
  // Names run from A to Z inside every order, except in the order by name itself.
  const byName = (filter.sort ?? 'name') === 'name';
  const turned = filter.descending ?? false;
  const than = turned !== order.descending ? '<' : '>';
  const nameThan = byName && turned ? '<' : '>';
  const cursor = readCursor(filter.after);
  if (cursor) {
    const names = `(h.name_key, h.id) ${nameThan} (?, ?)`;
    where.sql += byName ? ` and ${names}` : ` and (${order.sql} ${than} ? or (${order.sql} = ? and ${names}))`;
    where.args.push(...(byName ? [] : [cursor.value, cursor.value]), cursor.name, cursor.id);
  }
  const limit = filter.limit ?? 25;
  const way = (sign: string) => (sign === '<' ? 'desc' : 'asc');
  const { certificates, usable } = countOf(view.now);
  const rows = connection(db)
    .prepare(
      `select h.id, h.kind, h.name, h.name_key as nameKey, h.title_before as titleBefore, h.title_after as titleAfter, h.nip,
         h.email, h.status, p.title as position, a.code as agencyCode, an.name as agencyName,
         ${certificates} as certificates, ${usable} as usable, ${order.sql} as cursor
       ${FROM} where ${where.sql} order by ${byName ? '' : `cursor ${way(than)},`} h.name_key ${way(nameThan)}, h.id ${way(nameThan)} limit ?`,
    )
    .all(...where.args, limit + 1) as (HolderListRow & { nameKey: string; cursor: string | number })[];
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return {
    total,
    rows: shown.map(({ nameKey: _nameKey, cursor: _cursor, ...row }) => row),
    next: rows.length > limit && last ? writeCursor(last) : null,
  };
}

const writeCursor = (row: { cursor: string | number; nameKey: string; id: string }): string =>
  Buffer.from(JSON.stringify([row.cursor, row.nameKey, row.id])).toString('base64url');

/** A cursor that is not ours counts as none. */
function readCursor(text: string | undefined): { value: string | number; name: string; id: string } | null {
  if (!text) return null;
  try {
    const [value, name, id] = JSON.parse(Buffer.from(text, 'base64url').toString()) as unknown[];
    const sortable = typeof value === 'string' || typeof value === 'number';
    return sortable && typeof name === 'string' && typeof id === 'string' ? { value, name, id } : null;
  } catch {
    return null;
  }
}

export type HolderChoices = {
  byStatus: Record<string, number>;
  byKind: Record<string, number>;
  byAgency: Record<string, number>;
  byCertificates: Record<'with' | 'without' | 'usable', number>;
};

/** How many each choice of each filter would show, the others staying as they are. */
export function choices(db: Db, filter: HolderFilter, view: View): HolderChoices {
  const group = (column: string, rest: HolderFilter): Record<string, number> => {
    const where = whereOf(rest, view);
    const rows = connection(db)
      .prepare(
        `select ${column} as key, count(*) as n ${column.startsWith('h.') ? fromOf(rest, view) : FROM} where ${where.sql} group by 1`,
      )
      .all(...where.args) as { key: string; n: number }[];
    return Object.fromEntries(rows.map((row) => [row.key, row.n]));
  };
  const count = (certificates: HolderFilter['certificates']): number => {
    const where = whereOf({ ...filter, certificates }, view);
    return connection(db)
      .prepare(`select count(*) ${fromOf(filter, view)} where ${where.sql}`)
      .pluck()
      .get(...where.args) as number;
  };
  return {
    byStatus: group('h.status', { ...filter, status: undefined }),
    byKind: group('h.kind', { ...filter, kind: undefined }),
    byAgency: group(`coalesce(a.code, 'none')`, { ...filter, agency: undefined }),
    byCertificates: { with: count('with'), without: count('without'), usable: count('usable') },
  };
}
