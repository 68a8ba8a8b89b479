import { sql } from 'drizzle-orm';
import { check, index, integer, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';
import { agency } from '../agencies/schema.ts';
import { user } from '../auth/schema.ts';
import { certificate } from '../certificates/schema.ts';
import { date, id, instant, json, known, ordered } from '../db/columns.ts';
import { file } from '../files/schema.ts';
import { message } from '../notifications/schema.ts';
import {
  CHANNELS,
  INTAKE_KINDS,
  OUTCOMES,
  PRECISIONS,
  REVOCATION_REASONS,
  ROOT_CAUSES,
  STAGES,
  TYPES,
  type LetterContent,
} from './kinds.ts';

/** Who is on duty (piket), from when to when; shown on the receipt of a report. A mistake is ended, not deleted. */
export const dutyShift = sqliteTable(
  'duty_shift',
  {
    id: id(),
    name: text('name').notNull(),
    phone: text('phone').notNull(),
    userId: text('user_id').references(() => user.id),
    from: instant('from').notNull(),
    to: instant('to').notNull(),
    cancelledAt: instant('cancelled_at'),
    enteredBy: text('entered_by').notNull(),
    enteredAt: instant('entered_at').notNull(),
  },
  (t) => [index('duty_shift_by_time').on(t.from, t.to), check('duty_shift_order', sql`${t.to} > ${t.from}`)],
);

/** A report of trouble as it came in; the words of the reporter are never edited, but a NIK is covered. Perwali Pasal 20(1). */
export const intake = sqliteTable(
  'intake',
  {
    id: id(),
    number: text('number').notNull(),
    /** SHA-256 of the receipt token; the token itself is only in the reporter's address bar. */
    tokenHash: text('token_hash').notNull(),
    kind: text('kind', { enum: INTAKE_KINDS }).notNull(),
    ownerName: text('owner_name').notNull(),
    agencyId: text('agency_id').references(() => agency.id),
    /** What was typed for the agency; kept also when it was recognised. */
    agencyText: text('agency_text').notNull(),
    reporterName: text('reporter_name').notNull(),
    phone: text('phone').notNull(),
    email: text('email').notNull(),
    story: text('story').notNull(),
    /** When the owner noticed, as typed in WIB. */
    detectedAt: instant('detected_at').notNull(),
    precision: text('precision', { enum: PRECISIONS }).notNull(),
    receivedAt: instant('received_at').notNull(),
    /** public: nobody signed in, the reporter is unverified; account: signed in; phone: typed for a caller. */
    channel: text('channel', { enum: ['public', 'account', 'phone'] }).notNull(),
    certificateId: text('certificate_id').references(() => certificate.id),
    enteredBy: text('entered_by').notNull(),
    outcome: text('outcome', { enum: ['promoted', 'merged', 'not_incident'] }),
    outcomeAt: instant('outcome_at'),
    outcomeBy: text('outcome_by'),
    outcomeReason: text('outcome_reason'),
    incidentId: text('incident_id'),
  },
  (t) => [
    ...known(t),
    ordered(t.receivedAt, t.outcomeAt),
    uniqueIndex('intake_by_number').on(t.number),
    uniqueIndex('intake_by_token').on(t.tokenHash),
    index('intake_by_outcome').on(t.outcome, t.receivedAt),
    index('intake_by_incident').on(t.incidentId),
    index('intake_by_agency').on(t.agencyId, t.receivedAt),
    check('intake_outcome_whole', sql`(${t.outcome} is null) = (${t.outcomeAt} is null)`),
  ],
);

/** An incident. Its state is not stored: it follows from the facts below (states.ts). */
export const incident = sqliteTable(
  'incident',
  {
    id: id(),
    number: text('number').notNull(),
    title: text('title').notNull(),
    type: text('type', { enum: TYPES }).notNull(),
    /** Pasal 19(2) huruf a or b; null: the list there is open ("diantaranya"), Pasal 19(1) still applies. */
    clause: text('clause', { enum: ['a', 'b'] }),
    agencyId: text('agency_id')
      .notNull()
      .references(() => agency.id),
    description: text('description').notNull(),
    openedAt: instant('opened_at').notNull(),
    openedBy: text('opened_by').notNull(),
  },
  (t) => [
    ...known(t),
    uniqueIndex('incident_by_number').on(t.number),
    index('incident_by_agency').on(t.agencyId, t.openedAt),
    index('incident_by_opening').on(t.openedAt),
  ],
);

/**
 * Instants of an incident (incident-escalation §2), appended. The newest row of a kind counts; a correction points at
 * what it corrects. `enteredAt − at` over 15 minutes reads "dicatat kemudian" and has a reason.
 */
export const incidentStamp = sqliteTable(
  'incident_stamp',
  {
    id: id(),
    incidentId: text('incident_id')
      .notNull()
      .references(() => incident.id),
    kind: text('kind', {
      enum: [
        'detected',
        'known',
        'reported',
        'owner_called',
        'account_held',
        'preserved',
        'recovered',
        'reporter_informed',
      ],
    }).notNull(),
    at: instant('at').notNull(),
    zone: text('zone').notNull().default('Asia/Jakarta'),
    precision: text('precision', { enum: PRECISIONS }).notNull(),
    source: text('source', { enum: ['typed', 'system', 'document'] }).notNull(),
    note: text('note').notNull().default(''),
    reason: text('reason'),
    corrects: text('corrects'),
    enteredBy: text('entered_by').notNull(),
    enteredAt: instant('entered_at').notNull(),
  },
  (t) => [...known(t), index('incident_stamp_by_incident').on(t.incidentId, t.kind, t.enteredAt)],
);

/**
 * When it happened, appended; the newest counts, no row means not known yet. Each year's incidents are counted by it
 * (evaluation-report-audit §11.8).
 */
export const incidentOccurrence = sqliteTable(
  'incident_occurrence',
  {
    id: id(),
    incidentId: text('incident_id')
      .notNull()
      .references(() => incident.id),
    /** Null: taken back, it is not known after all. */
    at: instant('at'),
    precision: text('precision', { enum: PRECISIONS }).notNull(),
    reason: text('reason'),
    enteredBy: text('entered_by').notNull(),
    enteredAt: instant('entered_at').notNull(),
  },
  (t) => [...known(t), index('incident_occurrence_by_incident').on(t.incidentId, t.enteredAt)],
);

/** An incident that was opened for the wrong agency: from where to where, who and why. */
export const incidentMove = sqliteTable(
  'incident_move',
  {
    id: id(),
    incidentId: text('incident_id')
      .notNull()
      .references(() => incident.id),
    fromId: text('from_id')
      .notNull()
      .references(() => agency.id),
    toId: text('to_id')
      .notNull()
      .references(() => agency.id),
    reason: text('reason').notNull(),
    at: instant('at').notNull(),
    by: text('by').notNull(),
  },
  (t) => [
    index('incident_move_by_incident').on(t.incidentId, t.at),
    check('incident_move_elsewhere', sql`${t.fromId} <> ${t.toId}`),
  ],
);

/** Who handles it, appended; the newest counts. */
export const assignment = sqliteTable(
  'incident_assignment',
  {
    id: id(),
    incidentId: text('incident_id')
      .notNull()
      .references(() => incident.id),
    userId: text('user_id')
      .notNull()
      .references(() => user.id),
    at: instant('at').notNull(),
    by: text('by').notNull(),
  },
  (t) => [
    index('incident_assignment_by_incident').on(t.incidentId, t.at),
    index('incident_assignment_by_user').on(t.userId),
  ],
);

/** What severity is computed from (severity.ts), appended; lowering has a reason. */
export const assessment = sqliteTable(
  'incident_assessment',
  {
    id: id(),
    incidentId: text('incident_id')
      .notNull()
      .references(() => incident.id),
    impact: integer('impact').notNull(),
    urgency: integer('urgency').notNull(),
    highOffice: integer('high_office', { mode: 'boolean' }).notNull(),
    reason: text('reason'),
    at: instant('at').notNull(),
    by: text('by').notNull(),
  },
  (t) => [
    ...known(t),
    index('incident_assessment_by_incident').on(t.incidentId, t.at),
    check('assessment_range', sql`${t.impact} between 1 and 4 and ${t.urgency} between 1 and 4`),
  ],
);

export const incidentCertificate = sqliteTable(
  'incident_certificate',
  {
    id: id(),
    incidentId: text('incident_id')
      .notNull()
      .references(() => incident.id),
    certificateId: text('certificate_id')
      .notNull()
      .references(() => certificate.id),
    linkedAt: instant('linked_at').notNull(),
    linkedBy: text('linked_by').notNull(),
    unlinkedAt: instant('unlinked_at'),
    unlinkReason: text('unlink_reason'),
  },
  (t) => [
    ordered(t.linkedAt, t.unlinkedAt),
    uniqueIndex('incident_certificate_once')
      .on(t.incidentId, t.certificateId)
      .where(sql`${t.unlinkedAt} is null`),
    index('incident_certificate_by_certificate').on(t.certificateId),
  ],
);

/** A revocation that this incident asks for; what happened to it are its steps. Perwali Pasal 12 d and 6 c. */
export const revocationRequest = sqliteTable(
  'revocation_request',
  {
    id: id(),
    incidentId: text('incident_id')
      .notNull()
      .references(() => incident.id),
    certificateId: text('certificate_id')
      .notNull()
      .references(() => certificate.id),
    reason: text('reason', { enum: REVOCATION_REASONS }).notNull(),
    createdAt: instant('created_at').notNull(),
    createdBy: text('created_by').notNull(),
  },
  (t) => [
    ...known(t),
    uniqueIndex('revocation_request_once').on(t.incidentId, t.certificateId),
    index('revocation_request_by_certificate').on(t.certificateId),
  ],
);

/** diminta → diteruskan ke BSrE (number) → diterima BSrE (ticket) → terlihat pada CRL; or a documented exception. */
export const revocationStep = sqliteTable(
  'revocation_step',
  {
    id: id(),
    requestId: text('request_id')
      .notNull()
      .references(() => revocationRequest.id),
    kind: text('kind', { enum: ['requested', 'forwarded', 'received', 'seen', 'exception'] }).notNull(),
    at: instant('at').notNull(),
    number: text('number').notNull().default(''),
    note: text('note').notNull().default(''),
    /** Verified CRL or OCSP answer that showed it. */
    evidenceId: text('evidence_id'),
    enteredBy: text('entered_by').notNull(),
    enteredAt: instant('entered_at').notNull(),
  },
  (t) => [...known(t), uniqueIndex('revocation_step_once').on(t.requestId, t.kind)],
);

/** What the office owes an authority, with the legal text as it read at birth; the due time is stored once. */
export const obligation = sqliteTable(
  'obligation',
  {
    id: id(),
    incidentId: text('incident_id')
      .notNull()
      .references(() => incident.id),
    party: text('party', { enum: ['bssn', 'bsre'] }).notNull(),
    stage: text('stage', { enum: STAGES }).notNull(),
    /** e.g. "Perwali Batam 27/2020 Pasal 19 ayat (1)". */
    basis: text('basis').notNull(),
    legalText: text('legal_text').notNull(),
    /** Minutes of the budget and where they come from; the regulation says only "segera". */
    budget: integer('budget').notNull(),
    budgetSource: text('budget_source').notNull(),
    startAt: instant('start_at').notNull(),
    dueAt: instant('due_at').notNull(),
    bornAt: instant('born_at').notNull(),
  },
  (t) => [
    ...known(t),
    check('obligation_budget', sql`${t.budget} > 0`),
    uniqueIndex('obligation_once').on(t.incidentId, t.party, t.stage),
    index('obligation_by_due').on(t.dueAt),
    check('obligation_order', sql`${t.dueAt} >= ${t.startAt}`),
  ],
);

/** A corrected known_at moves a clock visibly: old and new, who and why. */
export const obligationRebase = sqliteTable(
  'obligation_rebase',
  {
    id: id(),
    obligationId: text('obligation_id')
      .notNull()
      .references(() => obligation.id),
    oldStart: instant('old_start').notNull(),
    oldDue: instant('old_due').notNull(),
    newStart: instant('new_start').notNull(),
    newDue: instant('new_due').notNull(),
    reason: text('reason').notNull(),
    at: instant('at').notNull(),
    by: text('by').notNull(),
  },
  (t) => [ordered(t.newStart, t.newDue), index('obligation_rebase_by_obligation').on(t.obligationId, t.at)],
);

/** The decision not to report: proposed with a reason, confirmed or refused by a second person. */
export const obligationDecision = sqliteTable(
  'obligation_decision',
  {
    id: id(),
    obligationId: text('obligation_id')
      .notNull()
      .references(() => obligation.id),
    reason: text('reason').notNull(),
    proposedBy: text('proposed_by').notNull(),
    proposedAt: instant('proposed_at').notNull(),
    outcome: text('outcome', { enum: ['confirmed', 'refused'] }),
    decidedBy: text('decided_by'),
    decidedAt: instant('decided_at'),
  },
  (t) => [
    ...known(t),
    ordered(t.proposedAt, t.decidedAt),
    check('obligation_decision_whole', sql`(${t.outcome} is null) = (${t.decidedAt} is null)`),
    uniqueIndex('obligation_decision_open')
      .on(t.obligationId)
      .where(sql`${t.outcome} is null or ${t.outcome} = 'confirmed'`),
    index('obligation_decision_by_obligation').on(t.obligationId),
    check('second_person', sql`${t.decidedBy} is null or ${t.decidedBy} <> ${t.proposedBy}`),
  ],
);

/** A letter to an authority. Editable until approved; then locked, with its data and its PDF in the store. */
export const letter = sqliteTable(
  'letter',
  {
    id: id(),
    obligationId: text('obligation_id')
      .notNull()
      .references(() => obligation.id),
    version: integer('version').notNull(),
    supersedesId: text('supersedes_id'),
    /** From the office's agenda, typed; Siaga does not number letters. */
    number: text('number').notNull(),
    date: date('date').notNull(),
    content: json<LetterContent>('content').notNull(),
    author: text('author').notNull(),
    createdAt: instant('created_at').notNull(),
    editedAt: instant('edited_at').notNull(),
    approvedBy: text('approved_by'),
    approvedAt: instant('approved_at'),
    /** Decree under which the officer on duty sent it before the signatory approved. */
    delegation: text('delegation'),
    /** Frozen at approval (or at sending under delegation): canonical data and the PDF. */
    lockedAt: instant('locked_at'),
    contentHash: text('content_hash'),
    pdfSha256: text('pdf_sha256').references(() => file.sha256),
    withdrawnAt: instant('withdrawn_at'),
  },
  (t) => [
    ordered(t.createdAt, t.approvedAt),
    ordered(t.createdAt, t.lockedAt),
    uniqueIndex('letter_version').on(t.obligationId, t.version),
    check('letter_second_person', sql`${t.approvedBy} is null or ${t.approvedBy} <> ${t.author}`),
    check('letter_locked_whole', sql`(${t.lockedAt} is null) = (${t.pdfSha256} is null)`),
  ],
);

/** A try to reach the authority by some channel; e-mail points at its message, others at their proof. */
export const transmission = sqliteTable(
  'transmission',
  {
    id: id(),
    obligationId: text('obligation_id')
      .notNull()
      .references(() => obligation.id),
    letterId: text('letter_id').references(() => letter.id),
    channel: text('channel', { enum: CHANNELS }).notNull(),
    at: instant('at').notNull(),
    /** Address, telephone number or counter that was reached. */
    address: text('address').notNull(),
    person: text('person').notNull().default(''),
    note: text('note').notNull().default(''),
    messageId: text('message_id').references(() => message.id),
    evidenceId: text('evidence_id'),
    by: text('by').notNull(),
    enteredAt: instant('entered_at').notNull(),
  },
  (t) => [
    ...known(t),
    index('transmission_by_obligation').on(t.obligationId, t.at),
    index('transmission_by_letter').on(t.letterId),
    uniqueIndex('transmission_by_message')
      .on(t.messageId)
      .where(sql`${t.messageId} is not null`),
  ],
);

/** What the authority answered; a grade never steps down. */
export const receipt = sqliteTable(
  'receipt',
  {
    id: id(),
    obligationId: text('obligation_id')
      .notNull()
      .references(() => obligation.id),
    letterId: text('letter_id').references(() => letter.id),
    grade: integer('grade').notNull(),
    at: instant('at').notNull(),
    authorityNumber: text('authority_number').notNull(),
    person: text('person').notNull().default(''),
    note: text('note').notNull().default(''),
    evidenceId: text('evidence_id'),
    by: text('by').notNull(),
    enteredAt: instant('entered_at').notNull(),
  },
  (t) => [
    index('receipt_by_obligation').on(t.obligationId, t.at),
    check('receipt_grade', sql`${t.grade} between 3 and 5`),
  ],
);

/** What a person adds to the story; corrections point back, nothing is edited. */
export const chronology = sqliteTable(
  'chronology',
  {
    id: id(),
    incidentId: text('incident_id')
      .notNull()
      .references(() => incident.id),
    at: instant('at').notNull(),
    precision: text('precision', { enum: PRECISIONS }).notNull(),
    text: text('text').notNull(),
    corrects: text('corrects'),
    reason: text('reason'),
    enteredBy: text('entered_by').notNull(),
    enteredAt: instant('entered_at').notNull(),
  },
  (t) => [...known(t), index('chronology_by_incident').on(t.incidentId, t.at)],
);

/** A file that proves something about the incident; its life is in the custody events. */
export const incidentEvidence = sqliteTable(
  'incident_evidence',
  {
    id: id(),
    incidentId: text('incident_id')
      .notNull()
      .references(() => incident.id),
    sha256: text('sha256')
      .notNull()
      .references(() => file.sha256),
    name: text('name').notNull(),
    description: text('description').notNull(),
    addedAt: instant('added_at').notNull(),
    addedBy: text('added_by').notNull(),
  },
  (t) => [index('incident_evidence_by_incident').on(t.incidentId, t.addedAt)],
);

/** Chain of custody: each event carries the hash of the one before it. */
export const custodyEvent = sqliteTable(
  'custody_event',
  {
    id: id(),
    evidenceId: text('evidence_id')
      .notNull()
      .references(() => incidentEvidence.id),
    seq: integer('seq').notNull(),
    kind: text('kind', { enum: ['collected', 'downloaded', 'sent', 'rehashed'] }).notNull(),
    at: instant('at').notNull(),
    actor: text('actor').notNull(),
    reason: text('reason').notNull().default(''),
    /** SHA-256 measured at this event; differs from the evidence's own when the bytes were damaged. */
    measured: text('measured').notNull(),
    previous: text('previous').notNull(),
    hash: text('hash').notNull(),
  },
  (t) => [...known(t), uniqueIndex('custody_event_by_seq').on(t.evidenceId, t.seq)],
);

/** Post-incident review; a new version for each change, approval by another person. */
export const review = sqliteTable(
  'incident_review',
  {
    id: id(),
    incidentId: text('incident_id')
      .notNull()
      .references(() => incident.id),
    version: integer('version').notNull(),
    rootCause: text('root_cause').notNull(),
    causeKind: text('cause_kind', { enum: ROOT_CAUSES }).notNull(),
    outcome: text('outcome', { enum: OUTCOMES }).notNull(),
    lessons: text('lessons').notNull(),
    actions: text('actions').notNull(),
    writtenBy: text('written_by').notNull(),
    writtenAt: instant('written_at').notNull(),
    approvedBy: text('approved_by'),
    approvedAt: instant('approved_at'),
  },
  (t) => [
    ...known(t),
    ordered(t.writtenAt, t.approvedAt),
    uniqueIndex('incident_review_version').on(t.incidentId, t.version),
    check('review_second_person', sql`${t.approvedBy} is null or ${t.approvedBy} <> ${t.writtenBy}`),
  ],
);

/** Endings and re-openings, appended; the newest counts. */
export const verdict = sqliteTable(
  'incident_verdict',
  {
    id: id(),
    incidentId: text('incident_id')
      .notNull()
      .references(() => incident.id),
    kind: text('kind', { enum: ['closed', 'reopened', 'not_incident', 'duplicate'] }).notNull(),
    /** For a duplicate: the incident that goes on. */
    intoId: text('into_id').references(() => incident.id),
    reason: text('reason').notNull(),
    at: instant('at').notNull(),
    by: text('by').notNull(),
  },
  (t) => [...known(t), index('incident_verdict_by_incident').on(t.incidentId, t.at)],
);

/** Ledger of the ladder: a step of a clock speaks once. */
export const clockStep = sqliteTable(
  'clock_step',
  {
    id: id(),
    incidentId: text('incident_id')
      .notNull()
      .references(() => incident.id),
    /** 'obligation:<id>', 'acknowledge:<intake id>', 'request:<incident id>', 'seen:<request id>'. */
    clock: text('clock').notNull(),
    /** Percent of the budget used. */
    step: integer('step').notNull(),
    collapsed: integer('collapsed', { mode: 'boolean' }).notNull(),
    firedAt: instant('fired_at').notNull(),
  },
  (t) => [
    ...known(t),
    uniqueIndex('clock_step_once').on(t.clock, t.step),
    index('clock_step_by_incident').on(t.incidentId),
  ],
);
