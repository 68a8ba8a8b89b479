import * as agencies from '#lib/server/agencies/index.ts';
import * as certificates from '#lib/server/certificates/index.ts';
import { can } from '#lib/server/permission.ts';
import { guarded } from '#lib/server/web.ts';
import type { PairState } from '#lib/server/certificates/index.ts';
import { renewalPairStates } from '#lib/terms.ts';
import { renewalFilterOf } from './filter.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = ({ locals, url }) =>
  guarded(() => {
    const { ctx } = locals;
    const filter = renewalFilterOf(url.searchParams);
    const list = certificates.renewals(ctx, filter, url.searchParams.get('after') ?? undefined);
    const said = url.searchParams.get('pairs') ?? '';
    const state = Object.hasOwn(renewalPairStates, said) ? (said as PairState) : null;
    const pairs = certificates.renewalPairs(ctx, state);
    const used = [...new Set(list.rows.map((row) => row.use))];
    return {
      now: ctx.now(),
      filter,
      ...list,
      agencies: agencies
        .choices(ctx)
        .filter(({ code }) => list.byAgency[code] || code === filter.agency)
        .map(({ code, name }) => ({ code, name })),
      pairs: state ? pairs.rows : null,
      pairState: state,
      pairCounts: pairs.counts,
      pairsAt: certificates.countedAt(ctx),
      guides: used.map((use) => ({ use, ...certificates.guideFor(use) })),
      notice:
        filter.agency && filter.agency !== 'none' && list.total
          ? certificates.renewalNotice(ctx, { ...filter, agency: filter.agency })
          : null,
      may: { export: can(ctx.actor, 'certificates.export'), decide: can(ctx.actor, 'certificates.edit') },
    };
  });
