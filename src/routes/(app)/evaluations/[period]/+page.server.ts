import * as evaluations from '#lib/server/evaluations/index.ts';
import { can } from '#lib/server/permission.ts';
import { guarded, submitted, text } from '#lib/server/web.ts';
import { filterOf, sorted, STATES, wanted } from './listing.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = ({ locals, params, url }) =>
  guarded(() => {
    const { ctx } = locals;
    const { round, state, sheets, xray, proposals } = evaluations.round(ctx, params.period);
    const filter = filterOf(url.searchParams);
    const now = ctx.now();
    const lines = sheets.map((sheet) => lineOf(sheet, round.answerDue, now));
    const inKind = lines.filter((line) => wanted({ ...filter, state: null }, line));
    const scores = lines.flatMap((line) => (line.score === null ? [] : [line.score]));
    const criteria = evaluations.criteriaSet(round.criteriaVersion).map(({ code, title, basis, weight }) => {
      const items = sheets.map((sheet) => sheet.items.find((item) => item.criterion.code === code)!);
      const count = (result: evaluations.Result) => items.filter((item) => item.outcome.result === result).length;
      return {
        code,
        title,
        basis,
        weight,
        conform: count('conform'),
        partial: count('partial'),
        nonconform: count('nonconform'),
        unknown: count('unknown'),
        notApplicable: count('not_applicable'),
      };
    });
    const actor = ctx.actor.kind === 'user' ? `user:${ctx.actor.id}` : '';
    return {
      round,
      state,
      filter,
      lines: sorted(
        inKind.filter((line) => wanted(filter, line)),
        filter.sort,
      ),
      states: STATES.map((key) => ({
        key,
        count: inKind.filter((line) => wanted({ ...filter, state: key }, line)).length,
      })),
      total: lines.length,
      matching: inKind.length,
      evaluated: lines.filter((line) => line.evaluated).length,
      answered: lines.filter((line) => line.answered).length,
      middle: evaluations.median(scores),
      scored: scores.length,
      criteria,
      xray,
      proposals: proposals.length,
      now,
      may: {
        contacts: can(ctx.actor, 'contacts.view'),
        judge: can(ctx.actor, 'evaluations.judge') && state === 'open',
        close: can(ctx.actor, 'evaluations.close') && state === 'open',
        second: can(ctx.actor, 'evaluations.second') && state === 'closing' && round.closeProposedBy !== actor,
        giveBack: can(ctx.actor, 'evaluations.second') && state === 'closing',
      },
    };
  });

function lineOf(sheet: evaluations.Sheet, answerDue: string, now: number) {
  return {
    code: sheet.agency.code,
    name: sheet.agency.name,
    kind: sheet.agency.kind,
    state: sheet.state,
    score: sheet.score,
    coverage: sheet.coverage,
    known: sheet.known,
    applicable: sheet.applicable,
    change: sheet.score !== null && sheet.previous !== null ? sheet.score - sheet.previous : null,
    objections: sheet.objections,
    lapsed: sheet.lapsed,
    answered: sheet.answeredAt !== null,
    evaluated: sheet.reviewedAt !== null,
    ready: evaluations.isReviewable(sheet, answerDue, now),
  };
}

export const actions: Actions = {
  collect: (event) =>
    submitted(event, (ctx) => ({
      done: `Diukur ulang: ${evaluations.collect(ctx, event.params.period)} ukuran berubah.`,
    })),
  review: (event) =>
    submitted(event, (ctx, form) => {
      const codes = form.getAll('agency').filter((value) => typeof value === 'string');
      const count = evaluations.review(ctx, event.params.period, codes);
      return { done: `${count} lembar selesai ditinjau; hak jawabnya mulai berjalan.` };
    }),
  waive: (event) =>
    submitted(event, (ctx, form) => {
      evaluations.waive(ctx, event.params.period, text(form, 'rule') as evaluations.XrayRule, text(form, 'reason'));
      return { done: 'Dilewatkan dengan alasan yang tercatat.' };
    }),
  propose: (event) =>
    submitted(event, (ctx) => {
      evaluations.proposeClose(ctx, event.params.period);
      return { done: 'Penutupan diusulkan. Orang kedua mengesahkannya.' };
    }),
  close: (event) =>
    submitted(event, (ctx) => {
      evaluations.close(ctx, event.params.period);
      return { done: 'Evaluasi ditutup.' };
    }),
  giveBack: (event) =>
    submitted(event, (ctx, form) => {
      evaluations.returnClose(ctx, event.params.period, text(form, 'reason'));
      return { done: 'Usulan penutupan dikembalikan.' };
    }),
};
