// Which certificate succeeds which: proposed from the records, confirmed or rejected by a person. A label "sudah ada
// pengganti" is not a revocation: the older one stays usable until it ends or is revoked (certificate-status §1).
import { connection, newId, statement, type Db } from '../db/index.ts';

/** The newest decision about a pair. `c` the older, `o` the newer certificate. */
const decided = (decision: 'confirmed' | 'rejected') => `exists (select 1 from renewal_decision d
  where d.certificate_id = c.id and d.successor_id = o.id and d.decision = '${decision}'
    and not exists (select 1 from renewal_decision n where n.certificate_id = d.certificate_id and n.successor_id = d.successor_id
                      and (n.at > d.at or (n.at = d.at and n.rowid > d.rowid))))`;

/**
 * Successors: of the certificates of one holder (else one subject) for one use, the one a person confirmed, else the
 * newest that is not revoked and that nobody rejected for this certificate, succeeds the older ones.
 * @param whose only these holders' certificates, or those of a subject that has no holder; null: all.
 * @returns certificates whose successor changed
 */
export function refreshSuccessors(
  db: Db,
  whose: readonly string[] | { subject: string } | null,
): { id: string; from: string | null; to: string | null }[] {
  // Two questions instead of one with `or`, so that each is answered from its own index.
  const newest = (peers: string) => `(select o.id from certificate o
        where ${peers} and o.use = c.use and o.id <> c.id and o.not_before is not null and c.not_before is not null
          and (o.not_before > c.not_before or (o.not_before = c.not_before and o.id > c.id))
          and o.fingerprint is not null and o.revocation not in ('revoked', 'on_hold') and o.chain <> 'bad_signature'
          and o.archived_at is null and not ${decided('rejected')}
        order by ${decided('confirmed')} desc, o.not_before desc, o.id desc limit 1)`;
  const wanted = `
    select c.id, c.superseded_by_id as "from",
      case when c.holder_id is not null then ${newest('o.holder_id = c.holder_id')}
           when c.subject <> '' then ${newest('o.subject = c.subject and o.holder_id is null')} end as "to"
      from certificate c where ${whose === null ? '1 = 1' : 'subject' in whose ? 'c.subject = ? and c.holder_id is null' : 'c.holder_id = ?'}`;
  const read = statement(db, `select * from (${wanted}) where "from" is not "to"`);
  const write = statement(db, 'update certificate set superseded_by_id = ? where id = ?');
  const keys = whose === null ? [[]] : 'subject' in whose ? [[whose.subject]] : whose.map((id) => [id]);
  const changed = keys.flatMap((key) => read.all(...key)) as ReturnType<typeof refreshSuccessors>;
  for (const row of changed) write.run(row.to, row.id);
  return changed;
}

/** Whose certificates may succeed one another with this one. */
export const peersOf = (row: { holderId: string | null; subject: string }) =>
  row.holderId === null ? { subject: row.subject } : [row.holderId];

export type Decision = { decision: 'confirmed' | 'rejected'; why: string; by: string; at: number };

/** What was decided about a pair, newest first. */
export const decisionsOf = (db: Db, certificateId: string, successorId: string): Decision[] =>
  connection(db)
    .prepare(
      'select decision, why, by, at from renewal_decision where certificate_id = ? and successor_id = ? order by at desc, rowid desc',
    )
    .all(certificateId, successorId) as Decision[];

export const recordDecision = (db: Db, row: Decision & { certificateId: string; successorId: string }): void =>
  void connection(db)
    .prepare(
      'insert into renewal_decision (id, certificate_id, successor_id, decision, why, by, at) values (?, ?, ?, ?, ?, ?, ?)',
    )
    .run(newId(row.at), row.certificateId, row.successorId, row.decision, row.why, row.by, row.at);
