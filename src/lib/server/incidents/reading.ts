// Incidents as pages and other rooms read them: one whole, lists with the shortest clock first, tasks, figures.
import { and, isNull, sql } from 'drizzle-orm';
import type { Period } from '../calendar.ts';
import { MINUTE } from '../calendar.ts';
import type { Context } from '../context.ts';
import { can, demand } from '../permission.ts';
import * as settings from '../settings/index.ts';
import type { Task } from '../work.ts';
import { intakeKinds } from '#lib/terms.ts';
import { clocksOf, shortest, viewOf, type Clock, type ObligationView } from './clocks.ts';
import { open } from './desk.ts';
import { knownAt, type Dossier } from './dossier.ts';
import { levelOf, stateFacts } from './facts.ts';
import { firstSteps, type FirstStep } from './first-steps.ts';
import { gateOf, type GateItem } from './gate.ts';
import { callBy, intakes } from './intakes.ts';
import type { IncidentType } from './kinds.ts';
import { stepsOf, type Step } from './next-step.ts';
import * as t from './schema.ts';
import type { Level } from './severity.ts';
import { isOver, stateOf, track, type State, type Step as TrackStep } from './states.ts';
import * as store from './store.ts';
import { timelineOf, type Event } from './timeline.ts';

export type IncidentView = Omit<Dossier, 'obligations'> & {
  state: State;
  level: Level | null;
  knownAt: number;
  track: TrackStep[];
  obligations: ObligationView[];
  clocks: Clock[];
  /** The clock that ends first among those that run. */
  clock: Clock | null;
  gate: GateItem[];
  firstSteps: FirstStep[];
  steps: Step[];
  timeline: Event[];
  /** The incident this one was found to be the same as. */
  into: string | null;
};

/** @throws AppError not_found, also when it belongs to another agency */
export function get(ctx: Context, number: string): IncidentView {
  demand(ctx.actor, 'incidents.view');
  const dossier = open(ctx, number);
  const budgets = settings.get(ctx, 'incidentClocks');
  const facts = stateFacts(dossier);
  const state = stateOf(facts);
  const clocks = clocksOf(dossier, budgets);
  const intoId = dossier.verdicts.at(-1)?.intoId ?? null;
  const view: IncidentView = {
    ...dossier,
    state,
    level: levelOf(dossier),
    knownAt: knownAt(dossier),
    track: track(facts),
    obligations: dossier.obligations.map(viewOf),
    clocks,
    clock: isOver(state) ? null : shortest(clocks),
    gate: gateOf(dossier),
    firstSteps: firstSteps(dossier),
    steps: stepsOf(dossier, budgets),
    timeline: timelineOf(dossier),
    into: intoId ? store.dossier(ctx.db, intoId).number : null,
  };
  return can(ctx.actor, 'letters.view') ? view : withoutLetters(view);
}

/** An officer of an agency sees that letters went out, not what they say. */
const withoutLetters = (view: IncidentView): IncidentView => ({
  ...view,
  obligations: view.obligations.map((o) => ({ ...o, letters: [] })),
});

export type Row = {
  number: string;
  title: string;
  type: IncidentType;
  agency: { code: string; name: string; shortName: string };
  openedAt: number;
  knownAt: number;
  state: State;
  level: Level | null;
  clock: Clock | null;
  step: Step | null;
  handler: string | null;
};
export type ListFilter = {
  tab?: 'open' | 'closed' | 'all';
  state?: State;
  type?: IncidentType;
  agencyIds?: string[];
  text?: string;
  page?: number;
  limit?: number;
};
export type List = {
  rows: Row[];
  total: number;
  counts: { open: number; closed: number };
  states: Partial<Record<State, number>>;
};

/** Open incidents with the shortest clock first, the others newest first. */
export function list(ctx: Context, filter: ListFilter = {}): List {
  demand(ctx.actor, 'incidents.view');
  const { tab = 'open', page = 1, limit = 50 } = filter;
  const wanted = {
    ...(filter.type ? { type: filter.type } : {}),
    ...(filter.agencyIds ? { agencyIds: filter.agencyIds } : {}),
    ...(filter.text ? { text: filter.text } : {}),
  };
  const openIds = store.find(ctx, { ...wanted, open: true });
  const closedIds = store.find(ctx, { ...wanted, open: false });
  const counts = { open: openIds.length, closed: closedIds.length };
  const start = (page - 1) * limit;
  if (tab === 'closed' && !filter.state) {
    const rows = rowsOf(ctx, closedIds.slice(start, start + limit));
    return { rows, total: closedIds.length, counts, states: {} };
  }
  // The state is derived, so what is filtered by it is read whole; open incidents are few.
  const all = rowsOf(ctx, tab === 'open' ? openIds : tab === 'closed' ? closedIds : [...openIds, ...closedIds]);
  const states: List['states'] = {};
  for (const row of all) states[row.state] = (states[row.state] ?? 0) + 1;
  const matching = filter.state ? all.filter((row) => row.state === filter.state) : all;
  const due = (row: Row) => row.clock?.dueAt ?? Infinity;
  matching.sort((a, b) => due(a) - due(b) || b.openedAt - a.openedAt);
  return { rows: matching.slice(start, start + limit), total: matching.length, counts, states };
}

function rowsOf(ctx: Context, ids: readonly string[]): Row[] {
  const budgets = settings.get(ctx, 'incidentClocks');
  return store.dossiers(ctx.db, ids).map((dossier) => {
    const state = stateOf(stateFacts(dossier));
    return {
      number: dossier.number,
      title: dossier.title,
      type: dossier.type,
      agency: dossier.agency,
      openedAt: dossier.openedAt,
      knownAt: knownAt(dossier),
      state,
      level: levelOf(dossier),
      clock: isOver(state) ? null : shortest(clocksOf(dossier, budgets)),
      step: stepsOf(dossier, budgets)[0] ?? null,
      handler: dossier.assignments.at(-1)?.name ?? null,
    };
  });
}

/** Everything about incidents that waits for a person. */
export function tasks(ctx: Context): Task[] {
  if (!can(ctx.actor, 'incidents.view')) return [];
  const budgets = settings.get(ctx, 'incidentClocks');
  const waiting = intakes(ctx, { state: 'new', limit: 200 }).rows.map((row): Task => ({
    key: `incidents.intake.${row.id}`,
    kind: 'intake',
    title: `Hubungi pelapor ${row.number}: ${intakeKinds[row.kind].word}`,
    about: `${row.ownerName}, ${row.agencyName ?? row.agencyText}`,
    dueAt: callBy(ctx, row.receivedAt).at,
    basis: 'kebijakan Dinas',
    href: `/intakes/${row.number}`,
    button: 'Periksa Laporan',
    act: 'incidents.triage',
  }));
  const open = store
    .dossiers(ctx.db, store.find(ctx, { open: true }))
    .flatMap((dossier) => tasksOf(dossier, stepsOf(dossier, budgets)));
  return [...waiting, ...open];
}

/** What can be done now: every step with a running clock, and the first of the others. */
function tasksOf(dossier: Dossier, steps: readonly Step[]): Task[] {
  const doable = steps.filter((step) => !step.waiting);
  const first = doable[0] ?? steps.find((step) => step.act === 'letters.receipt');
  const wanted = doable.filter(
    (step) =>
      step === first || step.clock !== null || step.act === 'incidents.second' || step.act === 'letters.approve',
  );
  if (first && !wanted.includes(first)) wanted.unshift(first);
  return wanted.map((step) => ({
    key: `incidents.${dossier.id}.${step.key}`,
    kind: step.kind,
    title: step.title,
    about: `${dossier.number}, ${dossier.agency.shortName}`,
    dueAt: step.clock?.dueAt ?? null,
    ...(step.clock ? { basis: step.clock.basis } : {}),
    href: step.href.startsWith('/') ? step.href : `/incidents/${dossier.number}${step.href}`,
    button: step.button,
    act: step.act,
  }));
}

export type Figures = {
  /** Incidents that the Dinas came to know in the period, without those found to be none or the same as another. */
  total: number;
  open: number;
  closed: number;
  byType: { type: IncidentType; count: number }[];
  byAgency: { agencyId: string; name: string; count: number }[];
  /** Pasal 19(1): early notices whose deadline has passed or that were sent; decisions not to report apart. */
  reportedOnTime: { met: number; of: number };
  waived: number;
  /** Minutes, median; null: none yet. */
  knownToReported: { median: number | null; of: number };
  requestedToSeen: { median: number | null; of: number };
  intakes: { received: number; promoted: number; merged: number; dismissed: number; waiting: number };
};

/** Figures of a period by the time the Dinas knew; every ratio with its denominator. Pasal 18 and 19. */
export function figures(ctx: Context, period: Pick<Period, 'start' | 'end'>, agencyIds?: readonly string[]): Figures {
  const ids = store.find(ctx, agencyIds ? { agencyIds } : {});
  const inPeriod = (at: number) => at >= period.start && at <= period.end;
  const counted = store
    .dossiers(ctx.db, ids)
    .map((dossier) => ({ dossier, state: stateOf(stateFacts(dossier)) }))
    .filter(({ dossier, state }) => inPeriod(knownAt(dossier)) && state !== 'not_incident' && state !== 'duplicate');
  const notices = counted.flatMap(({ dossier }) =>
    dossier.obligations.map(viewOf).filter((o) => o.stage === 'early_notice'),
  );
  const judged = notices.filter((o) => !o.waived && (o.progress.metAt !== null || o.clock.dueAt < ctx.now()));
  const met = judged.filter((o) => o.progress.metAt !== null && o.progress.metAt <= o.clock.dueAt);
  const reported = notices.flatMap((o) =>
    o.progress.metAt === null ? [] : [(o.progress.metAt - o.clock.startAt) / MINUTE],
  );
  const seen = counted.flatMap(({ dossier }) =>
    dossier.requests.flatMap((r) => {
      const [asked, shown] = [r.steps.find((s) => s.kind === 'requested'), r.steps.find((s) => s.kind === 'seen')];
      return asked && shown ? [Math.max(0, shown.at - asked.at) / MINUTE] : [];
    }),
  );
  return {
    total: counted.length,
    open: counted.filter(({ state }) => !isOver(state)).length,
    closed: counted.filter(({ state }) => state === 'closed').length,
    byType: tally(counted, ({ dossier }) => dossier.type).map(([type, rows]) => ({ type, count: rows.length })),
    byAgency: tally(counted, ({ dossier }) => dossier.agency.id).map(([agencyId, rows]) => ({
      agencyId,
      name: rows[0]!.dossier.agency.name,
      count: rows.length,
    })),
    reportedOnTime: { met: met.length, of: judged.length },
    waived: notices.filter((o) => o.waived).length,
    knownToReported: { median: median(reported), of: reported.length },
    requestedToSeen: { median: median(seen), of: seen.length },
    intakes: intakeFigures(ctx, period),
  };
}

function intakeFigures(ctx: Context, period: Pick<Period, 'start' | 'end'>): Figures['intakes'] {
  const rows = ctx.db
    .select({ outcome: t.intake.outcome, n: sql<number>`count(*)` })
    .from(t.intake)
    .where(and(sql`${t.intake.receivedAt} between ${period.start} and ${period.end}`))
    .groupBy(t.intake.outcome)
    .all();
  const of = (outcome: string | null) => rows.find((row) => row.outcome === outcome)?.n ?? 0;
  return {
    received: rows.reduce((sum, row) => sum + row.n, 0),
    promoted: of('promoted'),
    merged: of('merged'),
    dismissed: of('not_incident'),
    waiting: of(null),
  };
}

/** Groups, largest first. */
function tally<R, K extends string>(rows: readonly R[], key: (row: R) => K): [K, R[]][] {
  const groups = Map.groupBy(rows, key);
  return [...groups].sort((a, b) => b[1].length - a[1].length || (a[0] < b[0] ? -1 : 1));
}

/** Middle value, rounded to whole minutes. */
function median(values: readonly number[]): number | null {
  if (values.length === 0) return null;
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return Math.round(sorted.length % 2 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2);
}

/** Reports that nobody has decided about. */
export const newIntakes = (ctx: Context): number =>
  ctx.db
    .select({ n: sql<number>`count(*)` })
    .from(t.intake)
    .where(isNull(t.intake.outcome))
    .get()!.n;
