// Queries over confirmations: from when until when an object was known to be the newest.
import { and, desc, eq, lte, sql } from 'drizzle-orm';
import { insertRow, prepared, ready, updateRow } from '../db/bulk.ts';
import { connection, newId, type Db } from '../db/index.ts';
import { orderOf } from './acceptance-store.ts';
import type { EvidenceRow } from './evidence-store.ts';
import { revocationConfirmation } from './schema.ts';

/** Two polls without a confirmation in between end a span (`fetching.POLL`). */
const SPAN_GAP = 2 * 3_600_000;

/** The object was confirmed now: its open span grows, or a new one begins. What lies ahead was never confirmed. */
export function confirmEvidence(db: Db, evidenceId: string, now: number): void {
  const last = ready(db, lastSpan).get({ evidenceId, now });
  if (last && now - last.to <= SPAN_GAP) updateRow(db, revocationConfirmation, last.id, { to: now });
  else insertRow(db, revocationConfirmation, { id: newId(now), evidenceId, from: now, to: now });
}

const lastSpan = (db: Db) =>
  db
    .select()
    .from(revocationConfirmation)
    .where(
      and(
        eq(revocationConfirmation.evidenceId, sql.placeholder('evidenceId')),
        lte(revocationConfirmation.from, sql.placeholder('now')),
      ),
    )
    .orderBy(desc(revocationConfirmation.to))
    .limit(1)
    .prepare();

/** Spans that were written while our clock ran ahead end here: they must not come true when their day does. */
export function closeAhead(db: Db, now: number): void {
  prepared(db, 'delete from revocation_confirmation where "from" > ?').run(now);
  prepared(db, 'update revocation_confirmation set "to" = ? where "to" > ?').run(now, now);
  prepared(db, 'update revocation_answer set confirmed_at = this_update where confirmed_at > ?').run(now);
}

/** The last confirmation of an object that we knew at an instant. */
export const confirmationAt = (db: Db, evidenceId: string, at: number): number | null =>
  prepared(db, 'select max(min("to", ?)) from revocation_confirmation where evidence_id = ? and "from" <= ?')
    .pluck()
    .get(at, evidenceId, at) as number | null;

/**
 * Lists of an issuer and answers about a certificate that came after an object and were confirmed by an instant, newest
 * first; what was kept while our clock was doubted was not.
 */
export const confirmedSince = (
  db: Db,
  { certificateId, changed, at, limit }: { certificateId: string; changed: EvidenceRow; at: number; limit: number },
): { order: number; size: number }[] =>
  connection(db)
    .prepare(
      `select e.rowid as "order", e.size from revocation_evidence e
        where ((e.issuer_key = @issuerKey and e.kind = 'crl') or e.certificate_id = @certificateId)
          and e.rowid > @after and e.accepted_at <= @at
          and exists (select 1 from revocation_confirmation c where c.evidence_id = e.id and c."from" <= @at)
        order by e.rowid desc limit @limit`,
    )
    .all({ issuerKey: changed.issuerKey, after: orderOf(db, changed.id), certificateId, at, limit }) as {
    order: number;
    size: number;
  }[];
