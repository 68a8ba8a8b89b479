import * as auth from '#lib/server/auth/index.ts';
import type { Context } from '#lib/server/context.ts';
import * as history from '#lib/server/history/index.ts';
import { can } from '#lib/server/permission.ts';
import { guarded, submitted, text } from '#lib/server/web.ts';
import { incidentTypes } from '#lib/terms.ts';
import { evidenceOf } from '../evaluations/evidence-file.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = ({ locals: { ctx } }) =>
  guarded(() => {
    const names = auth.names(ctx);
    const mayRecord = can(ctx.actor, 'history.record');
    const periods = (kind: history.PastRow['kind'], corrects?: string) =>
      history.openPeriods(ctx, kind, corrects).map((value) => ({ value, label: history.periodWords(value) }));
    const view = (row: history.PastRow) => ({
      id: row.id,
      kind: row.kind,
      period: row.period,
      words: history.periodWords(row.period),
      counts: row.counts,
      closed: history.closedWords(row.counts),
      incidents: history.sumWords(history.incidentSum(row.counts)),
      types: history.typeWords(row.counts),
      score: row.score,
      reportedTo: row.reportedTo,
      reportedOn: row.reportedOn,
      reference: row.reference,
      fileName: row.fileName,
      enteredBy: names(row.enteredBy),
      enteredAt: row.enteredAt,
      withdrawnAt: row.withdrawnAt,
      withdrawnWhy: row.withdrawnWhy,
      withdrawnBy: row.withdrawnBy && names(row.withdrawnBy),
    });
    const { rows, withdrawn } = history.list(ctx);
    return {
      rows: rows.map((row) => ({ ...view(row), periods: mayRecord ? periods(row.kind, row.id) : [] })),
      withdrawn: withdrawn.map(view),
      mayRecord,
      periods: { evaluation: periods('evaluation'), incidents: periods('incidents') },
    };
  });

async function inputOf(ctx: Context, form: FormData): Promise<history.SummaryInput> {
  const of = (name: string) => text(form, name);
  const evidence = await evidenceOf(ctx, form, 'evidence');
  const common = {
    period: of('period'),
    reportedTo: of('reportedTo'),
    reportedOn: of('reportedOn'),
    reference: of('reference'),
    ...(evidence ? { evidence } : {}),
  };
  if (of('kind') === 'evaluation')
    return {
      kind: 'evaluation',
      ...common,
      agencies: of('agencies'),
      findings: of('findings'),
      closed: of('closed'),
      score: of('score'),
    };
  const types = Object.fromEntries(Object.keys(incidentTypes).map((type) => [type, of(type)]));
  return { kind: 'incidents', ...common, types: types as Record<keyof typeof incidentTypes, string> };
}

export const actions: Actions = {
  record: (event) =>
    submitted(event, async (ctx, form) => {
      const input = await inputOf(ctx, form);
      history.record(ctx, input);
      return { done: `Riwayat ${history.periodWords(input.period)} tercatat.` };
    }),
  correct: (event) =>
    submitted(event, async (ctx, form) => {
      history.correct(ctx, text(form, 'id'), await inputOf(ctx, form), text(form, 'reason'));
      return { done: 'Ralat tercatat; yang lama tetap tersimpan sebagai ditarik.' };
    }),
  withdraw: (event) =>
    submitted(event, (ctx, form) => {
      history.withdraw(ctx, text(form, 'id'), text(form, 'reason'));
      return { done: 'Riwayat ditarik; ia tidak lagi tampil dalam laporan baru.' };
    }),
};
