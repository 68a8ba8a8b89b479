import { can } from '#lib/server/permission.ts';
import { guarded } from '#lib/server/web.ts';
import { agencyFigures, attentionStatus, kindCounts } from './figures.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = ({ locals, url }) =>
  guarded(() => {
    const rows = agencyFigures(locals.ctx, url.searchParams);
    const said = Number(url.searchParams.get('after'));
    // All are counted at once anyway, so the place in the order is enough.
    const from = Number.isSafeInteger(said) && said > 0 && said < rows.length ? said : 0;
    return {
      rows: rows.slice(from, from + PAGE),
      from,
      next: from + PAGE < rows.length ? from + PAGE : null,
      prev: from > 0 ? Math.max(0, from - PAGE) : null,
      total: rows.length,
      agencies: rows.filter(({ level }) => level === 'agency').length,
      kinds: kindCounts(locals.ctx, url.searchParams),
      attentionStatus,
      // Who sees figures without the records goes on to the agency's own page.
      listed: can(locals.ctx.actor, 'certificates.view'),
    };
  });

const PAGE = 50;
