import { can } from '#lib/server/permission.ts';
import * as revocation from '#lib/server/revocation/index.ts';
import { guarded, submitted, text } from '#lib/server/web.ts';
import { number } from '#lib/format.ts';
import type { Actions, PageServerLoad } from './$types';

const kindOf = (value: string | null) => revocation.SIGNAL_KINDS.find((kind) => kind === value);

export const load: PageServerLoad = ({ locals, url }) =>
  guarded(() => {
    const { ctx } = locals;
    const state = url.searchParams.get('state') === 'settled' ? ('settled' as const) : ('open' as const);
    const kind = kindOf(url.searchParams.get('kind'));
    const after = url.searchParams.get('after') ?? undefined;
    // What one object raised, one by one: only of one kind.
    const evidenceId = (kind && url.searchParams.get('evidence')) || undefined;
    return {
      now: ctx.now(),
      state,
      kind: kind ?? '',
      evidence: evidenceId ?? '',
      list: revocation.signalList(ctx, { state, kind, evidenceId, after }),
      may: { settle: can(ctx.actor, 'revocation.check') },
    };
  });

export const actions: Actions = {
  settle: (event) =>
    submitted(event, (ctx, form) => {
      const count = revocation.settleSignals(
        ctx,
        { kind: text(form, 'kind'), evidenceId: text(form, 'evidence') },
        {
          reason: text(form, 'reason'),
          expected: Number(text(form, 'expected')),
          cleared: revocation.outcomeOf(text(form, 'cleared')),
        },
      );
      return { said: `${number(count)} ditandai selesai; alasannya tercatat dan status tidak berubah.` };
    }),
};
