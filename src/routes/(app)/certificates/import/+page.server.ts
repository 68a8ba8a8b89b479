import { redirect } from '@sveltejs/kit';
import * as agencies from '#lib/server/agencies/index.ts';
import * as certificates from '#lib/server/certificates/index.ts';
import { demand } from '#lib/server/permission.ts';
import { guarded, submitted, text } from '#lib/server/web.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = ({ locals }) =>
  guarded(() => {
    const { ctx } = locals;
    demand(ctx.actor, 'certificates.import');
    return {
      agencies: agencies.list(ctx).map(({ code, name }) => ({ value: code, label: name })),
      people: certificates.holders(ctx, { limit: 1, kind: 'person' }).total,
      anchors: certificates.authorities(ctx).filter((row) => row.trust === 'anchor').length,
    };
  });

export const actions: Actions = {
  files: (event) =>
    submitted(event, async (ctx, form) => {
      demand(ctx.actor, 'certificates.import');
      const code = text(form, 'agency');
      const files = [...(await uploads(form)), ...pasted(text(form, 'pasted'))];
      const agencyId = code ? agencies.get(ctx, code).id : null;
      leadOn(await certificates.requestImport(ctx, { files, agencyId }));
    }),
  personnel: (event) =>
    submitted(event, async (ctx, form) => {
      demand(ctx.actor, 'holders.edit');
      leadOn(await certificates.requestImport(ctx, { files: await uploads(form), kind: 'personnel' }));
    }),
};

async function uploads(form: FormData): Promise<certificates.Upload[]> {
  const files = form.getAll('files').filter((part): part is File => part instanceof File && part.name !== '');
  return Promise.all(files.map(async (file) => ({ name: file.name, bytes: new Uint8Array(await file.arrayBuffer()) })));
}

const pasted = (pem: string): certificates.Upload[] => (pem ? [{ name: 'tempelan.pem', bytes: Buffer.from(pem) }] : []);

/** One run has its own page; several stand together in the list. */
function leadOn(runs: { id: string }[]): never {
  redirect(303, runs.length === 1 ? `/imports/${runs[0]!.id}` : '/imports');
}
