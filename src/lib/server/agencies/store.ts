// Queries over agency and agency_name. The current name is the row whose `to` is null; names never start in the future.
import { and, asc, desc, eq, isNull, sql } from 'drizzle-orm';
import { connection, newId, type Db } from '../db/index.ts';
import type { Agency, AgencyName, RegisterRow } from './register.ts';
import { agency, agencyAlias, agencyName } from './schema.ts';

const columns = {
  id: agency.id,
  code: agency.code,
  kind: agency.kind,
  level: agency.level,
  parentId: agency.parentId,
  name: agencyName.name,
  shortName: agencyName.shortName,
  validFrom: agency.validFrom,
  validTo: agency.validTo,
};

const named = (db: Db) =>
  db
    .select(columns)
    .from(agency)
    .innerJoin(agencyName, and(eq(agencyName.agencyId, agency.id), isNull(agencyName.to)));

export const all = (db: Db): Agency[] => named(db).orderBy(asc(agency.code)).all();

export const byCode = (db: Db, code: string): Agency | undefined => named(db).where(eq(agency.code, code)).get();

export const byId = (db: Db, id: string): Agency | undefined => named(db).where(eq(agency.id, id)).get();

export const aliases = (db: Db) =>
  db.select({ key: agencyAlias.key, agencyId: agencyAlias.agencyId }).from(agencyAlias).all();

export const setAlias = (db: Db, row: typeof agencyAlias.$inferInsert): void =>
  void db
    .insert(agencyAlias)
    .values(row)
    .onConflictDoUpdate({
      target: agencyAlias.key,
      set: { text: row.text, agencyId: row.agencyId, by: row.by, at: row.at },
    })
    .run();

export const aliasesOf = (db: Db, agencyId: string) =>
  db
    .select({ key: agencyAlias.key, text: agencyAlias.text, by: agencyAlias.by, at: agencyAlias.at })
    .from(agencyAlias)
    .where(eq(agencyAlias.agencyId, agencyId))
    .orderBy(desc(agencyAlias.at), asc(agencyAlias.key))
    .all();

export const removeAlias = (db: Db, agencyId: string, key: string): { text: string } | undefined =>
  db
    .delete(agencyAlias)
    .where(and(eq(agencyAlias.agencyId, agencyId), eq(agencyAlias.key, key)))
    .returning({ text: agencyAlias.text })
    .get();

export const names = (db: Db, agencyId: string): AgencyName[] =>
  db
    .select({
      name: agencyName.name,
      shortName: agencyName.shortName,
      from: agencyName.from,
      to: agencyName.to,
      source: agencyName.source,
    })
    .from(agencyName)
    .where(eq(agencyName.agencyId, agencyId))
    .orderBy(sql`${agencyName.from} desc`)
    .all();

/** The agency itself and everything below it. */
export function descendantIds(db: Db, id: string): string[] {
  return connection(db)
    .prepare(
      `with recursive below(id) as (select id from agency where id = ?
         union select agency.id from agency join below on agency.parent_id = below.id) select id from below`,
    )
    .pluck()
    .all(id) as string[];
}

export function insert(
  db: Db,
  row: RegisterRow & { parentId: string | null; from: string; source: string; now: number },
): string {
  const id = newId(row.now);
  db.insert(agency)
    .values({ id, code: row.code, kind: row.kind, level: row.level, parentId: row.parentId, validFrom: row.from })
    .run();
  addName(db, id, { name: row.name, shortName: row.shortName, from: row.from, source: row.source, now: row.now });
  return id;
}

export function addName(
  db: Db,
  agencyId: string,
  row: { name: string; shortName: string; from: string; source: string; now: number },
): void {
  db.insert(agencyName)
    .values({
      id: newId(row.now),
      agencyId,
      name: row.name,
      shortName: row.shortName,
      from: row.from,
      source: row.source,
    })
    .run();
}

export function closeName(db: Db, agencyId: string, lastDay: string): void {
  db.update(agencyName)
    .set({ to: lastDay })
    .where(and(eq(agencyName.agencyId, agencyId), isNull(agencyName.to)))
    .run();
}
