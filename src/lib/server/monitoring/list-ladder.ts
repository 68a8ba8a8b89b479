// The ladder of a CRL (certificate-status §10): half, four fifths and nineteen twentieths of its time gone without a newer
// one, its time over, and every hour after. Pure.
import { HOUR } from '../calendar.ts';
import type { Weight } from './raising.ts';

const PERCENTS = [95, 80, 50];

/**
 * The rung that a list has reached: percent of its time, 100 at nextUpdate, 100 + n hours after it; null: below the first.
 * A list without nextUpdate has no time at all (§2 no. 4).
 */
export function listRung(list: { thisUpdate: number; nextUpdate: number | null }, now: number): number | null {
  const { thisUpdate, nextUpdate } = list;
  if (nextUpdate === null || now >= nextUpdate) {
    return 100 + (nextUpdate === null ? 0 : Math.floor((now - nextUpdate) / HOUR));
  }
  const gone = ((now - thisUpdate) / (nextUpdate - thisUpdate)) * 100;
  return PERCENTS.find((percent) => gone >= percent) ?? null;
}

/** Half the time is a note; the last twentieth cannot wait for the morning. */
export function weightOf(rung: number): Pick<Weight, 'severity' | 'urgency'> {
  if (rung >= 95) return { severity: 'serious', urgency: 'immediate' };
  return { severity: rung >= 80 ? 'warning' : 'info', urgency: 'digest' };
}
