import { redirect } from '@sveltejs/kit';
import * as auth from '#lib/server/auth/index.ts';
import { guarded, submitted } from '#lib/server/web.ts';
import { deviceFor, keepSession } from '../../../session.ts';

export const load = ({ locals, params }) =>
  guarded(() => ({
    holder: auth.linkHolder(locals.ctx, 'invitation', params.token),
    minLength: auth.PASSWORD_MIN_LENGTH,
  }));

export const actions = {
  default: (event) =>
    submitted(event, async (ctx, form) => {
      const password = String(form.get('password') ?? '');
      keepSession(event, await auth.acceptInvitation(ctx, event.params.token, password, deviceFor(event)));
      redirect(303, '/');
    }),
};
