// Dates as people here write them (22/11/2026, 22/11/2026 14.05) and as forms send them (YYYY-MM-DD[THH:MM]). Pure.

const pad = (text: string): string => text.padStart(2, '0');

/** 2026-11-22 → 22/11/2026; 2026-11-22T14:05 → 22/11/2026 14.05. Anything else reads as ''. */
export function shown(iso: string): string {
  const match = /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2}))?/.exec(iso);
  if (!match) return '';
  const [, year, month, day, hour, minute] = match;
  return `${day}/${month}/${year}${hour ? ` ${hour}.${minute}` : ''}`;
}

/**
 * What a person typed, as a form sends it: '' when nothing was typed, null when it is no date.
 * Takes 22/11/2026, 22-11-2026, 22.11.26, 22112026 and the ISO form; the time as 14.05 or 14:05.
 */
export function parsed(text: string, withTime: boolean): string | null {
  const typed = text.trim();
  if (typed === '') return '';
  const [first = '', second = ''] = typed.split(/[T\s,]+(?:pukul\s+)?/i);
  const date = dateOf(first);
  if (!date) return null;
  if (!withTime) return second === '' ? date : null;
  const time = /^(\d{1,2})[.:](\d{2})$/.exec(second);
  if (!time || Number(time[1]) > 23 || Number(time[2]) > 59) return null;
  return `${date}T${pad(time[1]!)}:${time[2]}`;
}

function dateOf(text: string): string | null {
  const iso = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(text);
  const local = /^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4}|\d{2})$/.exec(text) ?? /^(\d{2})(\d{2})(\d{4})$/.exec(text);
  const parts = iso ? [iso[1], iso[2], iso[3]] : local ? [local[3], local[2], local[1]] : null;
  if (!parts) return null;
  const year = parts[0]!.length === 2 ? `20${parts[0]}` : parts[0]!;
  const date = `${year}-${pad(parts[1]!)}-${pad(parts[2]!)}`;
  const time = Date.parse(`${date}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(date) ? date : null;
}
