import { sql } from 'drizzle-orm';
import { check, index, integer, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';
import { agency } from '../agencies/schema.ts';
import { date, flag, id, instant, json, known, ordered } from '../db/columns.ts';

/** One evaluation of all (routine) or some (incidental) agencies. Pasal 18 huruf b. Its state follows from the instants. */
export const evaluationRound = sqliteTable(
  'evaluation_round',
  {
    id: id(),
    /** What people and addresses say: '2026-S2', incidental '2026-S2-I1'. */
    code: text('code').notNull(),
    /** The semester it counts for. */
    period: text('period').notNull(),
    kind: text('kind', { enum: ['routine', 'incidental'] }).notNull(),
    title: text('title').notNull(),
    /** Why an incidental round was opened; '' for a routine one. */
    reason: text('reason').notNull(),
    /** Criteria set in force at opening; the set itself is data in code and never edited. */
    criteriaVersion: integer('criteria_version').notNull(),
    openedAt: instant('opened_at').notNull(),
    openedBy: text('opened_by').notNull(),
    /** Last day for agencies to answer (kebijakan Dinas). */
    answerDue: date('answer_due').notNull(),
    collectedAt: instant('collected_at'),
    closeProposedAt: instant('close_proposed_at'),
    closeProposedBy: text('close_proposed_by'),
    closedAt: instant('closed_at'),
    closedBy: text('closed_by'),
  },
  (t) => [
    ...known(t),
    ordered(t.openedAt, t.collectedAt),
    ordered(t.openedAt, t.closeProposedAt),
    ordered(t.closeProposedAt, t.closedAt),
    uniqueIndex('evaluation_round_by_code').on(t.code),
    uniqueIndex('evaluation_round_one_routine')
      .on(t.period)
      .where(sql`${t.kind} = 'routine'`),
    check('evaluation_round_four_eyes', sql`${t.closedBy} is null or ${t.closedBy} <> ${t.closeProposedBy}`),
  ],
);

/** One agency in a round. `reviewedAt` makes it evaluated; the right of reply runs from there. */
export const evaluationSheet = sqliteTable(
  'evaluation_sheet',
  {
    id: id(),
    roundId: text('round_id')
      .notNull()
      .references(() => evaluationRound.id),
    agencyId: text('agency_id')
      .notNull()
      .references(() => agency.id),
    answeredAt: instant('answered_at'),
    answeredBy: text('answered_by'),
    reviewedAt: instant('reviewed_at'),
    reviewedBy: text('reviewed_by'),
    /** What the reviewer says about the whole sheet, e.g. why the score jumped. */
    remark: text('remark').notNull().default(''),
    /** Last day of the right of reply, counted in working days at review. */
    replyDue: date('reply_due'),
    repliedAt: instant('replied_at'),
    repliedBy: text('replied_by'),
    replyAccepts: flag('reply_accepts'),
    reply: text('reply'),
    /** The supervisor's answer to a reply that objects. */
    replyAnswer: text('reply_answer'),
    replyAnsweredAt: instant('reply_answered_at'),
    replyAnsweredBy: text('reply_answered_by'),
  },
  (t) => [
    ...known(t),
    uniqueIndex('evaluation_sheet_by_agency').on(t.roundId, t.agencyId),
    index('evaluation_sheet_history').on(t.agencyId, t.roundId),
  ],
);

/** What was counted, when, over which rows. Appended when it changes; the row without `endedAt` counts. */
export const evaluationMeasure = sqliteTable(
  'evaluation_measure',
  {
    id: id(),
    sheetId: text('sheet_id')
      .notNull()
      .references(() => evaluationSheet.id),
    criterion: text('criterion').notNull(),
    numerator: integer('numerator').notNull(),
    denominator: integer('denominator').notNull(),
    /** Basis points 0–10.000; null: not applicable or unknown. */
    value: integer('value'),
    result: text('result', {
      enum: ['conform', 'partial', 'nonconform', 'not_applicable', 'unknown'],
    }).notNull(),
    /** SHA-256 over all counted rows and whether each met the criterion. */
    rowsHash: text('rows_hash').notNull(),
    /** The first rows that did not meet it, to look at: [kind, id]. */
    misses: json<[string, string][]>('misses').notNull(),
    collectedAt: instant('collected_at').notNull(),
    /** Size of the trail at collection. */
    asOfSize: integer('as_of_size').notNull(),
    endedAt: instant('ended_at'),
  },
  (t) => [
    ...known(t),
    ordered(t.collectedAt, t.endedAt),
    uniqueIndex('evaluation_measure_current')
      .on(t.sheetId, t.criterion)
      .where(sql`${t.endedAt} is null`),
    index('evaluation_measure_history').on(t.sheetId, t.criterion, t.collectedAt),
    check('evaluation_measure_counts', sql`${t.numerator} between 0 and ${t.denominator}`),
    check('evaluation_measure_value', sql`${t.value} is null or ${t.value} between 0 and 10000`),
  ],
);

/** The agency's own word on a measure: 'Benar' or 'Keberatan' with its reason and evidence. Appended. */
export const evaluationAnswer = sqliteTable(
  'evaluation_answer',
  {
    id: id(),
    sheetId: text('sheet_id')
      .notNull()
      .references(() => evaluationSheet.id),
    criterion: text('criterion').notNull(),
    measureId: text('measure_id').references(() => evaluationMeasure.id),
    agrees: flag('agrees').notNull(),
    text: text('text').notNull(),
    fileSha256: text('file_sha256'),
    fileName: text('file_name'),
    by: text('by').notNull(),
    at: instant('at').notNull(),
    endedAt: instant('ended_at'),
  },
  (t) => [
    ...known(t),
    uniqueIndex('evaluation_answer_current')
      .on(t.sheetId, t.criterion)
      .where(sql`${t.endedAt} is null`),
  ],
);

/** The supervisor's decision on one criterion; counts while the rows it was made on (`basisHash`) are unchanged. */
export const evaluationJudgement = sqliteTable(
  'evaluation_judgement',
  {
    id: id(),
    sheetId: text('sheet_id')
      .notNull()
      .references(() => evaluationSheet.id),
    criterion: text('criterion').notNull(),
    measureId: text('measure_id').references(() => evaluationMeasure.id),
    basisHash: text('basis_hash').notNull(),
    oldResult: text('old_result').notNull(),
    result: text('result', {
      enum: ['conform', 'partial', 'nonconform', 'not_applicable', 'unknown'],
    }).notNull(),
    remark: text('remark').notNull(),
    by: text('by').notNull(),
    at: instant('at').notNull(),
    endedAt: instant('ended_at'),
  },
  (t) => [
    ...known(t),
    uniqueIndex('evaluation_judgement_current')
      .on(t.sheetId, t.criterion)
      .where(sql`${t.endedAt} is null`),
  ],
);

/** An x-ray rule that was let through at closing, with the reason of the person who did. */
export const evaluationWaiver = sqliteTable(
  'evaluation_waiver',
  {
    id: id(),
    roundId: text('round_id')
      .notNull()
      .references(() => evaluationRound.id),
    rule: text('rule').notNull(),
    count: integer('count').notNull(),
    reason: text('reason').notNull(),
    by: text('by').notNull(),
    at: instant('at').notNull(),
  },
  (t) => [uniqueIndex('evaluation_waiver_by_rule').on(t.roundId, t.rule)],
);

/** Usulan temuan: what a measure (or another room) suggests; a person adopts or dismisses it. */
export const findingProposal = sqliteTable(
  'finding_proposal',
  {
    id: id(),
    agencyId: text('agency_id')
      .notNull()
      .references(() => agency.id),
    /** Where it comes from: ['evaluation', round id], ['incident', id] … with the rule that spoke. */
    sourceRoom: text('source_room').notNull(),
    sourceId: text('source_id').notNull(),
    rule: text('rule').notNull(),
    criterion: text('criterion'),
    title: text('title').notNull(),
    condition: text('condition').notNull(),
    rows: json<[string, string][]>('rows').notNull(),
    raisedAt: instant('raised_at').notNull(),
    /** The signal went away before anybody decided. */
    endedAt: instant('ended_at'),
    decision: text('decision', { enum: ['adopted', 'dismissed'] }),
    decidedBy: text('decided_by'),
    decidedAt: instant('decided_at'),
    reason: text('reason'),
  },
  (t) => [
    ...known(t),
    ordered(t.raisedAt, t.decidedAt),
    check('finding_proposal_whole', sql`(${t.decision} is null) = (${t.decidedAt} is null)`),
    uniqueIndex('finding_proposal_once').on(t.sourceRoom, t.sourceId, t.agencyId, t.rule),
    index('finding_proposal_open').on(t.decision, t.endedAt),
  ],
);

/** Temuan: kriteria, kondisi, sebab, akibat, and the one recommendation. Its state is folded from `finding_step`. */
export const finding = sqliteTable(
  'finding',
  {
    id: id(),
    number: text('number').notNull(),
    agencyId: text('agency_id')
      .notNull()
      .references(() => agency.id),
    roundId: text('round_id').references(() => evaluationRound.id),
    proposalId: text('proposal_id').references(() => findingProposal.id),
    criterion: text('criterion'),
    title: text('title').notNull(),
    /** What should be: article or rule. */
    standard: text('standard').notNull(),
    condition: text('condition').notNull(),
    cause: text('cause').notNull(),
    effect: text('effect').notNull(),
    risk: text('risk', { enum: ['low', 'medium', 'high'] }).notNull(),
    recommendation: text('recommendation').notNull(),
    /** How anybody can see that it has been done. */
    successMeasure: text('success_measure').notNull(),
    /** First due date; extensions are steps. */
    dueOn: date('due_on').notNull(),
    rows: json<[string, string][]>('rows').notNull(),
    regressionOf: text('regression_of'),
    adoptedAt: instant('adopted_at').notNull(),
    adoptedBy: text('adopted_by').notNull(),
  },
  (t) => [
    ...known(t),
    uniqueIndex('finding_by_number').on(t.number),
    index('finding_by_agency').on(t.agencyId, t.adoptedAt),
    index('finding_by_round').on(t.roundId),
    uniqueIndex('finding_by_proposal')
      .on(t.proposalId)
      .where(sql`${t.proposalId} is not null`),
  ],
);

/** Everything that happened to a finding, in order, appended (triggers refuse changes). */
export const findingStep = sqliteTable(
  'finding_step',
  {
    id: id(),
    findingId: text('finding_id')
      .notNull()
      .references(() => finding.id),
    seq: integer('seq').notNull(),
    kind: text('kind', {
      enum: [
        'planned',
        'progressed',
        'submitted',
        'returned',
        'extension_asked',
        'extension_granted',
        'extension_refused',
        'closed',
        'effective',
        'ineffective',
      ],
    }).notNull(),
    text: text('text').notNull(),
    /** Of a plan and of an extension: by when. */
    dueOn: date('due_on'),
    /** Tingkat tindak lanjut (BPK): 1 sesuai, 2 belum sesuai, 3 belum ditindaklanjuti, 4 tidak dapat ditindaklanjuti. */
    code: integer('code'),
    /** Ground of a code 4. */
    ground: text('ground', { enum: ['force_majeure', 'court', 'not_effective'] }),
    fileSha256: text('file_sha256'),
    fileName: text('file_name'),
    by: text('by').notNull(),
    at: instant('at').notNull(),
  },
  (t) => [
    ...known(t),
    uniqueIndex('finding_step_by_seq').on(t.findingId, t.seq),
    check('finding_step_code', sql`${t.code} is null or ${t.code} between 1 and 4`),
  ],
);
