import { redirect } from '@sveltejs/kit';
import * as certificates from '#lib/server/certificates/index.ts';
import { can } from '#lib/server/permission.ts';
import { guarded, submitted, text } from '#lib/server/web.ts';
import { filtersOf } from './filters.ts';
import { waitingAmong } from './waiting-column.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = ({ locals, url }) =>
  guarded(() => {
    const { ctx } = locals;
    const preferred = url.search === '' ? certificates.preferredView(ctx) : null;
    if (preferred?.query) redirect(303, `/certificates?${preferred.query}`);
    const filter = certificates.filterOf(url.searchParams);
    const { page, counts } = certificates.browse(ctx, filter);
    const holder = filter.holder && !['none', 'any'].includes(filter.holder) ? filter.holder : null;
    const chosen = certificates.columnsOf(url.searchParams);
    return {
      now: ctx.now(),
      page,
      total: counts.total,
      labels: Object.fromEntries(counts.label),
      countedAt: certificates.countedAt(ctx),
      expiringDays: certificates.policy(ctx).expiringDays,
      groups: certificates.labelGroups,
      filters: filtersOf(ctx, filter, counts),
      /** Filters that come from a link and have no field of their own. */
      narrowed: {
        holder: holder && can(ctx.actor, 'holders.view') ? certificates.holder(ctx, holder).name : holder,
        importId: filter.importId ?? null,
        archived: filter.archived ?? false,
        exact: filter.exact ?? false,
        crl: filter.crl ?? null,
        ocsp: filter.ocsp ?? null,
        evidence: filter.evidence ?? null,
      },
      columns: {
        all: certificates.columns,
        usual: certificates.DEFAULT_COLUMNS,
        shown: chosen ?? certificates.DEFAULT_COLUMNS,
        chosen: chosen !== null,
      },
      views: certificates.views(ctx).map(({ id, name, query, shared, own }) => ({ id, name, query, shared, own })),
      waiting: waitingAmong(ctx, page.rows),
      may: {
        import: can(ctx.actor, 'certificates.import'),
        export: can(ctx.actor, 'certificates.export'),
        edit: can(ctx.actor, 'certificates.edit'),
        match: can(ctx.actor, 'certificates.match'),
        trust: can(ctx.actor, 'trust.view'),
        decideTrust: can(ctx.actor, 'trust.decide'),
        holders: can(ctx.actor, 'holders.view'),
        alerts: can(ctx.actor, 'alerts.view'),
        share: certificates.mayShareViews(ctx),
        own: ctx.actor.kind === 'user' && ctx.actor.agencies !== 'all',
      },
    };
  });

export const actions: Actions = {
  save: (event) =>
    submitted(event, (ctx, form) => {
      const query = text(form, 'query');
      const id = certificates.saveView(ctx, {
        name: text(form, 'name'),
        query,
        shared: form.get('shared') === '1',
      });
      redirect(303, `/certificates/views#${id}`);
    }),
};
