// Queries over tests of reachability.
import { and, desc, eq, gt, isNull } from 'drizzle-orm';
import { connection, newId, type Db } from '../db/index.ts';
import { reachResult, reachRun } from './schema-asking.ts';
import { revocationSource } from './schema.ts';

export type ReachRow = typeof reachResult.$inferSelect;

export const lastReach = (db: Db): typeof reachRun.$inferSelect | undefined =>
  db.select().from(reachRun).orderBy(desc(reachRun.requestedAt), desc(reachRun.id)).limit(1).get();

export const addReach = (db: Db, row: { requestedBy: string; requestedAt: number }): void =>
  void db
    .insert(reachRun)
    .values({ id: newId(row.requestedAt), ...row })
    .run();

export const finishReach = (db: Db, id: string, finishedAt: number): void =>
  void db.update(reachRun).set({ finishedAt }).where(eq(reachRun.id, id)).run();

export const reachResults = (db: Db, runId: string): ReachRow[] =>
  db.select().from(reachResult).where(eq(reachResult.runId, runId)).all();

export const addReachResult = (db: Db, row: Omit<typeof reachResult.$inferInsert, 'id'>): void =>
  void db
    .insert(reachResult)
    .values({ id: newId(row.checkedAt ?? 0), ...row })
    .onConflictDoNothing()
    .run();

/** Live sources whose last question brought nothing usable. */
export const failingSources = (db: Db): (typeof revocationSource.$inferSelect)[] =>
  db
    .select()
    .from(revocationSource)
    .where(and(isNull(revocationSource.retiredAt), gt(revocationSource.failures, 0)))
    .all();

/** Addresses that live sources have, and where issuers' certificates of anchored chains are published. */
export const reachAddresses = (db: Db): { kind: 'crl' | 'ocsp' | 'aia'; url: string; certificates: number }[] =>
  connection(db)
    .prepare(
      `with named as (
         select a.key_sha256 as key, c.crl_urls as crl, c.ocsp_urls as ocsp, c.ca_issuers as aia, count(*) as n
           from certificate c join authority a on a.id = c.authority_id
          where c.archived_at is null and c.chain in ('anchored', 'ca_expired', 'ca_revoked') group by 1, 2, 3, 4),
       counted as (
         select 'crl' as kind, j.value as url, sum(n) as n from named, json_each(named.crl) j group by 2
         union all select 'ocsp', j.value, sum(n) from named, json_each(named.ocsp) j group by 2)
       select s.kind, s.url, coalesce(max(counted.n), 0) as certificates
         from (select distinct kind, url from revocation_source where retired_at is null) s
         left join counted on counted.kind = s.kind and counted.url = s.url group by 1, 2
       union all
       select 'aia', j.value, sum(n) from named, json_each(named.aia) j group by 2`,
    )
    .all() as { kind: 'crl' | 'ocsp' | 'aia'; url: string; certificates: number }[];
