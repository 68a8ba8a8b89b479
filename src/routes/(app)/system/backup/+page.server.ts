import * as jobs from '#lib/server/jobs/index.ts';
import { can } from '#lib/server/permission.ts';
import { guarded, submitted } from '#lib/server/web.ts';

export const load = ({ locals }) =>
  guarded(() => ({ backups: jobs.backup.list(locals.ctx), mayRun: can(locals.ctx.actor, 'jobs.run') }));

export const actions = {
  run: (event) =>
    submitted(event, (ctx) => {
      jobs.request(ctx, 'backup');
      return { done: 'Diminta. Cadangan baru tampil di sini setelah selesai dibuat dan diperiksa.' };
    }),
};
