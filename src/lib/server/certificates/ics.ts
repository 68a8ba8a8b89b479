// iCalendar (RFC 5545), as little of it as whole-day events with reminders need. Pure.

export type IcsEvent = {
  /** The same event keeps it, so that a second download changes nothing. */
  uid: string;
  /** YYYY-MM-DD; a whole day, without zone. */
  day: string;
  summary: string;
  description: string;
  url: string;
  /** Days before, each a reminder at 08.00 of that day. */
  reminders: readonly number[];
};

export function icsOf(name: string, events: readonly IcsEvent[], now: number): string {
  const stamp = new Date(now).toISOString().replace(/[-:]|\.\d+/g, '');
  const lines = [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//Siaga//Kalender//ID',
    'CALSCALE:GREGORIAN',
    'METHOD:PUBLISH',
    `X-WR-CALNAME:${text(name)}`,
    'X-WR-TIMEZONE:Asia/Jakarta',
    ...events.flatMap((event) => eventLines(event, stamp)),
    'END:VCALENDAR',
  ];
  return `${lines.map(folded).join('\r\n')}\r\n`;
}

function eventLines(event: IcsEvent, stamp: string): string[] {
  const compact = (day: string) => day.replaceAll('-', '');
  const next = new Date(Date.parse(`${event.day}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);
  return [
    'BEGIN:VEVENT',
    `UID:${text(event.uid)}`,
    `DTSTAMP:${stamp}`,
    `DTSTART;VALUE=DATE:${compact(event.day)}`,
    `DTEND;VALUE=DATE:${compact(next)}`,
    `SUMMARY:${text(event.summary)}`,
    `DESCRIPTION:${text(event.description)}`,
    `URL:${event.url.replace(/[\r\n]/g, '')}`,
    'TRANSP:TRANSPARENT',
    ...event.reminders.flatMap((days) => [
      'BEGIN:VALARM',
      'ACTION:DISPLAY',
      `DESCRIPTION:${text(event.summary)}`,
      // A whole day begins at midnight: eight hours into the day, so many days before.
      `TRIGGER:-P${days - 1}DT16H`,
      'END:VALARM',
    ]),
    'END:VEVENT',
  ];
}

/** TEXT (§3.3.11): backslash, semicolon, comma and line breaks are escaped; other control characters cannot stand. */
const text = (value: string): string =>
  value
    .replace(/\\/g, '\\\\')
    .replace(/([;,])/g, '\\$1')
    .replace(/\r\n|\r|\n/g, '\\n')
    .replace(/[\u0000-\u0008\u000b-\u001f\u007f]/g, '');

/** Lines of at most 75 octets (§3.1), never cut inside a character. */
function folded(line: string): string {
  const parts: string[] = [];
  let part = '';
  let size = 0;
  for (const char of line) {
    const bytes = Buffer.byteLength(char);
    if (size + bytes > (parts.length ? 74 : 75)) {
      parts.push(part);
      part = '';
      size = 0;
    }
    part += char;
    size += bytes;
  }
  return [...parts, part].join('\r\n ');
}
