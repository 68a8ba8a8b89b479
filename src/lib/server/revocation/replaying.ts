// Takes the steps again by which an issuer's objects made the states of its certificates, object after object in the order in
// which they were accepted. Nothing is written here.
import type { Context } from '../context.ts';
import { NOTHING_KNOWN, type State } from './decide.ts';
import { scopingOf } from './scoping.ts';
import * as store from './store.ts';
import { Walk, type Past, type Replay, type Step } from './walk.ts';

/** States that evidence makes; the others say that there is none to be had. */
const FROM_EVIDENCE: readonly string[] = ['good', 'revoked', 'on_hold', 'released', 'unknown'];
/** So many certificates are looked up at a time. */
export const PART = 100;

/**
 * What the evidence of an issuer yields about certificates as they stand now. Others may work at each `yield`; about whom they
 * find something out is left out, and what they accept takes no part.
 */
export function* replaying(
  ctx: Context,
  issuerKey: string,
  rows: Iterable<store.Checked>,
): Generator<void, Replay[], void> {
  const past: Past = {
    until: store.lastOrder(ctx.db),
    lists: store.acceptances(ctx.db, issuerKey),
    quarantines: store.quarantinesOf(ctx.db, issuerKey),
  };
  const lists = new Set<string>();
  const starts = new Map<string, State>();
  const replays: Replay[] = [];
  let looked = 0;
  for (const row of rows) {
    if (looked++ % PART === PART - 1) yield;
    const decided = store.lastDecision(ctx.db, row.id);
    const first = store.firstDecision(ctx.db, row.id);
    if (decided > past.until || (!first && !FROM_EVIDENCE.includes(row.state.status))) continue;
    const status = first ? (first.from as State['status']) : NOTHING_KNOWN.status;
    const state = starts.get(status) ?? { ...NOTHING_KNOWN, status };
    starts.set(status, state);
    const kind = row.fingerprint === null ? null : scopingOf(ctx.db, row.fingerprint);
    const begun = { row, kind, state, answer: undefined, since: first?.order ?? Infinity, decided };
    replays.push({ ...begun, unanswered: null, lost: { lists, answers: 0 } });
  }
  if (replays.length === 0) return [];
  const walk = new Walk(ctx, issuerKey, replays, past);
  for (const step of stepsOf(ctx, issuerKey, replays, past)) {
    yield;
    walk.take(step);
  }
  return replays;
}

function stepsOf(ctx: Context, issuerKey: string, replays: readonly Replay[], past: Past): Step[] {
  const byId = new Map(replays.map((replay) => [replay.row.id, replay]));
  const lists = past.lists.map(({ order, at }): Step => ({ order, at, about: replays, answer: null }));
  const answers = store
    .answersOfIssuer(ctx.db, issuerKey, replays.length === 1 ? replays[0]!.row.id : null)
    .flatMap(({ id, certificateId, order, at }): Step[] => {
      const replay = byId.get(certificateId);
      return replay && order <= past.until ? [{ order, at, about: [replay], answer: id }] : [];
    });
  // A certificate that came between two lists was first judged by what stood then.
  const before = [...Map.groupBy(replays, ({ since }) => since)]
    .filter(([order]) => Number.isFinite(order))
    .map(([order, about]): Step => ({ order, at: store.acceptedAtOf(ctx.db, order), about, answer: null }));
  const released = past.quarantines
    .filter((row) => row.endedAt !== null)
    .map((row): Step => ({
      order: store.orderAt(ctx.db, row.endedAt!),
      at: row.endedAt!,
      about: replays,
      answer: null,
    }));
  return [...lists, ...answers, ...before, ...released].sort((a, b) => a.order - b.order || a.at - b.at);
}
