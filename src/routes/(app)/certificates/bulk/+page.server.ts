import { redirect } from '@sveltejs/kit';
import * as agencies from '#lib/server/agencies/index.ts';
import * as certificates from '#lib/server/certificates/index.ts';
import { notFound } from '#lib/server/errors.ts';
import { guarded, submitted, text } from '#lib/server/web.ts';
import { kindOf, listAddress, selectionOf } from './selection.ts';
import { shownOf } from './shown.ts';
import type { Actions, PageServerLoad } from './$types';

const UNKNOWN = 'Tindakan ini tidak dikenal. Pilih tindakan dari daftar sertifikat.';

export const load: PageServerLoad = ({ locals, url }) =>
  guarded(() => {
    const { ctx } = locals;
    const kind = kindOf(url.searchParams.get('act'));
    if (!kind) throw notFound(UNKNOWN);
    const shown = shownOf(url.searchParams);
    return {
      kind,
      act: certificates.bulkKinds[kind],
      preview: certificates.previewBulk(ctx, kind, selectionOf(url.searchParams), {
        ...shown,
        past: url.searchParams.get('past') ?? '',
      }),
      shown,
      agencies:
        kind === 'transfer' ? agencies.choices(ctx).map(({ code, name }) => ({ value: code, label: name })) : [],
      back: listAddress(url.searchParams),
    };
  });

export const actions: Actions = {
  confirm: (event) =>
    submitted(event, (ctx, form) => {
      const { searchParams } = event.url;
      const kind = kindOf(searchParams.get('act'));
      if (!kind) throw notFound(UNKNOWN);
      const input = { agency: text(form, 'agency'), why: text(form, 'why'), hash: text(form, 'hash') };
      redirect(303, `/certificates/bulk/${certificates.beginBulk(ctx, kind, selectionOf(searchParams), input)}`);
    }),
};
