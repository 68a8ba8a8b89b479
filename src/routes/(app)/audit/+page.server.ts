import * as audit from '#lib/server/audit/index.ts';
import * as auth from '#lib/server/auth/index.ts';
import { endOfDay, isDate, startOfDay } from '#lib/server/calendar.ts';
import { can } from '#lib/server/permission.ts';
import { guarded, submitted } from '#lib/server/web.ts';
import type { Actions, PageServerLoad } from './$types';

const PAGE = 50;

export const load: PageServerLoad = ({ locals, url }) =>
  guarded(() => {
    const { ctx } = locals;
    const names = auth.names(ctx);
    const query = queryOf(url.searchParams);
    const filter = filterOf(query);
    const facets = audit.facets(ctx);
    const entries = audit.list(
      ctx,
      {
        ...filter,
        ...(query.before ? { before: query.before } : {}),
        ...(query.after ? { after: query.after } : {}),
        limit: PAGE,
      },
      names,
    );
    const total = audit.count(ctx, filter);
    const newest = entries[0]?.seq ?? 0;
    const oldest = entries.at(-1)?.seq ?? 0;
    return {
      query,
      entries: entries.map(({ seq, at, action, sentence, leaf }) => ({ seq, at, action, sentence, leaf })),
      total,
      hasOlder: entries.length > 0 && audit.list(ctx, { ...filter, before: oldest, limit: 1 }, names).length > 0,
      hasNewer: entries.length > 0 && audit.list(ctx, { ...filter, after: newest, limit: 1 }, names).length > 0,
      actors: facets.actors.map(({ key, count }) => ({ key, name: names(key), count })),
      actions: facets.actions,
      head: audit.head(ctx),
      check: audit.lastCheck(ctx),
      mayExport: can(ctx.actor, 'audit.export'),
    };
  });

/** What the address asks for; anything that does not read as it should counts as not asked. */
function queryOf(params: URLSearchParams) {
  const number = (name: string): number | null => {
    const text = params.get(name) ?? '';
    return /^\d{1,15}$/.test(text) ? Number(text) : null;
  };
  const date = (name: string): string => (isDate(params.get(name) ?? '') ? params.get(name)! : '');
  const short = (name: string): string => (params.get(name) ?? '').slice(0, 120);
  return {
    actor: short('actor'),
    action: short('action'),
    target: short('target'),
    from: date('from'),
    to: date('to'),
    before: number('before'),
    after: number('after'),
  };
}

function filterOf(query: ReturnType<typeof queryOf>): audit.TrailFilter {
  const [kind, ...ref] = query.target.split(':');
  return {
    ...(query.actor ? { actor: query.actor } : {}),
    ...(query.action ? { action: query.action } : {}),
    ...(kind && ref.length ? { target: [kind, ref.join(':')] as const } : {}),
    ...(query.from ? { from: startOfDay(query.from) } : {}),
    ...(query.to ? { to: endOfDay(query.to) } : {}),
  };
}

export const actions: Actions = {
  check: (event) =>
    submitted(event, (ctx) => {
      const verification = audit.check(ctx);
      const fault = verification.ok ? null : audit.faultOf(verification);
      return { verification: { ...verification, fault }, at: ctx.now() };
    }),
};
