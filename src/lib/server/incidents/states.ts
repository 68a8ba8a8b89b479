// States follow facts (incident-escalation, "How people meet it"): nobody sets a state, it is read from what was
// recorded. Pure.
import type { Course } from './kinds.ts';

const TRACK = ['reported', 'triaged', 'handled', 'contained', 'recovered', 'reviewed', 'closed'] as const;
export type TrackState = (typeof TRACK)[number];
export type State = TrackState | 'not_incident' | 'duplicate';

type Instant = number | null;

/** What a state is derived from; null: it has not happened. */
export type StateFacts = {
  course: Course;
  openedAt: number;
  /** First handler named. */
  assignedAt: Instant;
  /** First severity assessment. */
  assessedAt: Instant;
  preservedAt: Instant;
  /** Recorded recovery of use, for courses without revocation. */
  recoveredAt: Instant;
  /** Each requested revocation: number given to BSrE, seen on verified evidence, documented exception. */
  revocations: readonly { forwardedAt: Instant; seenAt: Instant; exceptionAt: Instant }[];
  /** Each obligation: when it was met or decided. */
  obligations: readonly { settledAt: Instant }[];
  /** Endings and re-openings in order of time. */
  verdicts: readonly { kind: 'closed' | 'reopened' | 'not_incident' | 'duplicate'; at: number }[];
};

export type Step = { state: TrackState; at: Instant };

/** Instant at which each state was reached: its own fact, but never before the state ahead of it. */
export function track(facts: StateFacts): Step[] {
  const own: Record<TrackState, Instant> = {
    reported: facts.openedAt,
    triaged: facts.assignedAt,
    handled: facts.assessedAt,
    contained: containedAt(facts),
    recovered: recoveredAt(facts),
    reviewed: latest(facts.obligations.map((o) => o.settledAt)),
    closed: closedAt(facts),
  };
  let before: Instant = facts.openedAt;
  return TRACK.map((state) => {
    const at: Instant = before === null || own[state] === null ? null : Math.max(before, own[state]);
    before = at;
    return { state, at };
  });
}

/** The state an incident is in. The last verdict is a person's word and stands, whatever else was recorded. */
export function stateOf(facts: StateFacts): State {
  const last = facts.verdicts.at(-1);
  if (last && last.kind !== 'reopened') return last.kind;
  return track(facts).findLast((step) => step.at !== null)!.state;
}

/** Whether work on it is over. */
export const isOver = (state: State): boolean =>
  state === 'closed' || state === 'not_incident' || state === 'duplicate';

/**
 * exposure: every requested revocation went to BSrE with a number (or has an exception), at least one;
 * dispute: document and signature preserved, use suspended; plain: nothing to contain once it is handled.
 */
function containedAt(facts: StateFacts): Instant {
  if (facts.course === 'dispute') return facts.preservedAt;
  if (facts.course === 'plain') return facts.assessedAt;
  if (facts.revocations.length === 0) return null;
  return latest(facts.revocations.map((r) => earliest(r.forwardedAt, r.seenAt, r.exceptionAt)));
}

/** Every requested revocation seen on verified evidence or excepted; without exposure also the recorded recovery. */
function recoveredAt(facts: StateFacts): Instant {
  const revoked = latest(facts.revocations.map((r) => earliest(r.seenAt, r.exceptionAt)));
  if (facts.course === 'exposure') return facts.revocations.length ? revoked : null;
  return facts.revocations.length ? latest([facts.recoveredAt, revoked]) : facts.recoveredAt;
}

/** The last verdict that closed it, unless it was re-opened since. */
function closedAt(facts: StateFacts): Instant {
  const last = facts.verdicts.at(-1);
  return last?.kind === 'closed' ? last.at : null;
}

/** Latest of all, null while one is missing or there is none. */
const latest = (instants: readonly Instant[]): Instant =>
  instants.length === 0 || instants.includes(null) ? null : Math.max(...(instants as number[]));

const earliest = (...instants: Instant[]): Instant => {
  const known = instants.filter((at) => at !== null);
  return known.length ? Math.min(...known) : null;
};
