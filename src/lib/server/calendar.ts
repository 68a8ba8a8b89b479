// Days and periods as the office counts them: WIB (UTC+7, no daylight saving). Instants are UTC milliseconds, calendar
// dates are 'YYYY-MM-DD'. Holidays come in as values; this file reads no clock and no database.

export const DAY = 86_400_000;
export const HOUR = 3_600_000;
export const MINUTE = 60_000;
const WIB = 7 * HOUR;

/** Calendar date in WIB of an instant. A certificate that ends 23:59:59Z ends on the next WIB day. */
export const wibDate = (instant: number): string => new Date(instant + WIB).toISOString().slice(0, 10);

/** Year in WIB of an instant; numbers such as INS-2026-0001 take their year from it. */
export const wibYear = (instant: number): number => Number(wibDate(instant).slice(0, 4));

/** First instant of a WIB calendar date. */
export const startOfDay = (date: string): number => Date.parse(`${date}T00:00:00+07:00`);

/** Last millisecond of a WIB calendar date. */
export const endOfDay = (date: string): number => startOfDay(date) + DAY - 1;

export const addDays = (date: string, days: number): string =>
  new Date(Date.parse(`${date}T00:00:00Z`) + days * DAY).toISOString().slice(0, 10);

/** Whole days between two calendar dates, negative when `to` is earlier. */
export const daysBetween = (from: string, to: string): number =>
  Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / DAY);

/** `floor((end − now) / 24 h)`: 0 means less than a day left, negative means past (certificate-status §8). */
export const daysLeft = (end: number, now: number): number => Math.floor((end - now) / DAY);

/** A real calendar date in the form YYYY-MM-DD. */
export function isDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const time = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}

/** Monday to Friday and no holiday. */
export function isWorkingDay(date: string, holidays: ReadonlySet<string>): boolean {
  const day = new Date(`${date}T00:00:00Z`).getUTCDay();
  return day !== 0 && day !== 6 && !holidays.has(date);
}

/** The date that lies `count` working days after `date` (the day itself does not count). */
export function addWorkingDays(date: string, count: number, holidays: ReadonlySet<string>): string {
  let result = date;
  for (let left = count; left > 0;) {
    result = addDays(result, 1);
    if (isWorkingDay(result, holidays)) left -= 1;
  }
  return result;
}

/** A supervision period: a calendar year ('2026') or a semester ('2026-S1': 1 January–30 June; '2026-S2'). Pasal 18. */
export type Period = { code: string; from: string; to: string; start: number; end: number };

/** @returns the period, or null when the code is not one */
export function period(code: string): Period | null {
  const match = /^(\d{4})(?:-S([12]))?$/.exec(code);
  if (!match) return null;
  const [from, to] = match[2] === '1' ? ['01-01', '06-30'] : match[2] === '2' ? ['07-01', '12-31'] : ['01-01', '12-31'];
  const first = `${match[1]}-${from}`;
  const last = `${match[1]}-${to}`;
  return { code, from: first, to: last, start: startOfDay(first), end: endOfDay(last) };
}

/** The semester an instant lies in, by WIB. */
export const semesterOf = (instant: number): string => {
  const date = wibDate(instant);
  return `${date.slice(0, 4)}-S${Number(date.slice(5, 7)) <= 6 ? 1 : 2}`;
};
