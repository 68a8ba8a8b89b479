// Counts of certificates for the home pages, over the agencies a person sees: added up from what `certificates` counts, so
// that home and list always say the same.
import * as agencies from '../agencies/index.ts';
import { DAY, HOUR } from '../calendar.ts';
import * as certificates from '../certificates/index.ts';
import type { Context } from '../context.ts';

/** Usable certificates whose status a source confirmed within the last 24 hours. */
export function confirmedWithinDay(ctx: Context): number {
  let n = 0;
  certificates.tellEach(ctx, { labels: certificates.USABLE, confirmed: 24 }, () => (n += 1));
  return n;
}

/** Certificates in use that end in each month (WIB, 'YYYY-MM') to come, by whether a successor exists. */
export function endsByMonth(ctx: Context): Map<string, { without: number; with: number }> {
  const months = new Map<string, { without: number; with: number }>();
  const known = new Map<number, string>();
  const monthOf = (end: number): string => {
    const day = Math.floor((end + 7 * HOUR) / DAY);
    let key = known.get(day);
    if (!key) known.set(day, (key = new Date(day * DAY).toISOString().slice(0, 7)));
    return key;
  };
  certificates.tellEach(ctx, { expiring: 400 }, ({ flags, end }) => {
    if (!(flags & certificates.IN_USE)) return;
    const key = monthOf(end!);
    let month = months.get(key);
    if (!month) months.set(key, (month = { without: 0, with: 0 }));
    month[flags & certificates.SUCCEEDED ? 'with' : 'without'] += 1;
  });
  return months;
}

export type AgencyEstate = { code: string; name: string; inForce: number; ending: number; confirmedAt: number | null };

/** For each agency: certificates in force, those that end within 30 days without successor, the last confirmation. */
export function estateByAgency(ctx: Context): AgencyEstate[] {
  const estates = new Map<string, AgencyEstate>();
  for (const { id, code, name } of agencies.list(ctx)) {
    estates.set(id, { code, name, inForce: 0, ending: 0, confirmedAt: null });
  }
  const inForce: readonly string[] = certificates.IN_FORCE;
  certificates.tellEach(ctx, {}, ({ agencyId, label, confirmedAt }) => {
    const own = estates.get(agencyId);
    if (!own) return;
    if (inForce.includes(label)) own.inForce += 1;
    if (confirmedAt !== null && confirmedAt > (own.confirmedAt ?? 0)) own.confirmedAt = confirmedAt;
  });
  certificates.tellEach(ctx, { expiring: 30, withoutSuccessor: true }, ({ agencyId }) => {
    const own = estates.get(agencyId);
    if (own) own.ending += 1;
  });
  return [...estates.values()];
}
