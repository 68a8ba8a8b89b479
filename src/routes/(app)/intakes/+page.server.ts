import * as incidents from '#lib/server/incidents/index.ts';
import { can } from '#lib/server/permission.ts';
import { guarded, submitted, text } from '#lib/server/web.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = ({ locals: { ctx }, url }) =>
  guarded(() => {
    const state = url.searchParams.get('state') === 'done' ? ('done' as const) : ('new' as const);
    const query = url.searchParams.get('q') ?? '';
    const found = incidents.intakes(ctx, { state, text: query, before: url.searchParams.get('before') ?? undefined });
    const triage = can(ctx.actor, 'incidents.triage');
    return {
      state,
      query,
      ...found,
      rows: found.rows.map((row) => ({
        number: row.number,
        kind: row.kind,
        ownerName: row.ownerName,
        agency: row.agencyName ?? row.agencyText,
        receivedAt: row.receivedAt,
        channel: row.channel,
        outcome: row.outcome,
        dueAt: incidents.callBy(ctx, row.receivedAt).at,
      })),
      now: ctx.now(),
      triage,
      duty: incidents.onDuty(ctx),
      roster: triage ? incidents.roster(ctx) : [],
    };
  });

export const actions: Actions = {
  duty: (event) =>
    submitted(event, (ctx, form) => {
      incidents.setDuty(ctx, {
        name: text(form, 'name'),
        phone: text(form, 'phone'),
        from: text(form, 'from'),
        to: text(form, 'to'),
      });
    }),
  cancelDuty: (event) => submitted(event, (ctx, form) => incidents.cancelDuty(ctx, text(form, 'id'))),
};
