// Derives states again from the evidence that is kept, object after object in the order in which they were accepted, and
// compares: every state must be explainable by its evidence, years later and after thinning. A difference is an alarm.
import { setImmediate } from 'node:timers/promises';
import * as audit from '../audit/index.ts';
import * as certificates from '../certificates/index.ts';
import { transact, type Context } from '../context.ts';
import { demand } from '../permission.ts';
import * as settings from '../settings/index.ts';
import { decide, type State, type Word } from './decide.ts';
import { saidIn } from './episodes.ts';
import { Issuers } from './issuers.ts';
import { reportLost } from './lost.ts';
import { PART, replaying } from './replaying.ts';
import { isBehind } from './standing.ts';
import * as store from './store.ts';
import type { Replay } from './walk.ts';

export type Derived = Pick<State, 'status' | 'reason' | 'revokedAt' | 'invalidityAt'>;
/** `missing`: objects whose bytes are lost, so that the state cannot be derived from all that it rests on. */
export type Difference = { certificateId: string; recorded: Derived; derived: Derived; missing: number };

/** One certificate. @returns null when nothing was ever derived about it */
export function rederive(
  ctx: Context,
  certificateId: string,
): { equal: boolean; recorded: Derived; derived: Derived } | null {
  certificates.get(ctx, certificateId);
  const row = store.checkedById(ctx.db, certificateId)!;
  if (!row.issuerKey && row.fingerprint !== null) return null;
  const walk = replaying(ctx, row.issuerKey ?? issuerOfRecord(ctx, row), [row]);
  let step = walk.next();
  while (!step.done) step = walk.next();
  const [replay] = step.value;
  if (!replay) return null;
  return {
    equal: follows(replay),
    recorded: facts(replay.row.state),
    derived: facts(replay.state),
  };
}

/** A record without its file belongs to the issuer whose list spoke about it. */
const issuerOfRecord = (ctx: Context, row: store.Checked): string =>
  (row.state.evidenceId ? store.evidenceById(ctx.db, row.state.evidenceId)?.issuerKey : undefined) ?? '';

/**
 * Every state of the estate; others work between its steps, because years of lists take minutes. Differences become
 * signals, once for each state. @returns how many were derived and differ
 */
export async function rederiveAll(ctx: Context): Promise<{ derived: number; differences: Difference[] }> {
  demand(ctx.actor, 'revocation.check');
  const differences: Difference[] = [];
  const troubles: unknown[] = [];
  let derived = 0;
  const issuers = Issuers.read(ctx.db);
  // What a CA was revoked by long ago stands in no line any more.
  const resting = issuers.all.flatMap(({ evidenceId }) => (evidenceId && store.evidenceById(ctx.db, evidenceId)) || []);
  reportLost(
    ctx,
    resting.map((complete) => ({ scope: complete.scope, complete, delta: null })),
  );
  for (const issuerKey of store.issuersWithEvidence(ctx.db)) {
    // A sweep is between accepting a list and crossing it, or a quarantine has just ended: nothing can be compared now.
    if (store.linesOf(ctx.db, issuerKey).some((line) => isBehind(ctx, line, issuers))) continue;
    try {
      const replays = await walked(ctx, issuerKey, rowsOf(ctx, issuerKey));
      derived += replays.length;
      for (const replay of replays) if (!follows(replay)) differences.push(differenceOf(replay));
    } catch (error) {
      // What stands in the way of one issuer is told at the end, and keeps no other from being looked at.
      troubles.push(error);
    }
  }
  if (differences.length) transact(ctx, (tx) => alarm(tx, differences));
  if (troubles.length) throw troubles[0];
  return { derived, differences };
}

/** Read as they are needed. */
function* rowsOf(ctx: Context, issuerKey: string): Generator<store.Checked> {
  for (const authorityId of store.authoritiesOf(ctx.db, issuerKey)) {
    for (let after = 0; ;) {
      const rows = store.issuedBy(ctx.db, authorityId, after, PART);
      yield* rows;
      if (rows.length < PART) break;
      after = rows.at(-1)!.order;
    }
  }
  yield* store.dataOnlyOf(ctx.db, issuerKey).filter((row) => issuerOfRecord(ctx, row) === issuerKey);
}

const differenceOf = (replay: Replay): Difference => ({
  certificateId: replay.row.id,
  recorded: facts(replay.row.state),
  derived: facts(replay.state),
  missing: missing(replay),
});

const missing = ({ lost }: Replay): number => lost.lists.size + lost.answers;

/**
 * What the evidence yields about certificates of an issuer by whom is believed today; others work between its steps. Where
 * part of it is lost, the last hold that was recorded stands for it, lest nobody read it and nobody be on hold.
 */
export const derive = async (
  ctx: Context,
  issuerKey: string,
  rows: readonly store.Checked[],
): Promise<{ row: store.Checked; state: State }[]> => {
  const policy = settings.get(ctx, 'freshness');
  return (await walked(ctx, issuerKey, rows)).map((replay) => {
    const { row, state } = replay;
    const hold = missing(replay) > 0 ? lastHold(ctx, row.id) : null;
    return { row, state: hold ? decide(state, [hold], policy, row.notAfter).state : state };
  });
};

/** The last hold of a certificate as it was written down when its evidence could be read. */
function lastHold(ctx: Context, certificateId: string): Word | null {
  const event = store
    .statusEvents(ctx.db, certificateId)
    .findLast(({ facet, to }) => facet === 'revocation' && to === 'on_hold');
  const evidence = event?.evidenceId ? store.evidenceById(ctx.db, event.evidenceId) : undefined;
  if (!event || !evidence) return null;
  const { kind: source, id: evidenceId, thisUpdate, nextUpdate, acceptedAt: confirmedAt } = evidence;
  return { source, status: 'on_hold', ...saidIn(event.detail), evidenceId, thisUpdate, nextUpdate, confirmedAt };
}

async function walked(ctx: Context, issuerKey: string, rows: Iterable<store.Checked>): Promise<Replay[]> {
  const walk = replaying(ctx, issuerKey, rows);
  let step = walk.next();
  for (; !step.done; step = walk.next()) await setImmediate();
  return step.value;
}

function alarm(tx: Context, differences: readonly Difference[]): void {
  let raised = 0;
  for (const { certificateId, ...detailed } of differences) {
    const { evidenceId } = store.checkedById(tx.db, certificateId)!.state;
    const detail = JSON.stringify(detailed);
    if (store.addSignal(tx.db, { kind: 'underived', certificateId, evidenceId, detail, at: tx.now() })) raised += 1;
  }
  if (raised) audit.record(tx, { action: 'states.underived', targets: [], details: { count: raised } });
}

const facts = ({ status, reason, revokedAt, invalidityAt }: State): Derived => ({
  status,
  reason,
  revokedAt,
  invalidityAt,
});

const equal = (a: State, b: State): boolean =>
  a.status === b.status && a.reason === b.reason && a.revokedAt === b.revokedAt && a.invalidityAt === b.invalidityAt;

/**
 * Whether the record is what the evidence yields, with or without an answer that waits to be applied. An answer that was
 * applied and changed something left its decision behind, so that nobody hides a change as one that waits.
 */
const follows = ({ row, state, unanswered }: Replay): boolean =>
  equal(row.state, state) || (unanswered !== null && equal(row.state, unanswered.state));
