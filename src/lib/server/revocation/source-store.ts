// Queries over sources: where revocation is published, and how many certificates depend on each.
import { and, asc, eq, inArray, isNull, sql } from 'drizzle-orm';
import { chainSql } from '../certificates/label-sql.ts';
import { certificate, INCIDENT_MARKS } from '../certificates/schema.ts';
import { ready, updateRow } from '../db/bulk.ts';
import { connection, newId, type Db } from '../db/index.ts';
import { LONGEST_PAUSE } from './circuit.ts';
import { freshestAddress, revocationWalk } from './schema-asking.ts';
import { revocationSource } from './schema.ts';

export type SourceRow = typeof revocationSource.$inferSelect;

export type NamedAddress = { kind: 'crl' | 'ocsp'; issuerKey: string; issuerName: string; url: string };

/** So many addresses of one certificate are asked: its distribution points have one or two each. */
const MOST_NAMED = 16;

/** Chains under which what a certificate names may be asked. */
const ASKED = `('anchored', 'ca_expired', 'ca_revoked')`;

/** Addresses named by certificates whose chain reaches an accepted anchor: nothing else is ever fetched (§7). */
export function namedAddresses(db: Db): NamedAddress[] {
  // Thousands of certificates name the same addresses: told apart first, read afterwards.
  const rows = connection(db)
    .prepare(
      `select distinct a.key_sha256 as issuerKey, a.common_name as issuerName, c.crl_urls as crl, c.ocsp_urls as ocsp
         from certificate c join authority a on a.id = c.authority_id
        where ${chainSql('c')} in ${ASKED} and c.archived_at is null`,
    )
    .all() as { issuerKey: string; issuerName: string; crl: string; ocsp: string }[];
  const deltas = connection(db)
    .prepare(
      `select distinct 'crl' as kind, a.key_sha256 as issuerKey, a.common_name as issuerName, f.url
         from freshest_address f join certificate c on c.fingerprint = f.fingerprint join authority a on a.id = c.authority_id
        where ${chainSql('c')} in ${ASKED} and c.archived_at is null`,
    )
    .all() as NamedAddress[];
  const of = (kind: 'crl' | 'ocsp') =>
    rows.flatMap(({ issuerKey, issuerName, [kind]: json }) =>
      (JSON.parse(json) as string[]).slice(0, MOST_NAMED).map((url) => ({ kind, issuerKey, issuerName, url })),
    );
  return [...of('crl'), ...of('ocsp'), ...deltas];
}

/** At how many addresses certificates of an issuer say that its lists are. */
export const listAddressesOf = (db: Db, issuerKey: string): number =>
  connection(db)
    .prepare(
      `select count(distinct j.value) from certificate c join authority a on a.id = c.authority_id, json_each(c.crl_urls) j
        where a.key_sha256 = ? and j.key < ?`,
    )
    .pluck()
    .get(issuerKey, MOST_NAMED) as number;

export const sources = (db: Db): SourceRow[] =>
  db.select().from(revocationSource).orderBy(asc(revocationSource.issuerName), asc(revocationSource.url)).all();

/** Lists that something names. */
export const liveLists = (db: Db): SourceRow[] =>
  db
    .select()
    .from(revocationSource)
    .where(and(eq(revocationSource.kind, 'crl'), isNull(revocationSource.retiredAt)))
    .all();

export const sourceById = (db: Db, id: string): SourceRow | undefined =>
  db.select().from(revocationSource).where(eq(revocationSource.id, id)).get();

export const sourceAt = (db: Db, kind: 'crl' | 'ocsp', issuerKey: string, url: string): SourceRow | undefined =>
  ready(db, sourceOf).get({ kind, issuerKey, url });

const sourceOf = (db: Db) =>
  db
    .select()
    .from(revocationSource)
    .where(
      and(
        eq(revocationSource.kind, sql.placeholder('kind')),
        eq(revocationSource.issuerKey, sql.placeholder('issuerKey')),
        eq(revocationSource.url, sql.placeholder('url')),
      ),
    )
    .prepare();

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
  updateRow(db, revocationSource, id, values);

/** Every live list is due now. What fails once more has its next turn when it had it before (circuit.ts). */
export const makeDue = (db: Db, now: number): number =>
  db
    .update(revocationSource)
    .set({ dueAt: now })
    .where(and(eq(revocationSource.kind, 'crl'), isNull(revocationSource.retiredAt)))
    .run().changes;

/** A CA is believed again: whose lists were refused because of it is asked at once, and needs no pause. */
export const askUntrusted = (db: Db, now: number): void =>
  void db
    .update(revocationSource)
    .set({ dueAt: now })
    .where(and(eq(revocationSource.failureCode, 'issuer_untrusted'), isNull(revocationSource.retiredAt)))
    .run();

export const sourcesOfIssuer = (db: Db, issuerKey: string): SourceRow[] =>
  db.select().from(revocationSource).where(eq(revocationSource.issuerKey, issuerKey)).all();

/** Live sources whose newest object is this one. */
export const sourcesHolding = (db: Db, evidenceId: string): SourceRow[] =>
  db
    .select()
    .from(revocationSource)
    .where(and(eq(revocationSource.evidenceId, evidenceId), isNull(revocationSource.retiredAt)))
    .all();

/** Certificates with an open incident or a pending revocation, and the keys of their issuers. */
const HURRIED = `certificate_mark m join certificate c on c.id = m.certificate_id and m.ended_at is null
                   and m.kind in ${INCIDENT_MARKS} and c.revocation <> 'revoked'
                 join authority a on a.id = c.authority_id`;

/** Addresses that hurried certificates depend on, and those of their issuers' deltas, known or to come: the five-minute lane. */
export const urgentAddresses = (db: Db): { issuerKey: string; url: string }[] =>
  connection(db)
    .prepare(
      `select distinct a.key_sha256 as issuerKey, j.value as url from ${HURRIED}, json_each(c.crl_urls) j
       union
       select a.key_sha256, s.url from ${HURRIED} join revocation_source s on s.issuer_key = a.key_sha256
         left join revocation_evidence e on e.id = s.evidence_id
        where s.kind = 'crl' and (e.id is null or e.delta_of is not null)
       union
       select i.issuer_key, s.url from revocation_quarantine i join revocation_source s on s.issuer_key = i.issuer_key
        where i.ended_at is null`,
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

/** The same for addresses of deltas that certificates name themselves (freshestCRL, RFC 5280 §4.2.1.15). */
export const dependantsOfDeltas = (db: Db): Map<string, { certificates: number; agencies: number }> =>
  new Map(
    (
      connection(db)
        .prepare(
          `select a.key_sha256 as issuerKey, f.url, count(*) as certificates, count(distinct c.agency_id) as agencies
             from freshest_address f join certificate c on c.fingerprint = f.fingerprint join authority a on a.id = c.authority_id
            where c.archived_at is null group by 1, 2`,
        )
        .all() as { issuerKey: string; url: string; certificates: number; agencies: number }[]
    ).map(({ issuerKey, url, ...count }) => [`crl ${issuerKey} ${url}`, count]),
  );

/** How many certificates and agencies stand directly under these CA certificates. */
export const standingUnder = (db: Db, authorityIds: readonly string[]): { certificates: number; agencies: number } =>
  db
    .select({ certificates: sql<number>`count(*)`, agencies: sql<number>`count(distinct ${certificate.agencyId})` })
    .from(certificate)
    .where(and(inArray(certificate.authorityId, [...authorityIds]), isNull(certificate.archivedAt)))
    .get()!;

/** Whether anything may be asked now: a cheap look for the jobs process, every second. */
export const anyDue = (db: Db, now: number, fresh: boolean): boolean =>
  connection(db)
    .prepare(
      `select 1 from revocation_source where (due_at <= ? or due_at > ?) and retired_at is null and kind = 'crl'
          ${fresh ? 'and attempted_at is null' : ''} limit 1`,
    )
    .get(now, now + LONGEST_PAUSE) !== undefined;

// ---- walks over rows that are only appended ----------------------------------------------------------------------

export const walked = (db: Db, name: string): number =>
  db.select({ done: revocationWalk.done }).from(revocationWalk).where(eq(revocationWalk.name, name)).get()?.done ?? 0;

export const walkOn = (db: Db, name: string, done: number): void =>
  void db
    .insert(revocationWalk)
    .values({ name, done })
    .onConflictDoUpdate({ target: revocationWalk.name, set: { done } })
    .run();

/** The end of a stride over the certificates' bytes, or null when nothing is left. */
export const lastCertificateFile = (db: Db, after: number, stride: number): number | null =>
  connection(db)
    .prepare('select max(n) from (select rowid as n from certificate_der where rowid > ? order by rowid limit ?)')
    .pluck()
    .get(after, stride) as number | null;

/** OBJECT IDENTIFIER 2.5.29.46, freshestCRL. */
const FRESHEST = Buffer.from('0603551d2e', 'hex');

/** Certificates in a stride whose bytes name it. */
export const naming = (db: Db, after: number, to: number): { fingerprint: string; der: Buffer }[] =>
  connection(db)
    .prepare('select fingerprint, der from certificate_der where rowid > ? and rowid <= ? and instr(der, ?) > 0')
    .all(after, to, FRESHEST) as { fingerprint: string; der: Buffer }[];

export const addFreshest = (db: Db, row: { fingerprint: string; url: string }): void =>
  void db.insert(freshestAddress).values(row).onConflictDoNothing().run();
