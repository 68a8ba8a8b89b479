// Adds up verdicts by agency and criterion: counts, the rows that failed, and a hash over all rows that were counted,
// so that "the same rows" can be said without keeping them.
import { createHash, type Hash } from 'node:crypto';
import type { Verdict } from './facts.ts';

/** So many failing rows are kept to look at; the count is always complete. */
const KEPT_MISSES = 200;

export type Row = readonly [kind: string, id: string];
export type Counted = {
  numerator: number;
  denominator: number;
  unknown: number;
  misses: [string, string][];
  rowsHash: string;
};

type Open = Omit<Counted, 'rowsHash'> & { hash: Hash };

export class Tallies {
  readonly #open = new Map<string, Open>();

  /** Rows must come in a fixed order (by kind, then id) for the hash to mean anything. */
  add(agencyId: string, criterion: string, row: Row, verdict: Verdict): void {
    if (verdict === 'skip') return;
    const tally = this.#at(agencyId, criterion);
    tally.hash.update(`${row[0]} ${row[1]} ${verdict}\n`);
    if (verdict === 'unknown') {
      tally.unknown += 1;
      return;
    }
    tally.denominator += 1;
    if (verdict === 'met') tally.numerator += 1;
    else if (tally.misses.length < KEPT_MISSES) tally.misses.push([row[0], row[1]]);
  }

  /** What was counted for an agency; zero of zero when there was nothing. */
  get(agencyId: string, criterion: string): Counted {
    const tally = this.#open.get(`${agencyId} ${criterion}`);
    if (!tally) return { numerator: 0, denominator: 0, unknown: 0, misses: [], rowsHash: NO_ROWS };
    const { hash, ...counts } = tally;
    return { ...counts, rowsHash: hash.copy().digest('hex') };
  }

  #at(agencyId: string, criterion: string): Open {
    const key = `${agencyId} ${criterion}`;
    let tally = this.#open.get(key);
    if (!tally) {
      tally = { numerator: 0, denominator: 0, unknown: 0, misses: [], hash: createHash('sha256') };
      this.#open.set(key, tally);
    }
    return tally;
  }
}

/** SHA-256 of no rows. */
const NO_ROWS = createHash('sha256').digest('hex');
