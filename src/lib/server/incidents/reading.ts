// Incidents as pages and other rooms read them: one whole, lists with the shortest clock first, tasks.
import { isNull, sql } from 'drizzle-orm';
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

/** Reports that nobody has decided about. */
export const newIntakes = (ctx: Context): number =>
  ctx.db
    .select({ n: sql<number>`count(*)` })
    .from(t.intake)
    .where(isNull(t.intake.outcome))
    .get()!.n;
