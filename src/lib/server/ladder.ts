// The one crossing rule for alerts, clocks, follow-up and report deadlines (certificate-status §10, incidents §3).
// A step is crossed when its instant has passed and it has no ledger row yet; there is no test for equality, so an
// outage loses nothing. When several are crossed at once only the most urgent speaks and the rest are collapsed.

export type Step<T> = { at: number; step: T };
export type Crossing<T> = { fire: T | null; collapsed: T[] };

/**
 * @param steps steps with their instants, any order
 * @param done whether a step already has a ledger row
 * @param now instant of judgement
 * @returns the latest crossed step (to speak) and the earlier ones (to be marked collapsed)
 */
export function crossed<T>(steps: readonly Step<T>[], done: (step: T) => boolean, now: number): Crossing<T> {
  const due = steps.filter((s) => s.at <= now && !done(s.step)).sort((a, b) => a.at - b.at);
  const last = due.pop();
  return { fire: last ? last.step : null, collapsed: due.map((s) => s.step) };
}
