// A long test is a rule that holds for any seed: one round builds a world from chance and walks it. `npm run endurance`
// runs thousands of rounds (src/bin/endurance.ts); CI runs the first few as ordinary tests.
import { test } from 'vitest';
import { random, type Random } from '../../src/bin/demo/random.ts';

/** One file of tests/endurance exports `run`. */
export type Endurance = {
  /** The rule, as a sentence. */
  what: string;
  /** How many rounds `npm run endurance` goes without --rounds or --minutes. */
  rounds: number;
  /** One round takes hours: it runs only when it is named. */
  onlyNamed?: true;
  /** Throws when the rule is broken. All chance comes from `random`; `seed` is for names and messages. */
  round: (random: Random, seed: number) => void | Promise<void>;
};

/** The share that CI runs: seeds 1 to `rounds`. */
export function share(run: Endurance, rounds: number): void {
  const seeds = Array.from({ length: rounds }, (_, i) => i + 1);
  test(`${run.what} (seeds 1 to ${rounds})`, async () => {
    for (const seed of seeds) {
      try {
        await run.round(random(seed), seed);
      } catch (error) {
        throw new Error(`seed ${seed}`, { cause: error });
      }
    }
  });
}
