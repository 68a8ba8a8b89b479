// The OCSP questions of a sweep: about certificates that no list speaks about, and those of open incidents. They go on until
// nothing is due or the time of the lane is over: 100,000 certificates of a CA without lists come round in hours, not in days.
import { MINUTE } from '../calendar.ts';
import { transact, type Context } from '../context.ts';
import type { Outbound } from '../outbound/index.ts';
import { applySome } from './applying.ts';
import { askable, askedInVain, askResponder, firstAsked } from './asking.ts';
import { tally, type Applied } from './believing.ts';
import { hostOf, isAskedAgain, pollAfter } from './circuit.ts';
import { clockState } from './clock.ts';
import { grouped } from './grouped.ts';
import { Issuers } from './issuers.ts';
import { reportLost } from './lost.ts';
import { inTurn, perHost, type Lanes } from './per-host.ts';
import { standingNow } from './standing.ts';
import * as store from './store.ts';
import { answerRules } from './taking-answer.ts';
import { once } from './under-way.ts';

/** So many are asked about before it is looked who hurries now, and whether to go on. */
const BATCH = 200;
/** So many that are due are found at a time: the search reads the whole estate. */
const FOUND = 5000;
/** A lane asks for so long (circuit.ts, URGENT); what is due is found again by the next one. */
export const ASKING_LASTS = 4 * MINUTE;
/** So many answers are applied at once: an issuer's lists are walked for all of them together. */
export const ANSWERED = 50;

export type Asking = {
  outbound: Outbound;
  lanes?: Lanes;
  /** How many questions at most; other than by time only in measurements. */
  questions?: number;
  /** Whether something else waits for this lane, so that it ends after its batch. */
  waited: () => boolean;
};

type Row = NonNullable<ReturnType<typeof store.checkedById>>;
/** What came of it. */
type Sum = Applied & { questions: number };

/** OCSP where there is no list, and for certificates of open incidents. */
export async function askDue(ctx: Context, by: Asking, result: Sum, troubles: unknown[]): Promise<void> {
  const until = performance.now() + ASKING_LASTS;
  const most = by.questions ?? Infinity;
  const asking = new Round(ctx, by, result, troubles);
  const round = async (due: () => string[]) => {
    let batch: number;
    do batch = await asking.batch(due, Math.min(BATCH, most - asking.put));
    while (batch > 0 && asking.put < most && performance.now() < until && !by.waited());
  };
  let isOther = true;
  // Two lanes may run at once; a host is asked by one of them about those that do not hurry.
  await once('due for OCSP', async () => {
    isOther = false;
    await round(asking.due);
  });
  if (isOther) await round(() => []);
}

/** The questions of one sweep: nobody is asked about twice. */
class Round {
  put = 0;
  private readonly ctx: Context;
  private readonly by: Asking;
  private readonly result: Sum;
  private readonly troubles: unknown[];
  private readonly seen = new Set<string>();
  /** Of the batch: about whom an answer was accepted. */
  private readonly accepted: string[] = [];
  private found: string[] = [];
  /** Of those that the last search found, how many had been asked about. */
  private again = 0;

  constructor(ctx: Context, by: Asking, result: Sum, troubles: unknown[]) {
    this.ctx = ctx;
    this.by = by;
    this.result = result;
    this.troubles = troubles;
  }

  /** @returns how many were taken up */
  async batch(due: () => string[], size: number): Promise<number> {
    const { ctx } = this;
    const now = ctx.now();
    const hurried = store
      .hurriedForOcsp(ctx.db, now)
      .filter(({ id }) => !this.seen.has(id))
      .filter(({ id, refusals, dueAt }) => dueAt === null || isAskedAgain(id, refusals ?? 0, dueAt, now));
    const first = askable(ctx, hurried).map(({ id }) => id);
    const ids = byTurns(first.slice(0, size), due().slice(0, size));
    // Cut off between answer and application, the certificate is still due and asked again.
    const answered = new Batches(ANSWERED, (issuerKey, some) =>
      apart(ctx, issuerKey, this.troubles, () => tally(this.result, applySome(ctx, issuerKey, some))),
    );
    // Read anew for each batch: whom a person rejects meanwhile is believed no more.
    const issuers = Issuers.read(ctx.db);
    const how = { outbound: this.by.outbound, issuers, write: grouped(ctx, (tx) => answerRules(tx, issuers)) };
    const before = this.seen.size;
    let left = size;
    await perHost(
      ids.flatMap((id) => store.checkedById(ctx.db, id) ?? []),
      (row) => hostOf(firstAsked(ctx, row) ?? ''),
      (row, counted) =>
        once(row.id, async () => {
          if (left <= 0) return;
          left -= 1;
          this.seen.add(row.id);
          if (!(await this.ask(row, { ...how, outbound: counted(how.outbound) }, answered))) left += 1;
          else this.put += 1;
        }),
      this.by.lanes,
    );
    await answered.finish();
    this.rest();
    return this.seen.size - before;
  }

  /**
   * An accepted answer need not move what a certificate rests on: "unknown" beside a word that still stands, or a clock that
   * is wrong. Whoever is due as before is asked again after the ordinary pause, not by every lane; an incident waits for none.
   */
  private rest(): void {
    const { ctx } = this;
    const due = store.stillDue(ctx.db, ctx.now(), this.accepted.splice(0));
    const patient = due.filter((id) => !store.isHurried(ctx.db, id));
    if (patient.length === 0) return;
    transact(ctx, (tx) => {
      for (const id of patient) askedInVain(tx, id, pollAfter(id, tx.now()));
    });
  }

  /** Who is due and does not hurry. */
  readonly due = (): string[] => {
    this.found = this.found.filter((id) => !this.seen.has(id));
    if (this.found.length > 0) return this.found;
    const ids = store.dueForOcsp(this.ctx.db, this.ctx.now(), FOUND + this.again);
    this.found = ids.filter((id) => !this.seen.has(id));
    this.again = ids.length - this.found.length;
    return this.found;
  };

  /** @returns whether anybody was asked */
  private async ask(row: Row, how: Parameters<typeof askResponder>[2], answered: Batches): Promise<boolean> {
    const { ctx } = this;
    try {
      const { outcome } = await askResponder(ctx, row.id, how);
      if (outcome === 'resting') return false;
      this.result.questions += 1;
      if (outcome !== 'new' && outcome !== 'same') return true;
      this.accepted.push(row.id);
      await answered.add(row.issuerKey!, row.id);
    } catch (error) {
      // One answer that cannot be judged keeps no other from being asked for and applied, now or in the next sweep.
      this.troubles.push(error);
      transact(ctx, (tx) => askedInVain(tx, row.id, 0));
    }
    return true;
  }
}

/** What stands in the way of one issuer keeps no other waiting: lost bytes are told as a signal, the rest at the end. */
export async function apart(ctx: Context, issuerKey: string, troubles: unknown[], work: () => unknown): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!reportLost(ctx, standingNow(ctx, issuerKey))) troubles.push(error);
  }
}

/** One of each by turns, none twice: whoever is hurried, though they be many, keeps nobody else waiting for ever. */
export function byTurns(a: readonly string[], b: readonly string[]): string[] {
  const turns = Array.from({ length: Math.max(a.length, b.length) }, (_, i) => [a[i], b[i]]);
  return [...new Set(turns.flat().filter((id) => id !== undefined))];
}

/**
 * One host alone says that our clock is wrong: a responder is asked for an answer with our nonce in it, whose signature
 * then says what time it is. It is applied as any other answer, by the next sweep.
 */
export async function askTheTime(ctx: Context, by: Pick<Asking, 'outbound'>): Promise<void> {
  const { state, hosts } = clockState(ctx);
  if (hosts > 2 || (state !== 'warn' && state !== 'frozen')) return;
  const id = store.anyWithResponder(ctx.db, ctx.now());
  const outbound = inTurn(by.outbound);
  if (id)
    await once(
      id,
      async () => void (await askResponder(ctx, id, { outbound, issuers: Issuers.read(ctx.db), urgent: true })),
    );
}

/** Ids gathered by issuer; each full batch is taken at once, the rest at the end. */
class Batches {
  private readonly waiting = new Map<string, string[]>();
  private readonly size: number;
  private readonly take: (key: string, ids: string[]) => Promise<void>;

  constructor(size: number, take: (key: string, ids: string[]) => Promise<void>) {
    this.size = size;
    this.take = take;
  }

  async add(key: string, id: string): Promise<void> {
    const ids = [...(this.waiting.get(key) ?? []), id];
    this.waiting.set(key, ids);
    if (ids.length >= this.size) await this.flush(key);
  }

  async finish(): Promise<void> {
    for (const key of [...this.waiting.keys()]) await this.flush(key);
  }

  private flush(key: string): Promise<void> {
    const ids = this.waiting.get(key)!;
    this.waiting.delete(key);
    return this.take(key, ids);
  }
}
