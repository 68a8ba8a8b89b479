import { number } from '#lib/format.ts';
import * as jobs from '#lib/server/jobs/index.ts';
import * as monitoring from '#lib/server/monitoring/index.ts';
import { can } from '#lib/server/permission.ts';
import * as revocation from '#lib/server/revocation/index.ts';
import { guarded, submitted } from '#lib/server/web.ts';
import { askedOf, choicesOf, listed, matching, paged, shown, SORTS, standOf, STANDS, summaryOf } from './listing.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = ({ locals, url }) =>
  guarded(() => {
    const { ctx } = locals;
    const now = ctx.now();
    const asked = askedOf(url.searchParams);
    const all = listed(revocation.sources(ctx), revocation.signals(ctx));
    const found = matching(all, asked);
    const tab = shown(found, asked);
    const page = paged(tab, asked);
    return {
      now,
      asked,
      rows: page.rows.map((row) => ({ ...row, pausedUntil: revocation.pausedUntil(row, now) })),
      matches: tab.length,
      next: page.next,
      prev: page.prev,
      tabs: STANDS.map((stand) => ({ stand, count: found.filter((row) => standOf(row) === stand).length })),
      live: found.filter((row) => row.state !== 'retired').length,
      summary: summaryOf(all),
      choices: choicesOf(all),
      sorts: Object.entries(SORTS).map(([value, label]) => ({ value, label })),
      signals: revocation.signalList(ctx, { state: 'open', limit: 1 }).states.open,
      clock: revocation.clock(ctx),
      alerts: can(ctx.actor, 'alerts.view') ? monitoring.sourceAlerts(ctx) : null,
      may: {
        sweep: can(ctx.actor, 'revocation.check'),
        upload: can(ctx.actor, 'evidence.add'),
        jobs: can(ctx.actor, 'jobs.run'),
      },
    };
  });

export const actions: Actions = {
  sweep: (event) =>
    submitted(event, (ctx) => {
      const count = revocation.requestSweep(ctx);
      if (can(ctx.actor, 'jobs.run')) jobs.request(ctx, 'sweep');
      const ocsp = revocation.sources(ctx).filter((row) => row.kind === 'ocsp' && row.state !== 'retired').length;
      const others = ocsp
        ? ` ${number(ocsp)} sumber OCSP tidak termasuk: OCSP ditanya satu per satu untuk sertifikat yang memerlukannya.`
        : '';
      return {
        said: `${number(count)} sumber CRL akan ditanya sekarang oleh tugas latar belakang; muat ulang halaman ini, hasil tiap sumber tertulis di barisnya.${others}`,
      };
    }),
};
