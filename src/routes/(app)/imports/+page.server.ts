import * as auth from '#lib/server/auth/index.ts';
import * as certificates from '#lib/server/certificates/index.ts';
import { can } from '#lib/server/permission.ts';
import { guarded } from '#lib/server/web.ts';
import { importFilterOf } from './filter.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = ({ locals, url }) =>
  guarded(() => {
    const { ctx } = locals;
    const names = auth.names(ctx);
    const found = certificates.imports(ctx, { ...importFilterOf(url.searchParams), names });
    return {
      ...found,
      mayImport: can(ctx.actor, 'certificates.import'),
      rows: found.rows.map((run) => ({ ...run, requestedBy: names(run.requestedBy) })),
      further: url.searchParams.has('before'),
    };
  });
