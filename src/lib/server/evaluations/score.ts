// The arithmetic of a score: integers in basis points (0–10.000 = 0–100 %), round half to even, coverage beside it.
// What does not apply and what is not known never counts as zero and never as a pass (evaluation model §10).

export const RESULTS = ['conform', 'partial', 'nonconform', 'not_applicable', 'unknown'] as const;
/** sesuai, sebagian, tidak sesuai, tidak berlaku, belum diketahui */
export type Result = (typeof RESULTS)[number];
export const FULL = 10_000;

/** What one criterion contributes: its result and, when it is applicable and known, a value in basis points. */
export type Outcome = { result: Result; value: number | null };
export type Weighed = Outcome & { weight: number };

/**
 * `numerator / denominator` as a whole number, a tie going to the even neighbour (IEEE 754 roundTiesToEven).
 * @param numerator integer ≥ 0
 * @param denominator integer > 0
 */
export function halfEven(numerator: number, denominator: number): number {
  const quotient = Math.floor(numerator / denominator);
  const twice = 2 * (numerator - quotient * denominator);
  if (twice !== denominator) return twice > denominator ? quotient + 1 : quotient;
  return quotient % 2 === 0 ? quotient : quotient + 1;
}

/** Share in basis points; null when there is nothing to divide by. */
export const share = (numerator: number, denominator: number): number | null =>
  denominator > 0 ? halfEven(numerator * FULL, denominator) : null;

export type Score = {
  /** Σ(weight × value) / Σ(weights applicable and known), basis points; null: nothing is known. */
  score: number | null;
  /** Σ(weights applicable and known) / Σ(weights applicable), basis points; null: nothing applies. */
  coverage: number | null;
  known: number;
  applicable: number;
};

/** The score of a sheet. `known` and `applicable` count criteria, for "5 dari 7". */
export function scoreOf(items: readonly Weighed[]): Score {
  const applicable = items.filter((item) => item.result !== 'not_applicable');
  const known = applicable.filter((item) => item.result !== 'unknown' && item.value !== null);
  const weights = known.reduce((sum, item) => sum + item.weight, 0);
  const points = known.reduce((sum, item) => sum + item.weight * item.value!, 0);
  const all = applicable.reduce((sum, item) => sum + item.weight, 0);
  return {
    score: weights > 0 ? halfEven(points, weights) : null,
    coverage: share(weights, all),
    known: known.length,
    applicable: applicable.length,
  };
}

/** The middle of several scores (half-even between two middles); null when there are none. */
export function median(values: readonly number[]): number | null {
  if (values.length === 0) return null;
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle]! : halfEven(sorted[middle - 1]! + sorted[middle]!, 2);
}

/** The value a judged result stands for when it differs from the measure: sesuai 100 %, sebagian 50 %, tidak sesuai 0. */
const JUDGED: Record<Result, number | null> = {
  conform: FULL,
  partial: FULL / 2,
  nonconform: 0,
  not_applicable: null,
  unknown: null,
};

export type Measured = Outcome & { rowsHash: string };
export type Judged = { result: Result; basisHash: string };

/**
 * Judgement when there is one and the rows it was made on are unchanged, else the measure, else unknown.
 * A judgement that confirms the measured result keeps the measured value.
 */
export function effective(
  measure: Measured | null,
  judgement: Judged | null,
): Outcome & { by: 'judgement' | 'measure' | 'nothing' } {
  if (judgement && isCurrent(judgement, measure)) {
    const value = measure?.result === judgement.result ? measure.value : JUDGED[judgement.result];
    return { result: judgement.result, value, by: 'judgement' };
  }
  if (measure) return { result: measure.result, value: measure.value, by: 'measure' };
  return { result: 'unknown', value: null, by: 'nothing' };
}

/** Whether the rows behind a judgement are still those it was made on; otherwise it goes back to the reviewer. */
export const isCurrent = (judgement: Judged, measure: Measured | null): boolean =>
  judgement.basisHash === (measure?.rowsHash ?? '');
