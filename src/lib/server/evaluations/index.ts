// Evaluations of the agencies (Perwali 27/2020 Pasal 18 a–b): a round over all of them each semester, a sheet for each
// agency, eight criteria measured from rows, the agency's word, the supervisor's judgement, a right of reply, and a
// closing that a second person confirms after an x-ray.
// Invariants: a measure is a count over rows at an instant, appended when it changes; unknown is neither zero nor pass;
// a judgement counts only while the rows it was made on are unchanged; scores, states and lateness are computed, never
// stored; after closing nothing of a round changes. Findings and their follow-up: findings.ts.
// What it does not do: it never judges by itself, and it writes no letter (reports do).
import * as audit from '../audit/index.ts';
import { addWorkingDays, period as periodOf, semesterOf, wibDate } from '../calendar.ts';
import { transact, type Context } from '../context.ts';
import { newId } from '../db/index.ts';
import { accept, conflict, invalid, notFound } from '../errors.ts';
import * as files from '../files/index.ts';
import { demand } from '../permission.ts';
import * as settings from '../settings/index.ts';
import { collectRound } from './collecting.ts';
import { CURRENT_SET } from './criteria.ts';
import * as input from './input.ts';
import { isReviewable } from './sheet.ts';
import * as store from './store.ts';
import { demandOpen, roundOf, sheetOf, sheetsOf, type Round, type Sheet } from './views.ts';

export * as findings from './findings.ts';
export { close, proposeClose, returnClose, waive } from './closing.ts';
export { coverage, evidence, round, rounds, sheet } from './reading.ts';
export { figures, type EvaluationFigures } from './figures.ts';
export { tasks } from './tasks.ts';
export { criteriaSet, type Criterion } from './criteria.ts';
export { roundState, type Coverage, type Round, type RoundState, type Sheet, type SheetItem } from './views.ts';
export { UNWAIVABLE, type XrayIssue, type XrayRule } from './x-ray.ts';
export { median, type Result, type Score } from './score.ts';
export { isReviewable, type SheetState } from './sheet.ts';

// opening and measuring

/** Opens the routine evaluation of a semester over all agencies. @throws AppError conflict when it is open already */
export function openRound(ctx: Context, period: string): Round {
  demand(ctx.actor, 'evaluations.open');
  const wanted = periodOf(period);
  if (!wanted || !/-S[12]$/.test(period))
    throw invalid('Periode evaluasi rutin adalah semester, misalnya 2026-S2.', { period: 'Isi seperti 2026-S2.' });
  if (wanted.start > ctx.now()) throw invalid('Semester ini belum dimulai.', { period: 'Semester ini belum dimulai.' });
  if (store.roundByCode(ctx.db, period)) throw conflict(`Evaluasi rutin ${period} sudah dibuka.`);
  const title = `Evaluasi Semester ${period.endsWith('1') ? 'I' : 'II'} ${period.slice(0, 4)}`;
  return open(ctx, { code: period, period, kind: 'routine', title, reason: '' });
}

/** Opens an incidental evaluation of some agencies, e.g. after an incident. Pasal 18 huruf b ("rutin dan insidentil"). */
export function openIncidental(ctx: Context, given: input.IncidentalInput): Round {
  demand(ctx.actor, 'evaluations.open');
  const { reason, agencies } = accept(input.incidentalInput, given, 'Evaluasi insidentil belum dapat dibuka.');
  const period = semesterOf(ctx.now());
  return transact(ctx, (tx) => {
    const before = store.allRounds(tx.db).filter((r) => r.period === period && r.kind === 'incidental').length;
    const [year, semester] = [period.slice(0, 4), period.endsWith('1') ? 'I' : 'II'];
    const title = `Evaluasi Insidentil ${before + 1}, Semester ${semester} ${year}`;
    return open(tx, { code: `${period}-I${before + 1}`, period, kind: 'incidental', title, reason }, agencies);
  });
}

type NewRound = Pick<Round, 'code' | 'period' | 'kind' | 'title' | 'reason'>;
function open(ctx: Context, round: NewRound, only?: readonly string[]): Round {
  const now = ctx.now();
  const id = newId(now);
  const by = audit.actorKey(ctx.actor);
  const answerDue = addWorkingDays(
    wibDate(now),
    settings.get(ctx, 'deadlines').answerWorkingDays,
    settings.holidays(ctx),
  );
  return transact(ctx, (tx) => {
    const known = store.agenciesOn(tx.db, wibDate(now));
    const agencies = only ? known.filter((agency) => only.includes(agency.code)) : known;
    if (agencies.length === 0 || (only && agencies.length !== new Set(only).size)) {
      throw invalid('Perangkat Daerah tidak ditemukan dalam daftar.', { agencies: 'Pilih dari daftar.' });
    }
    store.insertRound(tx.db, { id, ...round, criteriaVersion: CURRENT_SET, openedAt: now, openedBy: by, answerDue });
    store.insertSheets(
      tx.db,
      id,
      agencies.map((agency) => agency.id),
      now,
    );
    audit.record(tx, {
      action: 'evaluation.opened',
      targets: [['round', id]],
      details: { code: round.code, title: round.title, count: agencies.length },
      ...(round.reason ? { reason: round.reason } : {}),
    });
    collectRound(tx, store.roundById(tx.db, id)!);
    return store.roundById(tx.db, id)!;
  });
}

/** Measures again what changed, in one round or in all that are open. Idempotent. @returns how many measures changed */
export function collect(ctx: Context, code?: string): number {
  demand(ctx.actor, 'evaluations.open');
  const rounds = code ? [demandOpen(roundOf(ctx, code))] : store.collectable(ctx.db);
  return rounds.reduce((sum, round) => sum + collectRound(ctx, round), 0);
}

// the agency's word

/** The agency's 'Benar' or 'Keberatan' on its measures; may be given again until the review. */
export function answer(ctx: Context, code: string, agencyCode: string, given: input.AnswerInput): void {
  demand(ctx.actor, 'evaluations.answer');
  const now = ctx.now();
  const { answers } = accept(input.answerInput, given, 'Jawaban belum lengkap; periksa isian yang ditandai.');
  const round = demandOpen(roundOf(ctx, code));
  const sheet = sheetOf(ctx, round, agencyCode);
  if (sheet.reviewedAt !== null)
    throw conflict('Lembar ini sudah ditinjau. Gunakan hak jawab untuk menanggapi hasilnya.');
  const by = audit.actorKey(ctx.actor);
  transact(ctx, (tx) => {
    for (const { criterion, agrees, text, evidence } of answers) {
      const item = sheet.items.find((i) => i.criterion.code === criterion);
      if (!item) throw invalid('Kriteria ini tidak ada pada lembar ini.');
      if (evidence) files.register(tx, { sha256: evidence.sha256, size: evidence.size }, evidence.mediaType);
      store.replaceAnswer(tx.db, {
        sheetId: sheet.id,
        criterion,
        measureId: item.measure?.id ?? null,
        agrees,
        text,
        fileSha256: evidence?.sha256 ?? null,
        fileName: evidence?.name ?? null,
        by,
        at: now,
      });
    }
    store.updateSheet(tx.db, sheet.id, { answeredAt: now, answeredBy: by });
    const agreed = answers.filter((a) => a.agrees).length;
    audit.record(tx, {
      action: 'evaluation.answered',
      targets: targets(round, sheet),
      details: { code, agency: sheet.agency.shortName, agreed, objected: answers.length - agreed },
    });
  });
}

const targets = (round: Round, sheet: Sheet): [string, string][] => [
  ['round', round.id],
  ['sheet', sheet.id],
];

/** The agency's right of reply to the reviewed result: accepts it, or says what it disputes. */
export function reply(ctx: Context, code: string, agencyCode: string, given: input.ReplyInput): void {
  demand(ctx.actor, 'evaluations.answer');
  const now = ctx.now();
  const { accepts, text } = accept(input.replyInput, given, 'Hak jawab belum dapat disimpan.');
  const round = demandOpen(roundOf(ctx, code));
  const sheet = sheetOf(ctx, round, agencyCode);
  if (sheet.state !== 'reply') throw conflict('Hak jawab atas lembar ini tidak sedang berjalan.');
  const by = audit.actorKey(ctx.actor);
  transact(ctx, (tx) => {
    store.updateSheet(tx.db, sheet.id, { repliedAt: now, repliedBy: by, replyAccepts: accepts, reply: text });
    audit.record(tx, {
      action: 'evaluation.replied',
      targets: targets(round, sheet),
      details: { code, agency: sheet.agency.shortName, answer: accepts ? 'menerima' : 'keberatan' },
    });
  });
}

// the supervisor's judgement

/** Decides the result of one criterion against or with its measure; stands while the rows behind it are unchanged. */
export function judge(
  ctx: Context,
  code: string,
  agencyCode: string,
  criterion: string,
  given: input.JudgeInput,
): void {
  demand(ctx.actor, 'evaluations.judge');
  const now = ctx.now();
  const { result, remark } = accept(input.judgeInput, given, 'Penilaian belum dapat disimpan.');
  const round = demandOpen(roundOf(ctx, code));
  const sheet = sheetOf(ctx, round, agencyCode);
  const item = sheet.items.find((i) => i.criterion.code === criterion);
  if (!item) throw notFound('Kriteria ini tidak ada pada lembar ini.');
  const old = item.outcome.result;
  transact(ctx, (tx) => {
    store.replaceJudgement(tx.db, {
      sheetId: sheet.id,
      criterion,
      measureId: item.measure?.id ?? null,
      basisHash: item.measure?.rowsHash ?? '',
      oldResult: old,
      result,
      remark,
      by: audit.actorKey(ctx.actor),
      at: now,
    });
    audit.record(tx, {
      action: 'evaluation.judged',
      targets: targets(round, sheet),
      details: { code, agency: sheet.agency.shortName, criterion: item.criterion.title, old, new: result },
      reason: remark,
    });
  });
}

/** What the supervisor says about a whole sheet, e.g. why its score jumped. */
export function remark(ctx: Context, code: string, agencyCode: string, text: string): void {
  demand(ctx.actor, 'evaluations.judge');
  const { reason } = accept(input.reasonInput, { reason: text }, 'Catatan belum dapat disimpan.');
  const round = demandOpen(roundOf(ctx, code));
  const sheet = sheetOf(ctx, round, agencyCode);
  transact(ctx, (tx) => {
    store.updateSheet(tx.db, sheet.id, { remark: reason });
    audit.record(tx, {
      action: 'evaluation.remarked',
      targets: targets(round, sheet),
      details: { code, agency: sheet.agency.shortName },
      reason,
    });
  });
}

/**
 * Finishes the review of sheets; each agency's right of reply starts. All or none.
 * A sheet can be reviewed once its agency answered or its time to answer is over, with no objection left undecided.
 */
export function review(ctx: Context, code: string, agencyCodes: readonly string[]): number {
  demand(ctx.actor, 'evaluations.judge');
  const now = ctx.now();
  const round = demandOpen(roundOf(ctx, code));
  const wanted = new Set(agencyCodes);
  const sheets = sheetsOf(ctx, round).filter((sheet) => wanted.has(sheet.agency.code));
  if (sheets.length === 0 || sheets.length !== wanted.size)
    throw invalid('Pilih lembar yang akan diselesaikan tinjauannya.');
  const early = sheets.filter((sheet) => !isReviewable(sheet, round.answerDue, now));
  if (early.length)
    throw conflict(
      `Belum dapat ditinjau (belum dijawab dan waktunya belum habis, atau sudah ditinjau): ${some(early)}.`,
    );
  const disputed = sheets.filter((sheet) => sheet.objections > 0 || sheet.lapsed > 0);
  if (disputed.length) throw conflict(`Nilai dulu keberatan atau data yang berubah: ${some(disputed)}.`);
  const replyDue = addWorkingDays(
    wibDate(now),
    settings.get(ctx, 'deadlines').replyWorkingDays,
    settings.holidays(ctx),
  );
  const by = audit.actorKey(ctx.actor);
  transact(ctx, (tx) => {
    for (const sheet of sheets) store.updateSheet(tx.db, sheet.id, { reviewedAt: now, reviewedBy: by, replyDue });
    audit.record(tx, {
      action: 'evaluation.reviewed',
      targets: [['round', round.id], ...sheets.map((sheet) => ['sheet', sheet.id] as [string, string])],
      details: { code, count: sheets.length },
    });
  });
  return sheets.length;
}

const some = (sheets: readonly Sheet[]): string =>
  sheets
    .slice(0, 5)
    .map((s) => s.agency.shortName)
    .join(', ') + (sheets.length > 5 ? ` dan ${sheets.length - 5} lainnya` : '');

/** The supervisor's answer to a reply that disputes the result. */
export function answerReply(ctx: Context, code: string, agencyCode: string, text: string): void {
  demand(ctx.actor, 'evaluations.judge');
  const now = ctx.now();
  const { reason } = accept(input.reasonInput, { reason: text }, 'Tanggapan belum dapat disimpan.');
  const round = demandOpen(roundOf(ctx, code));
  const sheet = sheetOf(ctx, round, agencyCode);
  if (sheet.state !== 'objected') throw conflict('Tidak ada keberatan atas hasil yang menunggu tanggapan.');
  transact(ctx, (tx) => {
    store.updateSheet(tx.db, sheet.id, {
      replyAnswer: reason,
      replyAnsweredAt: now,
      replyAnsweredBy: audit.actorKey(ctx.actor),
    });
    audit.record(tx, {
      action: 'evaluation.reply_answered',
      targets: targets(round, sheet),
      details: { code, agency: sheet.agency.shortName },
      reason,
    });
  });
}
