// Certificates as a sweep sees them: reading joins into `certificates`.
import { eq, sql } from 'drizzle-orm';
import { MINUTE } from '../calendar.ts';
import { confirmedAtSql, freshUntilSql } from '../certificates/freshness-sql.ts';
import { authority, certificate, certificateDer } from '../certificates/schema.ts';
import { prepared, ready } from '../db/bulk.ts';
import { connection, type Db } from '../db/index.ts';
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

/** Of these serials those whose certificate is revoked already. */
export const revokedAmong = (db: Db, issuerKey: string, serials: readonly string[]): string[] =>
  prepared(
    db,
    `select c.serial from certificate c join authority a on a.id = c.authority_id
      where c.serial in (select value from json_each(@serials)) and a.key_sha256 = @issuerKey and +c.revocation = 'revoked'`,
  )
    .pluck()
    .all({ issuerKey, serials: JSON.stringify(serials) }) as string[];

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

export const derOf = (db: Db, fingerprint: string): Buffer | null =>
  ready(db, oneDer).get({ fingerprint })?.der ?? null;

const oneDer = (db: Db) =>
  db
    .select({ der: certificateDer.der })
    .from(certificateDer)
    .where(eq(certificateDer.fingerprint, sql.placeholder('fingerprint')))
    .prepare();

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
