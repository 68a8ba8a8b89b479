import { sql } from 'drizzle-orm';
import { blob, check, index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';
import { agency } from '../agencies/schema.ts';
import type { Change, Field, SheetChoice, SheetColumn } from './sheet.ts';
import { date, flag, id, instant, json, known, ordered } from '../db/columns.ts';

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

/** Who a certificate speaks for: a person, a legal entity, or a host/system. Pasal 1(13). */
export const holder = sqliteTable(
  'holder',
  {
    id: id(),
    kind: text('kind', { enum: ['person', 'entity', 'system'] }).notNull(),
    /** Bare name, as in the certificate's CN, without titles. */
    name: text('name').notNull(),
    titleBefore: text('title_before').notNull().default(''),
    titleAfter: text('title_after').notNull().default(''),
    /** Upper case, no titles, single spaces: what matching and sorting compare. */
    nameKey: text('name_key').notNull(),
    nip: text('nip'),
    email: text('email'),
    status: text('status', { enum: ['active', 'moved', 'retired', 'left', 'deceased'] }).notNull(),
    statusSince: date('status_since'),
    createdAt: instant('created_at').notNull(),
    /** The import that entered the holder; when that was voided, the holder is archived. */
    importId: text('import_id'),
    archivedAt: instant('archived_at'),
  },
  (t) => [
    ...known(t),
    uniqueIndex('holder_by_nip')
      .on(t.nip)
      .where(sql`${t.nip} is not null`),
    index('holder_by_name').on(t.nameKey),
    index('holder_by_import').on(t.importId),
    index('holder_by_leaving')
      .on(t.statusSince)
      .where(sql`${t.status} <> 'active'`),
  ],
);

/** What a merge changes of the two records: facts, positions and other names, by whom they belong to. */
export type MergeState = {
  facts: Record<string, { nip: string | null; email: string | null; titleBefore: string; titleAfter: string }>;
  positions: { id: string; holderId: string; to: string | null }[];
  aliases: { id: string; holderId: string }[];
  certificates: { id: string; holderId: string; agencyId: string | null }[];
  merges: { holderId: string; intoId: string }[];
};

/** Two records of one holder: the first stays for its history, everything current went to the other. A decision. */
export const holderMerge = sqliteTable(
  'holder_merge',
  {
    holderId: text('holder_id')
      .primaryKey()
      .references(() => holder.id),
    intoId: text('into_id')
      .notNull()
      .references(() => holder.id),
    why: text('why').notNull(),
    by: text('by').notNull(),
    at: instant('at').notNull(),
    /** How both stood before and after; null: merged before this was kept, cannot be undone. */
    moved: json<{ before: MergeState; after: MergeState }>('moved'),
  },
  (t) => [index('holder_merge_by_kept').on(t.intoId)],
);

/** Another name a holder is known by: a former name, the name of a merged record, a spelling a person decided about. */
export const holderAlias = sqliteTable(
  'holder_alias',
  {
    id: id(),
    holderId: text('holder_id')
      .notNull()
      .references(() => holder.id),
    name: text('name').notNull(),
    nameKey: text('name_key').notNull(),
    by: text('by').notNull(),
    at: instant('at').notNull(),
  },
  (t) => [uniqueIndex('holder_alias_by_holder').on(t.holderId, t.nameKey), index('holder_alias_by_name').on(t.nameKey)],
);

/** A holder's position in an agency, dated. */
export const position = sqliteTable(
  'position',
  {
    id: id(),
    holderId: text('holder_id')
      .notNull()
      .references(() => holder.id),
    agencyId: text('agency_id')
      .notNull()
      .references(() => agency.id),
    title: text('title').notNull(),
    from: date('from').notNull(),
    to: date('to'),
    source: text('source').notNull(),
    importId: text('import_id'),
  },
  (t) => [
    ordered(t.from, t.to),
    index('position_by_holder').on(t.holderId, t.to),
    index('position_by_agency').on(t.agencyId, t.to),
  ],
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
    /** thisUpdate/nextUpdate of the evidence and our last verified confirmation (200, or 304 of the same bytes). */
    thisUpdate: instant('this_update'),
    nextUpdate: instant('next_update'),
    confirmedAt: instant('confirmed_at'),
    /** Until when the evidence counts as fresh: min(nextUpdate, confirmedAt + policy maximum). */
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
    index('certificate_by_evidence').on(t.evidenceId),
    index('certificate_by_successor').on(t.supersededById),
    index('certificate_by_import').on(t.importId),
    index('certificate_by_subject').on(t.subject, t.use),
    index('certificate_by_name').on(t.nameKey, t.id),
    index('certificate_by_confirmation').on(t.confirmedAt, t.id),
    index('certificate_by_freshness').on(t.freshUntil),
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

/**
 * What BSrE's portal says of a certificate, as imported lists told it: its belief beside ours, never mixed with it
 * (certificate-status §1). One row for each list that names it; the one without an end is the last.
 */
export const portalSaid = sqliteTable(
  'portal_said',
  {
    id: id(),
    certificateId: text('certificate_id')
      .notNull()
      .references(() => certificate.id),
    word: text('word', {
      enum: [
        'issued',
        'revoked',
        'expired',
        'renewing',
        'suspended',
        'unactivated',
        'verifying',
        'none',
        'unregistered',
      ],
    }).notNull(),
    importId: text('import_id')
      .notNull()
      .references(() => importRun.id),
    at: instant('at').notNull(),
    endedAt: instant('ended_at'),
  },
  (t) => [
    ...known(t),
    ordered(t.at, t.endedAt),
    index('portal_said_by_certificate').on(t.certificateId, t.at),
    index('portal_said_by_import').on(t.importId),
    uniqueIndex('portal_said_last')
      .on(t.certificateId)
      .where(sql`${t.endedAt} is null`),
    index('portal_said_by_word')
      .on(t.word, t.certificateId)
      .where(sql`${t.endedAt} is null`),
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

/** A person said that a proposed holder is not the owner: never proposed again for this certificate. */
export const matchRefusal = sqliteTable(
  'match_refusal',
  {
    id: id(),
    certificateId: text('certificate_id')
      .notNull()
      .references(() => certificate.id),
    holderId: text('holder_id')
      .notNull()
      .references(() => holder.id),
    by: text('by').notNull(),
    at: instant('at').notNull(),
  },
  (t) => [uniqueIndex('match_refusal_by_pair').on(t.certificateId, t.holderId)],
);

/** What a person decided about a certificate and the one that may succeed it; the newest row of a pair holds. */
export const renewalDecision = sqliteTable(
  'renewal_decision',
  {
    id: id(),
    certificateId: text('certificate_id')
      .notNull()
      .references(() => certificate.id),
    successorId: text('successor_id')
      .notNull()
      .references(() => certificate.id),
    decision: text('decision', { enum: ['confirmed', 'rejected'] }).notNull(),
    why: text('why').notNull(),
    by: text('by').notNull(),
    at: instant('at').notNull(),
  },
  (t) => [...known(t), index('renewal_decision_by_pair').on(t.certificateId, t.successorId, t.at)],
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

/** What lint noticed (Catatan teknis). Rules are data in `lint.ts`. */
export const problem = sqliteTable(
  'problem',
  {
    id: id(),
    certificateId: text('certificate_id')
      .notNull()
      .references(() => certificate.id),
    rule: text('rule').notNull(),
    severity: text('severity', { enum: ['info', 'warning', 'serious', 'critical'] }).notNull(),
    detail: text('detail').notNull(),
    firstSeenAt: instant('first_seen_at').notNull(),
    endedAt: instant('ended_at'),
  },
  (t) => [
    ...known(t),
    ordered(t.firstSeenAt, t.endedAt),
    index('problem_by_certificate').on(t.certificateId, t.endedAt),
    index('problem_by_rule').on(t.rule, t.endedAt),
  ],
);

/** What the rules notice about an agency as a whole: its certificates that end in one week (expiry cliff). */
export const agencyProblem = sqliteTable(
  'agency_problem',
  {
    id: id(),
    agencyId: text('agency_id')
      .notNull()
      .references(() => agency.id),
    rule: text('rule').notNull(),
    /** Monday to Sunday in WIB. */
    from: date('from').notNull(),
    until: date('until').notNull(),
    count: integer('count').notNull(),
    total: integer('total').notNull(),
    firstSeenAt: instant('first_seen_at').notNull(),
    endedAt: instant('ended_at'),
  },
  (t) => [ordered(t.firstSeenAt, t.endedAt), index('agency_problem_by_rule').on(t.rule, t.endedAt)],
);

/**
 * A rule that fires on nearly all certificates of an issuer ("Ciri penerbit", certificate-status §9): shown once, on the
 * issuer, and counted nowhere else. Derived; `refreshTraits` keeps it.
 */
export const issuerTrait = sqliteTable(
  'issuer_trait',
  {
    authorityId: text('authority_id')
      .notNull()
      .references(() => authority.id),
    rule: text('rule').notNull(),
    fired: integer('fired').notNull(),
    total: integer('total').notNull(),
  },
  (t) => [primaryKey({ columns: [t.authorityId, t.rule] })],
);

/** Chains to be judged anew after a decision, a new CA certificate or a day: a row that jobs pick up, with progress. */
export const chainRun = sqliteTable(
  'chain_run',
  {
    id: id(),
    /** `open`: only chains that are not anchored, because a CA certificate came. */
    scope: text('scope', { enum: ['all', 'open'] }).notNull(),
    state: text('state', { enum: ['requested', 'running', 'done'] }).notNull(),
    /** The last certificate judged. */
    after: text('after').notNull().default(''),
    total: integer('total').notNull().default(0),
    done: integer('done').notNull().default(0),
    changed: integer('changed').notNull().default(0),
    requestedAt: instant('requested_at').notNull(),
    finishedAt: instant('finished_at'),
  },
  (t) => [...known(t), ordered(t.requestedAt, t.finishedAt), index('chain_run_by_state').on(t.state, t.requestedAt)],
);

/** One import: a row that jobs pick up, with progress; its ledger below. */
export const importRun = sqliteTable(
  'import_run',
  {
    id: id(),
    number: text('number').notNull(),
    kind: text('kind', { enum: ['certificates', 'certificate_sheet', 'personnel'] }).notNull(),
    name: text('name').notNull(),
    /** Agency the certificates are put under when nothing else tells. */
    agencyId: text('agency_id').references(() => agency.id),
    state: text('state', { enum: ['requested', 'preview', 'running', 'done', 'failed', 'voided'] }).notNull(),
    total: integer('total').notNull().default(0),
    done: integer('done').notNull().default(0),
    message: text('message'),
    requestedBy: text('requested_by').notNull(),
    requestedAt: instant('requested_at').notNull(),
    finishedAt: instant('finished_at'),
    /** Until when the process that holds what was sent, before it lies in the store, is believed to live. */
    heldUntil: instant('held_until'),
  },
  (t) => [
    ...known(t),
    ordered(t.requestedAt, t.finishedAt),
    check('import_run_progress', sql`${t.done} between 0 and ${t.total}`),
    uniqueIndex('import_run_by_number').on(t.number),
    index('import_run_by_state').on(t.state, t.requestedAt),
  ],
);

/** The files of a requested import, in the store until jobs read them; none when they held a private key. */
export const importFile = sqliteTable(
  'import_file',
  {
    id: id(),
    importId: text('import_id')
      .notNull()
      .references(() => importRun.id),
    seq: integer('seq').notNull(),
    name: text('name').notNull(),
    sha256: text('sha256').notNull(),
    size: integer('size').notNull(),
  },
  (t) => [uniqueIndex('import_file_by_seq').on(t.importId, t.seq)],
);

/** Exactly one outcome per entry of an import; totals are counts of these rows and so add up. */
export const importEntry = sqliteTable(
  'import_entry',
  {
    id: id(),
    importId: text('import_id')
      .notNull()
      .references(() => importRun.id),
    seq: integer('seq').notNull(),
    /** File or member of an archive it belongs to, counted from 0 over the run: where a cut-off run goes on. */
    unit: integer('unit').notNull().default(0),
    name: text('name').notNull(),
    outcome: text('outcome', {
      enum: ['added', 'completed', 'duplicate', 'no_certificate', 'unreadable', 'rejected'],
    }).notNull(),
    reason: text('reason'),
    sha256: text('sha256'),
    certificatesNew: integer('certificates_new').notNull().default(0),
    certificatesKnown: integer('certificates_known').notNull().default(0),
    certificateId: text('certificate_id').references(() => certificate.id),
    holderId: text('holder_id').references(() => holder.id),
    /** What a row of a sheet changed, from and to: shown, exported, and put back when the import is voided. */
    changes: json<Change[]>('changes'),
  },
  (t) => [
    ...known(t),
    uniqueIndex('import_entry_by_seq').on(t.importId, t.seq),
    // Totals and pages of one outcome are answered from this index alone.
    index('import_entry_by_outcome').on(t.importId, t.outcome, t.seq, t.certificatesNew, t.certificatesKnown),
  ],
);

/** How the sheet of a run is read: chosen by a person in the preview, else proposed from its headings. */
export const importSheet = sqliteTable('import_sheet', {
  importId: text('import_id')
    .primaryKey()
    .references(() => importRun.id),
  /** Names of all sheets of the workbook, and the one that is read. */
  sheets: json<string[]>('sheets').notNull(),
  sheet: text('sheet'),
  /** Counted from 1, as in Excel; null: not found. */
  headingRow: integer('heading_row'),
  columns: json<SheetColumn[]>('columns').notNull(),
  /** What a person chose; what is absent is proposed. */
  chosen: json<SheetChoice>('chosen').notNull(),
  /** Sentences about the sheet as a whole. */
  remarks: json<string[]>('remarks').notNull(),
  /** SHA-256 over the headings: lists of one source share it. */
  layout: text('layout').notNull(),
  /** Null: waits for a person who looks at the preview. */
  acceptedBy: text('accepted_by'),
  acceptedAt: instant('accepted_at'),
});

/** A row of a sheet as it would be understood; scratch until the run ends, when only `absent` stays. */
export const importRow = sqliteTable(
  'import_row',
  {
    importId: text('import_id')
      .notNull()
      .references(() => importRun.id),
    seq: integer('seq').notNull(),
    /** In the sheet, from 1; null for what is no longer in the file. */
    line: integer('line'),
    verdict: text('verdict', { enum: ['added', 'completed', 'changed', 'same', 'absent', 'rejected'] }).notNull(),
    name: text('name').notNull(),
    about: text('about').notNull(),
    reason: text('reason'),
    notes: json<string[]>('notes').notNull(),
    changes: json<Change[]>('changes').notNull(),
    /** An agency's name that fits none in the register. */
    unknownAgency: text('unknown_agency'),
    targetId: text('target_id'),
  },
  (t) => [
    ...known(t),
    primaryKey({ columns: [t.importId, t.seq] }),
    index('import_row_by_verdict').on(t.importId, t.verdict, t.seq),
  ],
);

/** The columns a person chose for a set of headings, proposed when they come again. */
export const sheetLayout = sqliteTable('sheet_layout', {
  layout: text('layout').primaryKey(),
  fields: json<(Field | null)[]>('fields').notNull(),
  /** Fields that could be chosen then; null: those of release 0.3.0. One that came since is still proposed. */
  offered: json<Field[]>('offered'),
  by: text('by').notNull(),
  at: instant('at').notNull(),
});

/** Counts at the end of each WIB day, stored from the first day; trends and reports read them. */
export const dailyCount = sqliteTable(
  'daily_count',
  {
    id: id(),
    day: date('day').notNull(),
    agencyId: text('agency_id').references(() => agency.id),
    label: text('label').notNull(),
    count: integer('count').notNull(),
  },
  (t) => [
    check('daily_count_positive', sql`${t.count} >= 0`),
    uniqueIndex('daily_count_by_day').on(t.day, t.agencyId, t.label),
  ],
);

/**
 * The full-text index's own key for each certificate: the row number of a table with a text key may change under VACUUM.
 * `certificate_fts` and the triggers that keep both stand in drizzle/0003_inventory_hand.sql.
 */
export const certificateSearch = sqliteTable(
  'certificate_search',
  {
    docid: integer('docid').primaryKey(),
    certificateId: text('certificate_id')
      .notNull()
      .references(() => certificate.id),
  },
  (t) => [uniqueIndex('certificate_search_by_certificate').on(t.certificateId)],
);

/** The same for holders and `holder_fts`. */
export const holderSearch = sqliteTable(
  'holder_search',
  {
    docid: integer('docid').primaryKey(),
    holderId: text('holder_id')
      .notNull()
      .references(() => holder.id),
  },
  (t) => [uniqueIndex('holder_search_by_holder').on(t.holderId)],
);

/** How a large estate counts, as of an instant (`census.ts`). One row; small estates are counted live and have none. */
export const certificateCensus = sqliteTable('certificate_census', {
  id: integer('id').primaryKey(),
  takenAt: instant('taken_at').notNull(),
  /** How long the trail was: a longer one says that something happened since. */
  trail: integer('trail').notNull(),
  rows: blob('rows', { mode: 'buffer' }).notNull(),
});

/** What a page shows of a large estate and would take too long to work out for each visit, as of an instant (`kept.ts`). */
export const keptSurvey = sqliteTable('kept_survey', {
  name: text('name', { enum: ['matching', 'renewals'] }).primaryKey(),
  takenAt: instant('taken_at').notNull(),
  rows: blob('rows', { mode: 'buffer' }).notNull(),
});

/** An address of the list with a name: a person's own, or shared with the office. */
export const savedView = sqliteTable(
  'saved_view',
  {
    id: id(),
    owner: text('owner').notNull(),
    name: text('name').notNull(),
    /** The list's address without '?': filters, sort, columns. */
    query: text('query').notNull(),
    shared: flag('shared').notNull().default(false),
    /** What the owner's menu opens. */
    preferred: flag('preferred').notNull().default(false),
    createdAt: instant('created_at').notNull(),
    archivedAt: instant('archived_at'),
  },
  (t) => [...known(t), ordered(t.createdAt, t.archivedAt), index('saved_view_by_owner').on(t.owner, t.archivedAt)],
);

/** One act over many certificates; what it did to each stands in `bulk_item`. Large ones are done by jobs. */
export const bulkAct = sqliteTable(
  'bulk_act',
  {
    id: id(),
    number: text('number').notNull(),
    kind: text('kind', { enum: ['transfer', 'retire', 'archive', 'restore'] }).notNull(),
    /** Where to, and the typed reason. */
    input: json<{ agencyId?: string; why: string }>('input').notNull(),
    state: text('state', { enum: ['requested', 'running', 'done'] }).notNull(),
    total: integer('total').notNull(),
    done: integer('done').notNull().default(0),
    /** SHA-256 over the ids in order, as confirmed. */
    idsHash: text('ids_hash').notNull(),
    requestedBy: text('requested_by').notNull(),
    requestedAt: instant('requested_at').notNull(),
    finishedAt: instant('finished_at'),
  },
  (t) => [
    ...known(t),
    ordered(t.requestedAt, t.finishedAt),
    check('bulk_act_progress', sql`${t.done} between 0 and ${t.total}`),
    uniqueIndex('bulk_act_by_number').on(t.number),
    index('bulk_act_by_state').on(t.state, t.requestedAt),
  ],
);

/** One certificate of a bulk act: it waits, was changed, or was left as it is, and why. */
export const bulkItem = sqliteTable(
  'bulk_item',
  {
    bulkId: text('bulk_id')
      .notNull()
      .references(() => bulkAct.id),
    seq: integer('seq').notNull(),
    certificateId: text('certificate_id')
      .notNull()
      .references(() => certificate.id),
    outcome: text('outcome', { enum: ['waiting', 'changed', 'skipped'] }).notNull(),
    reason: text('reason'),
  },
  (t) => [...known(t), primaryKey({ columns: [t.bulkId, t.seq] })],
);
