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

/** A question's place at the host that it asks: one at a time, so that no two wait for each other. */
class Place {
  private host: string | null;
  private readonly most: number;

  constructor(host: string, most: number) {
    this.host = host;
    this.most = most;
    take(host);
  }

  /** The next question of the same work is for this host. */
  async moveTo(host: string): Promise<void> {
    if (host === this.host) return;
    this.leave();
    while ((busy.get(host) ?? 0) >= this.most) await freed.promise;
    take(host);
    this.host = host;
  }

  leave(): void {
    if (this.host !== null) release(this.host);
    this.host = null;
  }
}

/** For the questions of one work of a lane: each counts at the host that it really asks, whichever the work began with. */
const moving = (outbound: Outbound, place: Place): Outbound => ({
  ...outbound,
  fetchBounded: async (url, options) => {
    await place.moveTo(hostOf(url));
    return outbound.fetchBounded(url, options);
  },
});

/** Runs the work of each item in so many lanes. @param at which host it asks first; another one by what `work` is given */
export async function perHost<T>(
  items: readonly T[],
  at: (item: T) => string,
  work: (item: T, counted: (outbound: Outbound) => Outbound) => Promise<void>,
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
      const place = new Place(at(item), lanes.perHost);
      try {
        await work(item, (outbound) => moving(outbound, place));
      } finally {
        place.leave();
      }
      // Whoever waited for this host comes before this work's next item.
      await null;
    }
  };
  await Promise.all(Array.from({ length: Math.min(lanes.all, items.length) }, lane));
}
