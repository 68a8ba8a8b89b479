// Queries over holders and their positions.
import { and, asc, desc, eq, isNull, sql } from 'drizzle-orm';
import { agency, agencyName } from '../agencies/schema.ts';
import { connection, newId, type Db } from '../db/index.ts';
import { usableSql } from './label-sql.ts';
import { nameKey } from './names.ts';
import { holder, position } from './schema.ts';
import { FOUND_HOLDERS, matchOf } from './search.ts';

export type HolderRow = typeof holder.$inferSelect;
export type NewHolder = {
  kind: HolderRow['kind'];
  name: string;
  titleBefore: string;
  titleAfter: string;
  nip: string | null;
  email: string | null;
  status: HolderRow['status'];
  statusSince: string | null;
  /** The import that entered the holder; null by a person's form. */
  importId?: string | null;
  archivedAt?: number | null;
};

export const byId = (db: Db, id: string): HolderRow | undefined =>
  db.select().from(holder).where(eq(holder.id, id)).get();

export const byNip = (db: Db, nip: string): HolderRow | undefined =>
  db.select().from(holder).where(eq(holder.nip, nip)).get();

export const byNameKey = (db: Db, key: string): HolderRow[] =>
  db.select().from(holder).where(eq(holder.nameKey, key)).all();

export function insert(db: Db, row: NewHolder, now: number): string {
  const id = newId(now);
  db.insert(holder)
    .values({ id, ...row, nameKey: nameKey(row.name), createdAt: now })
    .run();
  return id;
}

export function update(db: Db, id: string, values: Partial<NewHolder>): void {
  db.update(holder)
    .set({ ...values, ...(values.name ? { nameKey: nameKey(values.name) } : {}) })
    .where(eq(holder.id, id))
    .run();
}

export const currentPosition = (db: Db, holderId: string) =>
  db
    .select()
    .from(position)
    .where(and(eq(position.holderId, holderId), isNull(position.to)))
    .orderBy(desc(position.from))
    .limit(1)
    .get();

/** People on duty in these agencies. */
export const onDuty = (db: Db, agencyIds: readonly string[]) =>
  connection(db)
    .prepare(
      `select h.id, h.name, h.nip, an.name as agencyName from position p
         join holder h on h.id = p.holder_id join agency_name an on an.agency_id = p.agency_id and an."to" is null
        where p."to" is null and h.kind = 'person' and h.status = 'active' and h.archived_at is null
          and p.agency_id in (select value from json_each(?)) group by h.id order by h.name_key, h.id`,
    )
    .all(JSON.stringify(agencyIds)) as { id: string; name: string; nip: string | null; agencyName: string }[];

/** The present position, else the last one held. */
export const lastPosition = (db: Db, holderId: string) =>
  db
    .select()
    .from(position)
    .where(eq(position.holderId, holderId))
    .orderBy(sql`${position.to} is not null`, desc(position.from))
    .limit(1)
    .get();

export const positions = (db: Db, holderId: string) =>
  db
    .select({
      title: position.title,
      from: position.from,
      to: position.to,
      source: position.source,
      agencyCode: agency.code,
      agencyName: agencyName.name,
    })
    .from(position)
    .innerJoin(agency, eq(agency.id, position.agencyId))
    .innerJoin(agencyName, and(eq(agencyName.agencyId, agency.id), isNull(agencyName.to)))
    .where(eq(position.holderId, holderId))
    .orderBy(desc(position.from))
    .all();

/** Ends the current position on the day before `from` and opens another. */
export function move(
  db: Db,
  holderId: string,
  row: {
    agencyId: string;
    title: string;
    from: string;
    source: string;
    importId?: string;
    now: number;
    lastDay: string;
  },
): void {
  endPositions(db, holderId, row.lastDay);
  db.insert(position)
    .values({
      id: newId(row.now),
      holderId,
      agencyId: row.agencyId,
      title: row.title,
      from: row.from,
      source: row.source,
      importId: row.importId ?? null,
    })
    .run();
}

export function endPositions(db: Db, holderId: string, lastDay: string): void {
  db.update(position)
    .set({ to: lastDay })
    .where(and(eq(position.holderId, holderId), isNull(position.to)))
    .run();
}

export type HolderListRow = {
  id: string;
  kind: HolderRow['kind'];
  name: string;
  titleBefore: string;
  titleAfter: string;
  nip: string | null;
  status: HolderRow['status'];
  position: string | null;
  agencyCode: string | null;
  agencyName: string | null;
  certificates: number;
  usable: number;
};
export type HolderFilter = {
  q?: string;
  agency?: string;
  status?: HolderRow['status'] | 'leaver';
  kind?: HolderRow['kind'];
  without?: boolean;
  after?: string;
  limit?: number;
};

const FROM = `from holder h
  left join position p on p.holder_id = h.id and p."to" is null
  left join agency a on a.id = p.agency_id
  left join agency_name an on an.agency_id = a.id and an."to" is null`;

function whereOf(filter: HolderFilter, scope: 'all' | readonly string[], words: readonly string[]) {
  const parts = ['1 = 1'];
  const args: (string | number)[] = [];
  if (scope !== 'all') {
    const list = scope.map(() => '?').join(',') || 'null';
    // Also those whose certificates the agency still answers for, e.g. after a move.
    parts.push(
      `(p.agency_id in (${list}) or exists (select 1 from certificate c where c.holder_id = h.id and c.agency_id in (${list})))`,
    );
    args.push(...scope, ...scope);
  }
  if (words.length || filter.q?.trim()) {
    parts.push(`h.id in (${FOUND_HOLDERS})`);
    args.push(matchOf(words));
  }
  if (filter.agency) {
    parts.push(
      `p.agency_id in (with recursive below(id) as (select id from agency where code = ? union select x.id from agency x join below on x.parent_id = below.id) select id from below)`,
    );
    args.push(filter.agency);
  }
  if (filter.status === 'leaver') parts.push(`h.status <> 'active'`);
  else if (filter.status) {
    parts.push('h.status = ?');
    args.push(filter.status);
  }
  if (filter.kind) {
    parts.push('h.kind = ?');
    args.push(filter.kind);
  }
  if (filter.without) parts.push('not exists (select 1 from certificate c where c.holder_id = h.id)');
  return { sql: parts.join(' and '), args };
}

export function page(
  db: Db,
  filter: HolderFilter,
  view: { now: number; scope: 'all' | readonly string[]; words: readonly string[] },
) {
  const where = whereOf(filter, view.scope, view.words);
  const total = connection(db)
    .prepare(`select count(distinct h.id) as n ${FROM} where ${where.sql}`)
    .pluck()
    .get(...where.args) as number;
  const [key, id] = filter.after?.split('~') ?? [];
  if (key !== undefined && id !== undefined) {
    where.sql += ' and (h.name_key > ? or (h.name_key = ? and h.id > ?))';
    where.args.push(key, key, id);
  }
  const limit = filter.limit ?? 25;
  const rows = connection(db)
    .prepare(
      `select h.id, h.kind, h.name, h.name_key as nameKey, h.title_before as titleBefore, h.title_after as titleAfter, h.nip, h.status,
         p.title as position, a.code as agencyCode, an.name as agencyName,
         (select count(*) from certificate c where c.holder_id = h.id) as certificates,
         (select count(*) from certificate c where c.holder_id = h.id and ${usableSql(view.now, 'c')}) as usable
       ${FROM} where ${where.sql} group by h.id order by h.name_key, h.id limit ?`,
    )
    .all(...where.args, limit + 1) as (HolderListRow & { nameKey: string })[];
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return {
    total,
    rows: shown as HolderListRow[],
    next: rows.length > limit && last ? `${last.nameKey}~${last.id}` : null,
  };
}

/** People who are no longer on duty and still have a usable certificate, with how many. */
export function leaversWithUsable(db: Db, now: number, scope: 'all' | readonly string[]) {
  const inScope = scope === 'all' ? '' : `and c.agency_id in (${scope.map(() => '?').join(',') || 'null'})`;
  return connection(db)
    .prepare(
      `select h.id, h.name, h.status, h.status_since as statusSince, count(*) as n, min(c.id) as certificateId, max(an.name) as agencyName
         from holder h join certificate c on c.holder_id = h.id
         left join agency_name an on an.agency_id = c.agency_id and an."to" is null
        where h.status <> 'active' and c.use = 'signature' and ${usableSql(now, 'c')} ${inScope}
        group by h.id order by h.status_since`,
    )
    .all(...(scope === 'all' ? [] : scope)) as {
    id: string;
    name: string;
    status: HolderRow['status'];
    statusSince: string | null;
    n: number;
    certificateId: string;
    agencyName: string | null;
  }[];
}

/** What names one holder for certain: host name of a system, e-mail address, NIP. */
export function identities(db: Db) {
  const bySystem = new Map<string, string>();
  const byEmail = new Map<string, string>();
  const byNip = new Map<string, string>();
  const rows = db
    .select({ id: holder.id, kind: holder.kind, key: holder.nameKey, email: holder.email, nip: holder.nip })
    .from(holder)
    .where(isNull(holder.archivedAt))
    .orderBy(asc(holder.id))
    .all();
  const shared = new Set<string>();
  for (const row of rows) {
    if (row.kind === 'system' && !bySystem.has(row.key)) bySystem.set(row.key, row.id);
    if (row.nip) byNip.set(row.nip, row.id);
    if (row.email && byEmail.has(row.email)) shared.add(row.email);
    if (row.email) byEmail.set(row.email, row.id);
  }
  // An address that several share, e.g. of an office, names nobody.
  for (const email of shared) byEmail.delete(email);
  return { bySystem, byEmail, byNip };
}
