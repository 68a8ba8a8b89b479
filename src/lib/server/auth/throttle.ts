// How often something may be tried. Counted in the database, so that a restart forgives nothing and two processes agree.
import { createHash } from 'node:crypto';
import { DAY, HOUR, MINUTE } from '../calendar.ts';

/** At most `limit` tries in any `window` (ms). */
export type Rule = { limit: number; window: number };

/**
 * From one network against one account: a person who mistypes. Against one account from everywhere: a spread attack
 * (NIST SP 800-63B §3.2.2 allows at most 100 in a row). From one network against all: guessing through a list.
 */
const RULES = {
  pair: { limit: 6, window: 15 * MINUTE },
  account: { limit: 40, window: HOUR },
  network: { limit: 60, window: 15 * MINUTE },
  resetAccount: { limit: 3, window: HOUR },
  resetNetwork: { limit: 20, window: HOUR },
} as const satisfies Record<string, Rule>;

/** Older attempts than this serve no rule. */
export const KEPT = DAY;

/** When the next try is allowed: null means now. @param attempts instants, oldest first */
export function againAt(attempts: readonly number[], rule: Rule, now: number): number | null {
  const inWindow = attempts.filter((at) => at > now - rule.window);
  const blocking = inWindow.at(-rule.limit);
  return inWindow.length < rule.limit || blocking === undefined ? null : blocking + rule.window;
}

export type Limit = { key: string; rule: Rule };

/** The address is hashed: a list of who mistyped is nobody's business. */
const hidden = (email: string): string => createHash('sha256').update(email).digest('hex').slice(0, 24);

export const signInLimits = (email: string, network: string): Limit[] => [
  { key: `sign-in:${hidden(email)}:${network}`, rule: RULES.pair },
  { key: `sign-in:${hidden(email)}`, rule: RULES.account },
  { key: `sign-in-net:${network}`, rule: RULES.network },
];

export const resetLimits = (email: string, network: string): Limit[] => [
  { key: `reset:${hidden(email)}`, rule: RULES.resetAccount },
  { key: `reset-net:${network}`, rule: RULES.resetNetwork },
];
