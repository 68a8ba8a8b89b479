// Queries over alerts and the ledger of rungs; reading joins into what is watched.
import { and, asc, desc, eq, inArray, isNull, lt, or, sql, type SQL } from 'drizzle-orm';
import { agency, agencyName } from '../agencies/schema.ts';
import { isNeverIssuedSql } from '../certificates/label-sql.ts';
import { authority, certificate } from '../certificates/schema.ts';
import { connection, newId, type Db } from '../db/index.ts';
import { revocationSource } from '../revocation/schema.ts';
import { alert, rung } from './schema.ts';

export type AlertRow = typeof alert.$inferSelect;
export type AlertKind = AlertRow['kind'];
type Seen = 'all' | readonly string[];

// ---- the ledger --------------------------------------------------------------------------------------------------

export type Expiring = {
  id: string;
  subject: string;
  use: string;
  notBefore: number | null;
  notAfter: number;
  /** Rungs that have a row, comma-separated. */
  said: string | null;
};

/** Certificates that a ladder may speak of: in use, without successor, ending within the window. */
export const expiring = (db: Db, window: { from: number; to: number; history: number }): Expiring[] =>
  connection(db)
    .prepare(
      `select c.id, coalesce(c.fingerprint, 'record:' || c.id) as subject, c.use, c.not_before as notBefore, c.not_after as notAfter,
              (select group_concat(r.step) from rung r where r.subject = coalesce(c.fingerprint, 'record:' || c.id)) as said
         from certificate c
        where c.not_after between ? and ? and c.not_after >= c.added_at - ?
          and c.archived_at is null and c.retired_at is null and c.superseded_by_id is null
          and c.revocation not in ('revoked', 'on_hold') and c.chain <> 'bad_signature'
        order by c.not_after`,
    )
    .all(window.from, window.to, window.history) as Expiring[];

/** CA certificates that something of ours stands under, or that are anchors. */
export const expiringAuthorities = (db: Db, to: number): Expiring[] =>
  connection(db)
    .prepare(
      `select a.id, 'authority:' || a.fingerprint as subject, 'authority' as use, a.not_before as notBefore, a.not_after as notAfter,
              (select group_concat(r.step) from rung r where r.subject = 'authority:' || a.fingerprint) as said
         from authority a
        where a.trust in ('anchor', 'candidate') and a.revoked_at is null and a.not_after <= ? and a.not_after >= a.added_at
          and (a.trust = 'anchor' or exists (select 1 from certificate c where c.authority_id = a.id and c.not_after > a.not_after))`,
    )
    .all(to) as Expiring[];

export const addRung = (db: Db, row: Omit<typeof rung.$inferInsert, 'id'>): boolean =>
  db
    .insert(rung)
    .values({ id: newId(row.at), ...row })
    .onConflictDoNothing()
    .run().changes > 0;

// ---- what happened -----------------------------------------------------------------------------------------------

/** Revoked or on hold, seen by us, not raised (of a hold: since it began); a revocation long before the certificate came to us is history. */
export const newlyRevoked = (db: Db, history: number) =>
  connection(db)
    .prepare(
      `select c.id, c.revocation, c.revocation_reason as reason, c.revoked_at as revokedAt, c.invalidity_at as invalidityAt
         from certificate c
        where c.archived_at is null and c.revocation in ('revoked', 'on_hold') and coalesce(c.revoked_at, c.revocation_seen_at) >= c.added_at - ?
          and not exists (select 1 from alert a where a.certificate_id = c.id and a.kind = c.revocation
                            and (c.revocation = 'revoked' or a.settled_at is null or a.raised_at >= c.revocation_seen_at))`,
    )
    .all(history) as {
    id: string;
    revocation: 'revoked' | 'on_hold';
    reason: number | null;
    revokedAt: number | null;
    invalidityAt: number | null;
  }[];

/**
 * Revocations and holds whose reason or dates the CA changed since their last alert, with that alert; and those whose alert
 * does not say yet since when signatures are doubted.
 */
export const revised = (db: Db) =>
  connection(db)
    .prepare(
      `select c.id, c.revocation, c.revocation_reason as reason, c.revoked_at as revokedAt, c.invalidity_at as invalidityAt,
              a.id as alertId, a.settled_at as settledAt, coalesce(json_extract(a.detail, '$.reason'), 0) as was,
              json_extract(a.detail, '$.revokedAt') as wasAt, json_extract(a.detail, '$.suspect') as suspectWas
         from (select certificate_id, kind, max(id) as id, detail, settled_at from alert
                where kind in ('revoked', 'on_hold') group by certificate_id, kind) a
         join certificate c on c.id = a.certificate_id and c.revocation = a.kind
        where c.archived_at is null and not ${isNeverIssuedSql('c')}
          and (json_extract(a.detail, '$.reason') is not c.revocation_reason
               or json_extract(a.detail, '$.revokedAt') is not c.revoked_at
               or json_extract(a.detail, '$.suspect') is not min(coalesce(c.revoked_at, c.invalidity_at), coalesce(c.invalidity_at, c.revoked_at)))`,
    )
    .all() as {
    id: string;
    revocation: 'revoked' | 'on_hold';
    reason: number | null;
    revokedAt: number | null;
    invalidityAt: number | null;
    alertId: string;
    settledAt: number | null;
    was: number;
    wasAt: number | null;
    suspectWas: number | null;
  }[];

/**
 * When a status last changed, verified evidence last raised a signal, or a source failed for the `failingAfter`th time in
 * a row, UTC ms; 0: never. Ids carry their time.
 */
export const newestNews = (db: Db, failingAfter: number): number =>
  (
    connection(db)
      .prepare(
        `select max(coalesce((select at from status_event order by id desc limit 1), 0),
                    coalesce((select at from revocation_signal order by id desc limit 1), 0),
                    coalesce((select max(attempted_at) from revocation_source
                               where failures = ? and retired_at is null), 0)) as at`,
      )
      .get(failingAfter) as { at: number }
  ).at;

/** The CA certificate whose key signed what a signal is about. */
export const authorityOfSignal = (db: Db, evidenceId: string): string | undefined =>
  connection(db)
    .prepare(
      `select a.id from revocation_evidence e join authority a on a.key_sha256 = e.issuer_key
        where e.id = ? order by a.id limit 1`,
    )
    .pluck()
    .get(evidenceId) as string | undefined;

/** CA certificates that their issuer revoked or put on hold. */
export const revokedAuthorities = (db: Db): { id: string; revokedAt: number }[] =>
  connection(db).prepare('select id, revoked_at as revokedAt from authority where revoked_at is not null').all() as {
    id: string;
    revokedAt: number;
  }[];

// ---- alerts ------------------------------------------------------------------------------------------------------

type About = Pick<AlertRow, 'kind'> & Partial<Pick<AlertRow, 'certificateId' | 'authorityId' | 'sourceId'>>;

const aboutSql = (about: About): SQL =>
  and(
    eq(alert.kind, about.kind),
    about.certificateId ? eq(alert.certificateId, about.certificateId) : undefined,
    about.authorityId ? eq(alert.authorityId, about.authorityId) : undefined,
    about.sourceId ? eq(alert.sourceId, about.sourceId) : undefined,
  )!;

export const openAbout = (db: Db, about: About): AlertRow | undefined =>
  db
    .select()
    .from(alert)
    .where(and(aboutSql(about), isNull(alert.settledAt)))
    .get();

export const insert = (db: Db, row: Omit<typeof alert.$inferInsert, 'id'>): boolean =>
  db
    .insert(alert)
    .values({ id: newId(row.raisedAt), ...row })
    .onConflictDoNothing()
    .run().changes > 0;

export const set = (db: Db, id: string, values: Partial<AlertRow>): void =>
  void db.update(alert).set(values).where(eq(alert.id, id)).run();

export const byId = (db: Db, id: string): AlertRow | undefined => db.select().from(alert).where(eq(alert.id, id)).get();

export const bySignal = (db: Db, signalId: string): AlertRow | undefined =>
  db.select().from(alert).where(eq(alert.signalId, signalId)).get();

/** Open expiry alerts whose cause is gone, with why. */
export const overtaken = (db: Db, ended: number) =>
  connection(db)
    .prepare(
      `select a.id, case when c.superseded_by_id is not null then 'renewed'
                         when c.revocation in ('revoked', 'on_hold') then 'revoked'
                         when c.archived_at is not null or c.retired_at is not null then 'retired'
                         else 'expired_history' end as why
         from alert a join certificate c on c.id = a.certificate_id
        where a.kind = 'expiry' and a.settled_at is null
          and (c.superseded_by_id is not null or c.revocation in ('revoked', 'on_hold') or c.archived_at is not null
               or c.retired_at is not null or c.not_after < ?)`,
    )
    .all(ended) as { id: string; why: NonNullable<AlertRow['settledWhy']> }[];

/**
 * Open alerts about holds that are over, of certificates and of CA certificates, and how they ended; what a CA says that it
 * never issued is on hold from when its answer is applied.
 */
export const endedHolds = (db: Db) =>
  connection(db)
    .prepare(
      `select a.id, case c.revocation when 'revoked' then 'revoked' else 'released' end as why
         from alert a join certificate c on c.id = a.certificate_id
        where a.settled_at is null and c.revocation <> 'on_hold'
          and (a.kind = 'on_hold' or (a.kind = 'non_issued' and exists (
                select 1 from status_event e where e.certificate_id = c.id and e.facet = 'revocation'
                   and e."from" = 'on_hold' and e.at >= a.raised_at)))
       union all
       select a.id, 'released' as why from alert a join authority x on x.id = a.authority_id
        where a.kind = 'authority_revoked' and a.settled_at is null and x.revoked_at is null`,
    )
    .all() as { id: string; why: 'revoked' | 'released' }[];

export const openOfKinds = (db: Db, kinds: readonly AlertKind[]): AlertRow[] =>
  db
    .select()
    .from(alert)
    .where(and(inArray(alert.kind, [...kinds]), isNull(alert.settledAt)))
    .all();

/** What is said about the places where revocation is published. */
export const SOURCE_KINDS = ['source_failing', 'source_ageing', 'source_stale', 'source_suspect'] as const;

export type KindFilter = AlertKind | 'sources';

const ofKind = (kind: KindFilter | undefined): SQL | undefined =>
  kind === 'sources' ? inArray(alert.kind, SOURCE_KINDS) : kind ? eq(alert.kind, kind) : undefined;

export type ListFilter = {
  kind?: KindFilter;
  /** default open */
  state?: 'open' | 'acknowledged' | 'settled';
  /** Code of an agency, or 'none': not under any yet. */
  agency?: string;
  certificateId?: string;
  after?: string;
  limit?: number;
};

export type ListedAlert = AlertRow & {
  commonName: string | null;
  notAfter: number | null;
  serial: string | null;
  use: typeof certificate.$inferSelect.use | null;
  agencyId: string | null;
  agency: string | null;
  authorityName: string | null;
  url: string | null;
};

const visible = (seen: Seen): SQL | undefined =>
  seen === 'all' ? undefined : seen.length ? inArray(certificate.agencyId, [...seen]) : sql`0`;

const inState = (state: ListFilter['state']): SQL | undefined =>
  state === 'settled'
    ? sql`${alert.settledAt} is not null`
    : state === 'acknowledged'
      ? and(isNull(alert.settledAt), sql`${alert.acknowledgedAt} is not null`)
      : and(isNull(alert.settledAt), isNull(alert.acknowledgedAt));

const ofAgency = (code: string | undefined): SQL | undefined =>
  code === undefined
    ? undefined
    : code === 'none'
      ? and(isNull(certificate.agencyId), sql`${alert.certificateId} is not null`)
      : sql`${certificate.agencyId} = (select id from ${agency} where code = ${code})`;

/** An alert with what names it to people; joins certificate, authority and source. */
export const listed = {
  alert,
  commonName: certificate.commonName,
  notAfter: certificate.notAfter,
  serial: certificate.serial,
  use: certificate.use,
  agencyId: certificate.agencyId,
  agency: sql<
    string | null
  >`(select n.short_name from ${agencyName} n where n.agency_id = ${certificate.agencyId} and n."to" is null limit 1)`,
  authorityName: authority.commonName,
  url: revocationSource.url,
};

/** Alerts, newest renewal first; keyset by (renewed, id). */
export function page(db: Db, filter: ListFilter, seen: Seen): ListedAlert[] {
  const [at, id] = (filter.after ?? '').split('_');
  return db
    .select(listed)
    .from(alert)
    .leftJoin(certificate, eq(certificate.id, alert.certificateId))
    .leftJoin(authority, eq(authority.id, alert.authorityId))
    .leftJoin(revocationSource, eq(revocationSource.id, alert.sourceId))
    .where(
      and(
        visible(seen),
        inState(filter.state),
        ofKind(filter.kind),
        ofAgency(filter.agency),
        filter.certificateId ? eq(alert.certificateId, filter.certificateId) : undefined,
        id ? or(lt(alert.renewedAt, Number(at)), and(eq(alert.renewedAt, Number(at)), lt(alert.id, id))) : undefined,
      ),
    )
    .orderBy(desc(alert.renewedAt), desc(alert.id))
    .limit(filter.limit ?? 50)
    .all()
    .map(({ alert: row, ...joined }) => ({ ...row, ...joined }));
}

export const countByKind = (
  db: Db,
  state: ListFilter['state'],
  seen: Seen,
  code?: string,
): { kind: AlertKind; n: number }[] =>
  db
    .select({ kind: alert.kind, n: sql<number>`count(*)` })
    .from(alert)
    .leftJoin(certificate, eq(certificate.id, alert.certificateId))
    .where(and(visible(seen), inState(state), ofAgency(code)))
    .groupBy(alert.kind)
    .all();

/** Ids of all open alerts of a kind and an agency, oldest first. */
export const openIds = (db: Db, filter: Pick<ListFilter, 'kind' | 'agency'>, seen: Seen): string[] =>
  db
    .select({ id: alert.id })
    .from(alert)
    .leftJoin(certificate, eq(certificate.id, alert.certificateId))
    .where(and(visible(seen), inState('open'), ofKind(filter.kind), ofAgency(filter.agency)))
    .orderBy(alert.id)
    .all()
    .map((row) => row.id);

export type OpenByAgency = { code: string | null; name: string | null; n: number };

/** Open alerts of one kind about certificates, by the certificate's agency, most first. */
export const openByAgency = (db: Db, kind: AlertKind, seen: Seen): OpenByAgency[] =>
  db
    .select({
      code: agency.code,
      name: sql<
        string | null
      >`(select n.name from ${agencyName} n where n.agency_id = ${agency.id} and n."to" is null limit 1)`,
      n: sql<number>`count(*)`,
    })
    .from(alert)
    .innerJoin(certificate, eq(certificate.id, alert.certificateId))
    .leftJoin(agency, eq(agency.id, certificate.agencyId))
    .where(and(eq(alert.kind, kind), inState('open'), visible(seen)))
    .groupBy(agency.id)
    .orderBy(desc(sql`count(*)`), asc(agency.code))
    .all();

/** How many certificates and agencies name an address, each once. */
export const dependingOn = (db: Db, url: string): { certificates: number; agencies: number } =>
  connection(db)
    .prepare(
      `select count(*) as certificates, count(distinct c.agency_id) as agencies from certificate c
        where c.archived_at is null and (exists (select 1 from json_each(c.crl_urls) j where j.value = @url)
           or exists (select 1 from json_each(c.ocsp_urls) j where j.value = @url))`,
    )
    .get({ url }) as { certificates: number; agencies: number };
