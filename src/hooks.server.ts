// Every request passes here: who asks and from which network, then the page.
import { randomUUID } from 'node:crypto';
import { redirect, type Handle } from '@sveltejs/kit';
import { sequence } from '@sveltejs/kit/hooks';
import * as auth from '#lib/server/auth/index.ts';
import { contextFor, open } from '#lib/server/runtime.ts';
import { forwardedAddress, networkOf, sessionCookie } from '#lib/server/security.ts';

const identify: Handle = ({ event, resolve }) => {
  const { config } = open();
  const proxied = config.proxy ? forwardedAddress(event.request.headers.get('x-forwarded-for')) : undefined;
  const request = { id: randomUUID(), network: networkOf(proxied ?? event.getClientAddress()) };
  event.locals.user = null;
  event.locals.ctx = contextFor({ kind: 'public' }, request);
  const token = event.cookies.get(sessionCookie(event.url.protocol === 'https:'));
  const user = token ? auth.validate(event.locals.ctx, token) : null;
  if (user) {
    event.locals.user = user;
    event.locals.ctx = contextFor(user, request);
  }
  return resolve(event);
};

const signedIn: Handle = ({ event, resolve }) => {
  if (event.route.id?.startsWith('/(app)') && !event.locals.user) {
    const next = event.request.method === 'GET' ? event.url.pathname + event.url.search : event.url.pathname;
    redirect(303, next === '/' ? '/sign-in' : `/sign-in?next=${encodeURIComponent(next)}`);
  }
  return resolve(event);
};

export const handle = sequence(identify, signedIn);
