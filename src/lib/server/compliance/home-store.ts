// Counts of certificates for the home pages, over the agencies a person sees: sums over the cells that `certificates`
// counts, so that home and list always say the same.
import * as agencies from '../agencies/index.ts';
import * as certificates from '../certificates/index.ts';
import type { Context } from '../context.ts';

const { AT } = certificates;
const sum = (cells: readonly certificates.Cell[]): number => cells.reduce((n, cell) => n + cell[AT.count], 0);

/** Usable certificates whose status a source confirmed within the last 24 hours. */
export const confirmedWithinDay = (ctx: Context): number =>
  sum(certificates.cells(ctx, { labels: certificates.USABLE, confirmed: 24 }));

/** Certificates in use that end in each month (WIB, 'YYYY-MM') of the coming year, by whether a successor exists. */
export function endsByMonth(ctx: Context): Map<string, { without: number; with: number }> {
  const months = new Map<string, { without: number; with: number }>();
  for (const cell of certificates.cells(ctx)) {
    if (!cell[AT.inUse]) continue;
    const month = months.get(cell[AT.month]) ?? { without: 0, with: 0 };
    month[cell[AT.succeeded] ? 'with' : 'without'] += cell[AT.count];
    months.set(cell[AT.month], month);
  }
  return months;
}

export type AgencyEstate = { code: string; name: string; inForce: number; ending: number; confirmedAt: number | null };

/** For each agency: certificates in force, those that end within 30 days without successor, the last confirmation. */
export function estateByAgency(ctx: Context): AgencyEstate[] {
  const known = new Map(agencies.list(ctx).map(({ id, code, name }) => [id, { code, name }]));
  const estates = new Map<string, AgencyEstate>();
  const of = (cell: certificates.Cell): AgencyEstate | undefined => {
    const agency = known.get(cell[AT.agency] ?? '');
    if (!agency) return undefined;
    let own = estates.get(agency.code);
    if (!own) estates.set(agency.code, (own = { ...agency, inForce: 0, ending: 0, confirmedAt: null }));
    return own;
  };
  const inForce: readonly string[] = certificates.IN_FORCE;
  for (const cell of certificates.cells(ctx)) {
    const own = of(cell);
    if (!own) continue;
    if (inForce.includes(cell[AT.label])) own.inForce += cell[AT.count];
    if (cell[AT.lastConfirmed] !== null) own.confirmedAt = Math.max(own.confirmedAt ?? 0, cell[AT.lastConfirmed]);
  }
  for (const cell of certificates.cells(ctx, { expiring: 30, withoutSuccessor: true })) {
    const own = of(cell);
    if (own) own.ending += cell[AT.count];
  }
  return [...estates.values()];
}
