// Derives states again from the evidence that is kept, object after object in the order in which they were accepted, and
// compares: every state must be explainable by its evidence, years later and after thinning. A difference is an alarm.
import { setImmediate } from 'node:timers/promises';
import * as audit from '../audit/index.ts';
import * as certificates from '../certificates/index.ts';
import { transact, type Context } from '../context.ts';
import * as files from '../files/index.ts';
import { demand } from '../permission.ts';
import * as settings from '../settings/index.ts';
import { AnswerSigners } from './answer-signers.ts';
import { algorithmRules } from './algorithms.ts';
import { decide, NOTHING_KNOWN, type State, type Word } from './decide.ts';
import { saidIn } from './episodes.ts';
import { unlessLost } from './held-object.ts';
import { Issuers } from './issuers.ts';
import { reportLost } from './lost.ts';
import { readResponse } from './ocsp.ts';
import { acceptOcsp, saidOf } from './ocsp-acceptance.ts';
import { configuredResponders } from './responders.ts';
import { headOf, heldLists, isBehind, standingAt, type Moment } from './standing.ts';
import * as store from './store.ts';
import { entryOf, Subjects, wordsOf, type Run } from './words-of.ts';

export type Derived = Pick<State, 'status' | 'reason' | 'revokedAt' | 'invalidityAt'>;
/** `missing`: objects whose bytes are lost, so that the state cannot be derived from all that it rests on. */
export type Difference = { certificateId: string; recorded: Derived; derived: Derived; missing: number };

/** States that evidence makes; the others say that there is none to be had. */
const FROM_EVIDENCE: readonly string[] = ['good', 'revoked', 'on_hold', 'released', 'unknown'];

/** One certificate. @returns null when nothing was ever derived about it */
export function rederive(
  ctx: Context,
  certificateId: string,
): { equal: boolean; recorded: Derived; derived: Derived } | null {
  certificates.get(ctx, certificateId);
  const row = store.checkedById(ctx.db, certificateId)!;
  if (!row.issuerKey && row.fingerprint !== null) return null;
  const { replays, steps } = replayed(ctx, row.issuerKey ?? issuerOfRecord(ctx, row), [row]);
  for (const step of steps) step();
  const [replay] = replays;
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
    const rows = [
      ...store.authoritiesOf(ctx.db, issuerKey).flatMap((id) => store.issuedBy(ctx.db, id, 0, Number.MAX_SAFE_INTEGER)),
      ...store.dataOnlyOf(ctx.db, issuerKey).filter((row) => issuerOfRecord(ctx, row) === issuerKey),
    ];
    try {
      for (const replay of await walked(ctx, issuerKey, rows)) {
        derived += 1;
        if (!follows(replay)) differences.push(differenceOf(replay));
      }
    } catch (error) {
      // What stands in the way of one issuer is told at the end, and keeps no other from being looked at.
      troubles.push(error);
    }
  }
  if (differences.length) transact(ctx, (tx) => alarm(tx, differences));
  if (troubles.length) throw troubles[0];
  return { derived, differences };
}

const differenceOf = ({ row, state, missing }: Replay): Difference => ({
  certificateId: row.id,
  recorded: facts(row.state),
  derived: facts(state),
  missing: missing.size,
});

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
  return (await walked(ctx, issuerKey, rows)).map(({ row, state, missing }) => {
    const hold = missing.size > 0 ? lastHold(ctx, row.id) : null;
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

async function walked(ctx: Context, issuerKey: string, rows: readonly store.Checked[]): Promise<Replay[]> {
  const { replays, steps } = replayed(ctx, issuerKey, rows);
  for (const step of steps) {
    step();
    await setImmediate();
  }
  return replays;
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

const equal = (a: State, b: State): boolean => JSON.stringify(facts(a)) === JSON.stringify(facts(b));

/** A state, and the answer that stood beside the lists. */
type Belief = { state: State; answer: store.AnswerRow | undefined };

type Replay = Belief & {
  row: store.Checked;
  since: number;
  /** How many objects had been accepted at the last decision that changed something. */
  decided: number;
  /** What is believed without the last answer when it came after that: it may be accepted and not applied yet. */
  unanswered: Belief | null;
  /** Objects that took part and cannot be read any more. */
  missing: ReadonlySet<string>;
};

/**
 * Whether the record is what the evidence yields, with or without an answer that waits to be applied. An answer that was
 * applied and changed something left its decision behind, so that nobody hides a change as one that waits.
 */
const follows = ({ row, state, unanswered }: Replay): boolean =>
  equal(row.state, state) || (unanswered !== null && equal(row.state, unanswered.state));

/** The same steps that were taken when the evidence came; whoever takes them all finds the states in the replays. */
function replayed(
  ctx: Context,
  issuerKey: string,
  rows: readonly store.Checked[],
): { replays: Replay[]; steps: (() => void)[] } {
  const replays = rows.flatMap((row): Replay[] => {
    const first = store.firstDecision(ctx.db, row.id);
    if (!first && !FROM_EVIDENCE.includes(row.state.status)) return [];
    const status = first ? (first.from as State['status']) : NOTHING_KNOWN.status;
    const decided = store.lastDecision(ctx.db, row.id);
    const start = { row, state: { ...NOTHING_KNOWN, status }, answer: undefined };
    return [{ ...start, since: first?.order ?? Infinity, decided, unanswered: null, missing: new Set() }];
  });
  if (replays.length === 0) return { replays, steps: [] };
  const byId = new Map(replays.map((replay) => [replay.row.id, replay]));
  const walk = new Walk(ctx, issuerKey, replays);
  return { replays, steps: stepsOf(ctx, issuerKey, replays, byId).map((step) => () => walk.take(step)) };
}

type Step = {
  order: number;
  /** Instant of acceptance, or of the decision that ended a quarantine. */
  at: number;
  /** An answer about this certificate; else lists, about all. */
  answer: { replay: Replay; row: store.EvidenceRow } | null;
};

function stepsOf(ctx: Context, issuerKey: string, replays: readonly Replay[], byId: Map<string, Replay>): Step[] {
  const lists = store.acceptances(ctx.db, issuerKey).map(({ order, at }): Step => ({ order, at, answer: null }));
  const answers = store
    .answersOfIssuer(ctx.db, issuerKey, replays.length === 1 ? replays[0]!.row.id : null)
    .flatMap((row): Step[] => {
      const replay = byId.get(row.certificateId!);
      return replay ? [{ order: row.order, at: row.acceptedAt, answer: { replay, row } }] : [];
    });
  // A certificate that came between two lists was first judged by what stood then.
  const firsts = [...new Set(replays.map(({ since }) => since))].filter(Number.isFinite);
  const before = firsts.map((order): Step => ({ order, at: store.acceptedAtOf(ctx.db, order), answer: null }));
  const released = store
    .quarantinesOf(ctx.db, issuerKey)
    .filter((row) => row.endedAt !== null)
    .map((row): Step => ({ order: store.orderAt(ctx.db, row.endedAt!), at: row.endedAt!, answer: null }));
  return [...lists, ...answers, ...before, ...released].sort((a, b) => a.order - b.order || a.at - b.at);
}

/** Walks the steps and keeps what a crossing remembers. */
class Walk {
  private readonly ctx: Context;
  private readonly issuerKey: string;
  private readonly replays: readonly Replay[];
  private readonly wanted: ReadonlySet<string>;
  private readonly quarantines: ReturnType<typeof store.quarantinesOf>;
  private readonly policy: Run['policy'];
  private readonly issuers: Issuers;
  private readonly signers: AnswerSigners;
  private readonly listings = new Map<string, store.ListingRow>();
  private readonly listed = new Set<string>();
  private held: { order: number; at: number; run: Run } | null = null;

  constructor(ctx: Context, issuerKey: string, replays: readonly Replay[]) {
    this.ctx = ctx;
    this.issuerKey = issuerKey;
    this.replays = replays;
    this.wanted = new Set(replays.map(({ row }) => row.serial));
    this.quarantines = store.quarantinesOf(ctx.db, issuerKey);
    this.policy = settings.get(ctx, 'freshness');
    this.issuers = Issuers.read(ctx.db);
    this.signers = new AnswerSigners(ctx, issuerKey, this.issuers);
  }

  take(step: Step): void {
    const run = this.runAt(step);
    if (step.answer) {
      const { replay, row } = step.answer;
      if (step.order > replay.decided) replay.unanswered = { state: replay.state, answer: replay.answer };
      const said = unlessLost(() => ({ answer: answerIn(this.ctx, row, this.issuers) }));
      if (!said) replay.missing = new Set([...replay.missing, row.id]);
      const answer = said?.answer ?? null;
      // Of who is believed no more only what it took away stays.
      if (answer && (!isMild(answer) || this.signers.isBelieved(row))) replay.answer = answer;
      if (replay.since <= step.order) this.decide(replay, replay, run);
      return;
    }
    for (const replay of this.replays) {
      if (replay.since > step.order) continue;
      this.decide(replay, replay, run);
      if (replay.unanswered) this.decide(replay, replay.unanswered, run);
    }
  }

  private decide(replay: Replay, belief: Belief, run: Run): void {
    const row = { ...replay.row, state: belief.state };
    const said = run.subjects.ask(this.ctx, row, run);
    for (const held of said.namedBy) {
      this.listings.set(`${held.scope} ${row.serial}`, entryOf(held, row.serial) as store.ListingRow);
      this.listed.add(row.serial);
    }
    const words = wordsOf(row, said.word, belief.answer);
    if (words.length) belief.state = decide(belief.state, words, this.policy, row.notAfter).state;
  }

  private runAt({ order, at }: Step): Run {
    if (this.held && this.held.order === order && this.held.at === at) return this.held.run;
    const moment: Moment = {
      quarantined: (scope) =>
        this.quarantines.some((q) => q.scope === scope && q.order <= order && (q.endedAt === null || q.endedAt > at)),
      confirmedAt: (head) => head.acceptedAt,
    };
    const then = standingAt(this.ctx, this.issuerKey, order);
    const lists = heldLists(this.ctx, then, this.wanted, moment, this.issuers, (each) => {
      reportLost(this.ctx, [each]);
      for (const replay of this.replays) replay.missing = new Set([...replay.missing, headOf(each).id]);
    });
    const run: Run = {
      issuerKey: this.issuerKey,
      issuerName: '',
      lists,
      wanted: this.wanted,
      listings: this.listings,
      listed: this.listed,
      policy: this.policy,
      order,
      subjects: new Subjects(this.issuers, this.issuerKey, true),
    };
    this.held = { order, at, run };
    return run;
  }
}

const isMild = ({ status }: store.AnswerRow): boolean => status === 'good' || status === 'unknown';

/** What an accepted answer said, judged again as of the instant it came, or from what was kept of it. */
export function answerIn(ctx: Context, row: store.EvidenceRow, issuers: Issuers): store.AnswerRow | null {
  const shared = { certificateId: row.certificateId!, confirmedAt: row.acceptedAt, evidenceId: row.id };
  const thinned = store.thinnedOf(ctx.db, row.id)?.found[0];
  if (thinned) {
    const { status, reason, revokedAt, invalidityAt } = thinned;
    const { thisUpdate, nextUpdate } = row;
    return { ...shared, status: status ?? 'unknown', reason, revokedAt, invalidityAt, thisUpdate, nextUpdate };
  }
  const checked = store.checkedById(ctx.db, row.certificateId!);
  const issuer = issuers.standingFor(checked?.authorityId, row.acceptedAt);
  if (!checked || !issuer) return null;
  // By the settings that were in force when it came.
  const then: Context = { ...ctx, now: () => row.acceptedAt };
  const verdict = acceptOcsp({
    response: readResponse(files.read(ctx, row.sha256)),
    asked: { serial: checked.serial, issuer: issuer.view },
    certificate: checked.fingerprint ? store.derOf(ctx.db, checked.fingerprint) : null,
    nonce: null,
    // It was asked when the answer came; the lists of that day are not asked about its signer again.
    delegateListed: () => false,
    known: null,
    now: row.acceptedAt,
    maxAgeHours: settings.get(then, 'freshness').ocspHours,
    configured: configuredResponders(then, issuer.view),
    algorithms: algorithmRules(then),
  });
  if (!verdict.accepted) return null;
  return { ...shared, ...saidOf(verdict.answer) };
}
