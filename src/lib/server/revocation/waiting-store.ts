// Queries over what was kept while our clock is doubted. Reading only.
import { connection, type Db } from '../db/index.ts';

/** Issuer keys of which a list was kept that is not crossed with our certificates yet. */
export const uncrossedIssuers = (db: Db): string[] =>
  connection(db)
    .prepare(
      `select distinct issuer_key from revocation_line
        where applied_evidence_id is null or applied_evidence_id <> coalesce(delta_evidence_id, evidence_id) order by 1`,
    )
    .pluck()
    .all() as string[];

/** Certificates in use that a kept answer, which nothing confirmed yet, speaks against, with their issuer's key. */
export const answeredAgainst = (db: Db, now: number): { id: string; issuerKey: string }[] =>
  connection(db)
    .prepare(
      `select c.id, a.key_sha256 as issuerKey from revocation_answer r
         join certificate c on c.id = r.certificate_id join authority a on a.id = c.authority_id
        where r.status in ('revoked', 'on_hold', 'non_issued') and c.revocation <> 'revoked'
          and not exists (select 1 from revocation_confirmation f where f.evidence_id = r.evidence_id and f."from" <= ?)`,
    )
    .all(now) as { id: string; issuerKey: string }[];

/** Certificates of an issuer with these serials that are not revoked yet, records without their file too. */
export const notRevokedYet = (db: Db, authorities: readonly string[], serials: readonly string[]): string[] =>
  connection(db)
    .prepare(
      `select id from certificate where authority_id in (select value from json_each(?))
          and serial in (select value from json_each(?)) and revocation <> 'revoked' order by id`,
    )
    .pluck()
    .all(JSON.stringify(authorities), JSON.stringify(serials)) as string[];

/** Those of these certificates that stand in the lists of somebody who sees so much. */
export const visibleAmong = (
  db: Db,
  ids: readonly string[],
  seen: 'all' | readonly string[],
): { id: string; agencyId: string | null }[] =>
  connection(db)
    .prepare(
      `select id, agency_id as agencyId from certificate where id in (select value from json_each(@ids)) and archived_at is null
          and (@seen is null or agency_id in (select value from json_each(@seen))) order by common_name, id`,
    )
    .all({ ids: JSON.stringify(ids), seen: seen === 'all' ? null : JSON.stringify(seen) }) as {
    id: string;
    agencyId: string | null;
  }[];

/** Changes whenever what waits, or whom it may be about, does. */
export const waitingMark = (db: Db): string =>
  connection(db)
    .prepare(
      `select (select coalesce(max(rowid), 0) from revocation_evidence) || ':' || (select coalesce(max(rowid), 0) from certificate) || ':' ||
              (select group_concat(coalesce(applied_evidence_id, '-')) from revocation_line)`,
    )
    .pluck()
    .get() as string;
