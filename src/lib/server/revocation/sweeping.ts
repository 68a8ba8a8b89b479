// A sweep: asks the sources that are due, crosses what is new with our certificates, completes what an earlier sweep left.
// What is due follows from rows, so that a killed sweep is made up for by the next.
import * as audit from '../audit/index.ts';
import { HOUR } from '../calendar.ts';
import { attempt, transact, type Context } from '../context.ts';
import type { Outbound } from '../outbound/index.ts';
import { demand } from '../permission.ts';
import * as settings from '../settings/index.ts';
import { applyIssuer, applyNewAuthorities, applySome, spread } from './applying.ts';
import { Arriving } from './arriving.ts';
import { ANSWERED, apart, askDue, askTheTime } from './asking-due.ts';
import { askAuthorities } from './asking-authorities.ts';
import { nothing, tally, type Applied } from './believing.ts';
import { admitted, hostOf, isDue, isHurriedDue, POLL } from './circuit.ts';
import { clockState } from './clock.ts';
import { fetchList, internal, type FetchOutcome } from './fetching.ts';
import { Issuers } from './issuers.ts';
import { noticeReturned } from './lost.ts';
import { perHost, type Lanes } from './per-host.ts';
import { findSources } from './sources.ts';
import { isBehind } from './standing.ts';
import * as store from './store.ts';
import { isUnderWay, once } from './under-way.ts';
import { withdraw } from './withdrawing.ts';

export type SweepResult = Applied & {
  /** Addresses asked, by what came of it. */
  asked: number;
  fresh: number;
  same: number;
  refused: number;
  failed: number;
  /** OCSP questions. */
  questions: number;
};

export type SweepOptions = {
  outbound: Outbound;
  /** `urgent`: what open incidents depend on, what was never asked, and what failed and may be tried again. */
  lane?: 'urgent' | 'all';
  /** Ask all lists now, due or not. */
  force?: boolean;
  /** Only these sources. */
  sources?: readonly string[];
  /** How many are asked at once, and how many OCSP questions one sweep asks at most; other than usual only in measurements. */
  lanes?: Lanes;
  questions?: number;
};

export async function sweep(ctx: Context, by: SweepOptions): Promise<SweepResult> {
  demand(ctx.actor, 'revocation.check');
  findSources(ctx);
  const counts = { asked: 0, fresh: 0, same: 0, refused: 0, failed: 0 };
  const result: SweepResult = { ...counts, ...nothing(), questions: 0 };
  const troubles: unknown[] = [];
  await askLists(ctx, by, result, troubles);
  // A list of the lists that came may say where its deltas are.
  findSources(ctx);
  await complete(ctx, result, troubles);
  if (!by.sources) {
    await askDue(ctx, { ...by, waited: () => sweepDue(ctx, by.lane ?? 'all') }, result, troubles);
    result.questions += await askAuthorities(ctx, { outbound: by.outbound, issuers: Issuers.read(ctx.db) });
    await askTheTime(ctx, by);
  }
  if (troubles.length > 0) throw troubles[0];
  return result;
}

/** Asks for the lists that are due, and crosses those of each issuer as they come in. */
async function askLists(ctx: Context, by: SweepOptions, result: SweepResult, troubles: unknown[]): Promise<void> {
  const issuers = Issuers.read(ctx.db);
  const sources = due(ctx, by);
  const arriving = new Arriving(sources, (issuerKey) =>
    apart(ctx, issuerKey, troubles, async () => {
      // What is new while our clock is doubted waits until all were asked, so that others had a say about the time.
      if (clockState(ctx).state === 'ok') tally(result, await applyIssuer(ctx, issuerKey));
    }),
  );
  try {
    await perHost(
      sources,
      (source) => hostOf(source.url),
      async (source) => {
        let outcome: FetchOutcome | null = null;
        await once(source.id, async () => {
          outcome = await attempt(ctx)(
            { row: `source:${source.id}` },
            (own) =>
              fetchList(own, source, by.outbound, issuers).catch((error: unknown) => internal(own, source, error)),
            () => internal(ctx, source, new Error('the process died of it three times')),
          );
          result.asked += 1;
          result[outcome === 'new' ? 'fresh' : outcome] += 1;
        });
        arriving.came(source, outcome === 'new');
      },
      by.lanes,
    );
    await arriving.all();
  } finally {
    arriving.stop();
  }
}

/** What a sweep did in a sentence, or null when there was nothing to do. */
export function inWords(result: SweepResult): string | null {
  if (result.asked + result.questions + result.changed === 0) return null;
  const bad = result.failed + result.refused;
  return [
    `${result.asked} sumber ditanya (${result.fresh} baru, ${result.same} sama${bad ? `, ${bad} gagal atau ditolak` : ''})`,
    result.questions ? `${result.questions} pertanyaan OCSP` : '',
    [
      `${result.changed} status berubah`,
      result.revoked ? `${result.revoked} dicabut` : '',
      result.held ? `${result.held} ditangguhkan` : '',
      result.released ? `${result.released} dilepas dari penangguhan` : '',
    ]
      .filter(Boolean)
      .join(', '),
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
    (source) => isDue(source, now) && (lane === 'all' || source.attemptedAt === null) && !isUnderWay(source.id),
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
  // A walk may take minutes; what one lane takes back the other leaves alone.
  const takeBack = (issuerKey: string) =>
    once(`withdraw ${issuerKey}`, async () => tally(result, await withdraw(ctx, issuerKey)));
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
      await takeBack(issuerKey);
    });
  // Of CAs whose status only answers tell.
  for (const issuerKey of new Set(issuers.all.map(({ view }) => view.publicKey.spkiSha256)))
    if (!lines.has(issuerKey) && store.hasEvidence(ctx.db, issuerKey))
      await apart(ctx, issuerKey, troubles, () => takeBack(issuerKey));
  for (const [issuerKey, ids] of store.unappliedAnswers(ctx.db, settings.get(ctx, 'freshness').ocspHours * HOUR))
    for (let at = 0; at < ids.length; at += ANSWERED)
      await apart(ctx, issuerKey, troubles, () =>
        tally(result, applySome(ctx, issuerKey, ids.slice(at, at + ANSWERED))),
      );
}
