import * as revocation from '#lib/server/revocation/index.ts';
import { can } from '#lib/server/permission.ts';
import { open } from '#lib/server/runtime.ts';
import { guarded, submitted } from '#lib/server/web.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = ({ locals, depends }) =>
  guarded(() => {
    depends('app:reach');
    const { ctx } = locals;
    return {
      now: ctx.now(),
      reach: revocation.reachability(ctx, open().config.smtpUrl),
      clock: revocation.clock(ctx),
      may: { run: can(ctx.actor, 'reach.test') },
    };
  });

export const actions: Actions = {
  default: (event) =>
    submitted(event, (ctx) => {
      revocation.requestReachability(ctx);
      return { said: 'Pengujian diminta; hasilnya muncul di halaman ini dalam beberapa detik.' };
    }),
};
