// Figures for reports and home pages: every number with what it is a share of. Read at one instant; freezing is reports'.
import { period as periodOf, wibDate } from '../calendar.ts';
import type { Context } from '../context.ts';
import { invalid } from '../errors.ts';
import { demand, scope } from '../permission.ts';
import { agencyKinds } from '../../terms.ts';
import { criteriaSet } from './criteria.ts';
import * as findingStore from './finding-store.ts';
import { AGEING, ageBucket, ageInDays, standing, type AgeBucket, type FindingState } from './follow-up.ts';
import { RESULTS, median, share, type Result } from './score.ts';
import { isEvaluated } from './sheet.ts';
import * as store from './store.ts';
import { coverageOf, sheetsOf, type Round, type Sheet } from './views.ts';

export type AgencyScore = {
  code: string;
  name: string;
  shortName: string;
  kind: keyof typeof agencyKinds;
  evaluated: boolean;
  score: number | null;
  coverage: number | null;
  known: number;
  applicable: number;
  previous: number | null;
  /** Basis points against the round before; null when either is unknown. */
  change: number | null;
};

export type EvaluationFigures = {
  period: string;
  rounds: { code: string; title: string; kind: 'routine' | 'incidental'; openedAt: number; closedAt: number | null }[];
  /** Agencies evaluated, by semester of the period; `all`: in every one of them. */
  coverage: { total: number; semesters: { period: string; evaluated: number }[]; all: number };
  /** Of the latest routine round of the period; null when there is none. */
  scores: {
    round: string;
    median: number | null;
    scored: number;
    byKind: { kind: keyof typeof agencyKinds; agencies: number; scored: number; median: number | null }[];
    agencies: AgencyScore[];
    criteria: ({
      code: string;
      title: string;
      basis: string;
      weight: number;
      numerator: number;
      denominator: number;
      share: number | null;
    } & Record<Result, number>)[];
  } | null;
  findings: {
    /** Adopted in the period. */
    raised: number;
    /** Closed in the period. */
    closed: number;
    /** Open now, of all periods. */
    open: number;
    overdue: number;
    byState: Record<FindingState, number>;
    openByRisk: Record<'low' | 'medium' | 'high', number>;
    ageing: Record<AgeBucket, number>;
    codes: Record<1 | 2 | 3 | 4, number>;
    /** Due date in the period and come: how many were handed in by then. */
    due: number;
    onTime: number;
    onTimeShare: number | null;
  };
  /** Every routine round up to the period, oldest first. */
  trend: { period: string; evaluated: number; total: number; median: number | null; findings: number }[];
};

/** @param code '2026' or '2026-S2' @throws AppError invalid */
export function figures(ctx: Context, code: string): EvaluationFigures {
  demand(ctx.actor, 'evaluations.view');
  const wanted = periodOf(code);
  if (!wanted) throw invalid('Periode tidak dikenal. Isi seperti 2026 atau 2026-S2.');
  const semesters = code.includes('-S') ? [code] : [`${code}-S1`, `${code}-S2`];
  const all = store.allRounds(ctx.db);
  const rounds = all.filter((round) => semesters.includes(round.period));
  const latest = rounds.find((round) => round.kind === 'routine');
  const upTo = all.filter((round) => round.kind === 'routine' && round.period <= semesters.at(-1)!).reverse();
  return {
    period: code,
    rounds: rounds.map(({ code, title, kind, openedAt, closedAt }) => ({ code, title, kind, openedAt, closedAt })),
    coverage: coverageFigures(ctx, semesters),
    scores: latest ? scoreFigures(ctx, latest) : null,
    findings: findingFigures(ctx, wanted),
    trend: upTo.map((round) => trendPoint(ctx, round)),
  };
}

function coverageFigures(ctx: Context, semesters: readonly string[]): EvaluationFigures['coverage'] {
  const { rows, total } = coverageOf(ctx, wibDate(ctx.now()), Infinity);
  const evaluated = (period: string) => rows.filter((row) => row.cells.get(period) === 'evaluated').length;
  return {
    total,
    semesters: semesters.map((period) => ({ period, evaluated: evaluated(period) })),
    all: rows.filter((row) => semesters.every((period) => row.cells.get(period) === 'evaluated')).length,
  };
}

function scoreFigures(ctx: Context, round: Round): NonNullable<EvaluationFigures['scores']> {
  const sheets = sheetsOf(ctx, round);
  const kinds = Object.keys(agencyKinds) as (keyof typeof agencyKinds)[];
  return {
    round: round.code,
    median: medianScore(sheets),
    scored: sheets.filter((sheet) => sheet.score !== null).length,
    byKind: kinds.flatMap((kind) => {
      const of = sheets.filter((sheet) => sheet.agency.kind === kind);
      const scored = of.filter((sheet) => sheet.score !== null).length;
      return of.length ? [{ kind, agencies: of.length, scored, median: medianScore(of) }] : [];
    }),
    agencies: sheets.map((sheet) => ({
      code: sheet.agency.code,
      name: sheet.agency.name,
      shortName: sheet.agency.shortName,
      kind: sheet.agency.kind,
      evaluated: isEvaluated(sheet),
      score: sheet.score,
      coverage: sheet.coverage,
      known: sheet.known,
      applicable: sheet.applicable,
      previous: sheet.previous,
      change: sheet.score !== null && sheet.previous !== null ? sheet.score - sheet.previous : null,
    })),
    criteria: criteriaSet(round.criteriaVersion).map((criterion) => criterionFigures(criterion, sheets)),
  };
}

const medianScore = (sheets: readonly Sheet[]): number | null =>
  median(sheets.flatMap((sheet) => (sheet.score === null ? [] : [sheet.score])));

function criterionFigures(
  { code, title, basis, weight }: { code: string; title: string; basis: string; weight: number },
  sheets: readonly Sheet[],
) {
  const items = sheets.map((sheet) => sheet.items.find((item) => item.criterion.code === code)!);
  const results = Object.fromEntries(
    RESULTS.map((result) => [result, items.filter((i) => i.outcome.result === result).length]),
  );
  const counted = items.filter((item) => item.outcome.result !== 'not_applicable');
  const numerator = counted.reduce((sum, item) => sum + (item.measure?.numerator ?? 0), 0);
  const denominator = counted.reduce((sum, item) => sum + (item.measure?.denominator ?? 0), 0);
  return {
    code,
    title,
    basis,
    weight,
    numerator,
    denominator,
    share: share(numerator, denominator),
    ...(results as Record<Result, number>),
  };
}

function findingFigures(
  ctx: Context,
  period: { start: number; end: number; from: string; to: string },
): EvaluationFigures['findings'] {
  const now = ctx.now();
  const steps = findingStore.stepsBy(ctx.db);
  const all = findingStore
    .findings(ctx.db, scope(ctx.actor))
    .filter((f) => f.adoptedAt <= period.end)
    .map((f) => ({ ...f, s: standing(f.dueOn, steps.get(f.id) ?? [], now) }));
  const inPeriod = (at: number | null) => at !== null && at >= period.start && at <= period.end;
  const open = all.filter((f) => f.s.state !== 'closed');
  const due = all.filter((f) => f.s.dueOn >= period.from && f.s.dueOn <= period.to && f.s.onTime !== null);
  const onTime = due.filter((f) => f.s.onTime).length;
  const countBy = <K extends string | number>(
    keys: readonly K[],
    list: typeof all,
    key: (f: (typeof all)[number]) => K,
  ) => Object.fromEntries(keys.map((k) => [k, list.filter((f) => key(f) === k).length])) as Record<K, number>;
  return {
    raised: all.filter((f) => inPeriod(f.adoptedAt)).length,
    closed: all.filter((f) => inPeriod(f.s.closedAt)).length,
    open: open.length,
    overdue: open.filter((f) => f.s.overdue).length,
    byState: countBy(['open', 'planned', 'in_progress', 'submitted', 'closed'], all, (f) => f.s.state),
    openByRisk: countBy(['low', 'medium', 'high'], open, (f) => f.risk),
    ageing: countBy(
      AGEING.map((a) => a.key),
      open,
      (f) => ageBucket(ageInDays(f.adoptedAt, now)),
    ),
    codes: countBy(
      [1, 2, 3, 4],
      all.filter((f) => f.s.code !== null),
      (f) => f.s.code as 1 | 2 | 3 | 4,
    ),
    due: due.length,
    onTime,
    onTimeShare: share(onTime, due.length),
  };
}

function trendPoint(ctx: Context, round: Round): EvaluationFigures['trend'][number] {
  const sheets = sheetsOf(ctx, round);
  return {
    period: round.period,
    evaluated: sheets.filter(isEvaluated).length,
    total: sheets.length,
    median: medianScore(sheets),
    findings: findingStore.findings(ctx.db, scope(ctx.actor), { roundId: round.id }).length,
  };
}
