import { redirect } from '@sveltejs/kit';
import * as agencies from '#lib/server/agencies/index.ts';
import * as audit from '#lib/server/audit/index.ts';
import * as auth from '#lib/server/auth/index.ts';
import { labelOf } from '#lib/server/certificates/label.ts';
import * as certificates from '#lib/server/certificates/index.ts';
import * as incidents from '#lib/server/incidents/index.ts';
import { rfcReason, types } from '#lib/server/incidents/kinds.ts';
import { occurrenceOf } from '#lib/server/incidents/dossier.ts';
import { IMPACTS, TABLE, URGENCIES } from '#lib/server/incidents/severity.ts';
import { occurredText } from '#lib/server/incidents/timeline.ts';
import { can } from '#lib/server/permission.ts';
import { guarded, submitted, text } from '#lib/server/web.ts';
import { brief } from './brief.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = ({ locals: { ctx }, params, url }) =>
  guarded(() => {
    const view = incidents.get(ctx, params.number);
    const names = auth.names(ctx);
    const now = ctx.now();
    const policy = certificates.policy(ctx);
    const query = url.searchParams.get('cari')?.trim() ?? '';
    const handle = can(ctx.actor, 'incidents.handle');
    const linked = new Set(view.certificates.map((c) => c.id));
    return {
      incident: {
        ...view,
        certificates: view.certificates.map(({ facets, ...rest }) => ({
          ...rest,
          fingerprint: facets.fingerprint,
          notAfter: facets.notAfter,
          label: labelOf(facets, now, policy),
        })),
        requests: view.requests.map((request) => ({ ...request, rfc: rfcReason[request.reason] })),
        occurred: occurredText(occurrenceOf(view)),
        timeline: view.timeline.map((event) => ({ ...event, who: event.who && names(event.who) })),
        firstSteps: view.firstSteps.map((step) => ({ ...step, by: step.by && names(step.by) })),
        evidence: view.evidence.map((e) => ({
          ...e,
          addedBy: names(e.addedBy),
          custody: incidents
            .custody(ctx, e.id)
            .events.map((c) => ({ kind: c.kind, at: c.at, actor: names(c.actor), hash: c.hash })),
        })),
        reviews: view.reviews.map((r) => ({
          ...r,
          mine: r.writtenBy === audit.actorKey(ctx.actor),
          writtenBy: names(r.writtenBy),
          approvedBy: r.approvedBy && names(r.approvedBy),
        })),
        obligations: view.obligations.map((o) => ({
          ...o,
          proposal: o.proposal && {
            ...o.proposal,
            mine: o.proposal.proposedBy === audit.actorKey(ctx.actor),
            proposedBy: names(o.proposal.proposedBy),
          },
        })),
      },
      course: types[view.type].course,
      proposedReason: types[view.type].revocation ?? 'OTHER',
      brief: brief(view),
      severity: { impacts: IMPACTS, urgencies: URGENCIES, table: TABLE },
      agencies: can(ctx.actor, 'incidents.triage')
        ? agencies.choices(ctx).map(({ id, name }) => ({ value: id, label: name }))
        : [],
      handlers: handle ? incidents.handlers(ctx) : [],
      query,
      candidates:
        handle && query ? incidents.candidates(ctx, query, view.agency.id).filter((c) => !linked.has(c.id)) : [],
      trail: audit.list(ctx, { target: ['incident', view.id], limit: 20 }, names),
      may: {
        handle,
        triage: can(ctx.actor, 'incidents.triage'),
        note: can(ctx.actor, 'incidents.note'),
        decide: can(ctx.actor, 'incidents.decide'),
        second: can(ctx.actor, 'incidents.second'),
        close: can(ctx.actor, 'incidents.close'),
        letters: can(ctx.actor, 'letters.view'),
        write: can(ctx.actor, 'letters.write'),
        send: can(ctx.actor, 'letters.send'),
        receipt: can(ctx.actor, 'letters.receipt'),
      },
      now,
    };
  });

type Act = (
  ctx: Parameters<typeof incidents.get>[0],
  field: (name: string) => string,
  number: string,
  form: FormData,
) => unknown;
/** An action reads its fields through `field`; the incident's number comes from the address. */
const act =
  (work: Act): Actions[string] =>
  (event) =>
    submitted(event, (ctx, form) => work(ctx, (name) => text(form, name), event.params.number, form));
const when = (field: (name: string) => string) => ({ at: field('at'), reason: field('reason') });

export const actions: Actions = {
  assign: act((ctx, f, number) => incidents.assign(ctx, number, f('userId'))),
  assess: act((ctx, f, number) =>
    incidents.assess(ctx, number, {
      impact: f('impact'),
      urgency: f('urgency'),
      highOffice: f('highOffice'),
      reason: f('reason'),
    }),
  ),
  tick: act((ctx, f, number) =>
    incidents.tick(ctx, number, f('kind') as incidents.Tick, { ...when(f), note: f('note') }),
  ),
  correct: act((ctx, f, number) =>
    incidents.correct(ctx, number, f('kind') as 'known', { at: f('at'), reason: f('reason') }),
  ),
  occurrence: act((ctx, f, number) =>
    incidents.setOccurrence(ctx, number, {
      occurred: f('occurred') as 'minute',
      occurredAt: f('occurredAt'),
      reason: f('reason'),
    }),
  ),
  move: act((ctx, f, number) => incidents.moveAgency(ctx, number, { agencyId: f('agencyId'), reason: f('reason') })),
  note: act((ctx, f, number) => incidents.note(ctx, number, { text: f('text'), corrects: f('corrects'), ...when(f) })),
  link: act((ctx, f, number, form) => {
    incidents.linkCertificates(ctx, number, form.getAll('certificateId').map(String), f('foreign') !== '');
    redirect(303, `/incidents/${number}#sertifikat`);
  }),
  unlink: act((ctx, f, number) =>
    incidents.unlinkCertificate(ctx, number, f('certificateId'), { reason: f('reason') }),
  ),
  request: act((ctx, f, number) => {
    incidents.requestRevocation(ctx, number, {
      certificateId: f('certificateId'),
      reasonCode: f('reasonCode') as 'KEY_LOST',
      note: f('note'),
      ...when(f),
    });
  }),
  forward: act((ctx, f) =>
    incidents.forwardRevocation(ctx, f('request'), { number: f('number'), note: f('note'), ...when(f) }),
  ),
  ticket: act((ctx, f) =>
    incidents.receiveRevocation(ctx, f('request'), { number: f('number'), note: f('note'), ...when(f) }),
  ),
  except: act((ctx, f) => incidents.exceptRevocation(ctx, f('request'), { reason: f('reason') })),
  draft: act((ctx, f) => redirect(303, `/letters/${incidents.draft(ctx, f('obligation'))}`)),
  carry: act((ctx, f) =>
    incidents.carry(ctx, f('obligation'), {
      channel: f('channel') as 'phone',
      address: f('address'),
      person: f('person'),
      note: f('note'),
      evidenceId: f('evidenceId'),
      ...when(f),
    }),
  ),
  receipt: act((ctx, f) =>
    incidents.recordReceipt(ctx, f('obligation'), {
      grade: f('grade'),
      authorityNumber: f('authorityNumber'),
      person: f('person'),
      note: f('note'),
      evidenceId: f('evidenceId'),
      ...when(f),
    }),
  ),
  waive: act((ctx, f) => incidents.proposeWaiver(ctx, f('obligation'), { reason: f('reason') })),
  decide: act((ctx, f) => incidents.decideWaiver(ctx, f('obligation'), f('agree') === '1')),
  evidence: act(async (ctx, f, number, form) => {
    const file = form.get('file');
    const bytes = file instanceof File ? new Uint8Array(await file.arrayBuffer()) : new Uint8Array();
    await incidents.addEvidence(ctx, number, {
      name: file instanceof File ? file.name : '',
      bytes,
      mediaType: 'application/octet-stream',
      description: f('description'),
    });
  }),
  review: act((ctx, f, number) =>
    incidents.writeReview(ctx, number, {
      rootCause: f('rootCause'),
      causeKind: f('causeKind') as 'human',
      outcome: f('outcome') as 'revoked',
      lessons: f('lessons'),
      actions: f('actions'),
    }),
  ),
  approveReview: act((ctx, _f, number) => incidents.approveReview(ctx, number)),
  close: act((ctx, _f, number) => incidents.close(ctx, number)),
  reopen: act((ctx, f, number) => incidents.reopen(ctx, number, { reason: f('reason') })),
  dismiss: act((ctx, f, number) => incidents.dismiss(ctx, number, { reason: f('reason') })),
  duplicate: act((ctx, f, number) =>
    incidents.duplicateOf(ctx, number, { incident: f('incident'), reason: f('reason') }),
  ),
};
