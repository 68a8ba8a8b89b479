import * as revocation from '#lib/server/revocation/index.ts';
import { guarded } from '#lib/server/web.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = ({ locals, url }) =>
  guarded(() => {
    const { ctx } = locals;
    const state = url.searchParams.get('state') === 'settled' ? ('settled' as const) : ('open' as const);
    const kind = revocation.SIGNAL_KINDS.find((k) => k === url.searchParams.get('kind'));
    const after = url.searchParams.get('after') ?? undefined;
    return { now: ctx.now(), state, kind: kind ?? '', list: revocation.signalList(ctx, { state, kind, after }) };
  });
