// The choices of the list's filters, each with how many certificates it would show under the others; most used first,
// those with matches before those without.
import * as agencies from '#lib/server/agencies/index.ts';
import * as certificates from '#lib/server/certificates/index.ts';
import type { Context } from '#lib/server/context.ts';
import { can } from '#lib/server/permission.ts';
import { withCount } from '#lib/format.ts';
import { certificateMarks, certificateSources, portalWords, severities, uses } from '#lib/terms.ts';

export type Choice = { value: string; label: string };
/** By field; a field that is not there is not for this person, one without choices stays where it was. */
export type Filters = Record<string, Choice[]>;

export function filtersOf(ctx: Context, filter: certificates.ListFilter, counts: certificates.Counts): Filters {
  const worded = (words: Record<string, string>, found: ReadonlyMap<string, number>, chosen: string | undefined) =>
    Object.entries(words).flatMap(([value, word]) =>
      found.get(value) || value === chosen ? [choice(value, word, found.get(value) ?? 0)] : [],
    );
  const keyed = (found: ReadonlyMap<string, number>, chosen: string | undefined, word: (value: string) => string) =>
    [...new Set([...found.keys(), ...(chosen ? [chosen] : [])])]
      .map((value) => ({ value, n: found.get(value) ?? 0 }))
      .sort((a, b) => b.n - a.n)
      .map(({ value, n }) => choice(value, word(value), n));
  const text = (value: number | string | undefined) => (value === undefined ? undefined : String(value));
  const marks = Object.fromEntries(Object.entries(certificateMarks).map(([kind, { word }]) => [kind, word]));
  const portal = Object.fromEntries(Object.entries(portalWords).map(([name, { word }]) => [name, word]));
  return {
    agency: agencyChoices(ctx, filter, counts.agency),
    use: worded(uses, counts.use, filter.use),
    expiring: keyedWindow(certificates.ENDS_WITHIN, counts.expiring, filter.expiring),
    ...(can(ctx.actor, 'trust.view') ? { issuer: issuerChoices(ctx, filter, counts.issuer) } : {}),
    holder: worded({ any: 'Sudah jelas', none: 'Belum dicocokkan' }, counts.holder, filter.holder),
    problem: keyed(counts.problem, filter.problem, certificates.ruleTitle),
    severity: worded(severities, counts.severity, filter.severity),
    mark: worded(marks, counts.mark, filter.mark),
    portal: worded({ mismatch: 'Berbeda dengan bukti Siaga', ...portal }, counts.portal, filter.portal),
    confirmed: worded(
      { 24: '≤ 24 jam', 168: '≤ 7 hari', 720: '≤ 30 hari', none: 'Belum pernah' },
      counts.confirmed,
      text(filter.confirmed),
    ),
    source: worded(certificateSources, counts.source, filter.source),
    key: keyed(counts.key, filter.key, (value) => value.replace(/-(\d+)$/, ' $1 bit')),
    eku: keyed(counts.eku, filter.eku, (oid) => certificates.PURPOSES[oid] ?? oid),
    successor: worded({ none: 'Belum ada' }, counts.successor, filter.withoutSuccessor ? 'none' : undefined),
  };
}

const choice = (value: string, word: string, n: number): Choice => ({ value, label: withCount(word, n) });

function keyedWindow(windows: readonly number[], found: ReadonlyMap<string, number>, chosen: number | undefined) {
  const days = [...new Set([...windows, ...(chosen ? [chosen] : [])])].sort((a, b) => a - b);
  return days.map((n) =>
    windows.includes(n)
      ? choice(String(n), `≤ ${n} hari`, found.get(String(n)) ?? 0)
      : { value: String(n), label: `≤ ${n} hari` },
  );
}

/** An agency's count includes its units, because choosing it does. */
function agencyChoices(ctx: Context, filter: certificates.ListFilter, found: ReadonlyMap<string, number>): Choice[] {
  const register = agencies.choices(ctx);
  const sums = new Map<string, number>();
  const parents = new Map(register.map((agency) => [agency.id, agency.parentId]));
  for (const [id, n] of found) {
    for (let at: string | null | undefined = id; at; at = parents.get(at)) sums.set(at, (sums.get(at) ?? 0) + n);
  }
  const choices = register
    .filter((agency) => sums.get(agency.id) || agency.code === filter.agency)
    .map((agency) => choice(agency.code, agency.name, sums.get(agency.id) ?? 0));
  const none = found.get('none');
  return none || filter.agency === 'none' ? [...choices, choice('none', 'Belum jelas', none ?? 0)] : choices;
}

function issuerChoices(ctx: Context, filter: certificates.ListFilter, found: ReadonlyMap<string, number>): Choice[] {
  const names = certificates.issuerNames(ctx);
  const choices = [...names]
    .filter(([id]) => found.get(id) || id === filter.issuer)
    .map(([id, name]) => choice(id, name, found.get(id) ?? 0));
  const none = found.get('none');
  return none || filter.issuer === 'none' ? [...choices, choice('none', 'Belum diketahui', none ?? 0)] : choices;
}
