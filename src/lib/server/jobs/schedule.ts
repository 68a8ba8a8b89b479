// When a job is due, derived from its last run and the clock; a tick that was missed is simply still due.
import { DAY, startOfDay, wibDate } from '../calendar.ts';

/** Every so many ms after the last start, or once a WIB day at HH:MM. */
export type Schedule = { every: number } | { dailyAt: string };

/** First instant at which the job is due again; `lastStart` null means it never ran: due now. */
export function nextDue(schedule: Schedule, lastStart: number | null, now: number): number {
  if (lastStart === null) return now;
  if ('every' in schedule) return lastStart + schedule.every;
  const [hour = 0, minute = 0] = schedule.dailyAt.split(':').map(Number);
  const today = startOfDay(wibDate(lastStart)) + (hour * 60 + minute) * 60_000;
  return lastStart < today ? today : today + DAY;
}

/** The schedule in words: "setiap jam", "setiap hari pukul 01.30 WIB". */
export function inWords(schedule: Schedule): string {
  if ('dailyAt' in schedule) return `setiap hari pukul ${schedule.dailyAt.replace(':', '.')} WIB`;
  const minutes = schedule.every / 60_000;
  if (minutes < 1) return `setiap ${schedule.every / 1000} detik`;
  if (minutes === 60) return 'setiap jam';
  return minutes % 60 === 0 ? `setiap ${minutes / 60} jam` : `setiap ${minutes} menit`;
}
