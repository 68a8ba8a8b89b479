import * as audit from '#lib/server/audit/index.ts';
import * as auth from '#lib/server/auth/index.ts';
import { outbound } from '#lib/server/outbound/index.ts';
import { can } from '#lib/server/permission.ts';
import * as revocation from '#lib/server/revocation/index.ts';
import { guarded, submitted } from '#lib/server/web.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = ({ locals, params }) =>
  guarded(() => {
    const { ctx } = locals;
    return {
      now: ctx.now(),
      source: revocation.source(ctx, params.id),
      trail: audit.list(ctx, { target: ['source', params.id], limit: 20 }, auth.names(ctx)),
      may: { check: can(ctx.actor, 'revocation.check') },
    };
  });

export const actions: Actions = {
  /** One address, asked at once: at most 30 seconds, usually one. */
  default: (event) =>
    submitted(event, async (ctx) => {
      revocation.source(ctx, event.params.id);
      const result = await revocation.sweep(ctx, { outbound, sources: [event.params.id] });
      return {
        said:
          revocation.inWords(result) ?? 'Sumber ini ditanya satu per satu untuk sertifikat yang memerlukannya (OCSP).',
        bad: result.failed + result.refused > 0,
      };
    }),
};
