// The only place that turns an instant, number, serial or fingerprint into text: id-ID, WIB. Pure; used by pages,
// documents and the CLI alike.

const zone = 'Asia/Jakarta';
const locale = 'id-ID';
const dateLong = new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeZone: zone });
const dateFull = new Intl.DateTimeFormat(locale, { dateStyle: 'full', timeZone: zone });
const dateShort = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', year: 'numeric', timeZone: zone });
const clock = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZone: zone });
const monthShort = new Intl.DateTimeFormat(locale, { month: 'short', timeZone: zone });
const monthLong = new Intl.DateTimeFormat(locale, { month: 'long', year: 'numeric', timeZone: zone });
const calendar = new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeZone: 'UTC' });
const plain = new Intl.NumberFormat(locale);
const list = new Intl.ListFormat(locale, { type: 'conjunction' });

export const ABSENT = '—';
type Maybe<T> = T | null | undefined;

/** A label inside a sentence: "Tanda tangan elektronik" → "tanda tangan elektronik"; "SSL server" keeps its capitals. */
export const midSentence = (word: string): string =>
  /^\p{Lu}(?!\p{Lu})/u.test(word) ? word.charAt(0).toLowerCase() + word.slice(1) : word;

/** A label at the head of a sentence or by itself: "sertifikat Anda" → "Sertifikat Anda". */
export const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** 22 November 2026 */
export const date = (instant: Maybe<number>): string => (instant == null ? ABSENT : dateLong.format(instant));
/** 22 Nov 2026 */
export const shortDate = (instant: Maybe<number>): string => (instant == null ? ABSENT : dateShort.format(instant));
/** Minggu, 22 November 2026 */
export const fullDate = (instant: Maybe<number>): string => (instant == null ? ABSENT : dateFull.format(instant));
/** 14.05 */
export const time = (instant: Maybe<number>): string =>
  instant == null ? ABSENT : clock.format(instant).replace(':', '.');
/** 22 November 2026 pukul 14.05 WIB */
export const dateTime = (instant: Maybe<number>): string =>
  instant == null ? ABSENT : `${dateLong.format(instant)} pukul ${time(instant)} WIB`;
/** 22 Nov 2026, 14.05 WIB */
export const shortDateTime = (instant: Maybe<number>): string =>
  instant == null ? ABSENT : `${dateShort.format(instant)}, ${time(instant)} WIB`;
/** Two instants that a sentence sets against each other: with seconds where the minute is the same. */
export const dateTimesApart = (a: number, b: number): [string, string] =>
  dateTime(a) === dateTime(b) && a !== b ? [withSeconds(a), withSeconds(b)] : [dateTime(a), dateTime(b)];
const withSeconds = (instant: number): string =>
  `${dateLong.format(instant)} pukul ${time(instant)}.${new Date(instant).toISOString().slice(17, 19)} WIB`;
/** UTC, for hover and technical detail: 2026-11-22 07:05:00 UTC */
export const utc = (instant: Maybe<number>): string =>
  instant == null ? ABSENT : `${new Date(instant).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
/** A calendar date 'YYYY-MM-DD' as 22 November 2026. */
export const calendarDate = (day: Maybe<string>): string =>
  day ? calendar.format(Date.parse(`${day}T00:00:00Z`)) : ABSENT;
/** Nov */
export const month = (instant: number): string => monthShort.format(instant);
/** November 2026 */
export const monthYear = (instant: number): string => monthLong.format(instant);

/** 1.234,5 */
export const number = (value: Maybe<number>, digits = 0): string =>
  value == null
    ? ABSENT
    : digits
      ? value.toLocaleString(locale, { minimumFractionDigits: digits, maximumFractionDigits: digits })
      : plain.format(value);
/** Basis points (0–10.000) as 87,5% */
export const percent = (basisPoints: Maybe<number>): string =>
  basisPoints == null
    ? 'belum diketahui'
    : `${(basisPoints / 100).toLocaleString(locale, { maximumFractionDigits: 2 })}%`;
/** Walikota, Gubernur, dan Kepala BSSN */
export const join = (items: string[]): string => list.format(items);

/** A choice with how many it would show: Dinas Kesehatan (12) */
export const withCount = (label: string, n: Maybe<number>): string => `${label} (${number(n ?? 0)})`;

const DAY = 86_400_000;
const HOUR = 3_600_000;
const MINUTE = 60_000;

/** A span in words, two units at most: "3 hari", "1 hari 4 jam", "21 jam 47 menit", "12 menit", "kurang dari 1 menit". */
export function span(ms: number): string {
  const left = Math.abs(ms);
  if (left < MINUTE) return 'kurang dari 1 menit';
  const days = Math.floor(left / DAY);
  const hours = Math.floor((left % DAY) / HOUR);
  const minutes = Math.floor((left % HOUR) / MINUTE);
  if (days >= 3) return `${number(days)} hari`;
  if (days > 0) return hours ? `${days} hari ${hours} jam` : `${days} hari`;
  if (hours > 0) return minutes ? `${hours} jam ${minutes} menit` : `${hours} jam`;
  return `${minutes} menit`;
}

/** "dalam 30 hari", "2 jam yang lalu" */
export const relative = (instant: number, now: number): string =>
  instant >= now ? `dalam ${span(instant - now)}` : `${span(now - instant)} yang lalu`;

/** Time left for a deadline: "sisa 21 jam 47 menit" or "terlambat 2 jam". */
export const remaining = (due: number, now: number): string =>
  due >= now ? `sisa ${span(due - now)}` : `terlambat ${span(now - due)}`;

/** Serial in groups of two, as certificates print it: 3C:88:1E */
export const serial = (hex: Maybe<string>): string => {
  if (!hex) return ABSENT;
  const negative = hex.startsWith('-');
  const digits = negative ? hex.slice(1) : hex;
  const even = digits.length % 2 ? `0${digits}` : digits;
  return `${negative ? '-' : ''}${(even.match(/../g) ?? []).join(':').toUpperCase()}`;
};
/** The portal's decimal form of a hex serial, or CRL number. */
export const serialDecimal = (hex: Maybe<string>): string =>
  hex ? (hex.startsWith('-') ? `-${BigInt(`0x${hex.slice(1)}`)}` : String(BigInt(`0x${hex}`))) : ABSENT;
/** SHA-256 in groups of four, upper case. */
export const fingerprint = (hex: Maybe<string>): string =>
  hex ? (hex.toUpperCase().match(/.{1,4}/g) ?? []).join(' ') : ABSENT;
/** First characters of a hash, for a list. */
export const shortHash = (hex: Maybe<string>): string => (hex ? `${hex.slice(0, 8)}…${hex.slice(-4)}` : ABSENT);
/** 19740723 200212 1 005 */
export const nip = (digits: Maybe<string>): string =>
  digits && /^\d{18}$/.test(digits)
    ? `${digits.slice(0, 8)} ${digits.slice(8, 14)} ${digits.slice(14, 15)} ${digits.slice(15)}`
    : digits || ABSENT;
/** 1,2 MB */
export const bytes = (size: Maybe<number>): string => {
  if (size == null) return ABSENT;
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let value = size;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${value.toLocaleString(locale, { maximumFractionDigits: unit && value < 10 ? 1 : 0 })} ${units[unit]}`;
};
/** Title and name as people write it. */
export const fullName = (p: { name: string; titleBefore?: string; titleAfter?: string }): string =>
  `${p.titleBefore ? `${p.titleBefore} ` : ''}${p.name}${p.titleAfter ? `, ${p.titleAfter}` : ''}`;
