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
    const compared = other && other !== keep.id ? certificates.holder(ctx, other) : null;
    if (compared?.merge) redirect(303, `/holders/${keep.id}/merge?other=${compared.merge.intoId}`);
    const found = q ? certificates.holders(ctx, { q, kind: keep.kind, limit: 10 }).rows : keep.doubles;
    return {
      keep: shown(keep),
      other: compared && shown(compared),
      result: compared && resulting(ctx, keep, compared),
      q: q ?? '',
      choices: found
        .filter((row) => row.id !== keep.id)
        .map((row) => ({
          ...row,
          written: fullName(row),
          stranger: certificates.differentNumbers(row, keep),
        })),
    };
  });

type Holder = ReturnType<typeof certificates.holder>;

function shown(row: Holder) {
  const { id, nip, email, status, positions, certificateIds } = row;
  return { id, nip, email, status, positions, certificates: certificateIds.length, written: fullName(row) };
}

function resulting(ctx: Context, keep: Holder, other: Holder) {
  const result = certificates.mergePreview(ctx, keep.id, other.id);
  const aliases = other.nameKey === keep.nameKey ? [] : [other.name];
  const count = keep.certificateIds.length + other.certificateIds.length;
  return { ...result, aliases, certificates: count, written: fullName(result) };
}

export const actions: Actions = {
  default: (event) =>
    submitted(event, (ctx, form) => {
      const said = { other: text(form, 'other'), nip: text(form, 'nip'), why: text(form, 'why') };
      certificates.mergeHolders(ctx, event.params.id, said);
      redirect(303, `/holders/${event.params.id}`);
    }),
};
