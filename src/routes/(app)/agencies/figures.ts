// Figures of agencies as their pages and the export show them: own certificates by tab, without those below.
import * as agencies from '#lib/server/agencies/index.ts';
import * as certificates from '#lib/server/certificates/index.ts';
import type { Context } from '#lib/server/context.ts';
import { agencyKinds, type CertificateLabel } from '#lib/terms.ts';

export type AgencyFigures = agencies.Agency & { total: number; inForce: number; expiring: number; attention: number };

const groups = certificates.labelGroups;

const SORTS = ['name', 'total', 'inForce', 'expiring', 'attention'] as const;
type Sort = (typeof SORTS)[number];

/** @param params `q`: words in name, short name or code; `kind`; `sort`, turned round by a hyphen */
export function agencyFigures(ctx: Context, params: URLSearchParams): AgencyFigures[] {
  const kind = params.get('kind') ?? '';
  const counts = certificates.agencyCounts(ctx);
  const rows = found(ctx, params)
    .filter((a) => !Object.hasOwn(agencyKinds, kind) || a.kind === kind)
    .map((agency) => ({ ...agency, ...figuresOf(counts.get(agency.id)) }));
  const [, turned, sort] = /^(-?)(.*)$/.exec(params.get('sort') ?? '')!;
  return SORTS.includes(sort as Sort) ? sorted(rows, sort as Sort, turned === '-') : byKind(rows);
}

/** How many each kind would show. */
export function kindCounts(ctx: Context, params: URLSearchParams): Partial<Record<agencies.Agency['kind'], number>> {
  const counts: Partial<Record<agencies.Agency['kind'], number>> = {};
  for (const { kind } of found(ctx, params)) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
}

function found(ctx: Context, params: URLSearchParams): agencies.Agency[] {
  const words = (params.get('q') ?? '').toLowerCase().split(/\s+/).filter(Boolean);
  return agencies
    .list(ctx)
    .filter((a) => words.every((word) => `${a.name} ${a.shortName} ${a.code}`.toLowerCase().includes(word)));
}

const KINDS = Object.keys(agencyKinds);
/** As the list stands by itself: by kind, within one in the order of the register. */
const byKind = (rows: AgencyFigures[]): AgencyFigures[] =>
  rows.toSorted((a, b) => KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind));

/** Names from A to Z, numbers from many to few; ties by name. */
function sorted(rows: AgencyFigures[], sort: Sort, turned: boolean): AgencyFigures[] {
  const byName = (a: AgencyFigures, b: AgencyFigures) => a.name.localeCompare(b.name, 'id');
  const sign = turned ? -1 : 1;
  return rows.toSorted((a, b) => sign * (sort === 'name' ? byName(a, b) : b[sort] - a[sort]) || byName(a, b));
}

/** What no fresh proof calls in force though it has not ended: aged evidence, an issuer that is not trusted, … */
const ATTENTION = [...groups.recheck, ...groups.unproven, ...groups.other];
/** The list that holds exactly those. */
export const attentionStatus = ATTENTION.join(',');

export function figuresOf(counts: ReadonlyMap<CertificateLabel, number> | undefined) {
  const of = (labels: readonly CertificateLabel[]) => labels.reduce((sum, label) => sum + (counts?.get(label) ?? 0), 0);
  return {
    total: [...(counts?.values() ?? [])].reduce((sum, n) => sum + n, 0),
    inForce: of(certificates.IN_FORCE),
    expiring: of(groups.expiring),
    attention: of(ATTENTION),
  };
}
