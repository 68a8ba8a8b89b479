import { redirect } from '@sveltejs/kit';
import * as audit from '#lib/server/audit/index.ts';
import * as auth from '#lib/server/auth/index.ts';
import * as incidents from '#lib/server/incidents/index.ts';
import * as notifications from '#lib/server/notifications/index.ts';
import { can } from '#lib/server/permission.ts';
import * as settings from '#lib/server/settings/index.ts';
import { guarded, submitted, text } from '#lib/server/web.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = ({ locals: { ctx }, params }) =>
  guarded(() => {
    const view = incidents.getLetter(ctx, params.id);
    const { letter, obligation, dossier } = view;
    const names = auth.names(ctx);
    const own = incidents.barredFrom(ctx, letter.id) !== null;
    const sent = obligation.transmissions.filter((t) => t.letterId === letter.id);
    const incident = incidents.get(ctx, dossier.number);
    const running = incident.state !== 'closed' && incident.state !== 'not_incident' && incident.state !== 'duplicate';
    const newer = obligation.letters.find((other) => other.supersedesId === letter.id);
    const alive = running && letter.withdrawnAt === null;
    return {
      letter: { ...letter, author: names(letter.author), approvedBy: letter.approvedBy && names(letter.approvedBy) },
      party: obligation.party,
      stage: obligation.stage,
      obligation: {
        id: obligation.id,
        ...incident.obligations.find((o) => o.id === obligation.id)!.clock,
        settledAt: incident.obligations.find((o) => o.id === obligation.id)!.settledAt,
      },
      incident: { number: dossier.number, title: dossier.title },
      file: incidents.letterFileName(view),
      newer: newer?.id ?? null,
      sent: sent.map((t) => ({ ...t, by: names(t.by) })),
      tries: notifications.tries(
        ctx,
        sent.flatMap((t) => (t.mail ? [t.mail.id] : [])),
      ),
      mailOn: settings.get(ctx, 'mail').enabled,
      signatory: settings.get(ctx, 'signatory'),
      may: {
        edit: alive && can(ctx.actor, 'letters.write') && letter.lockedAt === null,
        approve: alive && can(ctx.actor, 'letters.approve') && letter.approvedAt === null && !own,
        own,
        send:
          alive &&
          can(ctx.actor, 'letters.send') &&
          letter.lockedAt !== null &&
          !sent.some((t) => t.channel === 'email' && t.mail?.state !== 'cancelled'),
        delegate: alive && letter.lockedAt === null ? incidents.delegated(ctx, view) : null,
        retry: alive && can(ctx.actor, 'letters.send'),
        revise: alive && can(ctx.actor, 'letters.write') && letter.lockedAt !== null && !newer,
        mail: can(ctx.actor, 'mail.switch'),
      },
      trail: audit.list(ctx, { target: ['letter', letter.id], limit: 50 }, names),
      now: ctx.now(),
    };
  });

export const actions: Actions = {
  edit: (event) =>
    submitted(event, (ctx, form) => {
      const field = (name: string) => text(form, name);
      incidents.edit(ctx, event.params.id, {
        number: field('number'),
        date: field('date'),
        subject: field('subject'),
        classification: field('classification'),
        addressee: field('addressee'),
        addresseePlace: field('addresseePlace'),
        email: field('email'),
        description: field('description'),
        impact: field('impact'),
        measures: field('measures'),
        misuse: field('misuse') as 'unknown',
        contained: field('contained') as 'no',
      });
    }),
  approve: (event) => submitted(event, (ctx) => incidents.approve(ctx, event.params.id)),
  send: (event) => submitted(event, (ctx) => incidents.send(ctx, event.params.id)),
  withdraw: (event) =>
    submitted(event, (ctx) => {
      const { dossier } = incidents.getLetter(ctx, event.params.id);
      incidents.withdraw(ctx, event.params.id);
      redirect(303, `/incidents/${dossier.number}#kewajiban`);
    }),
  revise: (event) =>
    submitted(event, (ctx) => {
      const { obligation } = incidents.getLetter(ctx, event.params.id);
      redirect(303, `/letters/${incidents.draft(ctx, obligation.id)}`);
    }),
  retry: (event) => submitted(event, (ctx, form) => notifications.retry(ctx, text(form, 'message'))),
};
