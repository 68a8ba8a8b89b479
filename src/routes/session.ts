// The session cookie: named for its host where there is TLS, never readable by scripts, not sent along from other sites.
import type { RequestEvent } from '@sveltejs/kit';
import type { SignedIn } from '#lib/server/auth/index.ts';
import { deviceOf } from '#lib/server/auth/index.ts';
import { sessionCookie } from '#lib/server/security.ts';

const tls = (event: RequestEvent): boolean => event.url.protocol === 'https:';
const options = (event: RequestEvent) => ({ path: '/', httpOnly: true, sameSite: 'lax', secure: tls(event) }) as const;

export function keepSession(event: RequestEvent, { token, endsAt }: SignedIn): void {
  event.cookies.set(sessionCookie(tls(event)), token, { ...options(event), expires: new Date(endsAt) });
}

export const forgetSession = (event: RequestEvent): void =>
  event.cookies.delete(sessionCookie(tls(event)), options(event));

/** Browser and system in words, for the list of own sessions. */
export const deviceFor = (event: RequestEvent): string => deviceOf(event.request.headers.get('user-agent'));
