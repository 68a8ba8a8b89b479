// Queries over sources, evidence, lines, listings and answers; and the reading joins into certificates that a sweep
// needs. Bulk paths use prepared statements.
import { and, asc, desc, eq, inArray, isNotNull, isNull, sql } from 'drizzle-orm';
import { authority, certificate, certificateDer } from '../certificates/schema.ts';
import { connection, newId, type Db } from '../db/index.ts';
import type { RevocationStatus, State } from './decide.ts';
import {
  revocationAnswer,
  revocationEvidence,
  revocationLine,
  revocationListing,
  revocationRefused,
  revocationSignal,
  revocationSource,
} from './schema.ts';

export type SourceRow = typeof revocationSource.$inferSelect;
export type EvidenceRow = typeof revocationEvidence.$inferSelect;
export type LineRow = typeof revocationLine.$inferSelect;
export type ListingRow = typeof revocationListing.$inferSelect;
export type AnswerRow = typeof revocationAnswer.$inferSelect;
export type SignalRow = typeof revocationSignal.$inferSelect;
export type RefusedRow = typeof revocationRefused.$inferSelect;

// ---- sources -----------------------------------------------------------------------------------------------------

/** Addresses named by certificates whose chain reaches an accepted anchor: nothing else is ever fetched (§7). */
export function namedAddresses(db: Db): { kind: 'crl' | 'ocsp'; issuerKey: string; issuerName: string; url: string }[] {
  const of = (kind: string, column: string) => `
    select distinct '${kind}' as kind, a.key_sha256 as issuerKey, a.common_name as issuerName, j.value as url
      from certificate c join authority a on a.id = c.authority_id, json_each(c.${column}) j
     where c.chain in ('anchored', 'ca_expired', 'ca_revoked') and c.archived_at is null`;
  return connection(db)
    .prepare(`${of('crl', 'crl_urls')} union ${of('ocsp', 'ocsp_urls')}`)
    .all() as ReturnType<typeof namedAddresses>;
}

export const sources = (db: Db): SourceRow[] =>
  db.select().from(revocationSource).orderBy(asc(revocationSource.issuerName), asc(revocationSource.url)).all();

export const sourceById = (db: Db, id: string): SourceRow | undefined =>
  db.select().from(revocationSource).where(eq(revocationSource.id, id)).get();

export const sourceAt = (db: Db, kind: 'crl' | 'ocsp', issuerKey: string, url: string): SourceRow | undefined =>
  db
    .select()
    .from(revocationSource)
    .where(
      and(eq(revocationSource.kind, kind), eq(revocationSource.issuerKey, issuerKey), eq(revocationSource.url, url)),
    )
    .get();

export function addSource(db: Db, row: Omit<typeof revocationSource.$inferInsert, 'id'>): void {
  db.insert(revocationSource)
    .values({ id: newId(row.addedAt), ...row })
    .onConflictDoUpdate({
      target: [revocationSource.kind, revocationSource.issuerKey, revocationSource.url],
      set: { retiredAt: null },
    })
    .run();
}

export const setSource = (db: Db, id: string, values: Partial<SourceRow>): void =>
  void db.update(revocationSource).set(values).where(eq(revocationSource.id, id)).run();

/** Every live list is due now; failures are forgiven their pause, not their count. */
export const makeDue = (db: Db, now: number): number =>
  db
    .update(revocationSource)
    .set({ dueAt: now })
    .where(and(eq(revocationSource.kind, 'crl'), isNull(revocationSource.retiredAt)))
    .run().changes;

export const sourcesOfIssuer = (db: Db, issuerKey: string): SourceRow[] =>
  db.select().from(revocationSource).where(eq(revocationSource.issuerKey, issuerKey)).all();

/** Addresses that certificates with an open incident or a pending revocation depend on: the five-minute lane. */
export const urgentAddresses = (db: Db): { issuerKey: string; url: string }[] =>
  connection(db)
    .prepare(
      `select distinct a.key_sha256 as issuerKey, j.value as url
         from certificate_mark m join certificate c on c.id = m.certificate_id join authority a on a.id = c.authority_id,
              json_each(c.crl_urls) j
        where m.ended_at is null and m.kind in ('open_incident', 'pending_revocation') and c.revocation <> 'revoked'`,
    )
    .all() as { issuerKey: string; url: string }[];

/** How many certificates and agencies name each address. */
export function dependants(db: Db): Map<string, { certificates: number; agencies: number }> {
  const of = (kind: string, column: string) => `
    select '${kind}' as kind, a.key_sha256 as issuerKey, j.value as url, count(*) as certificates, count(distinct c.agency_id) as agencies
      from certificate c join authority a on a.id = c.authority_id, json_each(c.${column}) j
     where c.archived_at is null group by 2, 3`;
  const rows = connection(db)
    .prepare(`${of('crl', 'crl_urls')} union all ${of('ocsp', 'ocsp_urls')}`)
    .all() as {
    kind: string;
    issuerKey: string;
    url: string;
    certificates: number;
    agencies: number;
  }[];
  return new Map(rows.map(({ kind, issuerKey, url, ...count }) => [`${kind} ${issuerKey} ${url}`, count]));
}

/** How many certificates and agencies stand directly under these CA certificates. */
export const standingUnder = (db: Db, authorityIds: readonly string[]): { certificates: number; agencies: number } =>
  db
    .select({ certificates: sql<number>`count(*)`, agencies: sql<number>`count(distinct ${certificate.agencyId})` })
    .from(certificate)
    .where(and(inArray(certificate.authorityId, [...authorityIds]), isNull(certificate.archivedAt)))
    .get()!;

// ---- evidence ----------------------------------------------------------------------------------------------------

export const evidenceById = (db: Db, id: string): EvidenceRow | undefined =>
  db.select().from(revocationEvidence).where(eq(revocationEvidence.id, id)).get();

/** The same bytes accepted before, for the same issuer (and certificate, for OCSP). */
export const evidenceOf = (
  db: Db,
  sha256: string,
  issuerKey: string,
  certificateId: string | null,
): EvidenceRow | undefined =>
  db
    .select()
    .from(revocationEvidence)
    .where(
      and(
        eq(revocationEvidence.sha256, sha256),
        eq(revocationEvidence.issuerKey, issuerKey),
        certificateId === null
          ? isNull(revocationEvidence.certificateId)
          : eq(revocationEvidence.certificateId, certificateId),
      ),
    )
    .get();

export function addEvidence(db: Db, row: Omit<typeof revocationEvidence.$inferInsert, 'id'>): string {
  const id = newId(row.acceptedAt);
  db.insert(revocationEvidence)
    .values({ id, ...row })
    .run();
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

const KEPT_REFUSALS = 10;
const KEPT_BYTES = 64 * 1024;

/** Keeps a refused object: the last ten of a source, at most 64 kB of each (§12). */
export function addRefused(
  db: Db,
  row: Omit<typeof revocationRefused.$inferInsert, 'id' | 'bytes' | 'size'> & { bytes: Buffer },
): void {
  db.insert(revocationRefused)
    .values({ id: newId(row.at), ...row, size: row.bytes.length, bytes: row.bytes.subarray(0, KEPT_BYTES) })
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
}

export const refusedOfSource = (db: Db, sourceId: string, limit: number): RefusedRow[] =>
  db
    .select()
    .from(revocationRefused)
    .where(eq(revocationRefused.sourceId, sourceId))
    .orderBy(desc(revocationRefused.at))
    .limit(limit)
    .all();

// ---- lines and listings ------------------------------------------------------------------------------------------

export const lines = (db: Db): LineRow[] => db.select().from(revocationLine).all();
export const linesOf = (db: Db, issuerKey: string): LineRow[] =>
  db.select().from(revocationLine).where(eq(revocationLine.issuerKey, issuerKey)).all();

export const lineOf = (db: Db, issuerKey: string, scope: string): LineRow | undefined =>
  db
    .select()
    .from(revocationLine)
    .where(and(eq(revocationLine.issuerKey, issuerKey), eq(revocationLine.scope, scope)))
    .get();

/** The line continues with this list, confirmed now. */
export function continueLine(
  db: Db,
  row: { issuerKey: string; scope: string; evidenceId: string; confirmedAt: number },
): void {
  db.insert(revocationLine)
    .values(row)
    .onConflictDoUpdate({
      target: [revocationLine.issuerKey, revocationLine.scope],
      set: { evidenceId: row.evidenceId, confirmedAt: row.confirmedAt },
    })
    .run();
}

export const markApplied = (db: Db, line: LineRow, now: number): void =>
  void db
    .update(revocationLine)
    .set({ appliedEvidenceId: line.evidenceId, appliedAt: now })
    .where(and(eq(revocationLine.issuerKey, line.issuerKey), eq(revocationLine.scope, line.scope)))
    .run();

export const listingsOf = (db: Db, issuerKey: string): ListingRow[] =>
  db.select().from(revocationListing).where(eq(revocationListing.issuerKey, issuerKey)).all();

export function putListing(db: Db, row: ListingRow): void {
  const { status, reason, revokedAt, invalidityAt, evidenceId, removedEvidenceId } = row;
  db.insert(revocationListing)
    .values(row)
    .onConflictDoUpdate({
      target: [revocationListing.issuerKey, revocationListing.scope, revocationListing.serial],
      set: { status, reason, revokedAt, invalidityAt, evidenceId, removedEvidenceId },
    })
    .run();
}

// ---- certificates, as a sweep sees them --------------------------------------------------------------------------

export type Checked = {
  id: string;
  fingerprint: string | null;
  serial: string;
  notBefore: number | null;
  notAfter: number | null;
  crlUrls: string;
  state: State;
};

const stateColumns = `c.revocation as status, c.revocation_reason as reason, c.revoked_at as revokedAt, c.invalidity_at as invalidityAt,
  c.revocation_source as source, c.evidence_id as evidenceId, c.this_update as thisUpdate, c.next_update as nextUpdate,
  c.confirmed_at as confirmedAt, c.fresh_until as freshUntil`;
const checkedColumns = `c.id, c.fingerprint, c.serial, c.not_before as notBefore, c.not_after as notAfter, c.crl_urls as crlUrls, ${stateColumns}`;

type FlatRow = Omit<Checked, 'state'> & State & { status: RevocationStatus };
const shaped = ({ id, fingerprint, serial, notBefore, notAfter, crlUrls, ...state }: FlatRow): Checked => ({
  id,
  fingerprint,
  serial,
  notBefore,
  notAfter,
  crlUrls,
  state,
});

/** Chains under which a list of the issuer is believed about a certificate. */
const JUDGED = `('anchored', 'ca_expired', 'ca_revoked', 'ca_not_yet_valid', 'invalid_path')`;

/** Certificates that this key issued, by verified signature, after an id. */
export function issuedBy(db: Db, issuerKey: string, after: string, limit: number): Checked[] {
  const rows = connection(db)
    .prepare(
      `select ${checkedColumns} from certificate c join authority a on a.id = c.authority_id
        where a.key_sha256 = ? and c.chain in ${JUDGED} and c.serial is not null and c.id > ? order by c.id limit ?`,
    )
    .all(issuerKey, after, limit) as FlatRow[];
  return rows.map(shaped);
}

/** Records without a file whose sheet names this issuer: matched by issuer and serial only. */
export function dataOnlyOf(db: Db, issuerKey: string): Checked[] {
  const rows = connection(db)
    .prepare(
      `select distinct ${checkedColumns} from certificate c join authority a on (c.issuer = a.subject or c.issuer = a.common_name)
        where a.key_sha256 = ? and c.fingerprint is null and c.serial is not null order by c.id`,
    )
    .all(issuerKey) as FlatRow[];
  return rows.map(shaped);
}

export const serialsOf = (db: Db, issuerKey: string): string[] =>
  connection(db)
    .prepare(
      `select c.serial from certificate c join authority a on a.id = c.authority_id where a.key_sha256 = ? and c.serial is not null`,
    )
    .pluck()
    .all(issuerKey) as string[];

export function checkedById(
  db: Db,
  id: string,
): (Checked & { authorityId: string | null; issuerKey: string | null; ocspUrls: string; chain: string }) | undefined {
  const row = connection(db)
    .prepare(
      `select ${checkedColumns}, c.authority_id as authorityId, a.key_sha256 as issuerKey, c.ocsp_urls as ocspUrls, c.chain
         from certificate c left join authority a on a.id = c.authority_id where c.id = ?`,
    )
    .get(id) as
    (FlatRow & { authorityId: string | null; issuerKey: string | null; ocspUrls: string; chain: string }) | undefined;
  if (!row) return undefined;
  const { authorityId, issuerKey, ocspUrls, chain, ...rest } = row;
  return { ...shaped(rest), authorityId, issuerKey, ocspUrls, chain };
}

/** Whether certificates of the issuer wait although nothing new was published: new ones, or an OCSP answer grown old. */
export const waiting = (db: Db, issuerKey: string, since: number, now: number): boolean =>
  connection(db)
    .prepare(
      `select 1 from certificate c join authority a on a.id = c.authority_id
        where a.key_sha256 = ? and c.chain in ${JUDGED}
          and ((c.confirmed_at is null and c.revocation in ('undetermined', 'not_checkable') and coalesce(c.chain_checked_at, c.added_at) >= ?)
            or (c.revocation_source = 'ocsp' and c.revocation in ('good', 'released', 'unknown') and c.fresh_until < ? and coalesce(c.not_after, ?) >= ?))
        limit 1`,
    )
    .get(issuerKey, since, now, now, now) !== undefined;

/** Certificates that only OCSP can speak about, or whose incident wants it, and whose answer is due. */
export const dueForOcsp = (db: Db, now: number, limit: number): string[] =>
  connection(db)
    .prepare(
      `select c.id from certificate c
        where c.chain in ('anchored', 'ca_expired') and c.ocsp_urls <> '[]' and c.revocation <> 'revoked' and coalesce(c.not_after, ?) >= ?
          and ((c.crl_urls = '[]' and coalesce(c.fresh_until, 0) < ? + 3600000 and coalesce(c.confirmed_at, 0) < ? - 3600000)
            or (coalesce((select confirmed_at from revocation_answer r where r.certificate_id = c.id), 0) < ? - 300000
                and exists (select 1 from certificate_mark m where m.certificate_id = c.id and m.ended_at is null
                            and m.kind in ('open_incident', 'pending_revocation'))))
        order by coalesce(c.fresh_until, 0), c.id limit ?`,
    )
    .pluck()
    .all(now, now, now, now, now, limit) as string[];

export const derOf = (db: Db, fingerprint: string): Buffer | null =>
  db.select({ der: certificateDer.der }).from(certificateDer).where(eq(certificateDer.fingerprint, fingerprint)).get()
    ?.der ?? null;

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

// ---- answers and signals -----------------------------------------------------------------------------------------

export const answerOf = (db: Db, certificateId: string): AnswerRow | undefined =>
  db.select().from(revocationAnswer).where(eq(revocationAnswer.certificateId, certificateId)).get();

export const answersOf = (db: Db, ids: readonly string[]): Map<string, AnswerRow> =>
  new Map(
    ids.length
      ? db
          .select()
          .from(revocationAnswer)
          .where(inArray(revocationAnswer.certificateId, [...ids]))
          .all()
          .map((row) => [row.certificateId, row])
      : [],
  );

export function putAnswer(db: Db, row: AnswerRow): void {
  db.insert(revocationAnswer)
    .values(row)
    .onConflictDoUpdate({ target: revocationAnswer.certificateId, set: row })
    .run();
}

/** Raises a signal; the same about the same evidence is raised once. @returns whether it is new */
export const addSignal = (db: Db, row: Omit<typeof revocationSignal.$inferInsert, 'id'>): boolean =>
  db
    .insert(revocationSignal)
    .values({ id: newId(row.at), ...row })
    .onConflictDoNothing()
    .run().changes > 0;

export const openSignals = (db: Db): SignalRow[] =>
  db.select().from(revocationSignal).where(isNull(revocationSignal.settledAt)).orderBy(asc(revocationSignal.at)).all();

export const signalById = (db: Db, id: string): SignalRow | undefined =>
  db.select().from(revocationSignal).where(eq(revocationSignal.id, id)).get();

export const signalsOf = (db: Db, certificateId: string): SignalRow[] =>
  db
    .select()
    .from(revocationSignal)
    .where(eq(revocationSignal.certificateId, certificateId))
    .orderBy(desc(revocationSignal.at))
    .all();

export const setSignal = (db: Db, id: string, values: Partial<SignalRow>): void =>
  void db.update(revocationSignal).set(values).where(eq(revocationSignal.id, id)).run();

/** Certificates of an issuer key with a serial; more than one is a clash that stands elsewhere as a problem. */
export const idsOf = (db: Db, issuerKey: string, serial: string): string[] =>
  connection(db)
    .prepare(
      'select c.id from certificate c join authority a on a.id = c.authority_id where a.key_sha256 = ? and c.serial = ?',
    )
    .pluck()
    .all(issuerKey, serial) as string[];

export const nameOf = (db: Db, certificateId: string): { commonName: string; agencyId: string | null } | undefined =>
  db
    .select({ commonName: certificate.commonName, agencyId: certificate.agencyId })
    .from(certificate)
    .where(eq(certificate.id, certificateId))
    .get();

export const authorityNamed = (db: Db, fingerprint: string): { id: string; commonName: string } | undefined =>
  db
    .select({ id: authority.id, commonName: authority.commonName })
    .from(authority)
    .where(eq(authority.fingerprint, fingerprint))
    .get();
