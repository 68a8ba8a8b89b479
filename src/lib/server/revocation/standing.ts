// Which lists of an issuer hold, now or at a point of the past, and what they list: the newest complete list of each line,
// combined with the newest delta that fits it (certificate-status §2 no. 10). Order is the order in which objects were
// accepted, never a clock's.
import type { Context } from '../context.ts';
import { combine, combines } from './delta.ts';
import { onlyRevokes } from './crl-signers.ts';
import { endedList, isOver } from './ended-lines.ts';
import { heldList, unlessLost } from './held-object.ts';
import type { Issuers } from './issuers.ts';
import { hasSay, isBelieved } from './list-lines.ts';
import * as store from './store.ts';
import type { Held } from './subject.ts';

/** The objects of one line that hold together. */
export type Standing = {
  scope: string;
  complete: store.EvidenceRow;
  delta: store.EvidenceRow | null;
  /** Nothing follows in it any more (ended-lines.ts). */
  over?: boolean;
};

/** What holds now, as the lines say. */
export const standingNow = (ctx: Context, issuerKey: string): Standing[] =>
  store.linesOf(ctx.db, issuerKey).map((line) => standingOf(ctx, line));

function standingOf(ctx: Context, { scope, evidenceId, deltaEvidenceId }: store.LineRow): Standing {
  const complete = store.evidenceById(ctx.db, evidenceId)!;
  const delta = deltaEvidenceId ? store.evidenceById(ctx.db, deltaEvidenceId)! : null;
  return { scope, complete, delta, over: isOver(delta ?? complete, ctx.now()) };
}

/** What held after the object at this place in the order of acceptance. */
export function standingAt(ctx: Context, issuerKey: string, order: number): Standing[] {
  return store.newestOfLines(ctx.db, issuerKey, order).map(({ scope, complete, delta }) => ({
    scope,
    complete,
    delta: delta && fits(ctx, complete, delta) ? delta : null,
  }));
}

const NONE: ReadonlySet<string> = new Set();

/** Whether a delta continues a complete list. @param read how they are read when not from what is kept of them */
export const fits = (
  ctx: Context,
  complete: store.EvidenceRow,
  delta: store.EvidenceRow,
  read: typeof heldList = heldList,
): boolean => unlessLost(() => combines(read(ctx, complete, NONE).crl, read(ctx, delta, NONE).crl)) ?? true;

/** Whether the silence of a line's lists means good: their signers are believed today. */
export const isSound = (ctx: Context, { complete, delta }: Standing, issuers: Issuers): boolean =>
  isBelieved(ctx, complete, issuers) && (delta === null || isBelieved(ctx, delta, issuers));

/** The last object of a line that counts: its delta, else its complete list. */
export const headOf = (standing: Standing): store.EvidenceRow => standing.delta ?? standing.complete;

/** Whether the head of a line was accepted and not crossed with our certificates yet. */
export const isUncrossed = (line: store.LineRow): boolean =>
  line.appliedEvidenceId !== (line.deltaEvidenceId ?? line.evidenceId);

/**
 * Whether a line waits for its crossing. One that is to be crossed again waits until its signer is believed; one that was
 * crossed while our clock ran ahead is crossed again, because nobody knows who came since.
 */
export const isBehind = (ctx: Context, line: store.LineRow, issuers: Issuers): boolean =>
  isUncrossed(line) || ((line.appliedAt === null || line.appliedAt > ctx.now()) && isLineSound(ctx, line, issuers));

export const isLineSound = (ctx: Context, line: store.LineRow, issuers: Issuers): boolean =>
  isSound(ctx, standingOf(ctx, line), issuers);

/** What a crossing must know besides the lists: now, or at a point of the past. */
export type Moment = { quarantined: (scope: string) => boolean; confirmedAt: (head: store.EvidenceRow) => number };

/** An object that came while our clock was doubted, and that nobody confirmed since, is as old as its signer says. */
export const confirmedAt = (ctx: Context, { id, thisUpdate }: store.EvidenceRow): number =>
  store.confirmationAt(ctx.db, id, ctx.now()) ?? thisUpdate;

export const momentNow = (ctx: Context, issuerKey: string): Moment => ({
  quarantined: (scope) => store.openQuarantine(ctx.db, issuerKey, scope) !== undefined,
  confirmedAt: (head) => confirmedAt(ctx, head),
});

/**
 * The lists of a standing as the rules want them: crossed with the wanted serials, deltas worked in. What cannot be read any
 * more might have named anybody, so that the silence of the others means nothing; what they name counts.
 * @param lost hears of objects that cannot be read
 * @param read how they are read when not from what is kept of them
 */
export function heldLists(
  ctx: Context,
  standing: readonly Standing[],
  wanted: ReadonlySet<string>,
  moment: Moment,
  issuers: Issuers,
  lost: (each: Standing) => void = () => {},
  read?: typeof heldList,
): Held[] {
  const having = standing.filter(({ complete }) => hasSay(ctx, complete, issuers));
  const held = having.flatMap((each) => {
    // Who asks about nobody of ours (a delegate) reads the list itself.
    const reading = read ?? (each.over && wanted.size > 0 ? endedList : heldList);
    const one = unlessLost(() => heldOf(ctx, each, wanted, moment, issuers, reading));
    if (!one) lost(each);
    return one ?? [];
  });
  return held.length === having.length ? held : held.map((one) => ({ ...one, onlyRevokes: true }));
}

/** A list whose number is another's, or begins anew, releases nobody; the next one may (§2 no. 5). */
const isDoubtful = ({ remarks }: store.EvidenceRow): boolean =>
  remarks.includes('same_number') || remarks.includes('renumbered');

function heldOf(
  ctx: Context,
  each: Standing,
  wanted: ReadonlySet<string>,
  moment: Moment,
  issuers: Issuers,
  read: typeof heldList,
): Held {
  const complete = read(ctx, each.complete, wanted);
  const news = each.delta && read(ctx, each.delta, wanted);
  const { crl, crossing, earlyRemoved } = news ? combine(complete, news) : { ...complete, earlyRemoved: [] };
  return {
    crl,
    crossing,
    delta: news?.crl ?? null,
    earlyRemoved,
    evidenceId: headOf(each).id,
    scope: each.scope,
    confirmedAt: moment.confirmedAt(headOf(each)),
    quarantined: moment.quarantined(each.scope),
    doubtful: [each.complete, each.delta].some((row) => row && isDoubtful(row)),
    onlyRevokes: onlyRevokes(each.scope) || !isSound(ctx, each, issuers),
  };
}
