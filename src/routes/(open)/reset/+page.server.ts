import * as auth from '#lib/server/auth/index.ts';
import { open } from '#lib/server/runtime.ts';
import * as settings from '#lib/server/settings/index.ts';
import { guarded, submitted, text } from '#lib/server/web.ts';

// The link in the mail names the configured address, never the one a request brings: a forged Host would steal it.
export const load = ({ locals }) =>
  guarded(() => ({ possible: open().config.origin !== '' && settings.get(locals.ctx, 'mail').enabled }));

export const actions = {
  default: (event) =>
    submitted(event, (ctx, form) => {
      auth.requestReset(ctx, text(form, 'email'), open().config.origin);
      return { asked: true };
    }),
};
