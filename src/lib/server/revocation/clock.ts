// The clock watch: readings are rows, the judgement is computed from them (clock-watch.ts). While it says `frozen`, what
// is new is accepted and kept if it passes by our clock and by the one on which the hosts agree, but changes no state; the
// next sweep after the clock was put right makes up for it.
import { HOUR } from '../calendar.ts';
import type { Context } from '../context.ts';
import { isToBlame, judgeClock, type ClockState } from './clock-watch.ts';
import { clockSentence } from './clock-words.ts';
import { Issuers } from './issuers.ts';
import type { RefusalCode } from './refusals.ts';
import * as store from './store.ts';

/** Kept so long, for whoever asks afterwards why changes were frozen. */
const KEPT = 48 * HOUR;

/** A host answered and told its time. @param tops who vouches for what it gave (clock-watch.ts) */
export function readClock(tx: Context, host: string, date: number | null, tops: readonly string[]): void {
  if (date === null) return;
  const at = tx.now();
  store.addReading(tx.db, { host, tops, at, offset: date - at }, at - KEPT);
}

export function clockState(ctx: Context): ClockState {
  const now = ctx.now();
  const ahead = store.refusedAhead(ctx.db, AHEAD, now - HOUR);
  return judgeClock(store.readings(ctx.db, now - 2 * HOUR), now, ahead, () => areSeveral(ctx));
}

/** Whether CAs of more than one organisation have sources that are asked. */
function areSeveral(ctx: Context): boolean {
  const issuers = Issuers.read(ctx.db);
  const keys = new Set(store.sources(ctx.db).flatMap((row) => (row.retiredAt === null ? [row.issuerKey] : [])));
  return new Set([...keys].flatMap(issuers.vouchersOf)).size > 1;
}

export const isFrozen = (ctx: Context): boolean => clockState(ctx).state === 'frozen';

/** Refusals of objects whose signature was verified and whose time lies in our future. */
const AHEAD: readonly RefusalCode[] = ['from_future', 'produced_in_future'];

/** Whether an object was refused for no other reason than that our own clock is wrong: nobody else's fault. */
export const isClocks = (ctx: Context, code: string): boolean =>
  AHEAD.some((one) => one === code) && isToBlame(clockState(ctx));

/** Between these lies the present: `earliest` judges what may not lie ahead, `latest` what may not be over. */
export type Present = { earliest: number; latest: number };

/**
 * The instants by which objects are judged: ours, and while ours is doubted also the others'. What they say is unsigned,
 * so that it may make the rules stricter, never laxer.
 */
export function presentOf(ctx: Context): Present {
  const now = ctx.now();
  const { state, offset } = clockState(ctx);
  const theirs = state === 'frozen' ? now + offset! : now;
  return { earliest: Math.min(now, theirs), latest: Math.max(now, theirs) };
}

export type Clock = ClockState & {
  /** What it means and what to do, for people. */
  text: string;
};

/** For the banner, /system and the reachability page: everybody who is signed in may know. */
export function clock(ctx: Context): Clock {
  const state = clockState(ctx);
  return { ...state, text: clockSentence(state) };
}
