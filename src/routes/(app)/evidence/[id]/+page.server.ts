import * as audit from '#lib/server/audit/index.ts';
import * as auth from '#lib/server/auth/index.ts';
import { can, mayOpen } from '#lib/server/permission.ts';
import * as revocation from '#lib/server/revocation/index.ts';
import { guarded } from '#lib/server/web.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = ({ locals, params }) =>
  guarded(() => {
    const { ctx } = locals;
    const evidence = revocation.evidence(ctx, params.id);
    const names = auth.names(ctx);
    return {
      now: ctx.now(),
      evidence: { ...evidence, by: names(evidence.acceptedBy) },
      trail: audit.list(ctx, { target: ['evidence', params.id], limit: 20 }, names),
      may: {
        download: can(ctx.actor, 'revocation.view'),
        sources: mayOpen(ctx.actor, '/sources'),
        trust: mayOpen(ctx.actor, '/trust'),
      },
    };
  });
