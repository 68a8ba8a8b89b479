import { mayOpen } from '#lib/server/permission.ts';
import * as start from '#lib/server/compliance/start.ts';
import { guarded } from '#lib/server/web.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = ({ locals: { ctx } }) =>
  guarded(() => ({ steps: start.steps(ctx).map((step) => ({ ...step, open: mayOpen(ctx.actor, step.href) })) }));
