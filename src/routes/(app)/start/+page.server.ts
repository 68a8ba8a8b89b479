import * as history from '#lib/server/history/index.ts';
import { can } from '#lib/server/permission.ts';
import * as start from '#lib/server/compliance/start.ts';
import { guarded } from '#lib/server/web.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = ({ locals: { ctx } }) =>
  guarded(() => {
    const mayHistory = can(ctx.actor, 'history.view');
    return {
      steps: start.steps(ctx),
      maySystem: can(ctx.actor, 'settings.view'),
      mayHistory,
      history: mayHistory ? history.list(ctx).rows.length : 0,
    };
  });
