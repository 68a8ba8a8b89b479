// What kind of message goes through the outbox, and what that means. Pure.
import { MINUTE, HOUR } from '../calendar.ts';

/** In order of delivery. test: the mail that is sent before the switch is on, to see that it works. */
export const LANES = ['test', 'letter', 'alert', 'link', 'notice'] as const;
export type Lane = (typeof LANES)[number];

/** Letters leave with their text kept; links and notices lose it once delivered (architecture: nothing is deleted, exceptions). */
export const keepsBody = (lane: Lane): boolean => lane === 'letter' || lane === 'test';

/**
 * What stands in place of the subject of a message whose text nobody needs any more: alerts name people there
 * too. When it went and to whom is still said.
 */
export const FORGOTTEN_SUBJECT = 'Peringatan (isi dan perihalnya dihapus)';
/** What such a message is about. */
export const NAMES_PEOPLE = 'alerts';

/** A link opens an account: nobody reads it here, not even the administrator. */
export const showsBody = (lane: Lane): boolean => lane !== 'link';

/** After this long a message that still meets only transient refusals is given up (RFC 5321 §4.5.4.1: 4–5 days). */
export const GIVE_UP_AFTER = 4 * 24 * HOUR;

/** How long a worker may hold a message; longer than all SMTP timeouts together. */
export const LEASE = 3 * MINUTE;

/**
 * Pause after the nth failed try: 1, 2, 4 … 60 minutes, plus up to 10 % that differs by message so that a server that
 * comes back is not met by all at once.
 * @param attempts tries so far, from 1
 * @param seed any text that differs by message
 */
export function pause(attempts: number, seed: string): number {
  const minutes = Math.min(60, 2 ** Math.min(attempts - 1, 10));
  let sum = 0;
  for (const letter of seed) sum = (sum * 31 + letter.codePointAt(0)!) % 1000;
  return Math.round(minutes * MINUTE * (1 + sum / 10_000));
}

/** A single address and nothing else: no list, no display name, no line break that could start another header. */
export const isAddress = (text: string): boolean =>
  text.length <= 254 &&
  /^[^\s@<>,;:"()[\]\\]{1,64}@[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?$/i.test(text) &&
  !text.includes('..');
