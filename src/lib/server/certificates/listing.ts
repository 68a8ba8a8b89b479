// Lists and counts of certificates: one WHERE from the filter and the actor's scope, the label as SQL, keyset paging.
import { connection, type Db } from '../db/index.ts';
import type { CertificateLabel } from '#lib/terms.ts';
import { DAY, HOUR } from '../calendar.ts';
import type { Use } from './facts.ts';
import type { ListFilter, Sort } from './filter.ts';
import { labelSql, usableSql } from './label-sql.ts';
import type { Chain, LabelPolicy, Revocation } from './label.ts';

export type ListRow = {
  id: string;
  label: CertificateLabel;
  /** Holder's name with titles, or the certificate's own CN. */
  name: string;
  position: string | null;
  holderId: string | null;
  nip: string | null;
  agencyCode: string | null;
  agencyName: string | null;
  use: Use;
  serial: string | null;
  issuer: string;
  fingerprint: string | null;
  notBefore: number | null;
  notAfter: number | null;
  chain: Chain;
  revocation: Revocation;
  revokedAt: number | null;
  revocationSource: 'crl' | 'ocsp' | 'none';
  confirmedAt: number | null;
  source: 'file' | 'sheet' | 'form' | 'pdf';
  marks: string[];
  addedAt: number;
};

/** What a query rests on: where in time, whose eyes. */
export type View = { now: number; policy: LabelPolicy; scope: 'all' | readonly string[] };
type Clause = { sql: string; args: (string | number)[] };

const NAME = `coalesce(nullif(trim(h.title_before || ' ' || h.name || case when h.title_after <> '' then ', ' || h.title_after else '' end), ''), c.common_name)`;
const SORT_BY: Record<Sort, { sql: string; descending: boolean }> = {
  name: { sql: 'coalesce(h.name_key, upper(c.common_name))', descending: false },
  agency: { sql: "coalesce(an.name, '~')", descending: false },
  end: { sql: `coalesce(c.not_after, ${Number.MAX_SAFE_INTEGER})`, descending: false },
  evidence: { sql: 'coalesce(c.confirmed_at, 0)', descending: true },
  added: { sql: 'c.added_at', descending: true },
};
const FROM = `from certificate c
  left join holder h on h.id = c.holder_id
  left join agency a on a.id = c.agency_id
  left join agency_name an on an.agency_id = a.id and an."to" is null`;

export type ListPage = { rows: ListRow[]; next: string | null; prev: string | null };

/** One page behind the filter's `after` cursor, or before its `before`; `limit` rows at most (default 25). */
export function page(db: Db, filter: ListFilter, view: View): ListPage {
  const sort = SORT_BY[filter.sort ?? 'name'];
  const backwards = !filter.after && !!filter.before;
  const descending = (filter.descending ? !sort.descending : sort.descending) !== backwards;
  const where = whereOf(filter, view);
  const cursor = readCursor(backwards ? filter.before : filter.after);
  if (cursor) {
    const than = descending ? '<' : '>';
    where.sql += ` and (${sort.sql} ${than} ? or (${sort.sql} = ? and c.id ${than} ?))`;
    where.args.push(cursor.value, cursor.value, cursor.id);
  }
  const limit = filter.limit ?? 25;
  const direction = descending ? 'desc' : 'asc';
  const rows = connection(db)
    .prepare(
      `${columns(view)}, ${sort.sql} as cursor ${FROM} where ${where.sql} order by ${sort.sql} ${direction}, c.id ${direction} limit ?`,
    )
    .all(...where.args, limit + 1) as (RawRow & { cursor: string | number })[];
  const more = rows.length > limit;
  const shown = rows.slice(0, limit);
  if (backwards) shown.reverse();
  const at = (row: (typeof rows)[number] | undefined) => (row ? writeCursor(row.cursor, row.id) : null);
  return {
    rows: shown.map(rowOf),
    next: (backwards ? cursor : more) ? at(shown.at(-1)) : null,
    prev: (backwards ? more : cursor) ? at(shown[0]) : null,
  };
}

/** All matches, one at a time, for export. Read it to the end before writing. */
export function* every(db: Db, filter: ListFilter, view: View): Generator<ListRow> {
  const sort = SORT_BY[filter.sort ?? 'name'];
  const where = whereOf(filter, view);
  const rows = connection(db).prepare(`${columns(view)} ${FROM} where ${where.sql} order by ${sort.sql}, c.id`);
  for (const row of rows.iterate(...where.args)) yield rowOf(row as RawRow);
}

/** How many match, by label. */
export function countByLabel(db: Db, filter: ListFilter, view: View): Map<CertificateLabel, number> {
  const where = whereOf(filter, view);
  const rows = connection(db)
    .prepare(
      `select ${labelSql(view.now, view.policy, 'c')} as label, count(*) as n from certificate c where ${where.sql} group by 1`,
    )
    .all(...where.args) as { label: CertificateLabel; n: number }[];
  return new Map(rows.map((row) => [row.label, row.n]));
}

/** Counts of one dimension of the filter, for its choices ("Dinas Pendidikan (211)"). */
export function countBy(db: Db, by: 'agency' | 'use', filter: ListFilter, view: View): Map<string, number> {
  const column = by === 'agency' ? 'c.agency_id' : 'c.use';
  const where = whereOf(filter, view);
  const rows = connection(db)
    .prepare(
      `select ${column} as key, count(*) as n from certificate c where ${where.sql} and ${column} is not null group by 1`,
    )
    .all(...where.args) as { key: string; n: number }[];
  return new Map(rows.map((row) => [row.key, row.n]));
}

/** Counts by agency and label over the whole scope; null agency: not under any yet. */
export function countByAgencyAndLabel(
  db: Db,
  view: View,
): { agencyId: string | null; label: CertificateLabel; n: number }[] {
  const where = whereOf({}, view);
  return connection(db)
    .prepare(
      `select c.agency_id as agencyId, ${labelSql(view.now, view.policy, 'c')} as label, count(*) as n
         from certificate c where ${where.sql} group by 1, 2`,
    )
    .all(...where.args) as { agencyId: string | null; label: CertificateLabel; n: number }[];
}

/** Usable certificates that end within `days` and have no successor, by agency. */
export function expiringByAgency(db: Db, days: number, view: View) {
  const where = whereOf({ expiring: days, withoutSuccessor: true }, view);
  return connection(db)
    .prepare(
      `select a.code, an.name, c.agency_id as agencyId, count(*) as n, min(c.not_after) as first ${FROM}
        where ${where.sql} and ${usableSql(view.now, 'c')} group by c.agency_id order by first`,
    )
    .all(...where.args) as {
    code: string | null;
    name: string | null;
    agencyId: string | null;
    n: number;
    first: number;
  }[];
}

const columns = (view: View) => `select c.id, ${labelSql(view.now, view.policy, 'c')} as label, ${NAME} as name,
  (select p.title from position p where p.holder_id = c.holder_id and p."to" is null order by p."from" desc limit 1) as position,
  c.holder_id as holderId, h.nip, a.code as agencyCode, an.name as agencyName, c.use, c.serial, c.issuer, c.fingerprint,
  c.not_before as notBefore, c.not_after as notAfter, c.chain, c.revocation, c.revoked_at as revokedAt,
  c.revocation_source as revocationSource, c.confirmed_at as confirmedAt, c.source, c.added_at as addedAt,
  (select group_concat(m.kind) from certificate_mark m where m.certificate_id = c.id and m.ended_at is null) as markKinds`;

type RawRow = Omit<ListRow, 'marks'> & { markKinds: string | null };
const rowOf = ({ markKinds, cursor: _cursor, ...row }: RawRow & { cursor?: string | number }): ListRow => ({
  ...row,
  marks: markKinds ? [...new Set(markKinds.split(','))] : [],
});

function whereOf(filter: ListFilter, view: View): Clause {
  const parts: string[] = ['c.archived_at is null'];
  const args: (string | number)[] = [];
  const add = (sql: string, ...values: (string | number)[]) => {
    parts.push(sql);
    args.push(...values);
  };
  if (view.scope !== 'all') add(`c.agency_id in (${view.scope.map(() => '?').join(',') || 'null'})`, ...view.scope);
  for (const word of wordsOf(filter.q)) add(`c.search_text like ? escape '\\'`, `%${word}%`);
  if (filter.labels) {
    add(`(${labelSql(view.now, view.policy, 'c')}) in (${filter.labels.map(() => '?').join(',')})`, ...filter.labels);
  }
  if (filter.agency) {
    const own = 'select id from agency where code = ?';
    const below = `with recursive below(id) as (${own} union select x.id from agency x join below on x.parent_id = below.id) select id from below`;
    add(`c.agency_id in (${filter.exact ? own : below})`, filter.agency);
  }
  if (filter.use) add('c.use = ?', filter.use);
  if (filter.expiring) add('c.not_after between ? and ?', view.now, view.now + filter.expiring * DAY);
  if (filter.withoutSuccessor) add(`c.superseded_by_id is null and ${usableSql(view.now, 'c')}`);
  if (filter.confirmed) add('c.confirmed_at >= ?', view.now - filter.confirmed * HOUR);
  if (filter.holder === 'none') add('c.holder_id is null');
  else if (filter.holder) add('c.holder_id = ?', filter.holder);
  if (filter.issuer) add('c.authority_id = ?', filter.issuer);
  if (filter.mark) add(has('certificate_mark', 'kind'), filter.mark);
  if (filter.problem) add(has('problem', 'rule'), filter.problem);
  if (filter.importId) add('c.import_id = ?', filter.importId);
  return { sql: parts.join(' and '), args };
}

const has = (table: string, column: string) =>
  `exists (select 1 from ${table} x where x.certificate_id = c.id and x.ended_at is null and x.${column} = ?)`;

/** Search words, with LIKE's own signs made plain; groups of a serial, NIP or fingerprint are read as one word. */
export function wordsOf(q: string | undefined): string[] {
  const text = (q ?? '').toLowerCase().trim();
  if (!text) return [];
  const digits = text.replace(/[\s:.-]/g, '');
  const grouped =
    /^[0-9a-f]{2}([\s:][0-9a-f]{2}){3,}$|^[0-9a-f]{4}(\s[0-9a-f]{4}){3,}$|^\d{8}\s\d{6}(\s\d){1,2}\s?\d*$/.test(text);
  const words = grouped ? [digits] : text.split(/\s+/).slice(0, 8);
  return words.map((word) => word.replace(/[\\%_]/g, (sign) => `\\${sign}`));
}

const writeCursor = (value: string | number, id: string): string =>
  Buffer.from(JSON.stringify([value, id])).toString('base64url');

/** A cursor that is not ours counts as none. */
function readCursor(text: string | undefined): { value: string | number; id: string } | null {
  if (!text) return null;
  try {
    const [value, id] = JSON.parse(Buffer.from(text, 'base64url').toString()) as unknown[];
    const sortable = typeof value === 'string' || typeof value === 'number';
    return sortable && typeof id === 'string' ? { value, id } : null;
  } catch {
    return null;
  }
}
