// How much a new list of a line may lose at once (certificate-status §3). What it changes about one certificate is
// decide.ts. Pure.

/** Setting `massChange`: a list with at least so many entries that loses more than this share of them is held back. */
export type MassRule = { percent: number; atLeast: number };
const RULE: MassRule = { percent: 50, atLeast: 20 };

/** Entries of a line before and after an object, a delta worked in. */
export type Counts = { before: number; after: number };

/** Whether a list lost so many entries that it releases nobody until a person has looked (§3). */
export function massChange(before: number, after: number, rule: MassRule = RULE): 'shrunk' | 'emptied' | null {
  // A list with one entry becomes empty in the ordinary course of things: a hold is released.
  if (before > 1 && after === 0) return 'emptied';
  return before >= rule.atLeast && after < before * (1 - rule.percent / 100) ? 'shrunk' : null;
}
