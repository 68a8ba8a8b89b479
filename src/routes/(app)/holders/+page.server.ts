import * as agencies from '#lib/server/agencies/index.ts';
import * as certificates from '#lib/server/certificates/index.ts';
import { can } from '#lib/server/permission.ts';
import { guarded } from '#lib/server/web.ts';
import { holderFilterOf } from './filter.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = ({ locals, url }) =>
  guarded(() => {
    const { ctx } = locals;
    const filter = holderFilterOf(url.searchParams);
    const choices = certificates.holderChoices(ctx, filter);
    return {
      ...certificates.holders(ctx, filter),
      choices,
      /** The statuses of `isUsable`, as the list's address says them. */
      usable: certificates.USABLE.join(','),
      agencies: agencies
        .choices(ctx)
        .filter(({ code }) => choices.byAgency[code] || code === filter.agency)
        .map(({ code, name }) => ({ code, name })),
      may: {
        edit: can(ctx.actor, 'holders.edit'),
        match: can(ctx.actor, 'certificates.match'),
        export: can(ctx.actor, 'certificates.export'),
      },
    };
  });
