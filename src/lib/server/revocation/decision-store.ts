// Queries over decisions: changes of what is believed about a certificate, and what stood when they were made.
import { eq, sql } from 'drizzle-orm';
import { DISOWNED, statusEvent } from '../certificates/schema.ts';
import { prepared } from '../db/bulk.ts';
import type { Db } from '../db/index.ts';
import { orderAt } from './acceptance-store.ts';

/** The first decision about a certificate: what was believed before, and the objects that stood. */
export function firstDecision(db: Db, certificateId: string): { from: string; order: number } | null {
  const row = prepared(
    db,
    `select s."from", s.at, json_extract(s.detail, '$.order') as "order", e.rowid as evidence from status_event s join revocation_evidence e on e.id = s.evidence_id
      where s.certificate_id = @certificateId and s.facet = 'revocation'
        and s.rowid > coalesce((select max(rowid) from status_event
                                 where certificate_id = @certificateId and facet = 'revocation'
                                   and json_extract(detail, '$.why') = @disowned), 0)
      order by s.rowid limit 1`,
  ).get({ certificateId, disowned: DISOWNED }) as
    { from: string; at: number; order: number | null; evidence: number } | undefined;
  return row ? { from: row.from, order: orderOfDecision(db, row) } : null;
}

/** How many objects had been accepted at the last decision that changed what is believed about a certificate. */
export function lastDecision(db: Db, certificateId: string): number {
  const row = prepared(
    db,
    `select s.at, json_extract(s.detail, '$.order') as "order", e.rowid as evidence
       from status_event s left join revocation_evidence e on e.id = s.evidence_id
      where s.certificate_id = ? and s.facet = 'revocation' order by s.rowid desc limit 1`,
  ).get(certificateId) as Decided | undefined;
  return row ? orderOfDecision(db, row) : 0;
}

type Decided = { at: number; order: number | null; evidence: number | null };
/** Decisions of the first releases did not say; then the clock must. */
const orderOfDecision = (db: Db, { at, order, evidence }: Decided): number =>
  order ?? Math.max(evidence ?? 0, orderAt(db, at));

export type StatusEventRow = typeof statusEvent.$inferSelect;

/** Changes of a certificate's facets, in the order in which they were written. */
export const statusEvents = (db: Db, certificateId: string): StatusEventRow[] =>
  db
    .select()
    .from(statusEvent)
    .where(eq(statusEvent.certificateId, certificateId))
    .orderBy(sql`rowid`)
    .all();
