import * as agencies from '#lib/server/agencies/index.ts';
import { can } from '#lib/server/permission.ts';
import * as monitoring from '#lib/server/monitoring/index.ts';
import { guarded, submitted, text } from '#lib/server/web.ts';
import type { Actions, PageServerLoad } from './$types';

const STATES = ['open', 'acknowledged', 'settled'] as const;

const kinds = Object.keys(monitoring.alertKinds) as monitoring.AlertKind[];
const kindOf = (asked: string): monitoring.KindFilter | undefined =>
  asked === 'sources' ? asked : kinds.find((kind) => kind === asked);

export const load: PageServerLoad = ({ locals, url }) =>
  guarded(() => {
    const { ctx } = locals;
    const state = STATES.find((s) => s === url.searchParams.get('state')) ?? 'open';
    const kind = kindOf(url.searchParams.get('kind') ?? '');
    const agency = url.searchParams.get('agency')?.slice(0, 40) || undefined;
    const counts = Object.fromEntries(STATES.map((s) => [s, monitoring.counts(ctx, s, agency)])) as Record<
      (typeof STATES)[number],
      ReturnType<typeof monitoring.counts>
    >;
    return {
      now: ctx.now(),
      state,
      kind: kind ?? '',
      kindWord: monitoring.kindWord(kind),
      sourceKinds: monitoring.SOURCE_KINDS,
      agency: agency ?? '',
      agencies: agencies
        .choices(ctx)
        .filter(
          (row) => ctx.actor.kind !== 'user' || ctx.actor.agencies === 'all' || ctx.actor.agencies.includes(row.id),
        )
        .map(({ code, name }) => ({ value: code, label: name })),
      words: monitoring.alertKinds,
      counts,
      page: monitoring.list(ctx, { state, kind, agency, after: url.searchParams.get('after') ?? undefined }),
      may: { acknowledge: can(ctx.actor, 'alerts.acknowledge') },
    };
  });

export const actions: Actions = {
  acknowledge: (event) =>
    submitted(event, (ctx, form) => monitoring.acknowledge(ctx, text(form, 'id'), text(form, 'reason'))),
  acknowledgeAll: (event) =>
    submitted(event, (ctx, form) => {
      const done = monitoring.acknowledgeAll(
        ctx,
        { kind: kindOf(text(form, 'kind')), agency: text(form, 'agency') || undefined },
        { reason: text(form, 'reason'), expected: Number(text(form, 'expected')) },
      );
      return { done };
    }),
  settle: (event) => submitted(event, (ctx, form) => monitoring.settle(ctx, text(form, 'id'), text(form, 'reason'))),
};
