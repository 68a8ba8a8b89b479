import * as audit from '#lib/server/audit/index.ts';
import * as auth from '#lib/server/auth/index.ts';
import * as evaluations from '#lib/server/evaluations/index.ts';
import { can } from '#lib/server/permission.ts';
import { guarded, submitted, text } from '#lib/server/web.ts';
import { evidenceOf } from '../../evaluations/evidence-file.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = ({ locals, params }) =>
  guarded(() => {
    const { ctx } = locals;
    const { finding, steps, roundCode, repeats, repeatedBy, rows } = evaluations.findings.get(ctx, params.number);
    const names = auth.names(ctx);
    const me = audit.actorKey(ctx.actor);
    const { standing } = finding;
    const open = standing.state !== 'closed';
    const asked = steps.findLast((step) => step.kind === 'extension_asked');
    return {
      finding: { ...finding, adoptedBy: names(finding.adoptedBy) },
      steps: steps.map((step) => ({ ...step, by: names(step.by) })),
      rows,
      roundCode,
      repeats,
      repeatedBy,
      now: ctx.now(),
      trail: audit.list(ctx, { target: ['finding', finding.id], limit: 20 }, names),
      may: {
        answer: can(ctx.actor, 'findings.answer') && open && standing.state !== 'submitted',
        plan: can(ctx.actor, 'findings.answer') && standing.state === 'open',
        extend: can(ctx.actor, 'findings.answer') && open && standing.extensionAsked === null,
        decideExtension:
          can(ctx.actor, 'findings.verify') && open && standing.extensionAsked !== null && asked?.by !== me,
        verify: can(ctx.actor, 'findings.verify') && open && !standing.doers.includes(me),
        /** Why somebody who otherwise could may not verify. */
        isDoer: can(ctx.actor, 'findings.verify') && standing.state === 'submitted' && standing.doers.includes(me),
        effect:
          can(ctx.actor, 'findings.verify') &&
          standing.code === 1 &&
          !open &&
          standing.effectiveness === null &&
          !standing.doers.includes(me),
        isHead: ctx.actor.kind === 'user' && ctx.actor.roles.includes('head'),
      },
    };
  });

export const actions: Actions = {
  plan: (event) =>
    submitted(event, (ctx, form) => {
      evaluations.findings.plan(ctx, event.params.number, {
        text: text(form, 'text'),
        dueOn: text(form, 'dueOn'),
        cause: text(form, 'cause'),
      });
      return { done: 'Rencana tersimpan.' };
    }),
  progress: (event) =>
    submitted(event, async (ctx, form) => {
      const evidence = await evidenceOf(ctx, form, 'evidence');
      const given = { text: text(form, 'text'), ...(evidence ? { evidence } : {}) };
      if (text(form, 'done') === 'yes') {
        evaluations.findings.submit(ctx, event.params.number, given);
        return { done: 'Tindak lanjut diserahkan untuk diverifikasi.' };
      }
      evaluations.findings.progress(ctx, event.params.number, given);
      return { done: 'Kemajuan tersimpan.' };
    }),
  extend: (event) =>
    submitted(event, (ctx, form) => {
      evaluations.findings.askExtension(ctx, event.params.number, {
        dueOn: text(form, 'dueOn'),
        text: text(form, 'text'),
      });
      return { done: 'Permintaan perpanjangan tercatat.' };
    }),
  decide: (event) =>
    submitted(event, (ctx, form) => {
      evaluations.findings.decideExtension(
        ctx,
        event.params.number,
        text(form, 'granted') === 'yes',
        text(form, 'reason'),
      );
      return { done: 'Keputusan perpanjangan tercatat.' };
    }),
  verify: (event) =>
    submitted(event, async (ctx, form) => {
      const evidence = await evidenceOf(ctx, form, 'evidence');
      const ground = text(form, 'ground');
      evaluations.findings.verify(ctx, event.params.number, {
        code: Number(text(form, 'code')) as 1 | 2 | 3 | 4,
        text: text(form, 'text'),
        ...(ground ? { ground: ground as 'court' } : {}),
        ...(evidence ? { evidence } : {}),
      });
      return { done: 'Verifikasi tercatat.' };
    }),
  effect: (event) =>
    submitted(event, (ctx, form) => {
      const again = evaluations.findings.checkEffect(ctx, event.params.number, {
        effective: text(form, 'effective') === 'yes',
        text: text(form, 'text'),
      });
      return { done: again ? `Tidak efektif: temuan baru ${again} dibuat.` : 'Dinilai efektif.' };
    }),
};
