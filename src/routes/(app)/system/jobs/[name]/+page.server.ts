import * as jobs from '#lib/server/jobs/index.ts';
import { guarded } from '#lib/server/web.ts';

export const load = ({ locals, params }) =>
  guarded(() => {
    const runs = jobs.runs(locals.ctx, params.name);
    const job = jobs.list(locals.ctx).find(({ name }) => name === params.name)!;
    return { job, runs };
  });
