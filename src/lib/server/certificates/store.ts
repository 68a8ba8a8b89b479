// Queries over certificate records and the facts appended about them.
import { and, desc, eq, isNull, sql } from 'drizzle-orm';
import { insertRow, insertRows, prepared, ready, updateRow } from '../db/bulk.ts';
import { connection, newId, type Db } from '../db/index.ts';
import type { ChainVerdict } from './chain.ts';
import type { Facts } from './facts.ts';
import { TAKEN_DOWN, type Doubt } from './label.ts';
import type { Noticed } from './lint.ts';
import { nameKey } from './names.ts';
import { holder } from './schema-holder.ts';
import { problem } from './schema-judged.ts';
import { certificate, certificateDer, certificateMark, ownership, statusEvent } from './schema.ts';

export type CertificateRow = typeof certificate.$inferSelect;

// ---- DER ---------------------------------------------------------------------------------------------------------

export function keepDer(db: Db, { fingerprint, der }: { fingerprint: string; der: Uint8Array }, now: number): void {
  prepared(db, 'insert into certificate_der (fingerprint, der, stored_at) values (?, ?, ?) on conflict do nothing').run(
    fingerprint,
    der,
    now,
  );
}

export const derOf = (db: Db, fingerprint: string): Buffer | null =>
  db.select({ der: certificateDer.der }).from(certificateDer).where(eq(certificateDer.fingerprint, fingerprint)).get()
    ?.der ?? null;

// ---- certificate records -----------------------------------------------------------------------------------------

export function byId(db: Db, id: string): CertificateRow | undefined {
  const row = ready(db, one).get({ id });
  return row && asItStands(db, row);
}

const one = (db: Db) =>
  db
    .select()
    .from(certificate)
    .where(eq(certificate.id, sql.placeholder('id')))
    .prepare();

/** A record with its chain (`chainSql`) and its instants (`freshness-sql.ts`) as things stand. */
const asItStands = (db: Db, row: CertificateRow): CertificateRow => doubted(db, renewed(db, row));

function renewed(db: Db, row: CertificateRow): CertificateRow {
  const since = row.evidenceId === null ? undefined : freshnessOf(db, row.evidenceId);
  if (!since || row.confirmedAt === null || row.freshUntil === null) return row;
  return {
    ...row,
    confirmedAt: Math.max(row.confirmedAt, since.confirmedAt),
    freshUntil: Math.max(row.freshUntil, since.freshUntil),
  };
}

export type ObjectFreshness = { confirmedAt: number; freshUntil: number };

/** What an object's last confirmation gave to all that rests on it. */
export const freshnessOf = (db: Db, evidenceId: string): ObjectFreshness | undefined =>
  prepared(
    db,
    'select confirmed_at as confirmedAt, fresh_until as freshUntil from evidence_freshness where evidence_id = ?',
  ).get(evidenceId) as ObjectFreshness | undefined;

function doubted(db: Db, row: CertificateRow): CertificateRow {
  if (row.chain !== 'anchored' || row.authorityId === null) return row;
  const doubt = prepared(db, 'select chain from chain_doubt where authority_id = ?').pluck().get(row.authorityId);
  return doubt === undefined ? row : { ...row, chain: doubt as Doubt, chainRule: TAKEN_DOWN };
}

export const byFingerprint = (db: Db, fingerprint: string): { id: string } | undefined =>
  prepared(db, 'select id from certificate where fingerprint = ?').get(fingerprint) as { id: string } | undefined;

/** Which of these fingerprints are known, with their records. */
export const knownFingerprints = (db: Db, fingerprints: readonly string[]): Map<string, string> =>
  new Map(
    prepared(db, 'select fingerprint, id from certificate where fingerprint in (select value from json_each(?))')
      .raw()
      .all(JSON.stringify(fingerprints)) as [string, string][],
  );

const USED_FIRST = 'archived_at is not null, id';

/** Those in use before those in the archive. */
export const bySerial = (db: Db, serials: readonly string[]): CertificateRow[] =>
  serials
    .flatMap(
      (serial) =>
        prepared(db, `select id from certificate where serial = ? order by ${USED_FIRST}`)
          .pluck()
          .all(serial) as string[],
    )
    .flatMap((id) => byId(db, id) ?? [])
    .sort((a, b) => Number(a.archivedAt !== null) - Number(b.archivedAt !== null));

export const byHolder = (db: Db, holderId: string): CertificateRow[] =>
  db
    .select()
    .from(certificate)
    .where(eq(certificate.holderId, holderId))
    .orderBy(desc(certificate.notBefore))
    .all()
    .map((row) => asItStands(db, row));

/** Those of a holder that are not archived, within a scope. */
export const currentOf = (db: Db, holderId: string, scope: 'all' | readonly string[]): CertificateRow[] =>
  byHolder(db, holderId).filter(
    (row) => row.archivedAt === null && (scope === 'all' || scope.includes(row.agencyId ?? '')),
  );

const factColumns = (facts: Facts) => ({
  fingerprint: facts.fingerprint,
  issuer: facts.issuer,
  serial: facts.serial,
  subject: facts.subject,
  commonName: facts.commonName,
  nameKey: nameKey(facts.commonName),
  organization: facts.organization,
  notBefore: facts.notBefore,
  notAfter: facts.notAfter,
  notAfterText: facts.notAfterText,
  keySha256: facts.keySha256,
  keyAlgorithm: facts.keyAlgorithm,
  keyBits: facts.keyBits,
  signatureAlgorithm: facts.signatureAlgorithm,
  use: facts.use,
  san: facts.san,
  keyUsage: facts.keyUsage,
  eku: facts.eku,
  policies: facts.policies,
  crlUrls: facts.crlUrls,
  ocspUrls: facts.ocspUrls,
  caIssuers: facts.caIssuers,
});

export type Origin = { source: CertificateRow['source']; importId: string | null; now: number };

/** A certificate that came with its file, as it is about to be written. */
export type NewFile = {
  id: string;
  der: Uint8Array;
  facts: Facts;
  verdict: ChainVerdict;
  problems: readonly Noticed[];
  owner: Owner | null;
  source: CertificateRow['source'];
};

/** Writes records with their files, first owners and problems. @param lintedWith rules the problems come from */
export function insertFiles(
  db: Db,
  files: readonly NewFile[],
  origin: { importId: string; lintedWith: string; why: (owner: Owner) => string; by: string; now: number },
): void {
  const { importId, lintedWith, now } = origin;
  const ders = files.map(({ facts, der }) => ({ fingerprint: facts.fingerprint, der: der as Buffer, storedAt: now }));
  insertRows(db, certificateDer, ders, 'skip');
  insertRows(
    db,
    certificate,
    files.map(({ id, facts, verdict, owner, source }) => ({
      id,
      ...factColumns(facts),
      holderId: owner?.holderId,
      agencyId: owner?.agencyId,
      authorityId: verdict.authorityId,
      chain: verdict.chain,
      chainRule: verdict.rule,
      chainCheckedAt: now,
      revocation: facts.revocation,
      source,
      importId,
      lintedWith,
      addedAt: now,
      updatedAt: now,
    })),
  );
  insertRows(
    db,
    ownership,
    files.flatMap(({ id, facts, owner }) =>
      owner
        ? [
            {
              id: newId(now),
              certificateId: id,
              ...owner,
              from: Math.min(facts.notBefore, now),
              why: origin.why(owner),
              by: origin.by,
            },
          ]
        : [],
    ),
  );
  insertRows(
    db,
    problem,
    files.flatMap(({ id, problems }) =>
      problems.map((noticed) => ({ id: newId(now), certificateId: id, ...noticed, firstSeenAt: now })),
    ),
  );
}

/** The file of a record that was known from a sheet has come. The verified revocation facet stays what it is. */
export function completeWithFile(db: Db, row: CertificateRow, facts: Facts, verdict: ChainVerdict, now: number): void {
  db.update(certificate)
    .set({
      ...factColumns(facts),
      authorityId: verdict.authorityId,
      chain: verdict.chain,
      chainRule: verdict.rule,
      chainCheckedAt: now,
      ...(row.evidenceId === null && row.revocation !== 'revoked' ? { revocation: facts.revocation } : {}),
      updatedAt: now,
    })
    .where(eq(certificate.id, row.id))
    .run();
}

export type SheetFacts = {
  commonName: string;
  serial: string | null;
  issuer: string;
  notBefore: number | null;
  notAfter: number | null;
  use: CertificateRow['use'];
};

export function insertDataOnly(db: Db, facts: SheetFacts, origin: Origin): string {
  const id = newId(origin.now);
  insertRow(db, certificate, {
    id,
    ...facts,
    subject: '',
    source: origin.source,
    importId: origin.importId,
    nameKey: nameKey(facts.commonName),
    addedAt: origin.now,
    updatedAt: origin.now,
  });
  return id;
}

/**
 * Records that a name, use and last day identify; of several the last counts, so those in use come last.
 * @param all also those that have a serial
 */
export const namedRecords = (db: Db, all: boolean) =>
  connection(db)
    .prepare(
      `select id, common_name as commonName, use, not_after as notAfter,
          serial is null and fingerprint is null and archived_at is null as waits
        from certificate
        where not_after is not null and ${all ? '(archived_at is null or fingerprint is null)' : 'fingerprint is null and serial is null'}
        order by archived_at is null, id desc`,
    )
    .all() as { id: string; commonName: string; use: string; notAfter: number; waits: 0 | 1 }[];

/** Archived because its import was voided, not by a decision about the certificate. */
export const isVoided = (db: Db, id: string): boolean =>
  prepared(
    db,
    `select 1 from certificate c join import_run r on r.id = c.import_id
      where c.id = ? and c.archived_at is not null and r.state = 'voided'`,
  ).get(id) !== undefined;

/** A record whose import was voided comes back with another import. */
export function revive(db: Db, id: string, values: Partial<CertificateRow>, now: number): void {
  update(db, id, { ...values, archivedAt: null, updatedAt: now });
  appendEvent(db, {
    certificateId: id,
    at: now,
    facet: 'lifecycle',
    from: 'archived',
    to: 'current',
    detail: {},
    evidenceId: null,
  });
}

export function update(db: Db, id: string, values: Partial<CertificateRow>): void {
  updateRow(db, certificate, id, values);
}

// ---- owners ------------------------------------------------------------------------------------------------------

export type Owner = { holderId: string | null; agencyId: string | null };

/**
 * Closes the current ownership and opens another; the record keeps a copy for lists. The first owner stands from
 * `act.from` (the certificate's own beginning, never the future); a later one from now, so that rows never overlap.
 */
export function setOwner(
  db: Db,
  id: string,
  owner: Owner,
  act: { from: number; why: string; by: string; now: number; importId?: string },
): void {
  const closed = prepared(db, 'update ownership set "to" = ? where certificate_id = ? and "to" is null').run(
    act.now,
    id,
  );
  const from = closed.changes ? act.now : Math.min(act.from, act.now);
  prepared(
    db,
    'insert into ownership (id, certificate_id, holder_id, agency_id, "from", why, by, import_id) values (?, ?, ?, ?, ?, ?, ?, ?)',
  ).run(newId(act.now), id, owner.holderId, owner.agencyId, from, act.why, act.by, act.importId ?? null);
  prepared(db, 'update certificate set holder_id = ?, agency_id = ?, updated_at = ? where id = ?').run(
    owner.holderId,
    owner.agencyId,
    act.now,
    id,
  );
}

export const ownerships = (db: Db, certificateId: string) =>
  db
    .select({
      from: ownership.from,
      to: ownership.to,
      why: ownership.why,
      by: ownership.by,
      agencyId: ownership.agencyId,
      holderName: holder.name,
    })
    .from(ownership)
    .leftJoin(holder, eq(holder.id, ownership.holderId))
    .where(eq(ownership.certificateId, certificateId))
    .orderBy(desc(ownership.from), sql`${ownership}.rowid desc`)
    .all();

// ---- facts appended ----------------------------------------------------------------------------------------------

export type StatusEvent = typeof statusEvent.$inferInsert;

export const appendEvent = (db: Db, event: Omit<StatusEvent, 'id'>): void =>
  insertRow(db, statusEvent, { id: newId(event.at), ...event });

export const events = (db: Db, certificateId: string) =>
  db
    .select()
    .from(statusEvent)
    .where(eq(statusEvent.certificateId, certificateId))
    .orderBy(desc(statusEvent.at), sql`rowid desc`)
    .all();

export const marks = (db: Db, certificateId: string) =>
  db
    .select()
    .from(certificateMark)
    .where(and(eq(certificateMark.certificateId, certificateId), isNull(certificateMark.endedAt)))
    .all();

export const insertMark = (db: Db, row: Omit<typeof certificateMark.$inferInsert, 'id'>): void =>
  void db
    .insert(certificateMark)
    .values({ id: newId(row.at), ...row })
    .run();

export const endMark = (db: Db, id: string, now: number): void =>
  void db.update(certificateMark).set({ endedAt: now }).where(eq(certificateMark.id, id)).run();

/** Open problems of these rules become those noticed: new ones start, those no longer noticed end, the others stay. */
export function setProblems(
  db: Db,
  certificateId: string,
  noticed: readonly Noticed[],
  ruleIds: readonly string[],
  now: number,
): void {
  const open = prepared(
    db,
    'select id, rule, detail, severity from problem where certificate_id = ? and ended_at is null',
  ).all(certificateId) as { id: string; rule: string; detail: string; severity: string }[];
  const ours = open.filter((row) => ruleIds.includes(row.rule));
  for (const row of ours) {
    const still = noticed.find((n) => n.rule === row.rule);
    if (!still) prepared(db, 'update problem set ended_at = ? where id = ?').run(now, row.id);
    else if (still.detail !== row.detail || still.severity !== row.severity)
      prepared(db, 'update problem set detail = ?, severity = ? where id = ?').run(
        still.detail,
        still.severity,
        row.id,
      );
  }
  for (const n of noticed) {
    if (!ours.some((row) => row.rule === n.rule)) insertProblem(db, certificateId, n, now);
  }
}

export function insertProblem(db: Db, certificateId: string, noticed: Noticed, now: number): void {
  prepared(
    db,
    'insert into problem (id, certificate_id, rule, severity, detail, first_seen_at) values (?, ?, ?, ?, ?, ?)',
  ).run(newId(now), certificateId, noticed.rule, noticed.severity, noticed.detail, now);
}

export const problems = (db: Db, certificateId: string) =>
  db
    .select()
    .from(problem)
    .where(and(eq(problem.certificateId, certificateId), isNull(problem.endedAt)))
    .all();
