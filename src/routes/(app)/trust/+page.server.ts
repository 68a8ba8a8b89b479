import { redirect } from '@sveltejs/kit';
import * as auth from '#lib/server/auth/index.ts';
import * as certificates from '#lib/server/certificates/index.ts';
import { can } from '#lib/server/permission.ts';
import { guarded, submitted, text } from '#lib/server/web.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = ({ locals }) =>
  guarded(() => {
    const { ctx } = locals;
    const names = auth.names(ctx);
    const rows = certificates
      .authorities(ctx)
      .map((row) => ({ ...row, decidedBy: row.decidedBy ? names(row.decidedBy) : null }));
    const order = { proposed: 0, anchor: 1, candidate: 2, rejected: 3 };
    return {
      now: ctx.now(),
      authorities: rows.sort((a, b) => order[a.trust] - order[b.trust] || b.certificates - a.certificates),
      traits: certificates.traits(ctx),
      may: { decide: can(ctx.actor, 'trust.decide'), import: can(ctx.actor, 'certificates.import') },
    };
  });

export const actions: Actions = {
  accept: (event) =>
    submitted(event, (ctx, form) => {
      const input = { decision: 'accept' as const, fingerprint: text(form, 'fingerprint'), note: text(form, 'note') };
      certificates.decideTrust(ctx, text(form, 'id'), input);
      redirect(303, `/trust#penerbit-${text(form, 'id')}`);
    }),
  reject: (event) =>
    submitted(event, (ctx, form) => {
      certificates.decideTrust(ctx, text(form, 'id'), { decision: 'reject', note: text(form, 'note') });
      redirect(303, `/trust#penerbit-${text(form, 'id')}`);
    }),
  add: (event) =>
    submitted(event, async (ctx, form) => {
      const files = form.getAll('files').filter((part): part is File => part instanceof File && part.name !== '');
      const uploads = await Promise.all(
        files.map(async (file) => ({ name: file.name, bytes: new Uint8Array(await file.arrayBuffer()) })),
      );
      const added = await certificates.proposeFiles(ctx, uploads);
      redirect(303, `/trust#penerbit-${added[0]!.id}`);
    }),
};
