// The list of sheets: what the address may ask for, and in which order. Shared by the page and its export.
import { agencyKinds } from '#lib/terms.ts';

export const STATES = ['waiting', 'ready', 'reply', 'objected', 'settled', 'evaluated', 'disputed'] as const;
export type ListState = (typeof STATES)[number];
export const SORTS = ['score', 'name', 'coverage', 'change'] as const;
export type Sort = (typeof SORTS)[number];

export type Filter = { q: string; kind: keyof typeof agencyKinds | null; state: ListState | null; sort: Sort };
export type Line = {
  name: string;
  kind: keyof typeof agencyKinds;
  state: string;
  score: number | null;
  coverage: number | null;
  change: number | null;
  objections: number;
  lapsed: number;
  evaluated: boolean;
  ready: boolean;
};

export function filterOf(query: URLSearchParams): Filter {
  const one = <T extends string>(name: string, allowed: readonly T[]): T | null =>
    allowed.find((value) => value === query.get(name)) ?? null;
  return {
    q: (query.get('q') ?? '').trim().slice(0, 100),
    kind: one('kind', Object.keys(agencyKinds) as (keyof typeof agencyKinds)[]),
    state: one('state', STATES),
    sort: one('sort', SORTS) ?? 'score',
  };
}

export function wanted(filter: Omit<Filter, 'sort'>, line: Line): boolean {
  if (filter.kind && line.kind !== filter.kind) return false;
  if (filter.q && !line.name.toLowerCase().includes(filter.q.toLowerCase())) return false;
  switch (filter.state) {
    case null:
      return true;
    case 'ready':
      return line.ready;
    case 'evaluated':
      return line.evaluated;
    case 'disputed':
      return line.objections > 0 || line.lapsed > 0;
    default:
      return line.state === filter.state;
  }
}

/** Worst first, those without a figure last; a tie by name. */
export function sorted<T extends Line>(lines: readonly T[], by: Sort): T[] {
  const key = (line: T) => (by === 'name' ? null : line[by]);
  return [...lines].sort((a, b) => (key(a) ?? Infinity) - (key(b) ?? Infinity) || a.name.localeCompare(b.name, 'id'));
}
