// Queries over accepted and refused objects.
import { and, desc, eq, inArray, isNotNull, isNull, lte, sql } from 'drizzle-orm';
import { DISOWNED, statusEvent } from '../certificates/schema.ts';
import { insertRow, prepared, ready, updateRow } from '../db/bulk.ts';
import { connection, newId, type Db } from '../db/index.ts';
import { revocationConfirmation, revocationEvidence, revocationRefused, revocationThinned } from './schema.ts';

export type EvidenceRow = typeof revocationEvidence.$inferSelect;
export type RefusedRow = typeof revocationRefused.$inferSelect;

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

const KEPT_REFUSALS = 10;
const KEPT_BYTES = 64 * 1024;

/** Keeps a refused object: the last ten of a source, at most 64 kB of each (§12). */
export function addRefused(
  db: Db,
  row: Omit<typeof revocationRefused.$inferInsert, 'id' | 'bytes' | 'size'> & { bytes: Buffer },
): string {
  const id = newId(row.at);
  db.insert(revocationRefused)
    .values({ id, ...row, size: row.bytes.length, bytes: row.bytes.subarray(0, KEPT_BYTES) })
    .run();
  const sameSource = row.sourceId ? eq(revocationRefused.sourceId, row.sourceId) : isNull(revocationRefused.sourceId);
  const old = db
    .select({ id: revocationRefused.id })
    .from(revocationRefused)
    .where(and(sameSource, isNotNull(revocationRefused.bytes)))
    .orderBy(desc(revocationRefused.at), desc(revocationRefused.id))
    .limit(1000)
    .offset(KEPT_REFUSALS)
    .all();
  // Of older ones the hash stays; only the bytes go.
  if (old.length)
    db.update(revocationRefused)
      .set({ bytes: null })
      .where(
        inArray(
          revocationRefused.id,
          old.map((r) => r.id),
        ),
      )
      .run();
  return id;
}

export const refusedOfSource = (db: Db, sourceId: string, limit: number): RefusedRow[] =>
  db
    .select()
    .from(revocationRefused)
    .where(eq(revocationRefused.sourceId, sourceId))
    .orderBy(desc(revocationRefused.at))
    .limit(limit)
    .all();

// ---- confirmations -----------------------------------------------------------------------------------------------

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

// ---- the order of acceptance -------------------------------------------------------------------------------------

/** Place of an object in the order in which all were accepted; a stepped clock does not disturb it. */
export const orderOf = (db: Db, evidenceId: string): number =>
  connection(db).prepare('select rowid from revocation_evidence where id = ?').pluck().get(evidenceId) as number;

/** The last place in the order. */
export const lastOrder = (db: Db): number =>
  connection(db).prepare('select coalesce(max(rowid), 0) from revocation_evidence').pluck().get() as number;

/** Objects of an issuer's lines after a place in the order, oldest first. */
export const listsAfter = (db: Db, issuerKey: string, order: number): { id: string; order: number; scope: string }[] =>
  connection(db)
    .prepare(
      `select id, rowid as "order", scope from revocation_evidence
        where issuer_key = ? and kind = 'crl' and rowid > ? order by rowid`,
    )
    .all(issuerKey, order) as { id: string; order: number; scope: string }[];

type Signed = { issuerKey: string; scope: string; deltaOf: string | null; key: string };

/** The last list of a line, complete or delta as this one, that a key signed. @param and what else it must be; @param by ... first by this */
function lastOfKey(db: Db, { deltaOf, ...rest }: Signed, and = '', by = ''): EvidenceRow | undefined {
  const id = prepared(
    db,
    `select e.id from revocation_evidence e join authority a on a.fingerprint = e.signer_fingerprint
      where e.issuer_key = @issuerKey and e.kind = 'crl' and e.scope = @scope
        and (e.delta_of is null) = @complete and a.key_sha256 = @key ${and} order by ${by} e.rowid desc limit 1`,
  )
    .pluck()
    .get({ ...rest, complete: deltaOf === null ? 1 : 0 }) as string | undefined;
  return id === undefined ? undefined : evidenceById(db, id);
}

/** Complete lists and deltas of a key are numbered together. */
const SINCE_ANEW = `e.rowid >= coalesce((select max(r.rowid) from revocation_evidence r
    join authority s on s.fingerprint = r.signer_fingerprint
   where r.issuer_key = @issuerKey and r.kind = 'crl' and r.scope = @scope and s.key_sha256 = @key
     and r.remarks like '%"renumbered"%'), 0)`;

export const lastSignedBy = (db: Db, { issuerKey, scope, deltaOf, key }: Signed): EvidenceRow | undefined =>
  lastOfKey(db, { issuerKey, scope, deltaOf, key });

/**
 * The greatest number of a line that a key signed, with the list that bears it; of those since a person let the numbering
 * begin anew. Numbers are hexadecimal without leading zeros; a negative one is none (RFC 5280 §5.2.3).
 */
export function greatestNumbered(
  db: Db,
  { issuerKey, scope, deltaOf, key }: Signed,
): { number: string; sha256: string } | null {
  const row = lastOfKey(
    db,
    { issuerKey, scope, deltaOf, key },
    `and e.crl_number not like '-%' and ${SINCE_ANEW}`,
    'length(e.crl_number) desc, e.crl_number desc,',
  );
  return row ? { number: row.crlNumber!, sha256: row.sha256 } : null;
}

/** Another list with the number of this one, accepted before in the same numbering of a line and signed by the same key: the last. */
export const twinOf = (db: Db, list: Signed & { number: string; sha256: string }): EvidenceRow | undefined =>
  lastOfKey(db, list, `and e.crl_number = @number and e.sha256 <> @sha256 and ${SINCE_ANEW}`);

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

// ---- thinned objects ---------------------------------------------------------------------------------------------

export const thinnedOf = (db: Db, evidenceId: string): typeof revocationThinned.$inferSelect | undefined =>
  db.select().from(revocationThinned).where(eq(revocationThinned.evidenceId, evidenceId)).get();

export const addThinned = (db: Db, row: typeof revocationThinned.$inferInsert): void =>
  void db.insert(revocationThinned).values(row).onConflictDoNothing().run();

// ---- deriving again ----------------------------------------------------------------------------------------------

export const issuersWithEvidence = (db: Db): string[] =>
  connection(db).prepare('select distinct issuer_key from revocation_evidence').pluck().all() as string[];

/** Whether anything of an issuer was ever accepted. */
export const hasEvidence = (db: Db, issuerKey: string): boolean =>
  prepared(db, 'select 1 from revocation_evidence where issuer_key = ? limit 1').get(issuerKey) !== undefined;

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

export const acceptedAtOf = (db: Db, order: number): number =>
  prepared(db, 'select accepted_at from revocation_evidence where rowid = ?').pluck().get(order) as number;

/** The last object that had been accepted at an instant; 0 when none had. */
export const orderAt = (db: Db, at: number): number =>
  connection(db)
    .prepare('select coalesce(max(rowid), 0) from revocation_evidence where accepted_at <= ?')
    .pluck()
    .get(at) as number;

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

// ---- what was known ----------------------------------------------------------------------------------------------

/** The newest answer about a certificate at a place in the order. */
export const answerBefore = (db: Db, certificateId: string, order: number): EvidenceRow | undefined => {
  const id = connection(db)
    .prepare('select id from revocation_evidence where certificate_id = ? and rowid <= ? order by rowid desc limit 1')
    .pluck()
    .get(certificateId, order) as string | undefined;
  return id === undefined ? undefined : evidenceById(db, id);
};

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

export type StatusEventRow = typeof statusEvent.$inferSelect;

/** Changes of a certificate's facets, in the order in which they were written. */
export const statusEvents = (db: Db, certificateId: string): StatusEventRow[] =>
  db
    .select()
    .from(statusEvent)
    .where(eq(statusEvent.certificateId, certificateId))
    .orderBy(sql`rowid`)
    .all();
