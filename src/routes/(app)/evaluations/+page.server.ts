import { redirect } from '@sveltejs/kit';
import * as agencies from '#lib/server/agencies/index.ts';
import { semesterOf } from '#lib/server/calendar.ts';
import { invalid } from '#lib/server/errors.ts';
import * as evaluations from '#lib/server/evaluations/index.ts';
import { can } from '#lib/server/permission.ts';
import { guarded, submitted, text } from '#lib/server/web.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = ({ locals }) =>
  guarded(() => {
    const { ctx } = locals;
    const rounds = evaluations.rounds(ctx);
    const coverage = evaluations.coverage(ctx);
    const semester = semesterOf(ctx.now());
    return {
      semester,
      mayOpen: can(ctx.actor, 'evaluations.open'),
      mayHistory: can(ctx.actor, 'history.view'),
      rounds: rounds.map(({ code, title, kind, state, total, evaluated, answered, median, findings, answerDue }) => ({
        code,
        title,
        kind,
        state,
        total,
        evaluated,
        answered,
        median,
        findings,
        answerDue,
      })),
      isOpen: rounds.some((round) => round.code === semester),
      periods: coverage.periods,
      total: coverage.total,
      rows: coverage.rows.map(({ agency, cells }) => ({
        code: agency.code,
        name: agency.name,
        kind: agency.kind,
        cells: coverage.periods.map(({ period }) => cells.get(period) ?? null),
      })),
    };
  });

export const actions: Actions = {
  open: (event) =>
    submitted(event, (ctx, form) => {
      const round = evaluations.openRound(ctx, text(form, 'period'));
      redirect(303, `/evaluations/${round.code}`);
    }),
  incidental: (event) =>
    submitted(event, (ctx, form) => {
      const find = agencies.find(ctx);
      const lines = text(form, 'agencies')
        .split('\n')
        .map((line) => line.trim())
        .filter(Boolean);
      const found = lines.map((line) => ({ line, agency: find(line) }));
      const unknown = found.filter((f) => !f.agency).map((f) => f.line);
      if (unknown.length) {
        throw invalid('Ada Perangkat Daerah yang tidak dikenali.', {
          agencies: `Tidak dikenali: ${unknown.slice(0, 3).join('; ')}.`,
        });
      }
      const round = evaluations.openIncidental(ctx, {
        reason: text(form, 'reason'),
        agencies: [...new Set(found.map((f) => f.agency!.code))],
      });
      redirect(303, `/evaluations/${round.code}`);
    }),
};
