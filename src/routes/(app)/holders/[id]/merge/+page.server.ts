import { redirect } from '@sveltejs/kit';
import * as certificates from '#lib/server/certificates/index.ts';
import type { Context } from '#lib/server/context.ts';
import { demand } from '#lib/server/permission.ts';
import { guarded, submitted, text } from '#lib/server/web.ts';
import { fullName } from '#lib/format.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = ({ locals, params, url }) =>
  guarded(() => {
    const { ctx } = locals;
    demand(ctx.actor, 'holders.edit');
    const keep = certificates.holder(ctx, params.id);
    if (keep.merge) redirect(303, `/holders/${keep.merge.intoId}`);
    const param = (name: string) => url.searchParams.get(name)?.trim().slice(0, 200) || undefined;
    const other = param('other');
    const q = param('q');
    const found = q ? certificates.holders(ctx, { q, kind: keep.kind, limit: 10 }).rows : keep.doubles;
    return {
      keep: shown(ctx, keep),
      other: other && other !== keep.id ? shown(ctx, certificates.holder(ctx, other)) : null,
      q: q ?? '',
      choices: found.filter((row) => row.id !== keep.id).map((row) => ({ ...row, written: fullName(row) })),
    };
  });

function shown(ctx: Context, row: ReturnType<typeof certificates.holder>) {
  const { id, nip, email, status, positions, certificateIds } = row;
  return { id, nip, email, status, positions, certificates: certificateIds.length, written: fullName(row) };
}

export const actions: Actions = {
  default: (event) =>
    submitted(event, (ctx, form) => {
      const said = { other: text(form, 'other'), nip: text(form, 'nip'), why: text(form, 'why') };
      certificates.mergeHolders(ctx, event.params.id, said);
      redirect(303, `/holders/${event.params.id}`);
    }),
};
