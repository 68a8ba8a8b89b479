import * as audit from '#lib/server/audit/index.ts';
import * as auth from '#lib/server/auth/index.ts';
import * as evaluations from '#lib/server/evaluations/index.ts';
import { can } from '#lib/server/permission.ts';
import { guarded, submitted, text } from '#lib/server/web.ts';
import { evidenceOf } from '../../evidence-file.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = ({ locals, params }) =>
  guarded(() => {
    const { ctx } = locals;
    const { round, state, sheet, history, misses, findings, proposals } = evaluations.sheet(
      ctx,
      params.period,
      params.agency,
    );
    const names = auth.names(ctx);
    const now = ctx.now();
    const open = state === 'open';
    return {
      round: { code: round.code, title: round.title, answerDue: round.answerDue, openedAt: round.openedAt, state },
      agency: sheet.agency,
      state: sheet.state,
      score: sheet.score,
      coverage: sheet.coverage,
      known: sheet.known,
      applicable: sheet.applicable,
      previous: sheet.previous,
      remark: sheet.remark,
      answeredAt: sheet.answeredAt,
      answeredBy: sheet.answeredBy && names(sheet.answeredBy),
      reviewedAt: sheet.reviewedAt,
      reviewedBy: sheet.reviewedBy && names(sheet.reviewedBy),
      replyDue: sheet.replyDue,
      repliedAt: sheet.repliedAt,
      replyAccepts: sheet.replyAccepts,
      reply: sheet.reply,
      replyAnswer: sheet.replyAnswer,
      items: sheet.items.map(({ criterion, measure, answer, judgement, outcome, lapsed, objection }) => ({
        code: criterion.code,
        title: criterion.title,
        question: criterion.question,
        counted: criterion.counted,
        basis: criterion.basis,
        weight: criterion.weight,
        outcome,
        lapsed,
        objection,
        measure: measure && {
          numerator: measure.numerator,
          denominator: measure.denominator,
          result: measure.result,
          misses: misses[criterion.code] ?? [],
          collectedAt: measure.collectedAt,
          asOfSize: measure.asOfSize,
          rowsHash: measure.rowsHash,
        },
        answer: answer && {
          agrees: answer.agrees,
          text: answer.text,
          at: answer.at,
          by: names(answer.by),
          file: answer.fileSha256,
          fileName: answer.fileName,
        },
        judgement: judgement && {
          result: judgement.result,
          remark: judgement.remark,
          at: judgement.at,
          by: names(judgement.by),
        },
        earlier: history
          .filter((m) => m.criterion === criterion.code && m.endedAt !== null)
          .slice(0, 10)
          .map(({ numerator, denominator, collectedAt, result }) => ({ numerator, denominator, collectedAt, result })),
      })),
      findings,
      proposals: proposals.map(({ id, title, condition }) => ({ id, title, condition })),
      trail: audit.list(ctx, { target: ['sheet', sheet.id], limit: 20 }, names),
      now,
      may: {
        answer: can(ctx.actor, 'evaluations.answer') && open && sheet.reviewedAt === null,
        reply: can(ctx.actor, 'evaluations.answer') && open && sheet.state === 'reply',
        judge: can(ctx.actor, 'evaluations.judge') && open,
        review: can(ctx.actor, 'evaluations.judge') && open && evaluations.isReviewable(sheet, round.answerDue, now),
        adopt: can(ctx.actor, 'findings.adopt'),
      },
    };
  });

export const actions: Actions = {
  answer: (event) =>
    submitted(event, async (ctx, form) => {
      const answers = [];
      for (const criterion of form.getAll('criterion').filter((value) => typeof value === 'string')) {
        const said = text(form, `agrees-${criterion}`);
        if (said === '') continue;
        const evidence = await evidenceOf(ctx, form, `evidence-${criterion}`);
        answers.push({
          criterion,
          agrees: said === 'yes',
          text: text(form, `text-${criterion}`),
          ...(evidence ? { evidence } : {}),
        });
      }
      evaluations.answer(ctx, event.params.period, event.params.agency, { answers });
      return { done: 'Jawaban tersimpan. Dinas meninjaunya; Anda dapat menjawab ulang sampai ditinjau.' };
    }),
  judge: (event) =>
    submitted(event, (ctx, form) => {
      evaluations.judge(ctx, event.params.period, event.params.agency, text(form, 'criterion'), {
        result: text(form, 'result') as evaluations.Result,
        remark: text(form, 'remark'),
      });
      return { done: 'Penilaian tersimpan.' };
    }),
  review: (event) =>
    submitted(event, (ctx) => {
      evaluations.review(ctx, event.params.period, [event.params.agency]);
      return { done: 'Tinjauan selesai; hak jawab mulai berjalan.' };
    }),
  remark: (event) =>
    submitted(event, (ctx, form) => {
      evaluations.remark(ctx, event.params.period, event.params.agency, text(form, 'reason'));
      return { done: 'Catatan tersimpan.' };
    }),
  reply: (event) =>
    submitted(event, (ctx, form) => {
      evaluations.reply(ctx, event.params.period, event.params.agency, {
        accepts: text(form, 'accepts') === 'yes',
        text: text(form, 'text'),
      });
      return { done: 'Hak jawab tercatat.' };
    }),
  answerReply: (event) =>
    submitted(event, (ctx, form) => {
      evaluations.answerReply(ctx, event.params.period, event.params.agency, text(form, 'reason'));
      return { done: 'Tanggapan tercatat.' };
    }),
};
