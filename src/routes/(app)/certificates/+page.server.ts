import * as agencies from '#lib/server/agencies/index.ts';
import * as certificates from '#lib/server/certificates/index.ts';
import { can } from '#lib/server/permission.ts';
import { guarded } from '#lib/server/web.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = ({ locals, url }) =>
  guarded(() => {
    const { ctx } = locals;
    const filter = certificates.filterOf(url.searchParams);
    const { byAgency, byUse } = certificates.choices(ctx, filter);
    const register = agencies.list(ctx);
    // An agency's count includes its units, because choosing it does.
    const withBelow = register
      .map((agency) => ({
        code: agency.code,
        name: agency.name,
        count: agencies.descendants(ctx, agency.id).reduce((sum, id) => sum + (byAgency.get(id) ?? 0), 0),
      }))
      .filter((agency) => agency.count > 0 || agency.code === filter.agency)
      .sort((a, b) => a.name.localeCompare(b.name, 'id'));
    const holder = filter.holder && filter.holder !== 'none' ? certificates.holder(ctx, filter.holder) : null;
    const issuer =
      filter.issuer && can(ctx.actor, 'trust.view')
        ? certificates.authorities(ctx).find((row) => row.id === filter.issuer)
        : null;
    return {
      now: ctx.now(),
      page: certificates.list(ctx, filter),
      counts: certificates.counts(ctx, { ...filter, labels: undefined }),
      total: sum(certificates.counts(ctx, filter)),
      groups: certificates.labelGroups,
      agencies: withBelow,
      uses: Object.fromEntries(byUse),
      narrowed: {
        holder: holder?.name ?? (filter.holder === 'none' ? 'tanpa pemilik' : null),
        issuer: issuer?.commonName ?? null,
        problem: filter.problem ? certificates.ruleTitle(filter.problem) : null,
        mark: filter.mark ?? null,
        confirmed: filter.confirmed ?? null,
        withoutSuccessor: filter.withoutSuccessor ?? false,
      },
      may: {
        import: can(ctx.actor, 'certificates.import'),
        export: can(ctx.actor, 'certificates.export'),
        holders: can(ctx.actor, 'holders.view'),
        alerts: can(ctx.actor, 'alerts.view'),
        own: ctx.actor.kind === 'user' && ctx.actor.agencies !== 'all',
      },
    };
  });

const sum = (counts: Record<string, number>): number => Object.values(counts).reduce((total, n) => total + n, 0);
