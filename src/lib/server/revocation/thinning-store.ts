// Queries for thinning: which objects still have their bytes, which of them something rests on, and what is left of the others.
import { eq } from 'drizzle-orm';
import { INCIDENT_MARKS } from '../certificates/schema.ts';
import { connection, type Db } from '../db/index.ts';
import type { EvidenceRow } from './evidence-store.ts';
import type { Kept } from './keeping.ts';
import { revocationThinned } from './schema.ts';

/** Columns that name an object on which a change of status, a signal, a line or an alarm rests. */
const RESTS = [
  ['certificate', 'evidence_id'],
  ['status_event', 'evidence_id'],
  ['authority', 'revocation_evidence_id'],
  ['revocation_listing', 'first_evidence_id'],
  ['revocation_listing', 'evidence_id'],
  ['revocation_listing', 'removed_evidence_id'],
  ['revocation_answer', 'evidence_id'],
  ['revocation_signal', 'evidence_id'],
  ['revocation_line', 'evidence_id'],
  ['revocation_line', 'delta_evidence_id'],
  ['revocation_line', 'applied_evidence_id'],
  ['revocation_quarantine', 'evidence_id'],
  ['revocation_source', 'evidence_id'],
] as const;

/** All objects with their bytes, oldest first. */
export function keptEvidence(db: Db, needed: { evidenceIds: readonly string[]; instants: readonly number[] }): Kept[] {
  const database = connection(db);
  const resting = database
    .prepare(
      RESTS.map(([table, column]) => `select ${column} from ${table} where ${column} is not null`).join(' union '),
    )
    .pluck()
    .all() as string[];
  const keep = new Set([...resting, ...needed.evidenceIds, ...standingAtIncidents(db)]);
  for (const instant of new Set(needed.instants)) for (const id of standingAt(db, instant)) keep.add(id);
  const rows = database
    .prepare(
      `select e.id, e.accepted_at as acceptedAt,
              case when e.kind = 'ocsp' then 'ocsp ' || coalesce(e.certificate_id, e.source_id, '')
                   else e.issuer_key || ' ' || e.scope || ' ' || coalesce(e.source_id, '') || ' ' || (e.delta_of is null) end as "group"
         from revocation_evidence e
        where not exists (select 1 from revocation_thinned t where t.evidence_id = e.id)
        order by e.rowid`,
    )
    .all() as Omit<Kept, 'needed'>[];
  return rows.map((row) => ({ ...row, needed: keep.has(row.id) }));
}

/** The newest list of every line and the newest answer about every certificate at an instant. */
const standingAt = (db: Db, instant: number): string[] =>
  connection(db)
    .prepare(
      `select id from revocation_evidence where rowid in
        (select max(rowid) from revocation_evidence where accepted_at <= ?
          group by issuer_key, scope, delta_of is null, certificate_id)`,
    )
    .pluck()
    .all(instant) as string[];

/** What stood about a certificate when its incident opened and when it closed. */
const standingAtIncidents = (db: Db): string[] =>
  connection(db)
    .prepare(
      `with moments as (
         select c.id, a.key_sha256 as key, m.at as at from certificate_mark m join certificate c on c.id = m.certificate_id
           join authority a on a.id = c.authority_id where m.kind in ${INCIDENT_MARKS}
         union select c.id, a.key_sha256, m.ended_at from certificate_mark m join certificate c on c.id = m.certificate_id
           join authority a on a.id = c.authority_id where m.kind in ${INCIDENT_MARKS} and m.ended_at is not null)
       select (select e.id from revocation_evidence e where e.issuer_key = moments.key and e.kind = 'crl' and e.accepted_at <= moments.at order by e.rowid desc limit 1) from moments
       union select (select e.id from revocation_evidence e where e.certificate_id = moments.id and e.accepted_at <= moments.at order by e.rowid desc limit 1) from moments`,
    )
    .pluck()
    .all()
    .filter((id) => id !== null) as string[];

/** Whether another object, which still has them, has the same bytes (a list of several keys of one CA). */
export const sharesBytes = (db: Db, row: Pick<EvidenceRow, 'id' | 'sha256'>): boolean =>
  connection(db)
    .prepare(
      `select 1 from revocation_evidence e where e.sha256 = ? and e.id <> ?
          and not exists (select 1 from revocation_thinned t where t.evidence_id = e.id)`,
    )
    .get(row.sha256, row.id) !== undefined;

/** Refused objects whose hash alone is kept, of each source; what was carried by hand counts as one source. */
const REFUSED_PER_SOURCE = 1000;

/** Rows of refused objects beyond the newest of each source, oldest first. */
export const refusedBeyond = (db: Db, limit: number): { id: string; line: string }[] =>
  connection(db)
    .prepare(
      `select id, sha256 || ' ' || code || ' ' || at as line from
         (select id, sha256, code, at, row_number() over (partition by source_id order by at desc, id desc) as place from revocation_refused)
        where place > ? order by at, id limit ?`,
    )
    .all(REFUSED_PER_SOURCE, limit) as { id: string; line: string }[];

export const deleteRefused = (db: Db, ids: readonly string[]): void =>
  void connection(db)
    .prepare('delete from revocation_refused where id in (select value from json_each(?))')
    .run(JSON.stringify(ids));

/** Addresses of lists that stay and came before an instant. */
export const packable = (db: Db, before: number, size: number): string[] =>
  connection(db)
    .prepare(
      `select distinct e.sha256 from revocation_evidence e join file f on f.sha256 = e.sha256
        where e.accepted_at < ? and e.size >= ? and e.kind = 'crl' and f.dropped_at is null`,
    )
    .pluck()
    .all(before, size) as string[];

type Weights = {
  bytes: number;
  count: number;
  thinned: number;
  freed: number;
  firstAt: number | null;
  cameBytes: number;
  wentBytes: number;
  database: number;
};

/** What evidence weighs, what came since an instant and what went. */
export const evidenceWeights = (db: Db, since: number): Weights =>
  connection(db)
    .prepare(
      `select (select coalesce(sum(size), 0) from file f where f.dropped_at is null and exists
                (select 1 from revocation_evidence e where e.sha256 = f.sha256)) as bytes,
              (select count(*) from revocation_evidence) as count,
              (select count(*) from revocation_thinned) as thinned,
              (select coalesce(sum(freed), 0) from revocation_thinned) as freed,
              (select min(accepted_at) from revocation_evidence) as firstAt,
              (select coalesce(sum(size), 0) from revocation_evidence where accepted_at > @since) as cameBytes,
              (select coalesce(sum(freed), 0) from revocation_thinned where at > @since) as wentBytes,
              (select page_count * page_size from pragma_page_count, pragma_page_size) as database`,
    )
    .get({ since }) as Weights;

export const thinnedOf = (db: Db, evidenceId: string): typeof revocationThinned.$inferSelect | undefined =>
  db.select().from(revocationThinned).where(eq(revocationThinned.evidenceId, evidenceId)).get();

export const addThinned = (db: Db, row: typeof revocationThinned.$inferInsert): void =>
  void db.insert(revocationThinned).values(row).onConflictDoNothing().run();
