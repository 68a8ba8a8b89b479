import * as certificates from '#lib/server/certificates/index.ts';
import { demand } from '#lib/server/permission.ts';
import * as revocation from '#lib/server/revocation/index.ts';
import { guarded } from '#lib/server/web.ts';
import type { PageServerLoad } from './$types';

const LIMIT = 50;

export const load: PageServerLoad = ({ locals, url }) =>
  guarded(() => {
    const { ctx } = locals;
    demand(ctx.actor, 'certificates.view');
    const all = revocation.waitingRevocations(ctx);
    const after = url.searchParams.get('after');
    const start = after ? all.certificates.findIndex(({ id }) => id === after) + 1 : 0;
    const shown = all.certificates.slice(start, start + LIMIT);
    const more = start + shown.length < all.certificates.length;
    return {
      clock: revocation.clock(ctx),
      total: all.certificates.length,
      rows: shown.map(({ id, status, evidenceId }) => {
        const { holder, commonName, agency, label } = certificates.get(ctx, id);
        return {
          ...{ id, label, status },
          name: holder?.name ?? commonName,
          agency: agency && { code: agency.code, name: agency.name },
          evidence: { id: evidenceId, name: revocation.nameOfEvidence(ctx, evidenceId) },
        };
      }),
      next: more ? shown.at(-1)!.id : null,
      unread: all.unread.map((id) => ({ id, name: revocation.nameOfEvidence(ctx, id) })),
    };
  });
