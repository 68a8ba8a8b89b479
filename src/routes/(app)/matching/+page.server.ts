import { redirect } from '@sveltejs/kit';
import * as agencies from '#lib/server/agencies/index.ts';
import * as certificates from '#lib/server/certificates/index.ts';
import type { Context } from '#lib/server/context.ts';
import { guarded, submitted, text } from '#lib/server/web.ts';
import type { Actions, PageServerLoad } from './$types';

/** Decisions listed beside the open one, and how many of them come before it. */
const BESIDE = 120;
const BEFORE = 20;

export const load: PageServerLoad = ({ locals, url }) =>
  guarded(() => {
    const { ctx } = locals;
    const param = (name: string) => url.searchParams.get(name)?.trim().slice(0, 100) || undefined;
    const agency = param('agency');
    const found = certificates.matching(ctx, { agency, after: param('after') });
    const tabs = ['proposals', 'decide'] as const;
    const tab = tabs.find((name) => name === param('tab')) ?? (found.all.proposals ? 'proposals' : 'decide');
    const asked = param('case');
    const index = Math.max(
      found.cases.findIndex((one) => one.certificates.some((row) => row.id === asked)),
      0,
    );
    const q = param('q');
    const from = Math.max(0, index - BEFORE);
    return {
      tab,
      agency: agency ?? '',
      countedAt: certificates.countedAt(ctx),
      shares: found.shares,
      proposals: found.proposals,
      all: found.all,
      pending: found.pending,
      decisions: {
        total: found.cases.length,
        index,
        from,
        shown: found.cases
          .slice(from, from + BESIDE)
          .map(({ id, kind, name, agencyId }) => ({ id, kind, name, agencyId })),
      },
      open: tab === 'decide' && found.cases[index] ? certificates.matchCase(ctx, found.cases[index].id) : null,
      others: q ? certificates.holders(ctx, { q, limit: 9 }).rows : null,
      done: doneOf(ctx, param('done'), param('was') ?? null),
      agencies: tab === 'decide' ? agencies.choices(ctx).map(({ code, name }) => ({ value: code, label: name })) : [],
    };
  });

/** The decision just taken, so that a slip of the finger is seen. `was`: the certificate decided about; null: a new owner. */
function doneOf(ctx: Context, holderId: string | undefined, was: string | null) {
  const [row] = holderId ? certificates.holdersById(ctx, [holderId]) : [];
  return row ? { id: row.id, name: row.name, was } : null;
}

/** Where the next decision is. */
function next(url: URL, form: FormData, done: { holder: string; was?: string } | null): never {
  const params = new URLSearchParams();
  const tab = url.searchParams.get('tab');
  const agency = url.searchParams.get('agency');
  if (tab) params.set('tab', tab);
  if (agency) params.set('agency', agency);
  const following = text(form, 'next');
  if (following) params.set('case', following);
  if (done) params.set('done', done.holder);
  if (done?.was) params.set('was', done.was);
  redirect(303, `${url.pathname}?${params}`);
}

export const actions: Actions = {
  accept: (event) =>
    submitted(event, async (ctx, form) => {
      const agency = text(form, 'agency');
      await certificates.acceptProposals(ctx, { ...(agency ? { agency } : {}), ledger: text(form, 'ledger') });
      redirect(303, '/matching?tab=decide');
    }),
  decide: (event) =>
    submitted(event, (ctx, form) => {
      const holder = text(form, 'holder');
      const was = text(form, 'certificate');
      certificates.decideMatch(ctx, was, holder);
      next(event.url, form, { holder, was });
    }),
  fresh: (event) =>
    submitted(event, (ctx, form) => {
      const kind = (['entity', 'system'] as const).find((one) => one === text(form, 'kind')) ?? 'person';
      const { holderId } = certificates.decideNew(ctx, text(form, 'certificate'), {
        kind,
        name: text(form, 'name'),
        nip: text(form, 'nip'),
        agency: text(form, 'agency'),
        namesake: form.has('namesake') ? 'yes' : '',
      });
      next(event.url, form, { holder: holderId });
    }),
  undo: (event) =>
    submitted(event, (ctx, form) => {
      const was = text(form, 'was');
      const { certificateId } = was
        ? certificates.undoMatch(ctx, was)
        : certificates.undoNew(ctx, text(form, 'holder'));
      const params = new URLSearchParams({ tab: 'decide', case: certificateId });
      const agency = event.url.searchParams.get('agency');
      if (agency) params.set('agency', agency);
      redirect(303, `${event.url.pathname}?${params}`);
    }),
  refuse: (event) =>
    submitted(event, (ctx, form) => {
      certificates.refuseMatch(ctx, text(form, 'certificate'), text(form, 'holder'));
      next(event.url, form, null);
    }),
};
