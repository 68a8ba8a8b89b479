import * as audit from '#lib/server/audit/index.ts';
import * as auth from '#lib/server/auth/index.ts';
import * as certificates from '#lib/server/certificates/index.ts';
import { can } from '#lib/server/permission.ts';
import * as revocation from '#lib/server/revocation/index.ts';
import { guarded, submitted, text } from '#lib/server/web.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = ({ locals, params, url }) =>
  guarded(() => {
    const { ctx } = locals;
    const names = auth.names(ctx);
    const signal = revocation.signal(ctx, params.id);
    const about = signal.certificateId
      ? (['certificate', signal.certificateId] as const)
      : signal.object && (['evidence', signal.object] as const);
    const marks = signal.certificateId ? certificates.get(ctx, signal.certificateId).marks : [];
    return {
      signal: {
        ...signal,
        by: signal.settledBy && (signal.settledBy === 'system' ? 'Siaga' : names(signal.settledBy)),
      },
      /** The open incident of its certificate: there the question goes on. */
      incident: marks.find((mark) => mark.kind === 'open_incident')?.ref ?? null,
      trail: about ? audit.list(ctx, { target: [...about], limit: 10 }, names) : [],
      reviewing: url.searchParams.get('review') === '1',
      may: {
        settle: can(ctx.actor, 'revocation.check'),
        renumber: can(ctx.actor, 'revocation.renumber'),
        report: can(ctx.actor, 'incidents.report'),
      },
    };
  });

export const actions: Actions = {
  settle: (event) =>
    submitted(event, (ctx, form) => {
      const cleared = revocation.outcomeOf(text(form, 'cleared'));
      revocation.settleSignal(ctx, event.params.id, text(form, 'reason'), cleared);
      return { said: 'Ditandai selesai; alasannya tercatat dan status tidak berubah.' };
    }),
  renumber: (event) =>
    submitted(event, (ctx, form) => {
      const given = { reason: text(form, 'reason'), shown: text(form, 'shown') };
      revocation.acceptRenumbering(ctx, event.params.id, given);
      return {
        said: 'Penomoran baru diterima dan tercatat. Statusnya berubah hanya oleh CRL yang diambil sesudah ini.',
      };
    }),
};
