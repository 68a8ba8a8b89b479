// Queries over holders and their positions.
import { and, asc, desc, eq, inArray, isNull, sql, type SQL } from 'drizzle-orm';
import { agency, agencyName } from '../agencies/schema.ts';
import { insertRow, prepared } from '../db/bulk.ts';
import { connection, newId, type Db } from '../db/index.ts';
import { LAST_POSITION, STANDS } from './holder-sql.ts';
import { usableSql } from './label-sql.ts';
import { nameKey } from './names.ts';
import { holder, holderAlias, holderMerge, position } from './schema-holder.ts';

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

/** All columns; prepared once, because imports ask row by row. */
const HOLDER = `select id, kind, name, title_before as titleBefore, title_after as titleAfter, name_key as nameKey, nip, email,
  status, status_since as statusSince, created_at as createdAt, import_id as importId, archived_at as archivedAt from holder`;
const POSITION = `select id, holder_id as holderId, agency_id as agencyId, title, "from", "to", source, import_id as importId
  from position where holder_id = ?`;
type PositionRow = typeof position.$inferSelect;

export const byId = (db: Db, id: string): HolderRow | undefined =>
  prepared(db, `${HOLDER} where id = ?`).get(id) as HolderRow | undefined;

/** Who has this NIP; of a merged record the one it was merged into. */
export function byNip(db: Db, nip: string): HolderRow | undefined {
  const row = prepared(db, `${HOLDER} where nip = ?`).get(nip) as HolderRow | undefined;
  const merge = row && row.archivedAt !== null ? mergeOf(db, row.id) : null;
  return merge ? byId(db, merge.intoId) : row;
}

export const byNameKey = (db: Db, key: string): HolderRow[] =>
  prepared(db, `${HOLDER} where name_key = ? and archived_at is null`).all(key) as HolderRow[];

export function insert(db: Db, row: NewHolder, now: number): string {
  const id = newId(now);
  insertRow(db, holder, { id, ...row, nameKey: nameKey(row.name), createdAt: now });
  return id;
}

export function update(db: Db, id: string, values: Partial<NewHolder>): void {
  db.update(holder)
    .set({ ...values, ...(values.name ? { nameKey: nameKey(values.name) } : {}) })
    .where(eq(holder.id, id))
    .run();
}

export const currentPosition = (db: Db, holderId: string): PositionRow | undefined =>
  prepared(db, `${POSITION} and "to" is null order by "from" desc limit 1`).get(holderId) as PositionRow | undefined;

export const hasCertificates = (db: Db, holderId: string): boolean =>
  prepared(db, 'select 1 from certificate where holder_id = ? limit 1').get(holderId) !== undefined;

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
export const lastPosition = (db: Db, holderId: string): PositionRow | undefined =>
  prepared(db, `${POSITION} and ${STANDS} order by "to" is not null, "from" desc limit 1`).get(holderId) as
    PositionRow | undefined;

export const positions = (db: Db, holderId: string) => positionsWhere(db, eq(position.holderId, holderId));

export const positionsById = (db: Db, ids: readonly string[]) => positionsWhere(db, inArray(position.id, [...ids]));

const positionsWhere = (db: Db, where: SQL) =>
  db
    .select({
      id: position.id,
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
    .where(and(where, sql.raw(STANDS)))
    .orderBy(desc(position.from), sql`${position.to} is not null`, desc(position.id))
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
  insertRow(db, position, {
    id: newId(row.now),
    holderId,
    agencyId: row.agencyId,
    title: row.title,
    from: row.from,
    source: row.source,
    importId: row.importId ?? null,
  });
}

export function endPositions(db: Db, holderId: string, lastDay: string): void {
  prepared(db, 'update position set "to" = ? where holder_id = ? and "to" is null').run(lastDay, holderId);
}

/** Other names of a holder, newest first. */
export const aliases = (db: Db, holderId: string) =>
  db
    .select({ name: holderAlias.name, at: holderAlias.at })
    .from(holderAlias)
    .where(eq(holderAlias.holderId, holderId))
    .orderBy(desc(holderAlias.at))
    .all();

/** Where this record was merged to, or null. */
export const mergeOf = (db: Db, holderId: string) =>
  db
    .select({
      intoId: holderMerge.intoId,
      name: holder.name,
      why: holderMerge.why,
      by: holderMerge.by,
      at: holderMerge.at,
    })
    .from(holderMerge)
    .innerJoin(holder, eq(holder.id, holderMerge.intoId))
    .where(eq(holderMerge.holderId, holderId))
    .get() ?? null;

/** Records merged into this one. */
export const absorbedBy = (db: Db, holderId: string) =>
  db
    .select({ id: holder.id, name: holder.name, nip: holder.nip, at: holderMerge.at })
    .from(holderMerge)
    .innerJoin(holder, eq(holder.id, holderMerge.holderId))
    .where(eq(holderMerge.intoId, holderId))
    .orderBy(desc(holderMerge.at))
    .all();

/** Records in use that bear this name, number or address. */
export const alike = (db: Db, said: { key: string; nip: string | null; email: string | null }) =>
  connection(db)
    .prepare(
      `select h.id, h.kind, h.name, h.title_before as titleBefore, h.title_after as titleAfter, h.nip, h.email, h.status,
              p.title as position, an.name as agencyName,
              (h.nip is not null and h.nip = :nip) as sameNip, (h.email is not null and h.email = :email) as sameEmail
         from holder h
         ${LAST_POSITION}
         left join agency_name an on an.agency_id = p.agency_id and an."to" is null
        where h.archived_at is null and ((h.name_key = :key and :key <> '') or h.nip = :nip or h.email = :email)
        order by sameNip desc, sameEmail desc, h.id limit 20`,
    )
    .all(said) as {
    id: string;
    kind: HolderRow['kind'];
    name: string;
    titleBefore: string;
    titleAfter: string;
    nip: string | null;
    email: string | null;
    status: HolderRow['status'];
    position: string | null;
    agencyName: string | null;
    sameNip: number;
    sameEmail: number;
  }[];

/** People who are no longer on duty and still have a usable certificate to sign with, longest gone first. */
export function leaversWithUsable(db: Db, now: number, scope: 'all' | readonly string[], limit: number) {
  const inScope = scope === 'all' ? '' : `and c.agency_id in (${scope.map(() => '?').join(',') || 'null'})`;
  return connection(db)
    .prepare(
      `select h.id, h.name, h.status, min(c.id) as certificateId, max(an.name) as agencyName
         from (select * from holder indexed by holder_by_leaving where status <> 'active' and exists (
                 select 1 from certificate c where c.holder_id = holder.id and c.use = 'signature' and c.archived_at is null
                    and ${usableSql(now, 'c')} ${inScope}) order by status_since limit ?) h
         join certificate c on c.holder_id = h.id and c.use = 'signature' and c.archived_at is null and ${usableSql(now, 'c')} ${inScope}
         left join agency_name an on an.agency_id = c.agency_id and an."to" is null
        group by h.id order by h.status_since`,
    )
    .all(...(scope === 'all' ? [] : scope), limit, ...(scope === 'all' ? [] : scope)) as {
    id: string;
    name: string;
    status: HolderRow['status'];
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

/** A holder entered by mistake: nobody finds them any more, their number and address are free again. */
export function withdraw(db: Db, id: string, act: { now: number; today: string }): void {
  endPositions(db, id, act.today);
  db.update(holder).set({ archivedAt: act.now, nip: null, email: null }).where(eq(holder.id, id)).run();
}
