import { error, redirect } from '@sveltejs/kit';
import * as audit from '#lib/server/audit/index.ts';
import * as auth from '#lib/server/auth/index.ts';
import { invalid } from '#lib/server/errors.ts';
import { can } from '#lib/server/permission.ts';
import * as reports from '#lib/server/reports/index.ts';
import { guarded, submitted, text } from '#lib/server/web.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = ({ locals: { ctx }, params, depends }) =>
  guarded(() => {
    depends('app:report');
    const detail = reports.get(ctx, params.id);
    const { report, snapshot } = detail;
    const names = auth.names(ctx);
    return {
      now: ctx.now(),
      id: report.id,
      title: detail.title,
      periodWords: detail.periodWords,
      dueAt: detail.dueAt,
      barred: detail.barred,
      interim: detail.interim,
      recipient: detail.recipient,
      report: {
        number: report.number,
        version: report.version,
        state: report.state,
        progress: report.progress,
        message: report.message,
        attempts: report.attempts,
        retryAt: report.retryAt,
        reason: report.reason,
        letterNumber: report.letterNumber,
        contentHash: report.contentHash,
        pdfSha256: report.pdfSha256,
        draftSha256: report.draftSha256,
        requestedBy: names(report.requestedBy),
        requestedAt: report.requestedAt,
        editedBy: report.editedBy && names(report.editedBy),
        builtAt: report.builtAt,
        recomputedAt: report.recomputedAt,
        differences: report.differences,
        approvedBy: report.approvedBy && names(report.approvedBy),
        approvedAt: report.approvedAt,
      },
      snapshot: snapshot && {
        number: snapshot.number,
        stateAt: snapshot.stateAt,
        takenAt: snapshot.takenAt,
        size: snapshot.asOfSize,
        root: snapshot.asOfRoot,
      },
      narrative: Object.entries(report.narrative).map(([section, template]) => ({
        section,
        name: reports.sectionName(section),
        template,
      })),
      figures: detail.figures,
      warnings: detail.warnings.map((w) => ({ ...w, name: reports.sectionName(w.section) })),
      versions: detail.versions.map((v) => ({
        id: v.id,
        number: v.number,
        version: v.version,
        state: v.state,
        at: v.approvedAt ?? v.builtAt ?? v.requestedAt,
        reason: v.reason,
      })),
      dispatches: detail.dispatches.map((d) => ({ ...d, by: names(d.by) })),
      trail: audit.list(ctx, { target: ['report', report.id], limit: 30 }, names),
      may: {
        take: can(ctx.actor, 'reports.take'),
        approve: can(ctx.actor, 'reports.approve'),
        send: can(ctx.actor, 'reports.send'),
      },
    };
  });

const MAX_PROOF = 10 * 1024 * 1024;

export const actions: Actions = {
  edit: (event) =>
    submitted(event, (ctx, form) => {
      const narrative = Object.fromEntries(
        [...form.keys()].filter((key) => key.startsWith('section-')).map((key) => [key.slice(8), text(form, key)]),
      );
      reports.edit(ctx, event.params.id!, { narrative, letterNumber: text(form, 'letterNumber') });
      redirect(303, `/reports/${event.params.id}`);
    }),
  refresh: (event) =>
    submitted(event, (ctx) => {
      reports.refresh(ctx, event.params.id!);
      redirect(303, `/reports/${event.params.id}`);
    }),
  recompute: (event) => submitted(event, (ctx) => ({ differences: reports.recompute(ctx, event.params.id!) })),
  approve: (event) =>
    submitted(event, (ctx, form) => {
      reports.approve(ctx, event.params.id!, text(form, 'contentHash'), text(form, 'interim') !== '');
      redirect(303, `/reports/${event.params.id}`);
    }),
  retry: (event) =>
    submitted(event, (ctx) => {
      const { report } = reports.get(ctx, event.params.id!);
      if (report.kind === 'brief') error(404);
      reports.requestReport(ctx, { kind: report.kind, period: report.period });
      redirect(303, `/reports/${event.params.id}`);
    }),
  dispatch: (event) =>
    submitted(event, async (ctx, form) => {
      const file = form.get('proof');
      const given = file instanceof File && file.size > 0 ? file : null;
      if (given && given.size > MAX_PROOF)
        throw invalid('Berkas bukti terlalu besar.', { proof: 'Paling besar 10 MB.' });
      const proof = given
        ? { name: given.name, bytes: new Uint8Array(await given.arrayBuffer()), mediaType: given.type }
        : undefined;
      const way = text(form, 'way') as Parameters<typeof reports.dispatch>[2]['way'];
      const party = text(form, 'party') as Parameters<typeof reports.dispatch>[2]['party'];
      const sentAt = Date.parse(`${text(form, 'sentAt')}:00+07:00`);
      await reports.dispatch(
        ctx,
        event.params.id!,
        {
          party,
          way,
          sentAt,
          addressee: text(form, 'addressee'),
          letterNumber: text(form, 'letterNumber'),
          receipt: text(form, 'receipt'),
        },
        proof,
      );
      redirect(303, `/reports/${event.params.id}#penyampaian`);
    }),
};
