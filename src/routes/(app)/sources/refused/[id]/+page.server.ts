import * as auth from '#lib/server/auth/index.ts';
import { can } from '#lib/server/permission.ts';
import * as revocation from '#lib/server/revocation/index.ts';
import { guarded } from '#lib/server/web.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = ({ locals, params }) =>
  guarded(() => {
    const { ctx } = locals;
    const refused = revocation.refused(ctx, params.id);
    return {
      refused: { ...refused, by: auth.names(ctx)(refused.by) },
      may: { upload: can(ctx.actor, 'evidence.add') },
    };
  });
