// Which accepted objects keep their bytes (certificate-status §12): what supports a change, an incident or a frozen report;
// of the rest one a day of each source for 90 days, and one a month after. Pure.
import { DAY, wibDate } from '../calendar.ts';

export type Kept = {
  id: string;
  /** What "one a day" counts in: the source of a list and its scope, the certificate of an answer. */
  group: string;
  acceptedAt: number;
  /** Supports something: never thinned. */
  needed: boolean;
};

const DAILY = 90 * DAY;

/**
 * Objects whose bytes may go. The newest of a day stays for that day, the newest of a month for that month, so that
 * running it again, or a day later, never wants back what is gone.
 * @param rows all that still have their bytes, oldest first; days and months are those of WIB
 */
export function thinnable(rows: readonly Kept[], now: number): string[] {
  const newest = new Map<string, string>();
  for (const { id, group, acceptedAt } of rows) {
    const day = wibDate(acceptedAt);
    newest.set(`${group} ${day}`, id);
    newest.set(`${group} ${day.slice(0, 7)}`, id);
  }
  const today = wibDate(now);
  return rows
    .filter(({ id, group, acceptedAt, needed }) => {
      const day = wibDate(acceptedAt);
      if (needed || day >= today || newest.get(`${group} ${day.slice(0, 7)}`) === id) return false;
      return acceptedAt < now - DAILY || newest.get(`${group} ${day}`) !== id;
    })
    .map(({ id }) => id);
}
