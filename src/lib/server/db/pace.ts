// How much one transaction of a long work takes, and when it rests, so that other processes can write meanwhile: whose
// transaction waits looks every `LOOK` ms (turn.ts), so that a gap of two looks is found.
import { setImmediate, setTimeout } from 'node:timers/promises';
import { LOOK } from './turn.ts';

/** A transaction longer than this takes fewer rows next time, ms. */
const LONG = 80;
const [FEWEST, MOST] = [50, 1000];

export class Pace {
  /** Rows of the next transaction. */
  rows = 250;
  private held = 0;

  /** Runs one transaction. */
  take<T>(transaction: () => T): T {
    const began = performance.now();
    try {
      return transaction();
    } finally {
      const took = performance.now() - began;
      this.held += took;
      if (took > LONG) this.rows = Math.max(FEWEST, Math.floor(this.rows / 2));
      else if (took < LONG / 4) this.rows = Math.min(MOST, this.rows * 2);
    }
  }

  /** Between two transactions: this process does what else it has to do, and now and then others may write. */
  async rest(): Promise<void> {
    if (this.held + LONG / 4 < LONG) return void (await setImmediate());
    this.held = 0;
    await letOthersWrite();
  }
}

/** Between two transactions that take long anyhow: lets in whoever waits. */
export const letOthersWrite = (): Promise<void> => setTimeout(2 * LOOK + 1);
