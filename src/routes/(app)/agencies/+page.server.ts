import { can } from '#lib/server/permission.ts';
import { guarded } from '#lib/server/web.ts';
import { agencyFigures, attentionStatus, kindCounts } from './figures.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = ({ locals, url }) =>
  guarded(() => ({
    rows: agencyFigures(locals.ctx, url.searchParams),
    kinds: kindCounts(locals.ctx, url.searchParams),
    attentionStatus,
    // Who sees figures without the records goes on to the agency's own page.
    listed: can(locals.ctx.actor, 'certificates.view'),
  }));
