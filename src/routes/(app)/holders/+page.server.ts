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
    const count = (status: 'active' | 'leaver' | undefined) =>
      certificates.holders(ctx, { ...filter, after: undefined, status, limit: 1 }).total;
    return {
      ...certificates.holders(ctx, filter),
      counts: { all: count(undefined), active: count('active'), leaver: count('leaver') },
      agencies: agencies.list(ctx).map(({ code, name }) => ({ value: code, label: name })),
      may: { import: can(ctx.actor, 'holders.edit') },
    };
  });
