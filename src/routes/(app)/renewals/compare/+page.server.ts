import { redirect } from '@sveltejs/kit';
import * as auth from '#lib/server/auth/index.ts';
import * as certificates from '#lib/server/certificates/index.ts';
import { can } from '#lib/server/permission.ts';
import { guarded, submitted, text } from '#lib/server/web.ts';
import type { Actions, PageServerLoad } from './$types';

const pairOf = (url: URL) =>
  [url.searchParams.get('old')?.slice(0, 64) ?? '', url.searchParams.get('new')?.slice(0, 64) ?? ''] as const;

export const load: PageServerLoad = ({ locals, url }) =>
  guarded(() => {
    const { ctx } = locals;
    const pair = certificates.renewalPair(ctx, ...pairOf(url));
    const names = auth.names(ctx);
    return {
      ...pair,
      decisions: pair.decisions.map((row) => ({ ...row, by: names(row.by) })),
      may: { decide: can(ctx.actor, 'certificates.edit') },
    };
  });

export const actions: Actions = {
  default: (event) =>
    submitted(event, (ctx, form) => {
      const decision = text(form, 'decision') as 'confirmed' | 'rejected';
      const [old, successor] = pairOf(event.url);
      certificates.decideRenewal(ctx, old, successor, { decision, why: text(form, 'why') });
      redirect(303, `/renewals?${new URLSearchParams({ pairs: 'doubtful', done: decision, old, new: successor })}`);
    }),
};
