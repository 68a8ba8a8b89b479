import * as evaluations from '#lib/server/evaluations/index.ts';
import { can } from '#lib/server/permission.ts';
import { guarded } from '#lib/server/web.ts';
import { filterOf, matches, onTab, TABS } from './listing.ts';
import type { PageServerLoad } from './$types';

const PAGE = 50;

export const load: PageServerLoad = ({ locals, url }) =>
  guarded(() => {
    const { ctx } = locals;
    const filter = filterOf(url.searchParams);
    const mayAdopt = can(ctx.actor, 'findings.adopt');
    const round = filter.round ? evaluations.round(ctx, filter.round).round : null;
    const all = evaluations.findings.list(ctx).filter((f) => matches(filter, f, round?.id ?? null));
    const proposals = mayAdopt ? evaluations.findings.proposals(ctx) : [];
    const shown = all.filter((f) => onTab(filter.tab, f));
    // Keyset: numbers are unique and listed newest first.
    const before = url.searchParams.get('before');
    const from = before ? shown.findIndex((f) => f.number < before) : 0;
    const rows = from === -1 ? [] : shown.slice(from, from + PAGE);
    return {
      filter,
      roundTitle: round?.title ?? null,
      rows: rows.map(({ number, title, risk, agency, standing, adoptedAt }) => ({
        number,
        title,
        risk,
        agency: agency.name,
        code: agency.code,
        standing,
        adoptedAt,
      })),
      total: shown.length,
      next: rows.length && from + PAGE < shown.length ? rows.at(-1)!.number : null,
      first: from <= 0,
      counts: Object.fromEntries(
        TABS.map((tab) => [tab, tab === 'proposals' ? proposals.length : all.filter((f) => onTab(tab, f)).length]),
      ),
      groups: grouped(filter.tab === 'proposals' ? proposals : []),
      mayAdopt,
      now: ctx.now(),
    };
  });

function grouped(proposals: evaluations.findings.Proposal[]) {
  const rules = [...new Set(proposals.map((p) => p.rule))];
  return rules.map((rule) => {
    const of = proposals.filter((p) => p.rule === rule);
    return {
      rule,
      title: of[0]!.title,
      rows: of.map(({ id, agency, condition, raisedAt }) => ({ id, agency: agency.name, condition, raisedAt })),
    };
  });
}
