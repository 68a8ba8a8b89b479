import { setTimeout as wait } from 'node:timers/promises';
import { redirect } from '@sveltejs/kit';
import * as agencies from '#lib/server/agencies/index.ts';
import * as certificates from '#lib/server/certificates/index.ts';
import { LIMITS } from '#lib/server/containers/index.ts';
import { demand, mayOpen } from '#lib/server/permission.ts';
import { guarded, submittedFiles } from '#lib/server/web.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = ({ locals, url }) =>
  guarded(() => {
    const { ctx } = locals;
    demand(ctx.actor, 'certificates.import');
    return {
      agencies: agencies.choices(ctx).map(({ code, name }) => ({ value: code, label: name })),
      people: {
        count: certificates.holders(ctx, { limit: 1, kind: 'person' }).total,
        first: url.searchParams.get('kind') === 'personnel',
      },
      anchors: certificates.authorities(ctx).filter((row) => row.trust === 'anchor').length,
      may: { record: mayOpen(ctx.actor, '/certificates/new'), holders: mayOpen(ctx.actor, '/holders/new') },
      largest: LIMITS.archiveBytes,
      largestSheet: LIMITS.fileBytes,
    };
  });

const TEXT_BYTES = 8 * 2 ** 20;

export const actions: Actions = {
  files: (event) => {
    const limits = {
      act: 'certificates.import' as const,
      fileBytes: LIMITS.archiveBytes,
      files: 10_000,
      textBytes: TEXT_BYTES,
    };
    return submittedFiles(event, limits, async (ctx, { values, files }) => {
      const code = values.get('agency');
      const agencyId = code ? agencies.get(ctx, code).id : null;
      const pasted = certificates.pastedFile(values.get('pasted') ?? '');
      const taken = files.splice(0);
      const sent = pasted ? [...taken, pasted] : taken;
      leadOn(await begun(certificates.receiveImport(ctx, { files: sent, agencyId })));
    });
  },
  personnel: (event) => {
    const limits = { act: 'holders.edit' as const, fileBytes: LIMITS.fileBytes, files: 20, textBytes: TEXT_BYTES };
    return submittedFiles(event, limits, async (ctx, { values, files }) => {
      const pasted = certificates.pastedFile(values.get('pasted') ?? '', 'personnel');
      const taken = files.splice(0);
      const sent = pasted ? [...taken, pasted] : taken;
      leadOn(await begun(certificates.receiveImport(ctx, { files: sent, kind: 'personnel' })));
    });
  },
};

/** Small uploads are looked through by then, and the first page already says how it went. */
const PATIENCE = 3_000;

async function begun(received: ReturnType<typeof certificates.receiveImport>): Promise<{ id: string }[]> {
  const { runs, looked } = await received;
  await Promise.race([looked, wait(PATIENCE)]);
  return runs;
}

/** One run has its own page; several stand together in the list. */
function leadOn(runs: { id: string }[]): never {
  redirect(303, runs.length === 1 ? `/imports/${runs[0]!.id}` : '/imports');
}
