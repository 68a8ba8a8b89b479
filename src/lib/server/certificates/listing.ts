// Pages of certificates: one condition from the filter and the actor's scope, an order, keyset paging both ways.
import { connection, type Db } from '../db/index.ts';
import type { CertificateLabel } from '#lib/terms.ts';
import type { Use } from './facts.ts';
import type { ListFilter, Source } from './filter.ts';
import { SHOWN_NAME } from './holder-sql.ts';
import { confirmedAtSql } from './freshness-sql.ts';
import { chainSql, labelSql } from './label-sql.ts';
import type { Chain, Revocation } from './label.ts';
import { mismatchSql, type PortalWord } from './portal-word.ts';
import { segmentsOf, type Segment } from './sorting.ts';
import { whereOf, type Clause, type View } from './where.ts';

export type { View } from './where.ts';

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
  issuerName: string | null;
  fingerprint: string | null;
  keyAlgorithm: string | null;
  keyBits: number | null;
  notBefore: number | null;
  notAfter: number | null;
  chain: Chain;
  revocation: Revocation;
  revokedAt: number | null;
  revocationSource: 'crl' | 'ocsp' | 'none';
  confirmedAt: number | null;
  source: Source;
  marks: string[];
  addedAt: number;
  /** What BSrE's portal says, by the list of which instant, and whether that differs from what was proved. */
  portal: PortalWord | null;
  portalAt: number | null;
  portalDiffers: 0 | 1;
};

export type ListPage = { rows: ListRow[]; next: string | null; prev: string | null };

/**
 * Up to so many matches it is cheaper to find all and sort them; beyond, to walk the order and leave out what does not
 * match. SQLite cannot know which, because a label is computed.
 */
const FEW = 1500;
/** More segments than this are not asked one by one when few rows match. */
const SINGLE_SEGMENTS = 2;

/**
 * One page behind the filter's `after` cursor, or before its `before`; `limit` rows at most (default 25).
 * @param expected about how many match, when the caller knows; it only chooses the way, never the rows
 */
export function page(db: Db, filter: ListFilter, view: View, expected?: number): ListPage {
  const backwards = !filter.after && !!filter.before;
  const cursor = readCursor(backwards ? filter.before : filter.after);
  const limit = filter.limit ?? 25;
  const keys = positions(db, filter, view, { cursor, backwards, take: limit + 1, expected });
  const more = keys.length > limit;
  const shown = keys.slice(0, limit);
  if (backwards) shown.reverse();
  const at = (position: Position | undefined) => (position ? writeCursor(position) : null);
  return {
    rows: rowsOf(
      db,
      shown.map(({ id }) => id),
      view,
    ),
    next: (backwards ? cursor : more) ? at(shown.at(-1)) : null,
    prev: (backwards ? more : cursor) ? at(shown[0]) : null,
  };
}

/** All matches in order, in chunks by keyset, so that the connection is free in between. */
export function* chunks(db: Db, filter: ListFilter, view: View, expected: number, take = 500): Generator<ListRow[]> {
  for (let cursor: Position | null = null; ;) {
    const keys: Position[] = positions(db, filter, view, { cursor, backwards: false, take, expected });
    if (keys.length)
      yield rowsOf(
        db,
        keys.map(({ id }) => id),
        view,
      );
    if (keys.length < take) return;
    cursor = keys.at(-1)!;
  }
}

/** Ids of all matches, oldest record first: what an act over "all" is fixed to. */
export function idsOf(db: Db, filter: ListFilter, view: View): string[] {
  const where = whereOf(filter, view);
  return connection(db)
    .prepare(`select c.id from certificate c where ${where.sql} order by c.id`)
    .pluck()
    .all(...where.args) as string[];
}

/** How many match, at most `limit`. */
export function countUpTo(db: Db, filter: ListFilter, view: View, limit: number): number {
  const where = whereOf(filter, view);
  return connection(db)
    .prepare(`select count(*) from (select 1 from certificate c where ${where.sql} limit ?)`)
    .pluck()
    .get(...where.args, limit) as number;
}

/** Rows by id, in the order of the ids; what does not exist is left out. */
export function rowsOf(db: Db, ids: readonly string[], view: View): ListRow[] {
  if (!ids.length) return [];
  const rows = connection(db)
    .prepare(`${columns(view)} where c.id in (${ids.map(() => '?').join(',')})`)
    .all(...ids) as RawRow[];
  const byId = new Map(rows.map((row) => [row.id, row]));
  return ids.flatMap((id) => {
    const row = byId.get(id);
    if (!row) return [];
    const { markKinds, ...facts } = row;
    return [{ ...facts, marks: markKinds ? [...new Set(markKinds.split(','))] : [] }];
  });
}

/** Where a row stands in an order: its segment, what the segment is walked by, its id. */
type Position = { segment: string; value: string | number; id: string };
type Wanted = { cursor: Position | null; backwards: boolean; take: number; expected?: number };

function positions(db: Db, filter: ListFilter, view: View, wanted: Wanted): Position[] {
  const segments = segmentsOf(db, filter.sort ?? 'name', filter.descending ?? false, view);
  if (wanted.backwards) segments.reverse();
  const start = wanted.cursor ? segments.findIndex((segment) => segment.key === wanted.cursor!.segment) : 0;
  // A cursor that is not of this order counts as none.
  const cursor = start < 0 ? null : wanted.cursor;
  const where = whereOf(filter, view);
  const few = wanted.expected === undefined || wanted.expected <= FEW;
  const rest = segments.slice(Math.max(start, 0));
  if (few && segments.length > SINGLE_SEGMENTS) return sortedHere(db, where, rest, { ...wanted, cursor });
  const found: Position[] = [];
  for (const segment of rest) {
    const from = cursor && segment.key === cursor.segment ? cursor : null;
    const small = few || (segments.length > SINGLE_SEGMENTS && isSmall(db, segment));
    found.push(...walk(db, where, segment, { ...wanted, cursor: from, take: wanted.take - found.length }, small));
    if (found.length >= wanted.take) break;
  }
  return found;
}

const isSmall = (db: Db, segment: Segment): boolean =>
  (connection(db)
    .prepare(`select count(*) from (select 1 from certificate c where ${segment.sql} limit ${FEW + 1})`)
    .pluck()
    .get(...segment.args) as number) <= FEW;

function walk(db: Db, where: Clause, segment: Segment, wanted: Wanted, few: boolean): Position[] {
  const { column, index } = segment.walk;
  const descending = segment.descending !== wanted.backwards;
  const direction = descending ? 'desc' : 'asc';
  const than = descending ? '<' : '>';
  const args = [...where.args, ...segment.args];
  let sql = `${where.sql} and ${segment.sql}`;
  if (wanted.cursor) {
    sql += ` and (c.${column}, c.id) ${than} (?, ?)`;
    args.push(wanted.cursor.value, wanted.cursor.id);
  }
  // Few matches: their own indexes find them, and a sign keeps the order from choosing the way. Many: the order leads.
  const by = few ? '+c' : 'c';
  const rows = connection(db)
    .prepare(
      `select c.id, c.${column} as value from certificate c ${few ? '' : `indexed by ${index}`}
        where ${sql} order by ${by}.${column} ${direction}, ${by}.id ${direction} limit ?`,
    )
    .all(...args, wanted.take) as { id: string; value: string | number }[];
  return rows.map((row) => ({ segment: segment.key, ...row }));
}

/** Few rows and many segments: each row is told its segment, and sorted here by what that segment is walked by. */
function sortedHere(db: Db, where: Clause, segments: readonly Segment[], wanted: Wanted): Position[] {
  const cases = segments.map((segment, i) => `when ${segment.sql} then ${i}`).join(' ');
  const columns = [...new Set(segments.map((segment) => segment.walk.column))];
  const rows = connection(db)
    .prepare(
      `select case ${cases} end as rank, c.id, ${columns.map((column) => `c.${column}`).join(', ')}
         from certificate c where ${where.sql} and rank is not null`,
    )
    .raw()
    .all(...segments.flatMap((segment) => segment.args), ...where.args) as [number, string, ...(string | number)[]][];
  const ranked = rows.map(([rank, id, ...values]) => {
    const { key, walk } = segments[rank]!;
    return { rank, segment: key, id, value: values[columns.indexOf(walk.column)]! };
  });
  const compare = (a: Position, b: Position, { descending }: Segment) => {
    const sign = descending !== wanted.backwards ? -1 : 1;
    return sign * (a.value < b.value ? -1 : a.value > b.value ? 1 : a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
  };
  return ranked
    .filter((row) => !wanted.cursor || row.rank > 0 || compare(row, wanted.cursor, segments[0]!) > 0)
    .sort((a, b) => a.rank - b.rank || compare(a, b, segments[a.rank]!))
    .slice(0, wanted.take)
    .map(({ rank: _, ...position }) => position);
}

const columns = (view: View) => `select c.id, ${labelSql(view.now, view.policy, 'c')} as label, ${SHOWN_NAME} as name,
  (select p.title from position p where p.holder_id = c.holder_id and p."to" is null order by p."from" desc limit 1) as position,
  c.holder_id as holderId, h.nip, a.code as agencyCode, an.name as agencyName, c.use, c.serial, c.issuer,
  i.common_name as issuerName, c.fingerprint, c.key_algorithm as keyAlgorithm, c.key_bits as keyBits,
  c.not_before as notBefore, c.not_after as notAfter, ${chainSql('c')} as chain, c.revocation, c.revoked_at as revokedAt,
  c.revocation_source as revocationSource, ${confirmedAtSql('c')} as confirmedAt, c.source, c.added_at as addedAt,
  (select group_concat(m.kind) from certificate_mark m where m.certificate_id = c.id and m.ended_at is null) as markKinds,
  x.word as portal, x.at as portalAt, coalesce(${mismatchSql(view.now)}, 0) as portalDiffers
  from certificate c
  left join portal_said x on x.certificate_id = c.id and x.ended_at is null
  left join holder h on h.id = c.holder_id
  left join authority i on i.id = c.authority_id
  left join agency a on a.id = c.agency_id
  left join agency_name an on an.agency_id = a.id and an."to" is null`;

type RawRow = Omit<ListRow, 'marks'> & { markKinds: string | null };

const writeCursor = ({ segment, value, id }: Position): string =>
  Buffer.from(JSON.stringify([segment, value, id])).toString('base64url');

/** A cursor that is not ours counts as none. */
function readCursor(text: string | undefined): Position | null {
  if (!text) return null;
  try {
    const [segment, value, id] = JSON.parse(Buffer.from(text, 'base64url').toString()) as unknown[];
    const sortable = typeof value === 'string' || typeof value === 'number';
    return sortable && typeof segment === 'string' && typeof id === 'string' ? { segment, value, id } : null;
  } catch {
    return null;
  }
}
