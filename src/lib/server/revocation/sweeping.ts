// A sweep: asks the sources that are due, crosses what is new with our certificates, completes what an earlier sweep left.
// What is due follows from rows, so that a killed sweep is made up for by the next.
import * as audit from '../audit/index.ts';
import { HOUR } from '../calendar.ts';
import { attempt, transact, type Context } from '../context.ts';
import type { Outbound } from '../outbound/index.ts';
import { demand } from '../permission.ts';
import * as settings from '../settings/index.ts';
import { applyIssuer, applyNewAuthorities, applySome, spread } from './applying.ts';
import { askable, askedInVain, askResponder } from './asking.ts';
import { askAuthorities } from './asking-authorities.ts';
import { tally } from './believing.ts';
import { admitted, hostOf, isAskedAgain, isDue, isHurriedDue, POLL } from './circuit.ts';
import { clockState } from './clock.ts';
import { fetchList, internal } from './fetching.ts';
import { grouped } from './grouped.ts';
import { Issuers } from './issuers.ts';
import { noticeReturned, reportLost } from './lost.ts';
import { perHost, type Lanes } from './per-host.ts';
import { findSources } from './sources.ts';
import { isBehind, standingNow } from './standing.ts';
import * as store from './store.ts';
import { answerRules } from './taking-answer.ts';
import { withdraw } from './withdrawing.ts';

export type SweepResult = {
  /** Addresses asked, by what came of it. */
  asked: number;
  fresh: number;
  same: number;
  refused: number;
  failed: number;
  /** Certificates crossed, whose belief changed, newly revoked. */
  checked: number;
  changed: number;
  revoked: number;
  /** OCSP questions. */
  questions: number;
};

const OCSP_BATCH = 200;
/** So many answers are applied at once: an issuer's lists are walked for all of them together. */
const ANSWERED = 50;

export type SweepOptions = {
  outbound: Outbound;
  /** `urgent`: what open incidents depend on, what was never asked, and what failed and may be tried again. */
  lane?: 'urgent' | 'all';
  /** Ask all lists now, due or not. */
  force?: boolean;
  /** Only these sources. */
  sources?: readonly string[];
  /** How many are asked at once, and how many OCSP questions one sweep asks; other than usual only in measurements. */
  lanes?: Lanes;
  questions?: number;
};

/** Two lanes may run at once; what one of them is asking the other leaves alone. */
const underWay = new Set<string>();

async function once(key: string, work: () => Promise<void>): Promise<void> {
  if (underWay.has(key)) return;
  underWay.add(key);
  try {
    await work();
  } finally {
    underWay.delete(key);
  }
}

export async function sweep(ctx: Context, by: SweepOptions): Promise<SweepResult> {
  demand(ctx.actor, 'revocation.check');
  findSources(ctx);
  const issuers = Issuers.read(ctx.db);
  const counts = { asked: 0, fresh: 0, same: 0, refused: 0, failed: 0 };
  const result: SweepResult = { ...counts, checked: 0, changed: 0, revoked: 0, questions: 0 };
  await perHost(
    due(ctx, by),
    (source) => hostOf(source.url),
    (source) =>
      once(source.id, async () => {
        const outcome = await attempt(ctx)(
          { row: `source:${source.id}` },
          (own) => fetchList(own, source, by.outbound, issuers).catch((error: unknown) => internal(own, source, error)),
          () => internal(ctx, source, new Error('the process died of it three times')),
        );
        result.asked += 1;
        result[outcome === 'new' ? 'fresh' : outcome] += 1;
      }),
    by.lanes,
  );
  // A list of the lists that came may say where its deltas are.
  findSources(ctx);
  const troubles: unknown[] = [];
  await complete(ctx, result, troubles);
  if (!by.sources) {
    await askDue(ctx, by, result, troubles);
    result.questions += await askAuthorities(ctx, { outbound: by.outbound, issuers: Issuers.read(ctx.db) });
    await askTheTime(ctx, by);
  }
  if (troubles.length > 0) throw troubles[0];
  return result;
}

/** What a sweep did in a sentence, or null when there was nothing to do. */
export function inWords(result: SweepResult): string | null {
  if (result.asked + result.questions + result.changed === 0) return null;
  const bad = result.failed + result.refused;
  return [
    `${result.asked} sumber ditanya (${result.fresh} baru, ${result.same} sama${bad ? `, ${bad} gagal atau ditolak` : ''})`,
    result.questions ? `${result.questions} pertanyaan OCSP` : '',
    `${result.changed} status berubah${result.revoked ? `, ${result.revoked} dicabut` : ''}`,
  ]
    .filter(Boolean)
    .join('; ');
}

/** Makes all sources due at once; the jobs process asks them ("Sapu sekarang"). @returns how many */
export function requestSweep(ctx: Context): number {
  demand(ctx.actor, 'revocation.check');
  return transact(ctx, (tx) => {
    const targets = store.liveLists(tx.db).map(({ id }) => ['source', id] as const);
    const count = store.makeDue(tx.db, tx.now());
    audit.record(tx, { action: 'sweep.requested', targets, details: { count } });
    return count;
  });
}

/** A cheap look for the jobs process: a list may be asked now (`all`), or one was never asked yet (`urgent`). */
export const sweepDue = (ctx: Context, lane: 'urgent' | 'all'): boolean =>
  store.anyDue(ctx.db, ctx.now(), lane === 'urgent') && routine(ctx, lane).length > 0;

/** What is due by its own time, without hurry: never asked before, or its pause or its hour is over. */
function routine(ctx: Context, lane: 'urgent' | 'all'): store.SourceRow[] {
  const now = ctx.now();
  const live = store.liveLists(ctx.db);
  const due = live.filter(
    (source) => isDue(source, now) && (lane === 'all' || source.attemptedAt === null) && !underWay.has(source.id),
  );
  return admitted(due, live, now);
}

function due(ctx: Context, by: SweepOptions): store.SourceRow[] {
  const now = ctx.now();
  const live = store.liveLists(ctx.db);
  if (by.sources) return live.filter((source) => by.sources!.includes(source.id));
  if (by.force) return live;
  const urgent = new Set(store.urgentAddresses(ctx.db).map((row) => `${row.issuerKey} ${row.url}`));
  // To know that the clock was put right somebody must be asked.
  const doubtful = ['warn', 'frozen'].includes(clockState(ctx).state);
  const hurried = (source: store.SourceRow) =>
    (doubtful || urgent.has(`${source.issuerKey} ${source.url}`)) && isHurriedDue(source, now);
  const wanted = live.filter((source) => {
    // Due before the hour is over: never asked, failed, or somebody asked for a sweep.
    const early = source.attemptedAt === null || source.dueAt < source.attemptedAt + POLL;
    return hurried(source) || ((by.lane !== 'urgent' || early) && isDue(source, now));
  });
  return admitted(wanted, live, now, hurried);
}

/**
 * Crosses every issuer that has an uncrossed list or certificates that wait; what was confirmed moves its instants. An
 * answer that was accepted and not applied (a process was killed, the clock was wrong) is applied.
 */
async function complete(ctx: Context, result: SweepResult, troubles: unknown[]): Promise<void> {
  const now = ctx.now();
  // The others agree that it is now: whatever lies ahead was written by a clock that ran fast.
  if (clockState(ctx).state === 'ok') transact(ctx, (tx) => store.closeAhead(tx.db, now));
  noticeReturned(ctx);
  const issuers = Issuers.read(ctx.db);
  const lines = Map.groupBy(store.lines(ctx.db), (line) => line.issuerKey);
  for (const [issuerKey, own] of lines)
    await apart(ctx, issuerKey, troubles, async () => {
      const behind = own.some((line) => isBehind(ctx, line, issuers));
      const since = Math.min(...own.flatMap((line) => line.appliedAt ?? []));
      if (behind || store.waiting(ctx.db, issuerKey, since, now)) tally(result, await applyIssuer(ctx, issuerKey));
      else {
        applyNewAuthorities(ctx, issuerKey, issuers);
        await spread(ctx, issuerKey);
      }
      tally(result, await withdraw(ctx, issuerKey));
    });
  // Of CAs whose status only answers tell.
  for (const issuerKey of new Set(issuers.all.map(({ view }) => view.publicKey.spkiSha256)))
    if (!lines.has(issuerKey) && store.hasEvidence(ctx.db, issuerKey))
      await apart(ctx, issuerKey, troubles, async () => tally(result, await withdraw(ctx, issuerKey)));
  for (const [issuerKey, ids] of store.unappliedAnswers(ctx.db, settings.get(ctx, 'freshness').ocspHours * HOUR))
    for (let at = 0; at < ids.length; at += ANSWERED)
      await apart(ctx, issuerKey, troubles, () =>
        tally(result, applySome(ctx, issuerKey, ids.slice(at, at + ANSWERED))),
      );
}

/** What stands in the way of one issuer keeps no other waiting: lost bytes are told as a signal, the rest at the end. */
async function apart(ctx: Context, issuerKey: string, troubles: unknown[], work: () => unknown): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!reportLost(ctx, standingNow(ctx, issuerKey))) troubles.push(error);
  }
}

/** OCSP where there is no list, and for certificates of open incidents. */
async function askDue(ctx: Context, by: SweepOptions, result: SweepResult, troubles: unknown[]): Promise<void> {
  const { outbound, lanes, questions = OCSP_BATCH } = by;
  // Cut off between answer and application, the certificate is still due and asked again.
  const answered = new Batches(ANSWERED, (issuerKey, ids) =>
    apart(ctx, issuerKey, troubles, () => tally(result, applySome(ctx, issuerKey, ids))),
  );
  const issuers = Issuers.read(ctx.db);
  const write = grouped(ctx, (tx) => answerRules(tx, issuers));
  const now = ctx.now();
  const hurried = store
    .hurriedForOcsp(ctx.db, now)
    .filter(({ id, refusals, dueAt }) => dueAt === null || isAskedAgain(id, refusals ?? 0, dueAt, now));
  const first = askable(ctx, hurried).slice(0, questions);
  const ids = byTurns(
    first.map(({ id }) => id),
    store.dueForOcsp(ctx.db, now, questions),
  );
  const rows = ids.map((id) => store.checkedById(ctx.db, id)!);
  let put = 0;
  await perHost(
    rows,
    (row) => hostOf((JSON.parse(row.ocspUrls) as string[])[0] ?? ''),
    (row) =>
      once(row.id, async () => {
        if (put >= questions) return;
        put += 1;
        try {
          const { outcome } = await askResponder(ctx, row.id, { outbound, issuers, write });
          if (outcome === 'resting') return void (put -= 1);
          result.questions += 1;
          if (outcome === 'new' || outcome === 'same') await answered.add(row.issuerKey!, row.id);
        } catch (error) {
          // One answer that cannot be judged keeps no other from being asked for and applied, now or in the next sweep.
          troubles.push(error);
          transact(ctx, (tx) => askedInVain(tx, row.id, 0));
        }
      }),
    lanes,
  );
  await answered.finish();
}

/** One of each by turns, none twice: whoever is hurried, though they be many, keeps nobody else waiting for ever. */
function byTurns(a: readonly string[], b: readonly string[]): string[] {
  const turns = Array.from({ length: Math.max(a.length, b.length) }, (_, i) => [a[i], b[i]]);
  return [...new Set(turns.flat().filter((id) => id !== undefined))];
}

/**
 * One host alone says that our clock is wrong: a responder is asked for an answer with our nonce in it, whose signature
 * then says what time it is. It is applied as any other answer, by the next sweep.
 */
async function askTheTime(ctx: Context, { outbound }: SweepOptions): Promise<void> {
  const { state, hosts } = clockState(ctx);
  if (hosts > 2 || (state !== 'warn' && state !== 'frozen')) return;
  const id = store.anyWithResponder(ctx.db, ctx.now());
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
