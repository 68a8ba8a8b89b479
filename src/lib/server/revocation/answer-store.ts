// Queries over accepted answers of responders, one a certificate.
import { eq, sql } from 'drizzle-orm';
import { insertRow, prepared, ready } from '../db/bulk.ts';
import { connection, type Db } from '../db/index.ts';
import { revocationAnswer } from './schema.ts';

export type AnswerRow = typeof revocationAnswer.$inferSelect;

export const answerOf = (db: Db, certificateId: string): AnswerRow | undefined =>
  ready(db, oneAnswer).get({ certificateId });

const oneAnswer = (db: Db) =>
  db
    .select()
    .from(revocationAnswer)
    .where(eq(revocationAnswer.certificateId, sql.placeholder('certificateId')))
    .prepare();

export const answersOf = (db: Db, ids: readonly string[]): Map<string, AnswerRow> =>
  new Map(
    ready(db, someAnswers)
      .all({ ids: JSON.stringify(ids) })
      .map((row) => [row.certificateId, row]),
  );

const someAnswers = (db: Db) =>
  db
    .select()
    .from(revocationAnswer)
    .where(sql`${revocationAnswer.certificateId} in (select value from json_each(${sql.placeholder('ids')}))`)
    .prepare();

export function putAnswer(db: Db, row: AnswerRow): void {
  prepared(db, 'delete from revocation_answer where certificate_id = ?').run(row.certificateId);
  insertRow(db, revocationAnswer, row);
}

/**
 * Certificates by issuer key whose accepted answer takes away what is still believed about them.
 * @param usable how long an answer without nextUpdate counts, ms
 */
export function unappliedAnswers(db: Db, usable: number): Map<string, string[]> {
  const rows = connection(db)
    .prepare(
      `select c.id, a.key_sha256 as issuerKey
         from revocation_answer r join certificate c on c.id = r.certificate_id join authority a on a.id = c.authority_id
        where c.revocation <> 'revoked'
          and (r.status = 'revoked' or (c.revocation <> 'on_hold'
                 and (r.status = 'non_issued' or (r.status = 'on_hold'
                   and (r.this_update > coalesce(c.this_update, -1)
                     or (c.revocation <> 'released' and coalesce(r.next_update, r.this_update + ?) >= c.this_update))))))`,
    )
    .all(usable) as { id: string; issuerKey: string }[];
  const groups = Map.groupBy(rows, ({ issuerKey }) => issuerKey);
  return new Map([...groups].map(([issuerKey, own]) => [issuerKey, own.map(({ id }) => id)]));
}
