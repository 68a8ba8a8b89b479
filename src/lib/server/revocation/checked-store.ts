// Certificates as a sweep sees them: reading joins into `certificates`.
import { and, eq, inArray, sql } from 'drizzle-orm';
import { HOUR, MINUTE } from '../calendar.ts';
import { confirmedAtSql, freshUntilSql, isNotFreshSql } from '../certificates/freshness-sql.ts';
import { authority, certificate, certificateDer, INCIDENT_MARKS } from '../certificates/schema.ts';
import { prepared, ready } from '../db/bulk.ts';
import { connection, type Db } from '../db/index.ts';
import { ASKING, LONGEST_PAUSE, URGENT } from './circuit.ts';
import type { RevocationStatus, State } from './decide.ts';

export type Checked = {
  id: string;
  /** Place in the order in which records were made. */
  order: number;
  fingerprint: string | null;
  /** Who issued it, in words: all that a record without its file says about that. */
  issuer: string | null;
  serial: string;
  notBefore: number | null;
  notAfter: number | null;
  crlUrls: string;
  state: State;
};

const stateColumns = `c.revocation as status, c.revocation_reason as reason, c.revoked_at as revokedAt, c.invalidity_at as invalidityAt,
  c.revocation_source as source, c.evidence_id as evidenceId, c.this_update as thisUpdate, c.next_update as nextUpdate,
  ${confirmedAtSql('c')} as confirmedAt, ${freshUntilSql('c')} as freshUntil`;
const checkedColumns = `c.id, c.rowid as "order", c.fingerprint, c.issuer, c.serial, c.not_before as notBefore, c.not_after as notAfter, c.crl_urls as crlUrls, ${stateColumns}`;

type FlatRow = Omit<Checked, 'state'> & State & { status: RevocationStatus };
const shaped = ({
  id,
  order,
  fingerprint,
  issuer,
  serial,
  notBefore,
  notAfter,
  crlUrls,
  ...state
}: FlatRow): Checked => ({
  id,
  order,
  fingerprint,
  issuer,
  serial,
  notBefore,
  notAfter,
  crlUrls,
  state,
});

/** Chains under which a list of the issuer is believed about a certificate. */
const JUDGED = `('anchored', 'ca_expired', 'ca_revoked', 'ca_not_yet_valid', 'invalid_path')`;

/** CA certificates with a key. */
export const authoritiesOf = (db: Db, issuerKey: string): string[] =>
  connection(db).prepare('select id from authority where key_sha256 = ?').pluck().all(issuerKey) as string[];

/** Certificates that a CA certificate issued, by verified signature, after a place in the order of records. */
export function issuedBy(db: Db, authorityId: string, after: number, limit: number): Checked[] {
  const rows = connection(db)
    .prepare(
      `select ${checkedColumns} from certificate c
        where c.authority_id = ? and c.rowid > ? and c.chain in ${JUDGED} and c.serial is not null order by c.rowid limit ?`,
    )
    .all(authorityId, after, limit) as FlatRow[];
  return rows.map(shaped);
}

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

/** The issuer that the sheet of a record without a file names. */
const NAMED = '(c.issuer = a.subject or c.issuer = a.common_name)';

/** Found by their own index: the `+` keeps SQLite from walking all serials of the estate instead. */
const DATA_ONLY = 'c.fingerprint is null and +c.serial is not null';

/** Records without a file whose sheet names this issuer: matched by issuer and serial only. */
export function dataOnlyOf(db: Db, issuerKey: string): Checked[] {
  const rows = connection(db)
    .prepare(
      `select distinct ${checkedColumns} from certificate c join authority a on ${NAMED}
        where a.key_sha256 = ? and ${DATA_ONLY} order by c.id`,
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

/** Whether an issuer gave certificates for TLS servers. */
export const hasServers = (db: Db, issuerKey: string): boolean =>
  prepared(
    db,
    `select 1 from certificate c join authority a on a.id = c.authority_id where a.key_sha256 = ? and c.use = 'tls_server' limit 1`,
  ).get(issuerKey) !== undefined;

export const serialsAmong = (db: Db, ids: readonly string[]): string[] =>
  prepared(db, 'select serial from certificate where id in (select value from json_each(?)) and serial is not null')
    .pluck()
    .all(JSON.stringify(ids)) as string[];

const oneChecked = `select ${checkedColumns}, c.authority_id as authorityId, a.key_sha256 as issuerKey, c.ocsp_urls as ocspUrls, c.chain
  from certificate c left join authority a on a.id = c.authority_id where c.id = ?`;

export function checkedById(
  db: Db,
  id: string,
): (Checked & { authorityId: string | null; issuerKey: string | null; ocspUrls: string; chain: string }) | undefined {
  const row = prepared(db, oneChecked).get(id) as
    (FlatRow & { authorityId: string | null; issuerKey: string | null; ocspUrls: string; chain: string }) | undefined;
  if (!row) return undefined;
  const { authorityId, issuerKey, ocspUrls, chain, ...rest } = row;
  return { ...shaped(rest), authorityId, issuerKey, ocspUrls, chain };
}

/** Who writes a certificate looked at the clock before it began to judge it: at most so long before others can read it. */
const WRITING = MINUTE;

/** Of what was written while our clock ran ahead no instant tells; it rests on nothing, or on a list that no line holds any more. */
const UNCROSSED = `(c.confirmed_at is null or (c.revocation in ('good', 'released') and c.revocation_source = 'crl' and not exists (
                     select 1 from revocation_line l where l.issuer_key = @issuerKey
                        and c.evidence_id in (l.evidence_id, l.delta_evidence_id))))`;

/**
 * Whether certificates of the issuer wait although nothing new was published: those that came, or whose chain began to hold,
 * after the lists were crossed, whatever was known of them before, records without their file among them; or an OCSP answer
 * grown old.
 */
export const waiting = (db: Db, issuerKey: string, since: number, now: number): boolean =>
  connection(db)
    .prepare(
      `select 1 from certificate c join authority a on a.id = c.authority_id
        where a.key_sha256 = @issuerKey and c.chain in ${JUDGED}
          and (coalesce(c.chain_checked_at, c.added_at) between @since and @now
            or (coalesce(c.chain_checked_at, c.added_at) > @now and ${UNCROSSED})
            or (c.revocation_source = 'ocsp' and c.revocation in ('good', 'released', 'unknown') and c.fresh_until < @now and coalesce(c.not_after, @now) >= @now))
       union all
       select 1 from certificate c join authority a on ${NAMED}
        where a.key_sha256 = @issuerKey and ${DATA_ONLY}
          and (max(c.added_at, a.added_at) between @since and @now or (max(c.added_at, a.added_at) > @now and c.confirmed_at is null))
        limit 1`,
    )
    .get({ issuerKey, since: since - WRITING, now }) !== undefined;

/** Never, or so long ago; an instant that is still to come was written while our clock ran ahead. */
const ago = (instant: string, pause: string): string =>
  `coalesce(${instant} < @now - ${pause} or ${instant} > @now, true)`;

/** Between two questions: an hour once the last answer is about to end. */
const UNTIL_ASKED = `(case when coalesce(${freshUntilSql('c')}, 0) < @now + @poll then @poll else @asking end)`;

/** The lists were crossed with the certificate and say nothing about it: not yet, or not since the answer that it rests on. */
const UNSPOKEN = `((c.revocation in ('undetermined', 'unknown') or c.revocation_source = 'ocsp') and exists (
                     select 1 from authority a join revocation_line l on l.issuer_key = a.key_sha256
                       join revocation_evidence e on e.id = l.applied_evidence_id
                      where a.id = c.authority_id and l.applied_at >= coalesce(c.chain_checked_at, c.added_at)
                        and (c.revocation_source <> 'ocsp' or e.this_update > c.this_update)))`;

/**
 * What the certificate's lists said is past its time, they say nothing, or none of them answers: its responder speaks instead
 * (§6).
 */
const UNHEARD = `(c.crl_urls <> '[]' and ((c.fresh_until is not null and ${isNotFreshSql('@now', 'c')}) or ${UNSPOKEN}
                   or ((c.fresh_until is null or c.revocation_source = 'ocsp') and not exists (
                     select 1 from authority a, json_each(c.crl_urls) j
                       join revocation_source s on s.kind = 'crl' and s.issuer_key = a.key_sha256 and s.url = j.value
                      where a.id = c.authority_id and (s.failures = 0 or s.attempted_at is null)))))`;

/** Certificates about which a responder may be asked, and an answer could change something. */
const ASKABLE = `c.chain in ('anchored', 'ca_expired') and c.ocsp_urls <> '[]' and c.serial is not null and c.archived_at is null
          and c.revocation <> 'revoked' and coalesce(c.not_after, @now) >= @now`;

/** Only OCSP can speak about it, also because it denied it, and its answer is due. */
const DUE = `${ASKABLE}
          and ((c.crl_urls = '[]' and ${ago(confirmedAtSql('c'), UNTIL_ASKED)})
            or (${UNHEARD} and ${ago('(select confirmed_at from revocation_answer r where r.certificate_id = c.id)', UNTIL_ASKED)})
            or (c.revocation = 'on_hold' and c.revocation_source = 'ocsp' and ${ago('c.confirmed_at', '@poll')}))`;

/** Certificates whose answer is due; last those asked in vain. */
export const dueForOcsp = (db: Db, now: number, limit: number): string[] =>
  connection(db)
    .prepare(
      `select c.id from certificate c left join revocation_unanswered u on u.certificate_id = c.id
        where ${DUE}
          and exists (select 1 from json_each(c.ocsp_urls) j
                       where not exists (select 1 from revocation_source s where s.kind = 'ocsp' and s.url = j.value and s.failures > 0
                                          and s.due_at > @now and s.due_at <= @now + @longest))
          and (u.due_at is null or u.due_at <= @now or u.due_at > @now + @longest)
        order by coalesce(u.due_at, 0), coalesce(${freshUntilSql('c')}, 0), c.id limit @limit`,
    )
    .pluck()
    .all({ now, limit, poll: HOUR, asking: ASKING, longest: LONGEST_PAUSE }) as string[];

/** Of certificates just answered about those that are due all the same: the answer does not tell what they rest on. */
export const stillDue = (db: Db, now: number, ids: readonly string[]): string[] =>
  connection(db)
    .prepare(`select c.id from certificate c where c.id in (select value from json_each(@ids)) and ${DUE}`)
    .pluck()
    .all({ now, ids: JSON.stringify(ids), poll: HOUR, asking: ASKING }) as string[];

export type HurriedRow = {
  id: string;
  issuerKey: string;
  ocspUrls: string;
  refusals: number | null;
  dueAt: number | null;
};

/** Certificates of open incidents whose answer is older than five minutes (§6), with the pause of what was asked in vain. */
export function hurriedForOcsp(db: Db, now: number): HurriedRow[] {
  return connection(db)
    .prepare(
      `select c.id, a.key_sha256 as issuerKey, c.ocsp_urls as ocspUrls, u.refusals, u.due_at as dueAt
         from certificate c join authority a on a.id = c.authority_id left join revocation_unanswered u on u.certificate_id = c.id
        where ${ASKABLE}
          and c.id in (select certificate_id from certificate_mark where ended_at is null and kind in ${INCIDENT_MARKS})
          and ${ago('(select confirmed_at from revocation_answer r where r.certificate_id = c.id)', '@urgent')}
        order by coalesce(${freshUntilSql('c')}, 0), c.id`,
    )
    .all({ now, urgent: URGENT }) as HurriedRow[];
}

/** A certificate about which a responder can be asked: the one that it answered last. */
export const anyWithResponder = (db: Db, now: number): string | undefined =>
  connection(db)
    .prepare(
      `select c.id from certificate c left join revocation_answer r on r.certificate_id = c.id
        where c.chain = 'anchored' and c.ocsp_urls <> '[]' and c.serial is not null and c.archived_at is null
          and coalesce(c.not_after, @now) >= @now
        order by coalesce(r.confirmed_at, 0) desc, c.id limit 1`,
    )
    .pluck()
    .get({ now }) as string | undefined;

/**
 * Certificates by issuer key whose accepted answer takes away what is still believed about them.
 * @param usable how long an answer without nextUpdate counts, ms
 */
export function unappliedAnswers(db: Db, usable: number): Map<string, string[]> {
  const rows = connection(db)
    .prepare(
      `select c.id, a.key_sha256 as issuerKey
         from revocation_answer r join certificate c on c.id = r.certificate_id join authority a on a.id = c.authority_id
        where c.revocation <> 'revoked'
          and (r.status = 'revoked' or (c.revocation <> 'on_hold'
                 and (r.status = 'non_issued' or (r.status = 'on_hold'
                   and (r.this_update > coalesce(c.this_update, -1)
                     or (c.revocation <> 'released' and coalesce(r.next_update, r.this_update + ?) >= c.this_update))))))`,
    )
    .all(usable) as { id: string; issuerKey: string }[];
  const groups = Map.groupBy(rows, ({ issuerKey }) => issuerKey);
  return new Map([...groups].map(([issuerKey, own]) => [issuerKey, own.map(({ id }) => id)]));
}

/** By which list a certificate is revoked or on hold though, as its path to an anchor proves, another CA issued it. */
export const listOfAnother = (db: Db, id: string): { evidenceId: string; issuerName: string } | undefined =>
  prepared(
    db,
    `select e.id as evidenceId, e.issuer_name as issuerName
       from certificate c join authority a on a.id = c.authority_id join revocation_evidence e on e.id = c.evidence_id
      where c.id = ? and c.fingerprint is not null and c.chain = 'anchored' and e.kind = 'crl' and e.issuer_key <> a.key_sha256`,
  ).get(id) as { evidenceId: string; issuerName: string } | undefined;

/** Whether an open incident or a revocation that was asked for waits for news about it. */
export const isHurried = (db: Db, id: string): boolean =>
  prepared(
    db,
    `select 1 from certificate_mark where certificate_id = ? and ended_at is null and kind in ${INCIDENT_MARKS}`,
  ).get(id) !== undefined;

export const derOf = (db: Db, fingerprint: string): Buffer | null =>
  ready(db, oneDer).get({ fingerprint })?.der ?? null;

const oneDer = (db: Db) =>
  db
    .select({ der: certificateDer.der })
    .from(certificateDer)
    .where(eq(certificateDer.fingerprint, sql.placeholder('fingerprint')))
    .prepare();

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

/** The key of a CA certificate, whatever was decided about it. */
export const keyOfAuthority = (db: Db, fingerprint: string): string | undefined =>
  prepared(db, 'select key_sha256 from authority where fingerprint = ?').pluck().get(fingerprint) as string | undefined;

export const authorityNamed = (db: Db, fingerprint: string): { id: string; commonName: string } | undefined =>
  db
    .select({ id: authority.id, commonName: authority.commonName })
    .from(authority)
    .where(eq(authority.fingerprint, fingerprint))
    .get();
