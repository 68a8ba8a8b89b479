import { demand } from '#lib/server/permission.ts';
import { guarded } from '#lib/server/web.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = ({ locals }) =>
  guarded(() => {
    demand(locals.ctx.actor, 'settings.edit');
    return { now: locals.ctx.now() };
  });
