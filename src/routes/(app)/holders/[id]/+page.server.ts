import * as audit from '#lib/server/audit/index.ts';
import * as auth from '#lib/server/auth/index.ts';
import * as certificates from '#lib/server/certificates/index.ts';
import { can } from '#lib/server/permission.ts';
import { guarded } from '#lib/server/web.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = ({ locals, params }) =>
  guarded(() => {
    const { ctx } = locals;
    return {
      holder: certificates.holder(ctx, params.id),
      certificates: can(ctx.actor, 'certificates.view') ? certificates.ofHolder(ctx, params.id) : [],
      trail: audit.list(ctx, { target: ['holder', params.id], limit: 20 }, auth.names(ctx)),
    };
  });
