// One row of a personnel list as a person. Pure. A value that cannot be read is left out and named; only a row that
// does not say whom it is about is refused.
import { calendarDate } from '#lib/format.ts';
import type { holderStatuses } from '#lib/terms.ts';
import { isDate } from '../calendar.ts';
import { isPlainlyServing, isRounded, readDay, readEmail, readNip } from './cells.ts';
import { isName, nameKey, properName, splitName } from './names.ts';
import { withoutNik } from '../nik.ts';
import { formulaNote } from './sheet-formulas.ts';
import { nothingExplained, readWord, type ExplainedWords } from './sheet-words.ts';
import { fieldWords, type Field, type SheetRow } from './sheet.ts';

/** '' and null: the row says nothing about it. */
export type SaidPerson = {
  id: string;
  name: string;
  titleBefore: string;
  titleAfter: string;
  nip: string;
  email: string;
  status: keyof typeof holderStatuses | '';
  since: string | null;
  position: string;
  agencyId: string | null;
  /** The agency as written, when none fits. */
  unknownAgency: string | null;
};
export type Read<T> = { said: T; notes: string[] } | { refused: string; notes: string[] };

/** Finds an agency by what people write; '' says nothing, null fits none. */
export type FindAgency = (text: string) => { id: string } | '' | null;

export const ROUNDED =
  'Angka ini sudah dibulatkan oleh Excel sehingga digit terakhirnya hilang. Ubah kolomnya menjadi Teks, lalu isi dari sumbernya.';

/** The value of a field; what is damaged is noted. */
export function valueOf(row: SheetRow, field: Field, notes: string[]): string {
  const damage = row.damage[field];
  if (damage) notes.push(noteOn(field, damage));
  const formula = row.formulas?.[field];
  if (formula && row.values[field]) notes.push(noteOn(field, formulaNote[formula]));
  return row.values[field] ?? '';
}

export const noteOn = (field: Field, text: string): string => `Kolom ${fieldWords[field]}: ${text}`;
/** A value in a note; the number of an identity card is never repeated. */
export const quoted = (text: string): string => `"${withoutNik(text).slice(0, 60)}"`;

/** @param today the calendar date in WIB: a leaver of next year is still on duty */
export function readPerson(
  row: SheetRow,
  find: FindAgency,
  today: string,
  explained: ExplainedWords = nothingExplained,
): Read<SaidPerson> {
  const notes: string[] = [];
  const get = (field: Field) => valueOf(row, field, notes);
  const id = get('id');
  const { name, titleBefore, titleAfter } = splitName(get('name'));
  const nip = nipOf(get('nip'), notes);
  const agency = agencyOf(get('agency'), find, notes);
  const word = get('status');
  const told = { text: word, status: readWord('status', word, explained), since: get('since') };
  const { status, since } = statusOf(told, today, notes);
  const said: SaidPerson = {
    id,
    name: (id ? name : properName(name)).slice(0, 160),
    titleBefore: (get('titleBefore') || titleBefore).slice(0, 60),
    titleAfter: (get('titleAfter') || titleAfter).slice(0, 100),
    nip,
    email: emailOf(get('email'), notes),
    status,
    since,
    position: get('position').slice(0, 200),
    ...agency,
  };
  const refused = id ? null : refusal(said, agency.unknownAgency);
  return refused ? { refused, notes } : { said, notes };
}

function refusal(said: SaidPerson, unknown: string | null): string | null {
  if (!isName(said.name)) return 'Nama tidak ada atau tidak dapat dibaca.';
  if (said.nip || said.agencyId) return null;
  return unknown
    ? `Tanpa NIP, orang ini hanya dapat dikenali dari Perangkat Daerahnya, dan ${quoted(unknown)} tidak ada dalam daftar.`
    : 'Tanpa NIP dan Perangkat Daerah, orang ini tidak dapat dikenali kembali.';
}

/** 18 digits that Excel has not rounded, or ''. */
export function nipOf(text: string, notes: string[]): string {
  const nip = readNip(text);
  if (nip === null) {
    const digits = text.replace(/\D/g, '').length;
    // What may be a NIK is not repeated.
    const said = digits === 16 ? 'yang ditulis 16 angka, mungkin NIK' : `${quoted(text)} berisi ${digits}`;
    notes.push(noteOn('nip', `NIP terdiri atas 18 angka; ${said}.`));
    return '';
  }
  if (nip && isRounded(nip)) {
    notes.push(noteOn('nip', ROUNDED));
    return '';
  }
  const born = `${nip.slice(0, 4)}-${nip.slice(4, 6)}-${nip.slice(6, 8)}`;
  // It may still be the number on the decree, so it enters; whoever knows it is told where to look.
  if (nip && !isDate(born))
    notes.push(
      noteOn('nip', `NIP diawali tanggal lahir, dan ${born} tidak ada dalam kalender. Dicatat; periksa angkanya.`),
    );
  return nip;
}

export function emailOf(text: string, notes: string[]): string {
  const email = readEmail(text);
  if (email === null) notes.push(noteOn('email', `${quoted(text)} bukan alamat surel.`));
  return email ?? '';
}

export function agencyOf(
  text: string,
  find: FindAgency,
  notes: string[],
): Pick<SaidPerson, 'agencyId' | 'unknownAgency'> {
  const found = text ? find(text) : '';
  if (found === null) notes.push(noteOn('agency', `${quoted(text)} tidak ada dalam daftar Perangkat Daerah.`));
  return { agencyId: found ? found.id : null, unknownAgency: found === null ? text.slice(0, 200) : null };
}

function statusOf(
  { text, status: said, since }: { text: string; status: SaidPerson['status'] | null; since: string },
  today: string,
  notes: string[],
): Pick<SaidPerson, 'status' | 'since'> {
  let status = said;
  if (status === null) {
    notes.push(noteOn('status', `${quoted(text)} belum dikenal; status dan tanggalnya dibiarkan.`));
    // The day of what nobody understands says nothing.
    return { status: '', since: null };
  }
  let day = since && since !== '-' ? readDay(since) : null;
  if (since && since !== '-' && !day) notes.push(noteOn('since', `Tanggal ${quoted(since)} tidak dapat dibaca.`));
  if (day && day > today) {
    // What has not happened yet is not entered as if it had.
    notes.push(noteOn('since', `${calendarDate(day)} belum tiba; impor lagi setelah tanggal itu.`));
    if (status !== 'active') status = '';
    day = null;
  }
  // A leave, a study: the person serves on, and its day is not the one on which the post began.
  if (status === 'active' && !isPlainlyServing(text)) {
    const beside = day ? `; ${calendarDate(day)} tidak dipakai, karena bukan tanggal mulai jabatannya` : '';
    notes.push(noteOn('status', `${quoted(text)} dibaca sebagai Aktif${beside}.`));
    day = null;
  }
  return { status, since: day };
}

/** What tells people of one sheet apart: the id, the NIP, else the bare name within what is written as agency. */
export const personKey = (said: SaidPerson): string =>
  said.id
    ? `id ${said.id}`
    : said.nip
      ? `nip ${said.nip}`
      : `name ${nameKey(said.name)} ${said.agencyId ?? said.unknownAgency ?? ''}`;
