import { redirect, type RequestEvent } from '@sveltejs/kit';
import * as auth from '#lib/server/auth/index.ts';
import { open } from '#lib/server/runtime.ts';
import { forwardedAddress, isLoopback, isLoopbackHost, ownPath } from '#lib/server/security.ts';
import * as incidents from '#lib/server/incidents/index.ts';
import * as settings from '#lib/server/settings/index.ts';
import { guarded, submitted, text } from '#lib/server/web.ts';
import { ROLES, type Role } from '#lib/server/permission.ts';
import { deviceFor, keepSession } from '../../session.ts';

/** Where to go on to: a page of ours, never back to signing in. */
const onward = (url: URL): string => {
  const next = ownPath(url.searchParams.get('next'));
  return /^\/(sign-in|sign-out)(\/|\?|$)/.test(next) ? '/' : next;
};

/** The demo's cards: only in the demo, only for a browser on this machine that calls it by its own name. */
const edgeOf = (event: RequestEvent) => ({
  demo: open().config.demo,
  loopback:
    isLoopback(event.getClientAddress()) &&
    isLoopbackHost(event.url.hostname) &&
    !forwardedAddress(event.request.headers.get('x-forwarded-for')),
  device: deviceFor(event),
});

export const load = (event) =>
  guarded(() => {
    const { ctx, user } = event.locals;
    if (user) redirect(303, onward(event.url));
    const office = settings.get(ctx, 'office');
    const edge = edgeOf(event);
    return {
      office: { name: office.name, city: office.city },
      dutyPhone: incidents.onDuty(ctx).phone,
      cards: edge.demo && edge.loopback ? auth.demoPeople(ctx, ROLES) : null,
      setUp: auth.isSetUp(ctx) || edge.demo,
      notice: event.url.searchParams.has('out') ? 'out' : event.url.searchParams.has('reset') ? 'reset' : null,
      next: onward(event.url),
    };
  });

export const actions = {
  enter: (event) =>
    submitted(event, async (ctx, form) => {
      const credentials = { email: text(form, 'email'), password: String(form.get('password') ?? '') };
      keepSession(event, await auth.signIn(ctx, credentials, deviceFor(event)));
      redirect(303, onward(event.url));
    }),
  demo: (event) =>
    submitted(event, (ctx, form) => {
      keepSession(event, auth.demoSignIn(ctx, text(form, 'role') as Role, edgeOf(event)));
      redirect(303, onward(event.url));
    }),
};
