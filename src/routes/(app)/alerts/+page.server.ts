import { can } from '#lib/server/permission.ts';
import * as monitoring from '#lib/server/monitoring/index.ts';
import { guarded, submitted, text } from '#lib/server/web.ts';
import type { Actions, PageServerLoad } from './$types';

const STATES = ['open', 'acknowledged', 'settled'] as const;

export const load: PageServerLoad = ({ locals, url }) =>
  guarded(() => {
    const { ctx } = locals;
    const state = STATES.find((s) => s === url.searchParams.get('state')) ?? 'open';
    const kinds = Object.keys(monitoring.alertKinds) as monitoring.AlertKind[];
    const kind = kinds.find((k) => k === url.searchParams.get('kind'));
    const counts = Object.fromEntries(STATES.map((s) => [s, monitoring.counts(ctx, s)])) as Record<
      (typeof STATES)[number],
      ReturnType<typeof monitoring.counts>
    >;
    return {
      now: ctx.now(),
      state,
      kind: kind ?? '',
      words: monitoring.alertKinds,
      counts,
      page: monitoring.list(ctx, { state, kind, after: url.searchParams.get('after') ?? undefined }),
      may: { acknowledge: can(ctx.actor, 'alerts.acknowledge') },
    };
  });

export const actions: Actions = {
  acknowledge: (event) =>
    submitted(event, (ctx, form) => monitoring.acknowledge(ctx, text(form, 'id'), text(form, 'reason'))),
  settle: (event) => submitted(event, (ctx, form) => monitoring.settle(ctx, text(form, 'id'), text(form, 'reason'))),
};
