// What each role sees first. Everything is counted here and now from the rows the person may see; a number that cannot
// be counted is null and shown as "belum diketahui". Perwali 27/2020 Pasal 6, 18, 19.
import { expiryByMonth, statusTrend, type Chart } from '#lib/charts/index.ts';
import { month } from '#lib/format.ts';
import * as agencies from '../agencies/index.ts';
import * as audit from '../audit/index.ts';
import { DAY, period as periodOf, semesterOf, startOfDay, wibDate, wibYear } from '../calendar.ts';
import * as certificates from '../certificates/index.ts';
import type { Context } from '../context.ts';
import * as evaluations from '../evaluations/index.ts';
import * as incidents from '../incidents/index.ts';
import { can } from '../permission.ts';
import * as reports from '../reports/index.ts';
import * as settings from '../settings/index.ts';
import type { Task } from '../work.ts';
import { needingAttention, type AgencyFacts, type Attention } from './attention.ts';
import { annualDuty, evaluationDuty, incidentDuty, utilisationDuty, type DutyRow } from './home-duties.ts';
import { confirmedWithinDay, endsByMonth, estateByAgency } from './home-store.ts';

export type Estate = {
  total: number;
  inForce: number;
  /** Of the usable ones, how many a source confirmed within 24 hours (F-26 of the reports). */
  confirmed: number;
  usable: number;
  usableHref: string;
  recheck: number;
  /** Neither in force nor over, and not only for want of fresh evidence: an issuer that is not trusted, … */
  other: number;
  otherHref: string;
  expiring: number;
  endingSoon: number;
  /** Address of the list that holds exactly those in force. */
  inForceHref: string;
};

/** Labels that say neither in force nor over, and no fresh look would change it. */
const UNSURE = [...certificates.labelGroups.unproven, ...certificates.labelGroups.other];

/** The certificates a person sees, in one line. */
export function estate(ctx: Context): Estate {
  const counts = certificates.counts(ctx);
  const sum = (labels: readonly (keyof typeof counts)[]) => labels.reduce((n, label) => n + (counts[label] ?? 0), 0);
  const soon = certificates.counts(ctx, { expiring: 30, withoutSuccessor: true });
  return {
    total: Object.values(counts).reduce((a, b) => a + b, 0),
    inForce: sum(certificates.IN_FORCE),
    confirmed: confirmedWithinDay(ctx),
    usable: sum(certificates.USABLE),
    usableHref: `/certificates?status=${certificates.USABLE.join(',')}`,
    recheck: sum(certificates.labelGroups.recheck),
    other: sum(UNSURE),
    otherHref: `/certificates?status=${UNSURE.join(',')}`,
    expiring: counts.expiring ?? 0,
    endingSoon: Object.values(soon).reduce((a, b) => a + b, 0),
    inForceHref: `/certificates?status=${certificates.IN_FORCE.join(',')}`,
  };
}

/** The two charts of the supervisor's home: ends in the coming twelve months, state at the end of the last twelve. */
export function charts(ctx: Context): { ends: Chart; months: string[]; trend: Chart } {
  const today = wibDate(ctx.now());
  const coming = months(today, 0, 11);
  const ends = endsByMonth(ctx);
  const past = months(today, -11, 0);
  const recorded = monthEnds(ctx, `${past[0]}-01`, today);
  return {
    ends: expiryByMonth(coming.map((key) => ({ month: short(key), ...(ends.get(key) ?? { without: 0, with: 0 }) }))),
    months: coming,
    trend: statusTrend(
      past.map((key) => ({
        month: short(key),
        ...(recorded.get(key) ?? { valid: null, expiring: null, expired: null }),
      })),
    ),
  };
}

/** The last recorded day of each month, summed over agencies. */
function monthEnds(ctx: Context, from: string, to: string) {
  const days = new Map<string, Map<string, number>>();
  for (const row of certificates.dailyCounts(ctx, from, to)) {
    const day = days.get(row.day) ?? new Map<string, number>();
    day.set(row.label, (day.get(row.label) ?? 0) + row.count);
    days.set(row.day, day);
  }
  const result = new Map<string, { valid: number; expiring: number; expired: number }>();
  for (const [day, labels] of [...days].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const of = (label: string) => labels.get(label) ?? 0;
    result.set(day.slice(0, 7), {
      valid: of('valid') + of('superseded') + of('stale') + of('ageing'),
      expiring: of('expiring'),
      expired: of('expired'),
    });
  }
  return result;
}

/** Month keys 'YYYY-MM' from `first` to `last` months away from a day. */
function months(day: string, first: number, last: number): string[] {
  const [year, start] = [Number(day.slice(0, 4)), Number(day.slice(5, 7)) - 1];
  return Array.from({ length: last - first + 1 }, (_, i) =>
    new Date(Date.UTC(year, start + first + i, 1)).toISOString().slice(0, 7),
  );
}
const short = (key: string): string => month(startOfDay(`${key}-15`));

/** Kewajiban Perwali: evaluation, annual report, incidents reported, report on use. */
export function duties(ctx: Context): DutyRow[] {
  const now = ctx.now();
  const year = wibYear(now);
  const semester = semesterOf(now);
  const coverage = evaluations.coverage(ctx);
  const running = coverage.periods.find((entry) => entry.period === semester);
  const made = reports.list(ctx, year);
  const annual = made.filter((entry) => entry.kind.startsWith('annual'));
  const approved = (entry: (typeof made)[number] | undefined) => entry?.report?.state === 'approved';
  const use = made.find((entry) => entry.kind === 'utilisation') ?? made.find((entry) => entry.kind === 'annual-bsre');
  const { annualReport, utilisationReport } = settings.get(ctx, 'deadlines');
  const notices = incidents.figures(ctx, periodOf(String(year))!);
  const next = incidents
    .list(ctx, { tab: 'open' })
    .rows.find((row) => row.step?.kind === 'obligation' || row.step?.kind === 'letter');
  return [
    evaluationDuty({
      period: semester,
      end: periodOf(semester)!.to,
      evaluated: running?.evaluated ?? null,
      closed: running?.closed ?? false,
      total: coverage.total,
      now,
    }),
    annualDuty({
      year,
      approved: annual.filter(approved).length,
      sent: annual.filter((entry) => entry.sent).length,
      due: `${year + 1}-${annualReport}`,
      now,
    }),
    incidentDuty({
      year,
      met: notices.reportedOnTime.met,
      of: notices.reportedOnTime.of,
      next: next?.clock?.dueAt ?? null,
      now,
    }),
    utilisationDuty({
      year,
      approved: approved(use),
      sent: use?.sent ?? false,
      exists: !!use?.report,
      due: `${year + 1}-${utilisationReport}`,
      now,
    }),
  ];
}

/** The agencies that need a look first. */
export function attention(ctx: Context, limit = 5): { rows: Attention[]; agencies: number } {
  const coverage = evaluations.coverage(ctx);
  const lastTwo = coverage.periods.slice(-2).map((entry) => entry.period);
  const estateOf = new Map(estateByAgency(ctx).map((row) => [row.code, row]));
  const open = incidents.list(ctx, { tab: 'open', limit: 500 }).rows;
  const late = evaluations.findings
    .list(ctx)
    .filter((finding) => finding.standing.overdue && finding.standing.state !== 'closed');
  const facts = coverage.rows.map(({ agency, cells }): AgencyFacts => {
    const own = estateOf.get(agency.code);
    return {
      code: agency.code,
      name: agency.name,
      inForce: own?.inForce ?? 0,
      ending: own?.ending ?? 0,
      confirmedAt: own?.confirmedAt ?? null,
      openIncidents: open.filter((row) => row.agency.code === agency.code).map((row) => row.number),
      lateFindings: late.filter((finding) => finding.agency.code === agency.code).map((finding) => finding.number),
      notEvaluated: lastTwo.filter((period) => cells.get(period) !== 'evaluated'),
    };
  });
  return {
    rows: needingAttention(facts, limit),
    agencies: agencies.list(ctx).filter((a) => a.level === 'agency').length,
  };
}

/** Penangan: the incident whose clock ends first, the others, new reports, letters without receipt, who is on duty. */
export function handler(ctx: Context, tasks: readonly Task[]) {
  const open = incidents.list(ctx, { tab: 'open', limit: 8 });
  const intakes = incidents.intakes(ctx, { state: 'new', limit: 6 });
  return {
    first: open.rows[0] ?? null,
    others: open.rows.slice(1),
    open: open.counts.open,
    intakes: intakes.rows.map((row) => ({
      number: row.number,
      kind: row.kind,
      owner: row.ownerName,
      agency: row.agencyName ?? row.agencyText,
      receivedAt: row.receivedAt,
      callBy: incidents.callBy(ctx, row.receivedAt).at,
    })),
    waiting: intakes.counts.new,
    letters: tasks.filter((task) => task.act === 'letters.receipt'),
    duty: incidents.onDuty(ctx),
  };
}

/** Petugas: own certificates, what to renew, what to answer. */
export function officer(ctx: Context) {
  const actor = ctx.actor;
  const agency = actor.kind === 'user' && actor.agencyId ? agencies.byId(ctx, actor.agencyId) : null;
  return {
    agency: agency?.name ?? null,
    renew: certificates.list(ctx, { expiring: 60, withoutSuccessor: true, sort: 'end', limit: 8 }).rows.map((row) => ({
      id: row.id,
      name: row.name,
      position: row.position,
      label: row.label,
      notAfter: row.notAfter,
      daysLeft: row.notAfter === null ? null : Math.floor((row.notAfter - ctx.now()) / DAY),
    })),
  };
}

/** Auditor: the trail's head, the documents that were approved, open findings. */
export function auditor(ctx: Context) {
  const year = wibYear(ctx.now());
  return {
    trail: audit.head(ctx),
    year,
    reports: can(ctx.actor, 'reports.view')
      ? [year - 1, year]
          .flatMap((wanted) => reports.list(ctx, wanted))
          .flatMap(({ report, title }) =>
            report?.state === 'approved'
              ? [{ id: report.id, number: report.number, title, approvedAt: report.approvedAt }]
              : [],
          )
      : [],
    findings: evaluations.findings.list(ctx).filter((finding) => finding.standing.state !== 'closed').length,
    openIncidents: incidents.list(ctx, { tab: 'open', limit: 1 }).counts.open,
  };
}
