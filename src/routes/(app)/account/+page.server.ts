import { redirect } from '@sveltejs/kit';
import * as agencies from '#lib/server/agencies/index.ts';
import * as auth from '#lib/server/auth/index.ts';
import { guarded, submitted, text } from '#lib/server/web.ts';

export const load = ({ locals }) =>
  guarded(() => {
    const { ctx, user } = locals;
    if (!user) redirect(303, '/sign-in?next=/account');
    const agency = user.agencyId ? agencies.byId(ctx, user.agencyId) : null;
    return {
      me: auth.self(ctx),
      agency: agency && { name: agency.name, code: agency.code },
      sessions: auth.sessions(ctx),
      now: ctx.now(),
      minLength: auth.PASSWORD_MIN_LENGTH,
    };
  });

export const actions = {
  password: (event) =>
    submitted(event, async (ctx, form) => {
      const secret = (name: string) => String(form.get(name) ?? '');
      await auth.changePassword(ctx, { current: secret('current'), password: secret('password') });
      return { done: 'Kata sandi diganti; sesi lain diakhiri.' };
    }),
  revoke: (event) =>
    submitted(event, (ctx, form) => {
      const name = text(form, 'name');
      auth.revoke(ctx, { name });
      return { done: 'Sesi diakhiri.' };
    }),
  others: (event) =>
    submitted(event, (ctx) => {
      const count = auth.revoke(ctx, 'others');
      return { done: count ? `${count} sesi lain diakhiri.` : 'Tidak ada sesi lain.' };
    }),
};
