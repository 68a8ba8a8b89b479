import { redirect } from '@sveltejs/kit';
import { can } from '#lib/server/permission.ts';
import * as revocation from '#lib/server/revocation/index.ts';
import { guarded, submitted } from '#lib/server/web.ts';
import type { Actions, PageServerLoad } from './$types';

/** Small objects are judged before the page answers; a large list goes on and can be left. */
const PATIENCE = 4000;

export const load: PageServerLoad = ({ locals, depends }) =>
  guarded(() => {
    depends('app:uploads');
    const { ctx } = locals;
    const upload = can(ctx.actor, 'evidence.add');
    const rows = upload ? revocation.uploads(ctx, 50) : [];
    const ids = rows.flatMap(({ carried }) => carried ?? []).flatMap(({ evidenceIds }) => evidenceIds);
    return {
      rows,
      /** What each object is called: files of different issuers often bear one name. */
      names: Object.fromEntries(ids.map((id) => [id, revocation.nameOfEvidence(ctx, id)])),
      // What was sent together, so that nobody counts rows.
      last: Object.groupBy(
        rows.filter(({ requestedAt }) => requestedAt === rows[0]!.requestedAt),
        ({ state }) => (state === 'done' ? 'accepted' : state === 'failed' ? 'refused' : 'open'),
      ),
      refused: revocation.refusedByHand(ctx),
      largest: revocation.LARGEST_EVIDENCE,
      may: { upload },
    };
  });

export const actions: Actions = {
  default: (event) =>
    submitted(event, async (ctx, form) => {
      const files = form.getAll('files').filter((f): f is File => f instanceof File && f.name !== '');
      const given = await Promise.all(
        files.map(async (file) => ({ name: file.name, bytes: new Uint8Array(await file.arrayBuffer()) })),
      );
      const ids = await revocation.requestEvidence(ctx, given);
      const until = performance.now() + PATIENCE;
      for (const id of ids) await revocation.awaited(ctx, id, until - performance.now());
      redirect(303, event.url.pathname);
    }),
};
