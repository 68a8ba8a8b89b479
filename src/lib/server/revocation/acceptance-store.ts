// Queries over the order in which objects were accepted: their rowid, which no stepped clock disturbs.
import { prepared } from '../db/bulk.ts';
import { connection, type Db } from '../db/index.ts';
import { evidenceById, type EvidenceRow } from './evidence-store.ts';

/** Place of an object in the order in which all were accepted; a stepped clock does not disturb it. */
export const orderOf = (db: Db, evidenceId: string): number =>
  connection(db).prepare('select rowid from revocation_evidence where id = ?').pluck().get(evidenceId) as number;

/** The last place in the order. */
export const lastOrder = (db: Db): number =>
  connection(db).prepare('select coalesce(max(rowid), 0) from revocation_evidence').pluck().get() as number;

/** The last object that had been accepted at an instant; 0 when none had. */
export const orderAt = (db: Db, at: number): number =>
  connection(db)
    .prepare('select coalesce(max(rowid), 0) from revocation_evidence where accepted_at <= ?')
    .pluck()
    .get(at) as number;

export const acceptedAtOf = (db: Db, order: number): number =>
  prepared(db, 'select accepted_at from revocation_evidence where rowid = ?').pluck().get(order) as number;

export type Acceptance = { id: string; order: number; at: number; scope: string; isDelta: boolean };

/** Every list of an issuer, in order. */
export const acceptances = (db: Db, issuerKey: string): Acceptance[] =>
  (
    connection(db)
      .prepare(
        `select id, rowid as "order", accepted_at as at, scope, delta_of is not null as delta from revocation_evidence
          where issuer_key = ? and kind = 'crl' order by rowid`,
      )
      .all(issuerKey) as (Omit<Acceptance, 'isDelta'> & { delta: 0 | 1 })[]
  ).map(({ delta, ...list }) => ({ ...list, isDelta: delta === 1 }));

/** Objects of an issuer's lines after a place in the order, oldest first. */
export const listsAfter = (db: Db, issuerKey: string, order: number): { id: string; order: number; scope: string }[] =>
  connection(db)
    .prepare(
      `select id, rowid as "order", scope from revocation_evidence
        where issuer_key = ? and kind = 'crl' and rowid > ? order by rowid`,
    )
    .all(issuerKey, order) as { id: string; order: number; scope: string }[];

/** The newest complete list and delta of each line at a place in the order. */
export function newestOfLines(
  db: Db,
  issuerKey: string,
  order: number,
): { scope: string; complete: EvidenceRow; delta: EvidenceRow | null }[] {
  const newest = (delta: string) =>
    `select id, scope from revocation_evidence where rowid in
      (select max(rowid) from revocation_evidence
        where issuer_key = ? and kind = 'crl' and delta_of is ${delta} and rowid <= ? group by scope)`;
  const read = (delta: string) =>
    connection(db).prepare(newest(delta)).all(issuerKey, order) as { scope: string; id: string }[];
  const deltas = new Map(read('not null').map((row) => [row.scope, row.id]));
  return read('null').map(({ scope, id }) => {
    const delta = deltas.get(scope);
    return { scope, complete: evidenceById(db, id)!, delta: delta ? evidenceById(db, delta)! : null };
  });
}

/** Answers about certificates of an issuer, or about one of them, in order. */
export const answersOfIssuer = (
  db: Db,
  issuerKey: string,
  certificateId: string | null,
): { id: string; certificateId: string; order: number; at: number }[] =>
  connection(db)
    .prepare(
      `select id, certificate_id as certificateId, rowid as "order", accepted_at as at from revocation_evidence
        where issuer_key = @issuerKey and kind = 'ocsp' and certificate_id is not null and (@certificateId is null or certificate_id = @certificateId) order by rowid`,
    )
    .all({ issuerKey, certificateId }) as { id: string; certificateId: string; order: number; at: number }[];

/** The newest answer about a certificate at a place in the order. */
export const answerBefore = (db: Db, certificateId: string, order: number): EvidenceRow | undefined => {
  const id = connection(db)
    .prepare('select id from revocation_evidence where certificate_id = ? and rowid <= ? order by rowid desc limit 1')
    .pluck()
    .get(certificateId, order) as string | undefined;
  return id === undefined ? undefined : evidenceById(db, id);
};
