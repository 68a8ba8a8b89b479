// Queries over what certificates rest on: which rest on an object, since when, and whether it still may carry them.
import { and, eq, inArray, sql } from 'drizzle-orm';
import { certificate } from '../certificates/schema.ts';
import { prepared } from '../db/bulk.ts';
import { connection, type Db } from '../db/index.ts';

/** Certificates that rest on an object and were written before its confirmation at an instant. */
export const unconfirmed = (db: Db, evidenceId: string, at: number): string[] =>
  prepared(db, 'select id from certificate where evidence_id = ? and confirmed_at < ?')
    .pluck()
    .all(evidenceId, at) as string[];

/** Whether there is one. */
export const anyUnconfirmed = (db: Db, evidenceId: string, at: number): boolean =>
  prepared(db, 'select 1 from certificate where evidence_id = ? and confirmed_at < ? limit 1').get(evidenceId, at) !==
  undefined;

/** Certificates that rest on an object and were written by a clock that ran ahead. */
export const confirmedAhead = (db: Db, evidenceId: string, now: number): string[] =>
  prepared(db, 'select id from certificate where evidence_id = ? and confirmed_at > ?')
    .pluck()
    .all(evidenceId, now) as string[];

/** Certificates that rest on an object and would be fresh for longer than its last confirmation makes them: the policy was changed. */
export const freshForLonger = (db: Db, by: { evidenceId: string; confirmedAt: number; freshUntil: number }): string[] =>
  prepared(
    db,
    'select id from certificate where evidence_id = @evidenceId and confirmed_at < @confirmedAt and fresh_until > @freshUntil',
  )
    .pluck()
    .all(by) as string[];

/** Objects of an issuer that were confirmed since what rests on them was written. */
export const reconfirmed = (db: Db, issuerKey: string): string[] =>
  prepared(
    db,
    `select f.evidence_id from evidence_freshness f join revocation_evidence e on e.id = f.evidence_id where e.issuer_key = ?`,
  )
    .pluck()
    .all(issuerKey) as string[];

/** Of these certificates those that rest on an object: a newer one may have come about the others. */
export const stillOn = (db: Db, evidenceId: string, ids: readonly string[]): string[] =>
  prepared(db, 'select id from certificate where id in (select value from json_each(?)) and evidence_id = ?')
    .pluck()
    .all(JSON.stringify(ids), evidenceId) as string[];

/** Number of certificates whose status rests on an evidence object, and the first of them. */
export const restingOn = (db: Db, evidenceId: string, limit: number) => ({
  count: db
    .select({ n: sql<number>`count(*)` })
    .from(certificate)
    .where(eq(certificate.evidenceId, evidenceId))
    .get()!.n,
  revoked: db
    .select({
      id: certificate.id,
      commonName: certificate.commonName,
      serial: certificate.serial,
      agencyId: certificate.agencyId,
    })
    .from(certificate)
    .where(and(eq(certificate.evidenceId, evidenceId), inArray(certificate.revocation, ['revoked', 'on_hold'])))
    .limit(limit)
    .all(),
});

/** Certificates that are good by lists of an issuer that another key than its own signed, with those lists. */
export const goodByOthers = (db: Db, issuerKey: string): { id: string; evidenceId: string }[] =>
  connection(db)
    .prepare(
      // Lists first: of an issuer that signs its own, as nearly all do, no certificate is looked at.
      `with theirs as materialized (
         select e.id from revocation_evidence e where e.issuer_key = ? and e.kind = 'crl'
           and not exists (select 1 from authority a where a.fingerprint = e.signer_fingerprint and a.key_sha256 = e.issuer_key))
       select c.id, c.evidence_id as evidenceId from theirs join certificate c on c.evidence_id = theirs.id
        where c.revocation in ('good', 'released')`,
    )
    .all(issuerKey) as { id: string; evidenceId: string }[];

/** By which list a certificate is revoked or on hold though, as its path to an anchor proves, another CA issued it. */
export const listOfAnother = (db: Db, id: string): { evidenceId: string; issuerName: string } | undefined =>
  prepared(
    db,
    `select e.id as evidenceId, e.issuer_name as issuerName
       from certificate c join authority a on a.id = c.authority_id join revocation_evidence e on e.id = c.evidence_id
      where c.id = ? and c.fingerprint is not null and c.chain = 'anchored' and e.kind = 'crl' and e.issuer_key <> a.key_sha256`,
  ).get(id) as { evidenceId: string; issuerName: string } | undefined;
