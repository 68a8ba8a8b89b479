// Sheets that people send: which column is which, by its heading, and what a cell means. Pure; a value that cannot be
// read is null and becomes a sentence in the ledger, never a guess.
import { isDate } from '../calendar.ts';
import type { holderStatuses } from '#lib/terms.ts';
import type { Use } from './facts.ts';

export type Field =
  | 'name'
  | 'nip'
  | 'position'
  | 'agency'
  | 'email'
  | 'status'
  | 'serial'
  | 'issuer'
  | 'from'
  | 'until'
  | 'use'
  | 'fingerprint';

/** What people call the columns. */
export const fieldWords: Record<Field, string> = {
  name: 'nama',
  nip: 'NIP',
  position: 'jabatan',
  agency: 'Perangkat Daerah',
  email: 'surel',
  status: 'status',
  serial: 'nomor seri',
  issuer: 'penerbit',
  from: 'berlaku sejak',
  until: 'berlaku sampai',
  use: 'penggunaan',
  fingerprint: 'sidik jari',
};
export type Mapping = Partial<Record<Field, number>>;

/** Headings as offices write them, most telling first; compared without case and punctuation. */
const headings: Record<Field, RegExp> = {
  nip: /^(nip|nip baru|nomor induk pegawai|nip pegawai)$/,
  serial:
    /^(no|nomor|nomer)? ?(seri|serial)( number)?( sertifikat| certificate)?( desimal| hex)?$|^serial ?number$|^sn$/,
  fingerprint: /^(sidik jari|fingerprint|sha ?256|thumbprint)( sha ?256)?$/,
  issuer: /^(penerbit|issuer|ca|diterbitkan oleh)$/,
  from: /^(berlaku|valid|aktif)? ?(sejak|mulai|dari|from|not before|tanggal terbit|tgl terbit|tanggal mulai|mulai berlaku)$|^(tanggal |tgl )?(penerbitan|terbit)$/,
  until:
    /^(masa )?(berlaku|valid|aktif)? ?(sampai|sd|s d|hingga|until|to|not after)( dengan)?$|^(tanggal |tgl )?(kadaluarsa|kedaluwarsa|kadaluwarsa|expired|expire|berakhir|habis)$|^masa berlaku$|^valid ?to$/,
  use: /^(penggunaan|jenis|jenis sertifikat|kegunaan|use|tipe)$/,
  email: /^(e ?mail|surel|alamat e ?mail|email dinas|surel dinas|e ?mail resmi|email resmi)$/,
  agency: /^(pd|opd|perangkat daerah|instansi|unit|unit kerja|unit organisasi|satuan kerja|skpd|organisasi|agency)$/,
  position: /^(jabatan|nama jabatan|position|jabatan terakhir)$/,
  status: /^(status|status pegawai|status kepegawaian|keadaan|kedudukan)$/,
  name: /^(nama|nama lengkap|nama pegawai|nama pemilik|nama tanpa gelar|pemilik|name|common name|cn|nama sertifikat)$/,
};

const heading = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, ' ')
    .trim();

/**
 * Finds the heading row among the first twenty and what its columns are.
 * @returns the index of the heading row and the columns, or null when no row names at least the wanted fields
 */
export function readHeadings(
  rows: readonly string[][],
  wanted: readonly Field[],
): { row: number; mapping: Mapping } | null {
  for (let row = 0; row < Math.min(rows.length, 20); row++) {
    const mapping: Mapping = {};
    rows[row]!.forEach((cell, column) => {
      const text = heading(cell);
      const field = (Object.keys(headings) as Field[]).find(
        (name) => mapping[name] === undefined && headings[name].test(text),
      );
      if (text && field) mapping[field] = column;
    });
    if (wanted.every((field) => mapping[field] !== undefined)) return { row, mapping };
  }
  return null;
}

/** The recognised columns in words, for the run's page. */
export const columnWords = (mapping: Mapping): string[] =>
  (Object.keys(mapping) as Field[]).map((field) => fieldWords[field]);

export const cell = (row: readonly string[], mapping: Mapping, field: Field): string => {
  const column = mapping[field];
  return column === undefined ? '' : (row[column] ?? '').replace(/\s+/g, ' ').trim();
};

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'mei', 'jun', 'jul', 'agu', 'sep', 'okt', 'nov', 'des'];
const ENGLISH: Record<string, string> = { may: 'mei', aug: 'agu', oct: 'okt', dec: 'des', ags: 'agu', agt: 'agu' };

/**
 * A date or an instant as people and portals write it; without a zone it is WIB (certificate-status §8).
 * A date alone means its first or last millisecond in WIB, by `edge`. @returns UTC ms, or null
 */
export function readInstant(text: string, edge: 'start' | 'end'): number | null {
  const plain = text.trim();
  if (/^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}/.test(plain)) {
    const zoned = /([zZ]|[+-]\d{2}:?\d{2})$/.test(plain) ? plain : `${plain}+07:00`;
    const instant = Date.parse(zoned.replace(' ', 'T'));
    return Number.isNaN(instant) ? null : instant;
  }
  const day = readDay(plain);
  if (!day) return null;
  return Date.parse(edge === 'start' ? `${day}T00:00:00+07:00` : `${day}T23:59:59+07:00`);
}

/** 2026-11-22, 22/11/2026, 22-11-2026, 22 November 2026, 22 Nov 26, or a spreadsheet's day number. */
export function readDay(text: string): string | null {
  const iso = /^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})$/.exec(text);
  if (iso) return day(iso[1]!, iso[2]!, iso[3]!);
  const local = /^(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})$/.exec(text);
  if (local) return day(local[3]!, local[2]!, local[1]!);
  const words = /^(\d{1,2})[ -]([a-z]+)[ -](\d{2}|\d{4})$/i.exec(text);
  if (words) {
    const short = words[2]!.slice(0, 3).toLowerCase();
    const month = MONTHS.indexOf(ENGLISH[short] ?? short) + 1;
    return month ? day(words[3]!.length === 2 ? `20${words[3]}` : words[3]!, String(month), words[1]!) : null;
  }
  // Days since 1899-12-30, as Excel counts; 2000 to 2100.
  if (/^\d{5}(\.\d+)?$/.test(text)) {
    const number = Math.floor(Number(text));
    if (number > 36_526 && number < 73_051) return new Date((number - 25_569) * 86_400_000).toISOString().slice(0, 10);
  }
  return null;
}

function day(year: string, month: string, date: string): string | null {
  const text = `${year}-${month.padStart(2, '0')}-${date.padStart(2, '0')}`;
  return isDate(text) ? text : null;
}

/**
 * A serial as hex or decimal. With letters or colons it is hex; digits alone are ambiguous: portals write decimal, so
 * the decimal reading comes first, the hex reading second. @returns hex readings, likeliest first; empty when unreadable
 */
export function readSerials(text: string): string[] {
  const bare = text.replace(/^0x/i, '').replace(/[\s:]/g, '').toLowerCase();
  if (!/^[0-9a-f]{1,80}$/.test(bare)) return [];
  const hex = bare.replace(/^0+(?=.)/, '');
  if (/[a-f]/.test(bare) || /^0x/i.test(text) || text.includes(':')) return [hex];
  const decimal = BigInt(bare).toString(16);
  return decimal === hex ? [hex] : [decimal, hex];
}

/** NIP: 18 digits, spaces allowed. @returns digits, '' when empty, null when it is something else */
export function readNip(text: string): string | null {
  const digits = text.replace(/[\s.'-]/g, '');
  return digits === '' ? '' : /^\d{18}$/.test(digits) ? digits : null;
}

export const readEmail = (text: string): string | null =>
  text === '' ? '' : /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(text) && text.length <= 254 ? text.toLowerCase() : null;

export function readHolderStatus(text: string): keyof typeof holderStatuses | null {
  const word = heading(text);
  if (word === '' || /^(aktif|pns aktif|asn|pns|pppk|active)$/.test(word)) return 'active';
  if (/^(mutasi|pindah|pindah tugas|mutasi keluar|moved)$/.test(word)) return 'moved';
  if (/^(pensiun|purna tugas|purnabakti|retired)$/.test(word)) return 'retired';
  if (/^(berhenti|diberhentikan|mengundurkan diri|resigned)$/.test(word)) return 'left';
  return /^(meninggal|meninggal dunia|wafat|deceased)$/.test(word) ? 'deceased' : null;
}

export function readUse(text: string): Use | null {
  const word = heading(text);
  if (word === '' || /tanda tangan|^tte$|signature|naskah|segel/.test(word)) return 'signature';
  if (/surel|e ?mail/.test(word)) return 'email';
  if (/dokumen|document|enkripsi/.test(word)) return 'document';
  if (/server/.test(word)) return 'tls_server';
  return /klien|client/.test(word) ? 'tls_client' : null;
}
