import * as jobs from '#lib/server/jobs/index.ts';
import { guarded, submitted, text } from '#lib/server/web.ts';
import { can } from '#lib/server/permission.ts';

export const load = ({ locals }) =>
  guarded(() => ({
    jobs: jobs.list(locals.ctx),
    pulse: jobs.pulseOf(locals.ctx),
    now: locals.ctx.now(),
    mayRun: can(locals.ctx.actor, 'jobs.run'),
  }));

export const actions = {
  run: (event) =>
    submitted(event, (ctx, form) => {
      jobs.request(ctx, text(form, 'name'));
      return { done: 'Diminta. Pekerjaan dimulai dalam beberapa detik; muat ulang halaman untuk melihat hasilnya.' };
    }),
};
