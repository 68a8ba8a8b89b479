import * as auth from '#lib/server/auth/index.ts';
import * as certificates from '#lib/server/certificates/index.ts';
import { can } from '#lib/server/permission.ts';
import { guarded } from '#lib/server/web.ts';
import { shownOf } from '../shown.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = ({ locals, params, url, depends }) =>
  guarded(() => {
    depends('app:bulk');
    const after = Number(url.searchParams.get('after'));
    const shown = shownOf(url.searchParams);
    const act = certificates.bulk(locals.ctx, params.id, {
      ...shown,
      after: Number.isSafeInteger(after) && after > 0 ? after : 0,
    });
    return {
      act: { ...act, by: auth.names(locals.ctx)(act.requestedBy) },
      words: certificates.bulkKinds[act.kind],
      shown,
      mayReverse: act.state === 'done' && act.reversible > 0 && can(locals.ctx.actor, 'certificates.edit'),
    };
  });
