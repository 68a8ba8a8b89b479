import { redirect } from '@sveltejs/kit';
import * as auth from '#lib/server/auth/index.ts';
import { forgetSession } from '../../session.ts';
import type { RequestHandler } from './$types';

/** Ends the session on the server, not only in the browser. */
export const POST: RequestHandler = (event) => {
  auth.signOut(event.locals.ctx);
  forgetSession(event);
  redirect(303, '/sign-in?out=1');
};
