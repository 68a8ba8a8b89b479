// The list of findings: what the address may ask for. Shared by the page and its export.
import { agencyKinds, risks } from '#lib/terms.ts';

export const TABS = ['open', 'overdue', 'submitted', 'closed', 'all', 'proposals'] as const;
export type Tab = (typeof TABS)[number];
export type Filter = {
  tab: Tab;
  q: string;
  kind: keyof typeof agencyKinds | null;
  risk: keyof typeof risks | null;
  round: string | null;
};
type Line = {
  number: string;
  title: string;
  risk: keyof typeof risks;
  roundId: string | null;
  agency: { name: string; kind: keyof typeof agencyKinds };
  standing: { state: string; overdue: boolean };
};

export function filterOf(query: URLSearchParams): Filter {
  const one = <T extends string>(name: string, allowed: readonly T[]): T | null =>
    allowed.find((value) => value === query.get(name)) ?? null;
  return {
    tab: one('tab', TABS) ?? (query.get('round') ? 'all' : 'open'),
    q: (query.get('q') ?? '').trim().slice(0, 100),
    kind: one('kind', Object.keys(agencyKinds) as (keyof typeof agencyKinds)[]),
    risk: one('risk', Object.keys(risks) as (keyof typeof risks)[]),
    round: query.get('round'),
  };
}

/** Filters that hold on every tab. */
export function matches(filter: Filter, line: Line, roundId: string | null): boolean {
  if (filter.kind && line.agency.kind !== filter.kind) return false;
  if (filter.risk && line.risk !== filter.risk) return false;
  if (filter.round && line.roundId !== roundId) return false;
  const text = `${line.number} ${line.title} ${line.agency.name}`.toLowerCase();
  return !filter.q || text.includes(filter.q.toLowerCase());
}

export function onTab(tab: Tab, line: Line): boolean {
  const { state, overdue } = line.standing;
  if (tab === 'all') return true;
  if (tab === 'overdue') return overdue;
  if (tab === 'open') return state !== 'closed';
  return state === tab;
}
