import { redirect } from '@sveltejs/kit';
import * as agencies from '#lib/server/agencies/index.ts';
import * as audit from '#lib/server/audit/index.ts';
import * as auth from '#lib/server/auth/index.ts';
import * as certificates from '#lib/server/certificates/index.ts';
import { wibDate } from '#lib/server/calendar.ts';
import type { Context } from '#lib/server/context.ts';
import { can, mayOpen, scope } from '#lib/server/permission.ts';
import { guarded, submitted, text } from '#lib/server/web.ts';
import { attentionStatus, figuresOf } from '../figures.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = ({ locals, params }) =>
  guarded(() => {
    const { ctx } = locals;
    const agency = agencies.get(ctx, params.code);
    const counts = certificates.agencyCounts(ctx);
    const below = agencies.list(ctx).filter((row) => row.parentId === agency.id);
    const seen = scope(ctx.actor);
    const mine = seen === 'all' || seen.includes(agency.id);
    return {
      today: wibDate(ctx.now()),
      agency,
      figures: figuresOf(counts.get(agency.id)),
      attentionStatus,
      labels: [...(counts.get(agency.id) ?? [])]
        .filter(([, n]) => n > 0)
        .map(([label, n]) => ({ label, n }))
        .sort((a, b) => b.n - a.n),
      holders: mine && can(ctx.actor, 'holders.view') ? holdersOf(ctx, agency.code) : null,
      matching: can(ctx.actor, 'certificates.match') ? matchingOf(ctx, agency.code) : null,
      ending:
        mine && can(ctx.actor, 'certificates.view')
          ? certificates.renewals(ctx, { within: 60, agency: agency.code }).windows
          : null,
      below: below.map((row) => ({ ...row, ...figuresOf(counts.get(row.id)) })),
      soon:
        mine && can(ctx.actor, 'certificates.view')
          ? certificates.list(ctx, { agency: agency.code, expiring: 60, withoutSuccessor: true, sort: 'end', limit: 8 })
              .rows
          : [],
      aliases: aliasesOf(ctx, agency.id),
      trail: audit.list(ctx, { target: ['agency', agency.id], limit: 20 }, auth.names(ctx)),
      may: {
        edit: can(ctx.actor, 'agencies.edit'),
        certificates: can(ctx.actor, 'certificates.view'),
        forget: can(ctx.actor, 'certificates.import'),
      },
    };
  });

function holdersOf(ctx: Context, code: string) {
  const { byStatus } = certificates.holderChoices(ctx, { agency: code });
  const { active = 0, ...gone } = byStatus;
  return { active, gone: Object.values(gone).reduce((sum, n) => sum + n, 0) };
}

/** What lists call it, and the import in which somebody said so, for whom may open it. */
function aliasesOf(ctx: Context, id: string) {
  const names = auth.names(ctx);
  const opens = mayOpen(ctx.actor, '/imports');
  const numbers = new Map<string, string>();
  const importOf = (ref: string) => {
    if (!numbers.has(ref)) numbers.set(ref, certificates.importRun(ctx, ref, { limit: 1 }).number);
    return { id: ref, number: numbers.get(ref)! };
  };
  return agencies.aliases(ctx, id).map(({ origin, by, ...alias }) => ({
    ...alias,
    by: names(by),
    import: opens && origin?.[0] === 'import' ? importOf(origin[1]) : null,
  }));
}

/** What waits to be matched with holders of this agency. */
function matchingOf(ctx: Context, code: string) {
  const { proposals, cases } = certificates.matching(ctx, { agency: code });
  return { proposals: proposals.total, decisions: cases.length };
}

export const actions: Actions = {
  forget: (event) =>
    submitted(event, (ctx, form) => {
      agencies.forget(ctx, event.params.code, { key: text(form, 'key'), why: text(form, 'why') });
      redirect(303, `${event.url.pathname}#sebutan`);
    }),
  rename: (event) =>
    submitted(event, (ctx, form) => {
      const field = (name: string) => text(form, name);
      const input = {
        name: field('name'),
        shortName: field('shortName'),
        from: field('from'),
        source: field('source'),
      };
      agencies.rename(ctx, event.params.code, input);
      redirect(303, event.url.pathname);
    }),
};
