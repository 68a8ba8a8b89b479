import * as auth from '#lib/server/auth/index.ts';
import * as certificates from '#lib/server/certificates/index.ts';
import { guarded } from '#lib/server/web.ts';
import { importOutcomes } from '#lib/terms.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = ({ locals, params, url }) =>
  guarded(() => {
    const { ctx } = locals;
    const said = url.searchParams.get('outcome') ?? '';
    const outcome = Object.hasOwn(importOutcomes, said) ? (said as keyof typeof importOutcomes) : undefined;
    const after = Number(url.searchParams.get('after')) || 0;
    const run = certificates.importRun(ctx, params.id, { outcome, after });
    return { run: { ...run, requestedBy: auth.names(ctx)(run.requestedBy) }, outcome: outcome ?? null };
  });
