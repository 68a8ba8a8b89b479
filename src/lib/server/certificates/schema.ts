import { sql } from 'drizzle-orm';
import { blob, index, integer, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';
import { agency } from '../agencies/schema.ts';
import { flag, id, instant, json, known, ordered } from '../db/columns.ts';
import { holder } from './schema-holder.ts';

/** DER bytes of every certificate ever seen, CA or leaf, by SHA-256. */
export const certificateDer = sqliteTable('certificate_der', {
  fingerprint: text('fingerprint').primaryKey(),
  der: blob('der', { mode: 'buffer' }).notNull(),
  storedAt: instant('stored_at').notNull(),
});

/**
 * A CA certificate and what the office decided about it. Nothing is trusted before an administrator compared the
 * fingerprint and accepted (`trust = 'anchor'`). `candidate`: seen in a file or by AIA, may serve inside a path.
 */
export const authority = sqliteTable(
  'authority',
  {
    id: id(),
    fingerprint: text('fingerprint')
      .notNull()
      .references(() => certificateDer.fingerprint),
    subject: text('subject').notNull(),
    commonName: text('common_name').notNull(),
    issuer: text('issuer').notNull(),
    serial: text('serial').notNull(),
    /** SHA-256 of the SPKI: the issuer key that CRLs and certificates are verified with. */
    keySha256: text('key_sha256').notNull(),
    ski: text('ski'),
    notBefore: instant('not_before').notNull(),
    notAfter: instant('not_after').notNull(),
    selfSigned: flag('self_signed').notNull(),
    trust: text('trust', { enum: ['proposed', 'anchor', 'candidate', 'rejected'] }).notNull(),
    /** Where the fingerprint can be compared, for a proposal. */
    origin: text('origin').notNull(),
    decidedBy: text('decided_by'),
    decidedAt: instant('decided_at'),
    decisionNote: text('decision_note'),
    /** Set by verified evidence about the CA itself; a path through it is then `ca_revoked`. */
    revokedAt: instant('revoked_at'),
    revocationEvidenceId: text('revocation_evidence_id'),
    addedAt: instant('added_at').notNull(),
  },
  (t) => [
    ...known(t),
    uniqueIndex('authority_by_fingerprint').on(t.fingerprint),
    index('authority_by_key').on(t.keySha256),
    index('authority_by_trust').on(t.trust),
  ],
);

/**
 * What the anchored certificates of an issuer count as since trust was taken from it or from a CA above it, until jobs
 * judged every chain anew: one row for each issuer, so that a decision holds at once for any number of certificates.
 */
export const chainDoubt = sqliteTable(
  'chain_doubt',
  {
    authorityId: text('authority_id')
      .primaryKey()
      .references(() => authority.id),
    chain: text('chain', { enum: ['untrusted', 'ca_revoked'] }).notNull(),
    since: instant('since').notNull(),
  },
  (t) => known(t),
);

/**
 * One certificate record. Facets are facts with their instants; the label is computed from them and the clock
 * (certificate-status §1). A record without a file ("data saja") has no fingerprint.
 */
export const certificate = sqliteTable(
  'certificate',
  {
    id: id(),
    /** SHA-256 of the DER; null: known from a sheet, the file has not come. */
    fingerprint: text('fingerprint').references(() => certificateDer.fingerprint),
    /** Verified issuer (signature checked), else null. */
    authorityId: text('authority_id').references(() => authority.id),
    issuer: text('issuer').notNull(),
    serial: text('serial'),
    subject: text('subject').notNull(),
    commonName: text('common_name').notNull(),
    organization: text('organization').notNull().default(''),
    /** UTC ms, inclusive at both ends (RFC 5280 §4.1.2.5); the DER's own text beside. */
    notBefore: instant('not_before'),
    notAfter: instant('not_after'),
    notAfterText: text('not_after_text'),
    keySha256: text('key_sha256'),
    keyAlgorithm: text('key_algorithm'),
    keyBits: integer('key_bits'),
    signatureAlgorithm: text('signature_algorithm'),
    /** Pasal 9 a–e, or other (seal, unknown). */
    use: text('use', {
      enum: ['signature', 'email', 'document', 'tls_server', 'tls_client', 'other'],
    }).notNull(),
    san: json<string[]>('san').notNull().default([]),
    keyUsage: json<string[]>('key_usage'),
    eku: json<string[]>('eku'),
    policies: json<string[]>('policies'),
    crlUrls: json<string[]>('crl_urls').notNull().default([]),
    ocspUrls: json<string[]>('ocsp_urls').notNull().default([]),
    caIssuers: json<string[]>('ca_issuers').notNull().default([]),

    /** Current owner, copied from `ownership` in the same transaction, for lists. */
    holderId: text('holder_id').references(() => holder.id),
    agencyId: text('agency_id').references(() => agency.id),

    // chain facet
    chain: text('chain', {
      enum: [
        'anchored',
        'incomplete',
        'untrusted',
        'bad_signature',
        'ca_revoked',
        'ca_expired',
        'ca_not_yet_valid',
        'invalid_path',
      ],
    })
      .notNull()
      .default('incomplete'),
    chainRule: text('chain_rule'),
    chainCheckedAt: instant('chain_checked_at'),

    // revocation facet: our verified belief and what it rests on
    revocation: text('revocation', {
      enum: [
        'good',
        'revoked',
        'on_hold',
        'released',
        'unknown',
        'undetermined',
        'not_checkable',
        'not_applicable',
        'conflict',
      ],
    })
      .notNull()
      .default('undetermined'),
    revocationReason: integer('revocation_reason'),
    revokedAt: instant('revoked_at'),
    invalidityAt: instant('invalidity_at'),
    /** When our verified evidence first said revoked or on hold. */
    revocationSeenAt: instant('revocation_seen_at'),
    revocationSource: text('revocation_source', { enum: ['crl', 'ocsp', 'none'] })
      .notNull()
      .default('none'),
    evidenceId: text('evidence_id'),
    /** thisUpdate/nextUpdate of the evidence and our last verified confirmation when this was written. */
    thisUpdate: instant('this_update'),
    nextUpdate: instant('next_update'),
    confirmedAt: instant('confirmed_at'),
    /**
     * Until when the evidence counts as fresh: min(nextUpdate, confirmedAt + policy maximum). Both instants are read through
     * `freshness-sql.ts` only: the evidence may have been confirmed since.
     */
    freshUntil: instant('fresh_until'),

    // lifecycle facet
    supersededById: text('superseded_by_id'),
    retiredAt: instant('retired_at'),
    archivedAt: instant('archived_at'),

    source: text('source', { enum: ['file', 'sheet', 'form', 'pdf'] }).notNull(),
    importId: text('import_id'),
    /** Rules and policy that lint last judged the file by (`lintKey`); '' or another one: waits for lint. */
    lintedWith: text('linted_with').notNull().default(''),
    /** What lists sort by: the holder's name key, else the common name's. Triggers keep it right. */
    nameKey: text('name_key').notNull().default(''),
    addedAt: instant('added_at').notNull(),
    updatedAt: instant('updated_at').notNull(),
  },
  (t) => [
    ...known(t),
    uniqueIndex('certificate_by_fingerprint')
      .on(t.fingerprint)
      .where(sql`${t.fingerprint} is not null`),
    index('certificate_by_serial').on(t.serial),
    index('certificate_by_end').on(t.notAfter),
    index('certificate_by_agency').on(t.agencyId, t.notAfter),
    index('certificate_by_holder').on(t.holderId),
    index('certificate_by_authority').on(t.authorityId),
    index('certificate_by_key').on(t.keySha256),
    // What rests on nothing yet, as all that comes in, is in none of the three: `fresh_until` tells it.
    index('certificate_by_evidence')
      .on(t.evidenceId, t.confirmedAt, t.id)
      .where(sql`${t.evidenceId} is not null`),
    index('certificate_by_successor')
      .on(t.supersededById)
      .where(sql`${t.supersededById} is not null`),
    index('certificate_by_import').on(t.importId),
    index('certificate_by_subject').on(t.subject, t.use),
    index('certificate_by_name').on(t.nameKey, t.id),
    // With what it rests on, so that those whose evidence was confirmed since (`evidence_freshness`) are passed over unread.
    index('certificate_by_confirmation')
      .on(t.confirmedAt, t.id, t.evidenceId)
      .where(sql`${t.confirmedAt} is not null`),
    index('certificate_by_freshness').on(t.freshUntil, t.evidenceId),
    index('certificate_by_chain').on(t.chain),
    index('certificate_by_revocation').on(t.revocation),
    index('certificate_by_use').on(t.use),
    index('certificate_by_eku').on(t.eku),
    index('certificate_by_key_kind').on(t.keyAlgorithm, t.keyBits),
    index('certificate_by_addition').on(t.addedAt, t.id),
    index('certificate_data_only')
      .on(t.id)
      .where(sql`${t.fingerprint} is null`),
    index('certificate_by_start').on(t.notBefore),
    index('certificate_by_lint')
      .on(t.lintedWith)
      .where(sql`${t.fingerprint} is not null`),
    // Where the issuer of incomplete chains could be fetched (AIA).
    index('certificate_incomplete')
      .on(t.caIssuers, t.authorityId)
      .where(sql`${t.chain} = 'incomplete'`),
  ],
);

/** Who answers for a certificate, from when to when and why; old reports keep the old agency. */
export const ownership = sqliteTable(
  'ownership',
  {
    id: id(),
    certificateId: text('certificate_id')
      .notNull()
      .references(() => certificate.id),
    holderId: text('holder_id').references(() => holder.id),
    /** Null: the holder is known, the agency not yet. */
    agencyId: text('agency_id').references(() => agency.id),
    from: instant('from').notNull(),
    to: instant('to'),
    why: text('why').notNull(),
    by: text('by').notNull(),
    /** The import that wrote it. */
    importId: text('import_id'),
  },
  (t) => [
    ordered(t.from, t.to),
    index('ownership_by_certificate').on(t.certificateId, t.to),
    index('ownership_by_holder').on(t.holderId),
    uniqueIndex('ownership_open')
      .on(t.certificateId)
      .where(sql`${t.to} is null`),
  ],
);

/** Facts that upper rooms know and lists show: open incident, pending revocation … Written through `mark`/`unmark`. */
export const certificateMark = sqliteTable(
  'certificate_mark',
  {
    id: id(),
    certificateId: text('certificate_id')
      .notNull()
      .references(() => certificate.id),
    kind: text('kind', { enum: ['open_incident', 'pending_revocation', 'mismatch', 'no_dossier'] }).notNull(),
    ref: text('ref').notNull(),
    at: instant('at').notNull(),
    endedAt: instant('ended_at'),
  },
  (t) => [
    ...known(t),
    ordered(t.at, t.endedAt),
    index('certificate_mark_by_certificate').on(t.certificateId, t.endedAt),
  ],
);

/** Why a change of status took back what had been said of another certificate. */
export const DISOWNED = 'other_issuer';

/** Marks of an incident that waits for news about the certificate, as SQL. */
export const INCIDENT_MARKS = `('open_incident', 'pending_revocation')`;

/** Every change of a facet, appended: what "Apa yang kita ketahui pada …?" is answered from. */
export const statusEvent = sqliteTable(
  'status_event',
  {
    id: id(),
    certificateId: text('certificate_id')
      .notNull()
      .references(() => certificate.id),
    at: instant('at').notNull(),
    facet: text('facet', { enum: ['chain', 'revocation', 'lifecycle'] }).notNull(),
    from: text('from').notNull(),
    to: text('to').notNull(),
    /** Reason code, revocationDate, invalidityDate, thisUpdate … as they stood. */
    detail: json<Record<string, string | number>>('detail').notNull(),
    evidenceId: text('evidence_id'),
  },
  (t) => [
    ...known(t),
    index('status_event_by_certificate').on(t.certificateId, t.at),
    // What an evidence changed; that it changed nothing is most of the rows.
    index('status_event_by_evidence')
      .on(t.evidenceId)
      .where(sql`${t.to} <> 'good'`),
  ],
);
