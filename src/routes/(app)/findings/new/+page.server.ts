import { redirect } from '@sveltejs/kit';
import * as agencies from '#lib/server/agencies/index.ts';
import { invalid } from '#lib/server/errors.ts';
import * as evaluations from '#lib/server/evaluations/index.ts';
import { demand } from '#lib/server/permission.ts';
import { guarded, submitted, text } from '#lib/server/web.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = ({ locals, url }) =>
  guarded(() => {
    const { ctx } = locals;
    demand(ctx.actor, 'findings.adopt');
    const id = url.searchParams.get('proposal');
    if (!id)
      return {
        proposal: null,
        draft: null,
        agencies: agencies
          .choices(ctx)
          .filter((a) => a.level === 'agency')
          .map((a) => a.name),
      };
    const { proposal, input } = evaluations.findings.draft(ctx, id);
    return {
      proposal: {
        id: proposal.id,
        agency: proposal.agency,
        condition: proposal.condition,
        raisedAt: proposal.raisedAt,
        misses: proposal.rows.length,
      },
      draft: input,
      agencies: [],
    };
  });

const content = (form: FormData) => ({
  title: text(form, 'title'),
  standard: text(form, 'standard'),
  condition: text(form, 'condition'),
  cause: text(form, 'cause'),
  effect: text(form, 'effect'),
  risk: text(form, 'risk') as 'low' | 'medium' | 'high',
  recommendation: text(form, 'recommendation'),
  successMeasure: text(form, 'successMeasure'),
  dueOn: text(form, 'dueOn'),
});

export const actions: Actions = {
  adopt: (event) =>
    submitted(event, (ctx, form) => {
      demand(ctx.actor, 'findings.adopt');
      const proposal = text(form, 'proposal');
      if (proposal) redirect(303, `/findings/${evaluations.findings.adopt(ctx, proposal, content(form))}`);
      const agency = agencies.find(ctx)(text(form, 'agency'));
      if (!agency) throw invalid('Perangkat Daerah belum dikenali.', { agency: 'Pilih dari daftar.' });
      redirect(303, `/findings/${evaluations.findings.create(ctx, agency.code, content(form))}`);
    }),
  dismiss: (event) =>
    submitted(event, (ctx, form) => {
      evaluations.findings.dismiss(ctx, text(form, 'proposal'), text(form, 'reason'));
      redirect(303, '/findings?tab=proposals');
    }),
};
