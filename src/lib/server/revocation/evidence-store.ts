// Queries over accepted objects.
import { and, desc, eq, sql } from 'drizzle-orm';
import { insertRow, prepared, ready } from '../db/bulk.ts';
import { connection, newId, type Db } from '../db/index.ts';
import { revocationEvidence } from './schema.ts';

export type EvidenceRow = typeof revocationEvidence.$inferSelect;

export const evidenceById = (db: Db, id: string): EvidenceRow | undefined => ready(db, oneEvidence).get({ id });

const oneEvidence = (db: Db) =>
  db
    .select()
    .from(revocationEvidence)
    .where(eq(revocationEvidence.id, sql.placeholder('id')))
    .prepare();

/** The same bytes accepted before, for the same issuer (and certificate, for OCSP). */
export const evidenceOf = (
  db: Db,
  sha256: string,
  issuerKey: string,
  certificateId: string | null,
): EvidenceRow | undefined => ready(db, knownEvidence).get({ sha256, issuerKey, certificateId });

const knownEvidence = (db: Db) =>
  db
    .select()
    .from(revocationEvidence)
    .where(
      and(
        eq(revocationEvidence.sha256, sql.placeholder('sha256')),
        eq(revocationEvidence.issuerKey, sql.placeholder('issuerKey')),
        sql`${revocationEvidence.certificateId} is ${sql.placeholder('certificateId')}`,
      ),
    )
    .prepare();

export function addEvidence(db: Db, row: Omit<typeof revocationEvidence.$inferInsert, 'id'>): string {
  const id = newId(row.acceptedAt);
  insertRow(db, revocationEvidence, { id, ...row });
  return id;
}

export const evidenceOfSource = (db: Db, sourceId: string, limit: number): EvidenceRow[] =>
  db
    .select()
    .from(revocationEvidence)
    .where(eq(revocationEvidence.sourceId, sourceId))
    .orderBy(desc(revocationEvidence.acceptedAt))
    .limit(limit)
    .all();

/** The last complete list of another scope that the address of this one brought. */
export function servedBefore(db: Db, { sourceId, scope }: EvidenceRow): EvidenceRow | undefined {
  const id = prepared(
    db,
    `select id from revocation_evidence
      where source_id = ? and kind = 'crl' and delta_of is null and scope <> ? order by rowid desc limit 1`,
  )
    .pluck()
    .get(sourceId, scope) as string | undefined;
  return id === undefined ? undefined : evidenceById(db, id);
}

export const issuersWithEvidence = (db: Db): string[] =>
  connection(db).prepare('select distinct issuer_key from revocation_evidence').pluck().all() as string[];

/** Whether anything of an issuer was ever accepted. */
export const hasEvidence = (db: Db, issuerKey: string): boolean =>
  prepared(db, 'select 1 from revocation_evidence where issuer_key = ? limit 1').get(issuerKey) !== undefined;
