import { redirect } from '@sveltejs/kit';
import * as audit from '#lib/server/audit/index.ts';
import * as auth from '#lib/server/auth/index.ts';
import * as certificates from '#lib/server/certificates/index.ts';
import { can, mayOpen } from '#lib/server/permission.ts';
import * as revocation from '#lib/server/revocation/index.ts';
import { guarded, submitted, text } from '#lib/server/web.ts';
import type { Actions, PageServerLoad } from './$types';

/** More issuers than this are listed without their decisions' history. */
const WITH_TRAIL = 60;

export const load: PageServerLoad = ({ locals }) =>
  guarded(() => {
    const { ctx } = locals;
    const names = auth.names(ctx);
    const rows = certificates.authorities(ctx);
    const traits = certificates.traits(ctx);
    return {
      now: ctx.now(),
      authorities: rows.map((row) => ({
        ...row,
        decidedBy: row.decidedBy ? names(row.decidedBy) : null,
        traits: traits.filter((trait) => trait.authorityId === row.id),
        trail: rows.length <= WITH_TRAIL ? audit.list(ctx, { target: ['authority', row.id], limit: 10 }, names) : [],
      })),
      counted: certificates.countedAt(ctx),
      progress: certificates.chainProgress(ctx),
      hosts: revocation
        .issuerHosts(ctx)
        .map((host) => ({ ...host, decision: host.decision && { ...host.decision, by: names(host.decision.by) } })),
      may: {
        decide: can(ctx.actor, 'trust.decide'),
        settings: mayOpen(ctx.actor, '/system/settings'),
        import: can(ctx.actor, 'certificates.import'),
        certificates: can(ctx.actor, 'certificates.view'),
        audit: can(ctx.actor, 'audit.view'),
      },
    };
  });

export const actions: Actions = {
  accept: (event) =>
    submitted(event, (ctx, form) => {
      const input = {
        decision: 'accept' as const,
        fingerprint: text(form, 'fingerprint'),
        note: text(form, 'note'),
        despite: text(form, 'despite') === '1',
      };
      certificates.decideTrust(ctx, text(form, 'id'), input);
      redirect(303, `/trust?accepted=${text(form, 'id')}#penerbit-${text(form, 'id')}`);
    }),
  reject: (event) =>
    submitted(event, (ctx, form) => {
      certificates.decideTrust(ctx, text(form, 'id'), { decision: 'reject', note: text(form, 'note') });
      redirect(303, `/trust#penerbit-${text(form, 'id')}`);
    }),
  host: (event) =>
    submitted(event, (ctx, form) => {
      const decision = text(form, 'decision') as 'allowed' | 'withdrawn' | 'refused';
      revocation.decideHost(ctx, { host: text(form, 'host'), decision, reason: text(form, 'reason') });
      redirect(303, '/trust#belum-ada');
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
