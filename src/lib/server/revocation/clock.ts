// The clock watch: readings are rows, the judgement is computed from them (clock-watch.ts). While it says `frozen`, what
// is new is accepted and kept, judged by the clock on which the hosts agree, but changes no state; the next sweep after
// the clock was put right makes up for it.
import { number, span } from '#lib/format.ts';
import { HOUR } from '../calendar.ts';
import type { Context } from '../context.ts';
import { judgeClock, type ClockState } from './clock-watch.ts';
import * as store from './store.ts';

/** Kept so long, for whoever asks afterwards why changes were frozen. */
const KEPT = 48 * HOUR;

/** A host answered and told its time. */
export function readClock(tx: Context, host: string, date: number | null): void {
  if (date === null) return;
  const at = tx.now();
  store.addReading(tx.db, { host, at, offset: date - at }, at - KEPT);
}

export function clockState(ctx: Context): ClockState {
  const now = ctx.now();
  return judgeClock(store.readings(ctx.db, now - 2 * HOUR), now, store.refusedAhead(ctx.db, now - HOUR));
}

export const isFrozen = (ctx: Context): boolean => clockState(ctx).state === 'frozen';

/** The instant by which objects are judged: ours, or the others' while ours is known to be wrong. */
export function judgedAt(ctx: Context): number {
  const { state, offset } = clockState(ctx);
  return ctx.now() + (state === 'frozen' ? offset! : 0);
}

export type Clock = ClockState & {
  /** What it means and what to do, for people. */
  text: string;
};

/** For the banner, /system and the reachability page: everybody who is signed in may know. */
export function clock(ctx: Context): Clock {
  const state = clockState(ctx);
  return { ...state, text: sentence(state) };
}

function sentence({ state, offset, hosts }: ClockState): string {
  if (offset === null) return 'Belum ada jawaban server lain dalam satu jam terakhir untuk membandingkan jam.';
  const off = `Jam server ini ${offset > 0 ? 'tertinggal' : 'mendahului'} ${span(Math.abs(offset))} dari ${number(hosts)} server lain.`;
  if (state === 'frozen')
    return `${off} Perubahan status otomatis dibekukan; bukti baru tetap disimpan. Betulkan jam server (NTP); setelah itu semuanya diterapkan sendiri.`;
  if (state === 'warn') return `${off} Periksa sinkronisasi waktu (NTP) sebelum selisihnya melewati 5 menit.`;
  if (state === 'unknown') return `${off} Baru satu server yang berkata demikian; menunggu jawaban lain.`;
  return `Jam server ini cocok dengan ${number(hosts)} server lain.`;
}
