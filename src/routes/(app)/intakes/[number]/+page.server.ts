import { redirect } from '@sveltejs/kit';
import * as agencies from '#lib/server/agencies/index.ts';
import * as audit from '#lib/server/audit/index.ts';
import * as auth from '#lib/server/auth/index.ts';
import * as incidents from '#lib/server/incidents/index.ts';
import { proposedType, TYPES } from '#lib/server/incidents/kinds.ts';
import { can } from '#lib/server/permission.ts';
import { guarded, submitted, text } from '#lib/server/web.ts';
import type { Actions, PageServerLoad } from './$types';

const localTime = (instant: number): string => new Date(instant + 7 * 3_600_000).toISOString().slice(0, 16);

export const load: PageServerLoad = ({ locals: { ctx }, params }) =>
  guarded(() => {
    const intake = incidents.getIntake(ctx, params.number);
    const { tokenHash: _secret, ...shown } = intake;
    const names = auth.names(ctx);
    return {
      intake: shown,
      enteredBy: names(intake.enteredBy),
      decidedBy: intake.outcomeBy ? names(intake.outcomeBy) : null,
      similar: incidents.similar(ctx, params.number),
      callBy: incidents.callBy(ctx, intake.receivedAt).at,
      triage: can(ctx.actor, 'incidents.triage') && intake.outcome === null,
      types: TYPES,
      proposed: proposedType[intake.kind],
      agencies: agencies.choices(ctx).map(({ id, name }) => ({ value: id, label: name })),
      receivedLocal: localTime(intake.receivedAt),
      trail: audit.list(ctx, { target: ['intake', intake.id], limit: 50 }, names),
      now: ctx.now(),
    };
  });

export const actions: Actions = {
  promote: (event) =>
    submitted(event, (ctx, form) => {
      const number = incidents.promote(ctx, event.params.number, {
        type: text(form, 'type') as 'key_lost',
        title: text(form, 'title'),
        agencyId: text(form, 'agencyId'),
        description: text(form, 'description'),
        knownAt: text(form, 'knownAt'),
        knownReason: text(form, 'knownReason'),
        occurred: text(form, 'occurred') as 'unknown',
        occurredAt: text(form, 'occurredAt'),
      });
      redirect(303, `/incidents/${number}`);
    }),
  merge: (event) =>
    submitted(event, (ctx, form) => {
      const incident = text(form, 'incident');
      incidents.mergeIntake(ctx, event.params.number, { incident, reason: text(form, 'reason') });
      redirect(303, `/incidents/${incident.toUpperCase()}`);
    }),
  dismiss: (event) =>
    submitted(event, (ctx, form) =>
      incidents.dismissIntake(ctx, event.params.number, { reason: text(form, 'reason') }),
    ),
};
