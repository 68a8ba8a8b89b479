// Months and days of the calendar in words; calendar dates, not instants.
const at = (day: string) => Date.parse(`${day}T00:00:00Z`);
const format = (options: Intl.DateTimeFormatOptions) =>
  new Intl.DateTimeFormat('id-ID', { ...options, timeZone: 'UTC' });
const long = format({ month: 'long', year: 'numeric' });
const short = format({ month: 'short' });
const dayOfMonth = format({ day: 'numeric', month: 'short' });
const weekday = format({ weekday: 'long', day: 'numeric', month: 'long' });

/** '2026-12' → Desember 2026 */
export const longMonth = (month: string): string => long.format(at(`${month}-01`));
/** '2026-12' → Des */
export const shortMonth = (month: string): string => short.format(at(`${month}-01`));
/** '2026-12-07' → 7 Des */
export const dayMonth = (day: string): string => dayOfMonth.format(at(day));
/** '2026-12-07' → Senin, 7 Desember */
export const longDay = (day: string): string => weekday.format(at(day));
