import * as revocation from '#lib/server/revocation/index.ts';
import { guarded } from '#lib/server/web.ts';
import { rowOf, waiting } from './rows.ts';
import type { PageServerLoad } from './$types';

const LIMIT = 50;

export const load: PageServerLoad = ({ locals, url }) =>
  guarded(() => {
    const { ctx } = locals;
    const { agency, all, choices, unread } = waiting(ctx, url.searchParams);
    const after = url.searchParams.get('after');
    const start = after ? all.findIndex(({ id }) => id === after) + 1 : 0;
    const shown = all.slice(start, start + LIMIT);
    const more = start + shown.length < all.length;
    return {
      clock: revocation.clock(ctx),
      agency,
      agencies: choices,
      total: all.length,
      rows: shown.map((one) => rowOf(ctx, one)),
      next: more ? shown.at(-1)!.id : null,
      unread: unread.map((id) => ({ id, name: revocation.nameOfEvidence(ctx, id) })),
    };
  });
