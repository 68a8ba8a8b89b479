// Asks many hosts at once, and none too hard (certificate-status §6).
import type { Outbound } from '../outbound/index.ts';
import { hostOf } from './circuit.ts';

/** How many are asked at once. */
export type Lanes = { perHost: number; all: number };
export const LANES: Lanes = { perHost: 2, all: 8 };

/** Questions under way by host, in the whole process: sweeps, checks and tests of reachability know of each other. */
const busy = new Map<string, number>();
let freed = Promise.withResolvers<void>();

function take(host: string): void {
  busy.set(host, (busy.get(host) ?? 0) + 1);
}

function release(host: string): void {
  const left = busy.get(host)! - 1;
  if (left > 0) busy.set(host, left);
  else busy.delete(host);
  freed.resolve();
  freed = Promise.withResolvers<void>();
}

/** For questions that stand in no lane: each waits until its host is asked by fewer. Never around work of a lane. */
export const inTurn = (outbound: Outbound): Outbound => ({
  ...outbound,
  fetchBounded: async (url, options) => {
    const host = hostOf(url);
    while ((busy.get(host) ?? 0) >= LANES.perHost) await freed.promise;
    take(host);
    try {
      return await outbound.fetchBounded(url, options);
    } finally {
      release(host);
    }
  },
});

/** Runs the work of each item in so many lanes. @param at which host it asks */
export async function perHost<T>(
  items: readonly T[],
  at: (item: T) => string,
  work: (item: T) => Promise<void>,
  lanes = LANES,
): Promise<void> {
  const waiting = [...items];
  const next = (): T | undefined => {
    const free = waiting.findIndex((item) => (busy.get(at(item)) ?? 0) < lanes.perHost);
    return free < 0 ? undefined : waiting.splice(free, 1)[0];
  };
  const lane = async (): Promise<void> => {
    while (waiting.length > 0) {
      const item = next();
      if (item === undefined) {
        // Every host that is left is busy, by this work or another's.
        await freed.promise;
        continue;
      }
      const host = at(item);
      take(host);
      try {
        await work(item);
      } finally {
        release(host);
      }
      // Whoever waited for this host comes before this work's next item.
      await null;
    }
  };
  await Promise.all(Array.from({ length: Math.min(lanes.all, items.length) }, lane));
}
