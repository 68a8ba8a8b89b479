// What a cell of a sheet means. Pure; a value that cannot be read is null and becomes a sentence, never a guess.
import { HOUR, isDate } from '../calendar.ts';
import type { holderStatuses } from '#lib/terms.ts';
import type { Use } from './facts.ts';

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'mei', 'jun', 'jul', 'agu', 'sep', 'okt', 'nov', 'des'];
const ENGLISH: Record<string, string> = {
  may: 'mei',
  aug: 'agu',
  oct: 'okt',
  dec: 'des',
  ags: 'agu',
  agt: 'agu',
  nop: 'nov',
  peb: 'feb',
};
/** Hours before UTC of the zones of Indonesia. */
const ZONES: Record<string, string> = { wib: '+07:00', wita: '+08:00', wit: '+09:00', utc: 'Z', gmt: 'Z', z: 'Z' };

/**
 * A date or an instant as people and portals write it; without a zone it is WIB (certificate-status §8).
 * A date alone means its first or last second in WIB, by `edge`. @returns UTC ms, or null
 */
export function readInstant(text: string, edge: 'start' | 'end'): number | null {
  const plain = text.trim();
  if (/^\d{5}\.\d+$/.test(plain)) return excelInstant(Number(plain));
  const timed =
    /^(.+?)[T,\s]+(?:pukul |jam )?(\d{1,2})[:.](\d{2})(?:[:.](\d{2})(?:[.,]\d+)?)?\s*(wib|wita|wit|utc|gmt|z|[+-]\d{2}:?\d{2})?$/i.exec(
      plain,
    );
  if (timed) {
    const [, date, hour, minute, second = '00', zone = 'wib'] = timed;
    const day = readDay(date!.trim());
    const offset = ZONES[zone.toLowerCase()] ?? zone.replace(/^([+-]\d{2}):?(\d{2})$/, '$1:$2');
    const instant = day ? Date.parse(`${day}T${hour!.padStart(2, '0')}:${minute}:${second}${offset}`) : NaN;
    return Number.isNaN(instant) ? null : instant;
  }
  const day = readDay(plain);
  if (!day) return null;
  return Date.parse(edge === 'start' ? `${day}T00:00:00+07:00` : `${day}T23:59:59+07:00`);
}

/** Whether a text has a time of day but no zone, so that WIB is an assumption to name. */
export const assumesZone = (text: string): boolean =>
  /\d[:.]\d{2}([:.]\d{2})?\s*$/.test(text) && /[T\s,]\d{1,2}[:.]\d{2}/.test(text);

/** Days since 1899-12-30 with a fraction, as Excel counts, in WIB. */
const excelInstant = (days: number): number | null =>
  days > 36_526 && days < 73_051 ? Math.round(((days - 25_569) * 86_400_000) / 1000) * 1000 - 7 * HOUR : null;

/** 2026-11-22, 22/11/2026, 22-11-26, 22 November 2026, Minggu, 22 Nov 26, or a spreadsheet's day number. */
export function readDay(said: string): string | null {
  const text = said.trim().replace(/^[a-z'’]+,\s*/i, '');
  const iso = /^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})$/.exec(text);
  if (iso) return day(iso[1]!, iso[2]!, iso[3]!);
  const local = /^(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4}|\d{2})$/.exec(text);
  if (local) return day(local[3]!, local[2]!, local[1]!);
  const words = /^(\d{1,2})[ .-]+([a-z]+)[ .-]+(\d{4}|\d{2})$/i.exec(text);
  if (words) {
    const month = monthOf(words[2]!);
    return month ? day(words[3]!, String(month), words[1]!) : null;
  }
  if (/^\d{5}$/.test(text)) {
    const number = Number(text);
    if (number > 36_526 && number < 73_051) return new Date((number - 25_569) * 86_400_000).toISOString().slice(0, 10);
  }
  return null;
}

function monthOf(word: string): number {
  const short = word.slice(0, 3).toLowerCase();
  return MONTHS.indexOf(ENGLISH[short] ?? short) + 1;
}

function day(year: string, month: string, date: string): string | null {
  const text = `${year.length === 2 ? `20${year}` : year}-${month.padStart(2, '0')}-${date.padStart(2, '0')}`;
  return isDate(text) ? text : null;
}

/**
 * Digits alone of which only the first fifteen are not zero: Excel kept a number, the rest is gone. No NIP ends so (its
 * last three count from 001), and a serial of 128 random bits never does.
 */
export const isRounded = (text: string): boolean => /^\d{15}0{3,}$/.test(text.replace(/[\s.'’]/g, ''));

/** What was typed into a form, copied from a sheet that had rounded it or shows it as 6,32E+47. */
export const isExcelsNumber = (text: string): boolean =>
  isRounded(text) || /^\d+(?:[.,]\d+)?e\+\d+$/i.test(text.trim());
export const COPIED_ROUNDED =
  'Angka ini sudah dibulatkan oleh Excel sehingga digit terakhirnya hilang. Salin dari sumbernya, bukan dari lembar itu.';

/**
 * A serial as hex or decimal. With letters or colons it is hex; digits alone are ambiguous: portals write decimal, so
 * the decimal reading comes first, the hex reading second. @returns hex readings, likeliest first; empty when unreadable
 */
export function readSerials(text: string): string[] {
  const bare = text.replace(/^['’]/, '').replace(/^0x/i, '').replace(/[\s:]/g, '').toLowerCase();
  if (!/^[0-9a-f]{1,80}$/.test(bare)) return [];
  const hex = bare.replace(/^0+(?=.)/, '');
  if (/[a-f]/.test(bare) || /^0x/i.test(text) || text.includes(':')) return [hex];
  const decimal = BigInt(bare).toString(16);
  return decimal === hex ? [hex] : [decimal, hex];
}

/** NIP: 18 digits, spaces allowed. @returns digits, '' when empty, null when it is something else */
export function readNip(text: string): string | null {
  const digits = text.replace(/[\s.'’-]/g, '');
  return digits === '' || digits === '0' ? '' : /^\d{18}$/.test(digits) ? digits : null;
}

export const readEmail = (text: string): string | null =>
  text === '' || text === '-'
    ? ''
    : /^[^\s@<>,;]+@[^\s@<>,;]+\.[^\s@<>,;]+$/.test(text) && text.length <= 254
      ? text.toLowerCase()
      : null;

const word = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[^a-z]+/g, ' ')
    .trim();

const SERVING =
  /^(aktif|active|(pns|cpns|asn|pppk|p k|honorer|thl|phl|non asn|kontrak|tenaga kontrak)( aktif)?|masih aktif)$/;

/** Whether a word says no more than that somebody serves: the day beside it is then that of the post. */
export const isPlainlyServing = (text: string): boolean => text === '' || SERVING.test(word(text));

/** @returns the status, '' when nothing is said, null when the word is unknown */
export function readHolderStatus(text: string): keyof typeof holderStatuses | '' | null {
  const said = word(text);
  if (said === '') return '';
  if (
    SERVING.test(said) ||
    /^(cuti.*|cltn|mpp|masa persiapan pensiun|tugas belajar|diperbantukan|dipekerjakan)$/.test(said)
  )
    return 'active';
  if (/^((mutasi|pindah)(?! masuk)( .*)?|moved)$/.test(said)) return 'moved';
  if (/^(pensiun( .*)?|bup|purna tugas|purnabakti|purna bakti|retired)$/.test(said)) return 'retired';
  if (/^((berhenti|diberhentikan|mengundurkan diri)( .*)?|keluar|resign|resigned|left)$/.test(said)) return 'left';
  return /^(meninggal( .*)?|wafat|almarhum|almarhumah|deceased)$/.test(said) ? 'deceased' : null;
}

/** @returns the use, '' when nothing is said, null when the word is unknown */
export function readUse(text: string): Use | '' | null {
  const said = word(text);
  if (said === '') return '';
  if (/tanda tangan|^tte$|signature|naskah|segel|seal/.test(said)) return 'signature';
  if (/surel|e ?mail/.test(said)) return 'email';
  if (/dokumen|document|enkripsi/.test(said)) return 'document';
  if (/server|ssl|tls/.test(said) && !/client|klien/.test(said)) return 'tls_server';
  if (/klien|client/.test(said)) return 'tls_client';
  return /lainnya|other/.test(said) ? 'other' : null;
}
