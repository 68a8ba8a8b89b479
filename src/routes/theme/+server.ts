// Light, dark or as the system: a cookie of the browser, read by hooks.server.ts when the page is written.
import { redirect } from '@sveltejs/kit';
import type { RequestHandler } from './$types';

const YEAR = 60 * 60 * 24 * 365;

export const POST: RequestHandler = async ({ request, cookies, url }) => {
  const form = await request.formData();
  const theme = String(form.get('theme'));
  const options = { path: '/', sameSite: 'lax', secure: url.protocol === 'https:' } as const;
  if (theme === 'light' || theme === 'dark') cookies.set('theme', theme, { ...options, maxAge: YEAR });
  else cookies.delete('theme', options);
  redirect(303, ownPath(String(form.get('next') ?? '/'), url));
};

/** A path of this site, never another host. */
function ownPath(next: string, here: URL): string {
  const target = new URL(next, here);
  return target.origin === here.origin ? target.pathname + target.search : '/';
}
