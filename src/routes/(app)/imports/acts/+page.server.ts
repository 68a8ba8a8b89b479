import * as auth from '#lib/server/auth/index.ts';
import * as certificates from '#lib/server/certificates/index.ts';
import { guarded } from '#lib/server/web.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = ({ locals: { ctx }, url }) =>
  guarded(() => {
    const names = auth.names(ctx);
    const { rows, ...found } = certificates.bulkActs(ctx, { before: url.searchParams.get('before') ?? undefined });
    return {
      ...found,
      further: url.searchParams.has('before'),
      rows: rows.map((act) => ({
        id: act.id,
        number: act.number,
        word: certificates.bulkKinds[act.kind].word,
        why: act.input.why,
        state: act.state,
        total: act.total,
        done: act.done,
        changed: act.changed,
        skipped: act.skipped.reduce((sum, { count }) => sum + count, 0),
        by: names(act.requestedBy),
        requestedAt: act.requestedAt,
      })),
    };
  });
