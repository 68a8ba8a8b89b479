// Times that people type: WIB, never in the future, and with a reason when they are written down later. Pure.
import { isDate, MINUTE, startOfDay } from '../calendar.ts';
import type { FieldErrors } from '../errors.ts';

/** From here on an entry reads "dicatat kemudian" (incident-escalation §2). */
const LATE_AFTER = 15 * MINUTE;
/** A clock that is a little ahead of ours is no lie. */
const AHEAD = 2 * MINUTE;

/** '2026-11-21T20:35' or '2026-11-21 20.35' in WIB as an instant; null when it is no time. */
export function instantOf(text: string): number | null {
  const match = /^(\d{4}-\d{2}-\d{2})[T ](\d{1,2})[:.](\d{2})$/.exec(text.trim());
  if (!match || !isDate(match[1]!)) return null;
  const [hour, minute] = [Number(match[2]), Number(match[3])];
  return hour > 23 || minute > 59 ? null : startOfDay(match[1]!) + (hour * 60 + minute) * MINUTE;
}

export const isLate = (at: number, enteredAt: number): boolean => enteredAt - at > LATE_AFTER;

export type When = { at?: string | undefined; reason?: string | undefined };
export type Moment = { at: number; reason: string | null };

/**
 * What was typed, judged at `now`. Nothing typed means now ("sekarang").
 * @param notBefore something that must have come first, with its name
 * @returns the moment, or messages by field (`at`, `reason`)
 */
export function momentOf(
  when: When,
  now: number,
  notBefore?: { at: number; what: string },
): Moment | { fields: FieldErrors } {
  const typed = when.at?.trim() ?? '';
  const at = typed === '' ? now : instantOf(typed);
  const reason = when.reason?.trim() || null;
  if (at === null) return { fields: { at: 'Tulis tanggal dan jam, mis. 21/11/2026 20.35.' } };
  if (at > now + AHEAD) return { fields: { at: 'Waktu ini belum terjadi.' } };
  // Typed times have no seconds: the minute of the earlier event is early enough.
  if (notBefore && at < Math.floor(notBefore.at / MINUTE) * MINUTE)
    return { fields: { at: `Tidak mungkin sebelum ${notBefore.what}.` } };
  if (isLate(at, now) && (reason === null || reason.length < 5)) {
    return { fields: { reason: 'Lebih dari 15 menit yang lalu: tulis mengapa dicatat kemudian.' } };
  }
  return { at: Math.min(at, now), reason: isLate(at, now) ? reason : null };
}
