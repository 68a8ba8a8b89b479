import * as auth from '#lib/server/auth/index.ts';
import * as notifications from '#lib/server/notifications/index.ts';
import { open } from '#lib/server/runtime.ts';
import { can } from '#lib/server/permission.ts';
import * as settings from '#lib/server/settings/index.ts';
import { guarded, submitted, text } from '#lib/server/web.ts';
import { messageStates } from '#lib/terms.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = ({ locals: { ctx }, url }) =>
  guarded(() => {
    const wanted = url.searchParams.get('state') ?? '';
    const state = Object.hasOwn(messageStates, wanted) ? (wanted as keyof typeof messageStates) : undefined;
    const page = notifications.list(ctx, {
      ...(state ? { state } : {}),
      ...(url.searchParams.get('after') ? { after: url.searchParams.get('after')! } : {}),
    });
    const tries = Map.groupBy(
      notifications.tries(
        ctx,
        page.rows.map((row) => row.id),
      ),
      (t) => t.messageId,
    );
    const mail = settings.get(ctx, 'mail');
    return {
      state: state ?? null,
      counts: notifications.counts(ctx),
      rows: page.rows.map((row) => ({ ...row, tries: tries.get(row.id) ?? [] })),
      next: page.next,
      held: mail.enabled ? [] : notifications.preview(ctx),
      mail,
      server: open().config.smtpUrl !== '',
      may: {
        switch: can(ctx.actor, 'mail.switch'),
        letters: can(ctx.actor, 'letters.view'),
        retry: can(ctx.actor, 'letters.send') || can(ctx.actor, 'mail.switch'),
      },
      address: auth.self(ctx).email,
      now: ctx.now(),
    };
  });

const sender = (form: FormData) => ({
  from: text(form, 'from'),
  replyTo: text(form, 'replyTo'),
  source: text(form, 'source'),
});

export const actions: Actions = {
  sender: (event) => submitted(event, (ctx, form) => notifications.setSender(ctx, sender(form))),
  test: (event) =>
    submitted(event, (ctx, form) => {
      notifications.sendTest(ctx, text(form, 'recipient'));
      return { tested: true };
    }),
  on: (event) =>
    submitted(event, (ctx, form) => notifications.switchOn(ctx, sender(form), form.getAll('release').map(String))),
  off: (event) => submitted(event, (ctx, form) => notifications.switchOff(ctx, text(form, 'reason'))),
  retry: (event) => submitted(event, (ctx, form) => notifications.retry(ctx, text(form, 'id'))),
  cancel: (event) => submitted(event, (ctx, form) => notifications.cancel(ctx, text(form, 'id'), text(form, 'reason'))),
};
