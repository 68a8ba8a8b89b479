// Asks many hosts at once, and none too hard (certificate-status §6).

/** How many are asked at once. */
export type Lanes = { perHost: number; all: number };
export const LANES: Lanes = { perHost: 2, all: 8 };

/** Runs the work of each item in so many lanes. */
export async function perHost<T>(
  items: readonly T[],
  hostOf: (item: T) => string,
  work: (item: T) => Promise<void>,
  lanes = LANES,
): Promise<void> {
  const waiting = [...items];
  const busy = new Map<string, number>();
  const next = (): T | undefined => {
    const at = waiting.findIndex((item) => (busy.get(hostOf(item)) ?? 0) < lanes.perHost);
    return at < 0 ? undefined : waiting.splice(at, 1)[0];
  };
  const lane = async (): Promise<void> => {
    for (let item = next(); item !== undefined; item = next()) {
      const host = hostOf(item);
      busy.set(host, (busy.get(host) ?? 0) + 1);
      try {
        await work(item);
      } finally {
        busy.set(host, busy.get(host)! - 1);
      }
    }
  };
  // A lane that finds only busy hosts ends; the lanes that hold those hosts take up what is left.
  await Promise.all(Array.from({ length: lanes.all }, lane));
}
