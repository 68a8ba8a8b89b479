import { redirect } from '@sveltejs/kit';
import * as auth from '#lib/server/auth/index.ts';
import { guarded, submitted } from '#lib/server/web.ts';

export const load = ({ locals, params }) =>
  guarded(() => ({
    holder: auth.linkHolder(locals.ctx, 'reset', params.token),
    minLength: auth.PASSWORD_MIN_LENGTH,
  }));

export const actions = {
  default: (event) =>
    submitted(event, async (ctx, form) => {
      await auth.resetPassword(ctx, event.params.token, String(form.get('password') ?? ''));
      redirect(303, '/sign-in?reset=1');
    }),
};
