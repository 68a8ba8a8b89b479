// The address of the incident list as a filter, for the page and its export.
import * as agencies from '#lib/server/agencies/index.ts';
import type { Context } from '#lib/server/context.ts';
import type { ListFilter } from '#lib/server/incidents/index.ts';
import { incidentStates, incidentTypes } from '#lib/terms.ts';

const known = <K extends string>(table: Record<K, unknown>, text: string | null): K | undefined =>
  text !== null && Object.hasOwn(table, text) ? (text as K) : undefined;

export function incidentFilter(ctx: Context, url: URL) {
  const get = (name: string) => url.searchParams.get(name);
  const tab = get('tab') === 'closed' ? ('closed' as const) : ('open' as const);
  const chosen = {
    tab,
    state: known(incidentStates, get('state')),
    type: known(incidentTypes, get('type')),
    agency: get('agency') ?? '',
    q: get('q')?.trim() ?? '',
  };
  const agency = chosen.agency ? agencies.list(ctx).find((row) => row.code === chosen.agency) : undefined;
  const filter: ListFilter = {
    tab,
    ...(chosen.state ? { state: chosen.state } : {}),
    ...(chosen.type ? { type: chosen.type } : {}),
    ...(chosen.q ? { text: chosen.q } : {}),
    ...(chosen.agency ? { agencyIds: agency ? agencies.descendants(ctx, agency.id) : [] } : {}),
  };
  return { chosen, filter };
}
