import * as agencies from '#lib/server/agencies/index.ts';
import * as incidents from '#lib/server/incidents/index.ts';
import { can } from '#lib/server/permission.ts';
import { guarded } from '#lib/server/web.ts';
import { incidentFilter } from './filter.ts';
import type { PageServerLoad } from './$types';

const PAGE = 50;

export const load: PageServerLoad = ({ locals: { ctx }, url }) =>
  guarded(() => {
    const wanted = Math.max(1, Math.trunc(Number(url.searchParams.get('page')) || 1));
    const { chosen, filter } = incidentFilter(ctx, url);
    const first = incidents.list(ctx, { ...filter, page: wanted, limit: PAGE });
    // A page beyond the last shows the last.
    const page = Math.min(wanted, Math.max(1, Math.ceil(first.total / PAGE)));
    const list = page === wanted ? first : incidents.list(ctx, { ...filter, page, limit: PAGE });
    return {
      ...list,
      chosen,
      page,
      size: PAGE,
      now: ctx.now(),
      agencies: agencies.choices(ctx).map(({ code, name }) => ({ value: code, label: name })),
      newIntakes: can(ctx.actor, 'incidents.triage') ? incidents.newIntakes(ctx) : null,
    };
  });
