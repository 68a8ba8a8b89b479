import * as auth from '#lib/server/auth/index.ts';
import * as certificates from '#lib/server/certificates/index.ts';
import { guarded } from '#lib/server/web.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = ({ locals, params, url, depends }) =>
  guarded(() => {
    depends('app:bulk');
    const after = Number(url.searchParams.get('after'));
    const act = certificates.bulk(locals.ctx, params.id, Number.isSafeInteger(after) && after > 0 ? after : 0);
    return { act: { ...act, by: auth.names(locals.ctx)(act.requestedBy) }, words: certificates.bulkKinds[act.kind] };
  });
