import * as audit from '#lib/server/audit/index.ts';
import * as auth from '#lib/server/auth/index.ts';
import { can, mayOpen } from '#lib/server/permission.ts';
import * as revocation from '#lib/server/revocation/index.ts';
import { guarded, submitted, text } from '#lib/server/web.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = ({ locals, params }) =>
  guarded(() => {
    const { ctx } = locals;
    const names = auth.names(ctx);
    const { quarantine, ...source } = revocation.source(ctx, params.id);
    return {
      now: ctx.now(),
      source,
      quarantine: quarantine && { ...quarantine, by: quarantine.decidedBy && names(quarantine.decidedBy) },
      clock: revocation.clock(ctx),
      trail: audit.list(ctx, { target: ['source', params.id], limit: 20 }, names),
      may: {
        check: can(ctx.actor, 'revocation.check'),
        upload: can(ctx.actor, 'evidence.add'),
        agencies: mayOpen(ctx.actor, '/agencies'),
        trust: mayOpen(ctx.actor, '/trust'),
      },
    };
  });

export const actions: Actions = {
  /** Jobs ask it; usually the answer is there before the page is. */
  check: (event) =>
    submitted(event, async (ctx) => {
      const asked = await revocation.awaited(ctx, revocation.requestSource(ctx, event.params.id), 8000);
      const { state, text: said } = asked;
      return {
        said: said ?? 'Sumber sedang ditanya oleh tugas latar belakang; muat ulang halaman ini sebentar lagi.',
        bad: state === 'failed',
      };
    }),
  quarantine: (event) =>
    submitted(event, (ctx, form) => {
      const decision = text(form, 'decision') === 'release' ? 'release' : 'keep';
      revocation.decideQuarantine(ctx, text(form, 'evidence'), { decision, reason: text(form, 'reason') });
      return {
        said:
          decision === 'release'
            ? 'Karantina dilepas; sapuan berikutnya menerapkannya.'
            : 'Tetap ditahan; alasannya tercatat.',
        bad: false,
      };
    }),
};
