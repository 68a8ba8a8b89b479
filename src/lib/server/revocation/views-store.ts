// Reading queries of the pages on sources and evidence: trends, what a list changed about certificates of ours, signals,
// what was refused. Nothing here writes, nothing here asks for permission.
import { and, desc, eq, gte, inArray, isNotNull, isNull, lt, or, sql, type SQL } from 'drizzle-orm';
import { agency, agencyName } from '../agencies/schema.ts';
import { isNeverIssuedSql } from '../certificates/label-sql.ts';
import { certificate } from '../certificates/schema.ts';
import { connection, type Db } from '../db/index.ts';
import type { RevocationStatus } from './decide.ts';
import { revocationEvidence, revocationRefused, revocationSignal, revocationSource, signalObject } from './schema.ts';
import type { EvidenceRow, RefusedRow, SignalRow } from './store.ts';

// ---- sources -----------------------------------------------------------------------------------------------------

export type TrendPoint = { id: string; at: number; entries: number; size: number };

/** The newest complete lists of a line, oldest first. */
export const trendOf = (db: Db, line: Pick<EvidenceRow, 'issuerKey' | 'scope'>, limit: number): TrendPoint[] =>
  (
    connection(db)
      .prepare(
        `select id, this_update as at, coalesce(entry_count, 0) as entries, size from revocation_evidence
          where issuer_key = ? and scope = ? and kind = 'crl' and delta_of is null order by this_update desc, id desc limit ?`,
      )
      .all(line.issuerKey, line.scope, limit) as TrendPoint[]
  ).reverse();

/** Agencies whose certificates name an address, most first. */
export const agenciesNaming = (
  db: Db,
  source: { kind: 'crl' | 'ocsp'; url: string; issuerKey: string },
): { id: string | null; code: string | null; name: string | null; n: number }[] =>
  connection(db)
    .prepare(
      `select g.id, g.code, (select n.name from agency_name n where n.agency_id = g.id order by n."from" desc limit 1) as name,
              count(*) as n
         from certificate c join authority a on a.id = c.authority_id left join agency g on g.id = c.agency_id
        where a.key_sha256 = ? and c.archived_at is null and (instr(c.${source.kind}_urls, ?) > 0
              or '${source.kind}' = 'crl' and exists (select 1 from freshest_address f where f.fingerprint = c.fingerprint and f.url = ?))
        group by g.id order by n desc, name`,
    )
    .all(source.issuerKey, JSON.stringify(source.url), source.url) as ReturnType<typeof agenciesNaming>;

/** The issuers whose certificates name an address: a number leads to a list only when there is one. */
export const issuersNaming = (db: Db): Map<string, number> =>
  new Map(
    (
      connection(db)
        .prepare(
          `select kind || ' ' || url as address, count(distinct issuer_key) as n from revocation_source group by 1`,
        )
        .all() as { address: string; n: number }[]
    ).map(({ address, n }) => [address, n]),
  );

/** Certificates whose status rests on the evidence, archived ones left out as the list of certificates does. */
export const countResting = (db: Db, evidenceId: string): number =>
  db
    .select({ n: sql<number>`count(*)` })
    .from(certificate)
    .where(and(eq(certificate.evidenceId, evidenceId), isNull(certificate.archivedAt)))
    .get()!.n;

// ---- what lists changed ------------------------------------------------------------------------------------------

export type ChangeRow = {
  id: string;
  at: number;
  certificateId: string;
  commonName: string;
  serial: string;
  agencyId: string | null;
  from: RevocationStatus;
  to: RevocationStatus;
  detail: string;
  evidenceId: string;
  kind: 'crl' | 'ocsp';
  number: string | null;
};

const CHANGES = `select x.id, x.at, x.certificate_id as certificateId, c.common_name as commonName, c.serial, c.agency_id as agencyId,
    x."from", x."to", x.detail, x.evidence_id as evidenceId, e.kind, e.crl_number as number
  from revocation_evidence e join status_event x on x.evidence_id = e.id and x."to" <> 'good' join certificate c on c.id = x.certificate_id
 where x.facet = 'revocation' and x."to" in ('revoked', 'on_hold', 'released', 'unknown')`;

/** What vanished before its time changes no status (§3), so that no event of a status tells of it. */
const REMOVALS = `select x.id, x.at, x.certificate_id as certificateId, c.common_name as commonName, c.serial, c.agency_id as agencyId,
    'revoked' as "from", 'revoked' as "to", '{"kind":"early_removal"}' as detail, x.evidence_id as evidenceId, e.kind, e.crl_number as number
  from revocation_signal x join revocation_evidence e on e.id = x.evidence_id join certificate c on c.id = x.certificate_id
 where x.kind = 'early_removal'`;

/** Both, newest first. */
const changesWhere = (db: Db, where: string, given: readonly string[], limit: number): ChangeRow[] =>
  [CHANGES, REMOVALS]
    .flatMap(
      (rows) =>
        connection(db)
          .prepare(`${rows} and ${where} order by x.at desc, x.id desc limit ?`)
          .all(...given, limit) as ChangeRow[],
    )
    .sort((a, b) => b.at - a.at)
    .slice(0, limit);

type Line = Pick<EvidenceRow, 'issuerKey' | 'scope'>;

/** What a responder, or the lists of a line however they came, changed about certificates of ours, newest first. */
export const changesBySource = (db: Db, sourceId: string, line: Line | null, limit: number): ChangeRow[] =>
  line
    ? changesWhere(db, 'e.issuer_key = ? and e.scope = ?', [line.issuerKey, line.scope], limit)
    : changesWhere(db, 'e.source_id = ?', [sourceId], limit);

/** The lists of a line, newest first: fetched from one of its addresses or carried by hand. */
export const evidenceOfLine = (db: Db, line: Line, limit: number): EvidenceRow[] =>
  db
    .select()
    .from(revocationEvidence)
    .where(and(eq(revocationEvidence.issuerKey, line.issuerKey), eq(revocationEvidence.scope, line.scope)))
    .orderBy(desc(revocationEvidence.thisUpdate), desc(revocationEvidence.id))
    .limit(limit)
    .all();

export const changesByEvidence = (db: Db, evidenceId: string, limit: number): ChangeRow[] =>
  changesWhere(db, 'e.id = ?', [evidenceId], limit);

// ---- refused objects ---------------------------------------------------------------------------------------------

export const refusedById = (db: Db, id: string): RefusedRow | undefined =>
  db.select().from(revocationRefused).where(eq(revocationRefused.id, id)).get();

/** Refused objects that no source brought: carried by hand. */
export const refusedByHand = (db: Db, limit: number): Omit<RefusedRow, 'bytes'>[] =>
  db
    .select({
      id: revocationRefused.id,
      sourceId: revocationRefused.sourceId,
      kind: revocationRefused.kind,
      at: revocationRefused.at,
      by: revocationRefused.by,
      code: revocationRefused.code,
      sha256: revocationRefused.sha256,
      size: revocationRefused.size,
      name: revocationRefused.name,
    })
    .from(revocationRefused)
    .where(isNull(revocationRefused.sourceId))
    .orderBy(desc(revocationRefused.at))
    .limit(limit)
    .all();

// ---- signals -----------------------------------------------------------------------------------------------------

export type SignalFilter = {
  kind?: SignalRow['kind'];
  state?: 'open' | 'settled';
  certificateId?: string;
  sourceId?: string;
  /** The object that raised it. */
  evidenceId?: string;
  after?: string;
  limit?: number;
};

export type ListedSignal = SignalRow & {
  commonName: string | null;
  serial: string | null;
  revocation: RevocationStatus | null;
  revocationSource: 'crl' | 'ocsp' | 'none' | null;
  reason: number | null;
  revokedAt: number | null;
  agencyId: string | null;
  agency: string | null;
  url: string | null;
  issuerName: string | null;
};

const listed = {
  id: revocationSignal.id,
  kind: revocationSignal.kind,
  certificateId: revocationSignal.certificateId,
  sourceId: revocationSignal.sourceId,
  evidenceId: revocationSignal.evidenceId,
  detail: revocationSignal.detail,
  at: revocationSignal.at,
  settledAt: revocationSignal.settledAt,
  settledBy: revocationSignal.settledBy,
  settledWhy: revocationSignal.settledWhy,
  commonName: certificate.commonName,
  serial: certificate.serial,
  revocation: certificate.revocation,
  revocationSource: certificate.revocationSource,
  reason: certificate.revocationReason,
  revokedAt: certificate.revokedAt,
  agencyId: certificate.agencyId,
  agency: sql<string | null>`(select ${agencyName.name} from ${agencyName} where ${agencyName.agencyId} = ${agency.id}
    order by ${agencyName.from} desc limit 1)`,
  url: revocationSource.url,
  issuerName: sql<string | null>`coalesce(${revocationSource.issuerName}, ${revocationEvidence.issuerName})`,
};

const conditions = (filter: SignalFilter): SQL | undefined =>
  and(
    filter.kind ? eq(revocationSignal.kind, filter.kind) : undefined,
    filter.state === 'open' ? isNull(revocationSignal.settledAt) : undefined,
    filter.state === 'settled' ? isNotNull(revocationSignal.settledAt) : undefined,
    filter.certificateId ? eq(revocationSignal.certificateId, filter.certificateId) : undefined,
    filter.sourceId ? eq(revocationSignal.sourceId, filter.sourceId) : undefined,
    filter.evidenceId ? eq(revocationSignal.evidenceId, filter.evidenceId) : undefined,
    filter.after ? lt(revocationSignal.id, filter.after) : undefined,
  );

const selectSignals = (db: Db) =>
  db
    .select(listed)
    .from(revocationSignal)
    .leftJoin(certificate, eq(certificate.id, revocationSignal.certificateId))
    .leftJoin(agency, eq(agency.id, certificate.agencyId))
    .leftJoin(revocationSource, eq(revocationSource.id, revocationSignal.sourceId))
    .leftJoin(revocationEvidence, eq(revocationEvidence.id, signalObject));

/** Newest first; ids carry their instant. */
export const signalPage = (db: Db, filter: SignalFilter): ListedSignal[] =>
  selectSignals(db)
    .where(conditions(filter))
    .orderBy(desc(revocationSignal.id))
    .limit(filter.limit ?? 50)
    .all();

export const signalOf = (db: Db, id: string): ListedSignal | undefined =>
  selectSignals(db).where(eq(revocationSignal.id, id)).get();

/** What one object raised is one question, settled with one answer: by its newest signal, newest first. */
export const signalGroups = (db: Db, { after, limit = 50, ...filter }: SignalFilter): { id: string; n: number }[] => {
  const newest = sql<string>`max(${revocationSignal.id})`;
  return db
    .select({ id: newest, n: sql<number>`count(*)` })
    .from(revocationSignal)
    .where(conditions(filter))
    .groupBy(
      revocationSignal.kind,
      sql`coalesce(${revocationSignal.evidenceId}, ${revocationSignal.id})`,
      revocationSignal.settledWhy,
    )
    .having(after ? sql`${newest} < ${after}` : undefined)
    .orderBy(sql`${newest} desc`)
    .limit(limit)
    .all();
};

/** Why the certificates that signals are about are out of use, most first. */
export const signalReasons = (db: Db, filter: SignalFilter): { reason: number | null; n: number }[] =>
  db
    .select({ reason: certificate.revocationReason, n: sql<number>`count(*)` })
    .from(revocationSignal)
    .innerJoin(certificate, eq(certificate.id, revocationSignal.certificateId))
    .where(
      and(
        conditions(filter),
        inArray(certificate.revocation, ['revoked', 'on_hold']),
        // Of what was never issued nobody says why.
        sql`not ${sql.raw(isNeverIssuedSql())}`,
      ),
    )
    .groupBy(certificate.revocationReason)
    .orderBy(sql`count(*) desc`)
    .all();

/** How many a filter lets through, on all its pages. */
export const countAlike = (db: Db, { after: _, limit: __, ...filter }: SignalFilter): number =>
  db
    .select({ n: sql<number>`count(*)` })
    .from(revocationSignal)
    .where(conditions(filter))
    .get()!.n;

/** Open signals of one kind that one object raised. */
export const openAlike = (db: Db, kind: SignalRow['kind'], evidenceId: string): string[] =>
  db
    .select({ id: revocationSignal.id })
    .from(revocationSignal)
    .where(conditions({ kind, evidenceId, state: 'open' }))
    .orderBy(revocationSignal.id)
    .all()
    .map(({ id }) => id);

/** How many of each kind and state. */
export const signalCounts = (db: Db): { kind: SignalRow['kind']; settled: number; n: number }[] =>
  db
    .select({
      kind: revocationSignal.kind,
      settled: sql<number>`${revocationSignal.settledAt} is not null`,
      n: sql<number>`count(*)`,
    })
    .from(revocationSignal)
    .groupBy(revocationSignal.kind, sql`${revocationSignal.settledAt} is not null`)
    .all();

// ---- search ------------------------------------------------------------------------------------------------------

/** Evidence whose hash begins with what somebody typed, or whose id it is. */
export const evidenceFound = (db: Db, hex: string, limit: number): EvidenceRow[] =>
  db
    .select()
    .from(revocationEvidence)
    .where(
      or(
        eq(revocationEvidence.id, hex),
        and(gte(revocationEvidence.sha256, hex), lt(revocationEvidence.sha256, `${hex}g`)),
      ),
    )
    .orderBy(desc(revocationEvidence.acceptedAt))
    .limit(limit)
    .all();
