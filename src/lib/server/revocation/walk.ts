// One walk through the past of an issuer: at each step its lists as they stood then, and what they make of the certificates.
import type { Context } from '../context.ts';
import * as settings from '../settings/index.ts';
import { Alike } from './alike.ts';
import { AnswerSigners } from './answer-signers.ts';
import { answerIn } from './answers-then.ts';
import { decide, type State } from './decide.ts';
import { fromKept, keptOf, unlessLost, type Crossed } from './held-object.ts';
import { Issuers } from './issuers.ts';
import { reportLost } from './lost.ts';
import type { Scoping } from './scoping.ts';
import { fits, headOf, heldLists, type Moment, type Standing } from './standing.ts';
import * as store from './store.ts';
import { entryOf, Subjects, wordsOf, type Run } from './words-of.ts';

/** A state, and the answer that stood beside the lists. */
type Belief = { state: State; answer: store.AnswerRow | undefined };

export type Replay = Belief & {
  row: store.Checked;
  /** What decides which lists speak about it; null: its bytes are not kept. */
  kind: Scoping | null;
  since: number;
  /** How many objects had been accepted at the last decision that changed something. */
  decided: number;
  /** What is believed without the last answer when it came after that: it may be accepted and not applied yet. */
  unanswered: Belief | null;
  /** Objects that took part and cannot be read any more: lists, the same for all, and answers about this one. */
  lost: { lists: Set<string>; answers: number };
};

/** What an issuer's certificates went through up to an object. */
export type Past = {
  until: number;
  lists: readonly store.Acceptance[];
  quarantines: ReturnType<typeof store.quarantinesOf>;
};

export type Step = {
  order: number;
  /** Instant of acceptance, or of the decision that ended a quarantine. */
  at: number;
  about: readonly Replay[];
  /** An answer about one; else lists. */
  answer: string | null;
};

/** Takes the steps, and keeps what a crossing remembers. */
export class Walk {
  private readonly ctx: Context;
  private readonly issuerKey: string;
  private readonly past: Past;
  private readonly lost: Set<string>;
  private readonly wanted: ReadonlySet<string>;
  private readonly policy: Run['policy'];
  private readonly issuers: Issuers;
  private readonly signers: AnswerSigners;
  private readonly listings = new Map<string, store.ListingRow>();
  private readonly listed = new Set<string>();
  /** Lists that stand, crossed; their bytes are gone. */
  private readonly crossed = new Map<string, Crossed>();
  /** How many lists were accepted up to the last step, and the newest of each line. */
  private accepted = 0;
  private readonly newest = new Map<string, { complete: string | null; delta: string | null }>();
  private held: { key: string; run: Run; alike: Alike } | null = null;

  constructor(ctx: Context, issuerKey: string, replays: readonly Replay[], past: Past) {
    this.ctx = ctx;
    this.issuerKey = issuerKey;
    this.past = past;
    this.lost = replays[0]!.lost.lists;
    this.wanted = new Set(replays.map(({ row }) => row.serial));
    this.policy = settings.get(ctx, 'freshness');
    this.issuers = Issuers.read(ctx.db);
    this.signers = new AnswerSigners(ctx, issuerKey, this.issuers);
  }

  take(step: Step): void {
    const { run, alike } = this.runAt(step);
    if (step.answer !== null) this.hear(step.about[0]!, step.order, step.answer);
    for (const replay of step.about) {
      if (replay.since > step.order) continue;
      this.decide(replay, replay, run, alike);
      if (replay.unanswered && step.answer === null) this.decide(replay, replay.unanswered, run, alike);
    }
  }

  private hear(replay: Replay, order: number, id: string): void {
    const row = store.evidenceById(this.ctx.db, id)!;
    if (order > replay.decided) replay.unanswered = { state: replay.state, answer: replay.answer };
    const said = unlessLost(() => ({ answer: answerIn(this.ctx, row, this.issuers) }));
    if (!said) replay.lost.answers += 1;
    const answer = said?.answer ?? null;
    // Of who is believed no more only what it took away stays.
    if (answer && (!isMild(answer) || this.signers.isBelieved(row))) replay.answer = answer;
  }

  private decide({ row, kind }: Replay, belief: Belief, run: Run, alike: Alike): void {
    const decided = () => this.decided(row, belief, run);
    const isAlone = !kind || belief.answer || this.listed.has(row.serial) || alike.names(row.serial);
    belief.state = isAlone ? decided() : alike.after(belief.state, kind, row, decided);
  }

  private decided(before: store.Checked, { state, answer }: Belief, run: Run): State {
    const row = { ...before, state };
    const said = run.subjects.ask(this.ctx, row, run);
    for (const held of said.namedBy) {
      this.listings.set(`${held.scope} ${row.serial}`, entryOf(held, row.serial) as store.ListingRow);
      this.listed.add(row.serial);
    }
    const words = wordsOf(row, said.word, answer);
    return words.length ? decide(state, words, this.policy, row.notAfter).state : state;
  }

  /** The lists as they stood at a step; read again only when one came or a quarantine began or ended. */
  private runAt({ order, at }: Step): { run: Run; alike: Alike } {
    this.accept(order);
    const now = this.past.quarantines.filter((q) => q.order <= order && (q.endedAt === null || q.endedAt > at));
    const key = [this.accepted, ...now.map(({ id }) => id)].join(' ');
    if (this.held?.key === key) return this.held;
    const moment: Moment = {
      quarantined: (scope) => now.some((q) => q.scope === scope),
      confirmedAt: (head) => head.acceptedAt,
    };
    const then = this.standing();
    const lists = heldLists(this.ctx, then, this.wanted, moment, this.issuers, this.miss, this.read);
    this.forget(then);
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
    this.held = { key, run, alike: new Alike(lists) };
    return this.held;
  }

  private accept(order: number): void {
    for (
      let list = this.past.lists[this.accepted];
      list && list.order <= order;
      list = this.past.lists[this.accepted]
    ) {
      const { complete, delta } = this.newest.get(list.scope) ?? { complete: null, delta: null };
      // Lines stand in the order of their complete lists, as `standingAt` gives them.
      if (!list.isDelta) this.newest.delete(list.scope);
      this.newest.set(list.scope, list.isDelta ? { complete, delta: list.id } : { complete: list.id, delta });
      this.accepted += 1;
    }
  }

  private standing(): Standing[] {
    return [...this.newest].flatMap(([scope, ids]) => {
      if (ids.complete === null) return [];
      const complete = store.evidenceById(this.ctx.db, ids.complete)!;
      const delta = ids.delta === null ? null : store.evidenceById(this.ctx.db, ids.delta)!;
      return { scope, complete, delta: delta && fits(this.ctx, complete, delta, this.read) ? delta : null };
    });
  }

  private readonly read = (ctx: Context, row: store.EvidenceRow): Crossed => {
    const known = this.crossed.get(row.id) ?? fromKept(row, keptOf(ctx, row, this.wanted), this.wanted);
    this.crossed.set(row.id, known);
    return known;
  };

  private readonly miss = (each: Standing): void => {
    reportLost(this.ctx, [each]);
    this.lost.add(headOf(each).id);
  };

  private forget(standing: readonly Standing[]): void {
    const stand = new Set(standing.flatMap(({ complete, delta }) => [complete.id, delta?.id]));
    for (const id of this.crossed.keys()) if (!stand.has(id)) this.crossed.delete(id);
  }
}

const isMild = ({ status }: store.AnswerRow): boolean => status === 'good' || status === 'unknown';
