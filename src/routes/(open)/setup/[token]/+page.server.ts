import { redirect } from '@sveltejs/kit';
import * as auth from '#lib/server/auth/index.ts';
import { guarded, submitted, text } from '#lib/server/web.ts';
import { deviceFor, keepSession } from '../../../session.ts';

export const load = ({ locals, params }) =>
  guarded(() => ({
    works: auth.linkHolder(locals.ctx, 'setup', params.token) !== null,
    minLength: auth.PASSWORD_MIN_LENGTH,
  }));

export const actions = {
  default: (event) =>
    submitted(event, async (ctx, form) => {
      const founder = {
        name: text(form, 'name'),
        email: text(form, 'email'),
        password: String(form.get('password') ?? ''),
      };
      keepSession(event, await auth.completeSetup(ctx, event.params.token, founder, deviceFor(event)));
      redirect(303, '/start');
    }),
};
