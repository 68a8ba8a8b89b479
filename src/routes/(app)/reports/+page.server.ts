import { redirect } from '@sveltejs/kit';
import { wibYear } from '#lib/server/calendar.ts';
import { can } from '#lib/server/permission.ts';
import * as reports from '#lib/server/reports/index.ts';
import { guarded, submitted, text } from '#lib/server/web.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = ({ locals: { ctx }, url, depends }) =>
  guarded(() => {
    depends('app:reports');
    const now = ctx.now();
    const years = reports.years(ctx);
    const asked = Number(url.searchParams.get('year'));
    const year = years.includes(asked) ? asked : wibYear(now);
    const rows = reports.list(ctx, year).map((row) => ({
      kind: row.kind,
      title: row.title,
      basis: row.basis,
      period: row.period,
      periodWords: reports.periodWords(row.period),
      dueAt: row.dueAt,
      sent: row.sent,
      report: row.report && {
        id: row.report.id,
        number: row.report.number,
        version: row.report.version,
        state: row.report.state,
        progress: row.report.progress,
      },
    }));
    return {
      now,
      year,
      years: years.map((y) => ({ year: y, count: reports.list(ctx, y).filter((row) => row.report).length })),
      rows,
      building: rows.some((row) => row.report?.state === 'requested' || row.report?.state === 'sealing'),
      mayTake: can(ctx.actor, 'reports.take'),
      mayBrief: can(ctx.actor, 'brief.download'),
      mayHistory: can(ctx.actor, 'history.view'),
      kinds: reports.KINDS.map((kind) => ({ value: kind, label: reports.nameOf(kind) })),
      periods: years.flatMap((y) =>
        [`${y}`, `${y}-S1`, `${y}-S2`].map((code) => ({ value: code, label: reports.periodWords(code) })),
      ),
    };
  });

export const actions: Actions = {
  make: (event) =>
    submitted(event, (ctx, form) => {
      const kind = text(form, 'kind') as (typeof reports.KINDS)[number];
      const { id } = reports.requestReport(ctx, { kind, period: text(form, 'period'), reason: text(form, 'reason') });
      redirect(303, `/reports/${id}`);
    }),
};
