import { redirect } from '@sveltejs/kit';
import * as certificates from '#lib/server/certificates/index.ts';
import { guarded, submitted, text } from '#lib/server/web.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = ({ locals }) =>
  guarded(() => ({
    views: certificates.views(locals.ctx).map(({ id, name, query, shared, preferred, own }) => ({
      id,
      name,
      query,
      shared,
      preferred,
      own,
    })),
    share: certificates.mayShareViews(locals.ctx),
  }));

const HERE = '/certificates/views';

export const actions: Actions = {
  change: (event) =>
    submitted(event, (ctx, form) => {
      const shared = form.get('shared') === '1';
      certificates.changeView(ctx, text(form, 'id'), { name: text(form, 'name'), shared });
      redirect(303, HERE);
    }),
  prefer: (event) =>
    submitted(event, (ctx, form) => {
      certificates.preferView(ctx, text(form, 'id') || null);
      redirect(303, HERE);
    }),
  archive: (event) =>
    submitted(event, (ctx, form) => {
      certificates.archiveView(ctx, text(form, 'id'));
      redirect(303, HERE);
    }),
};
