// One row of a list of certificates. Pure. A value that cannot be read is left out and named; only a row that names no
// certificate at all is refused.
import { isRounded, readInstant, readSerials } from './cells.ts';
import type { Use } from './facts.ts';
import { isName, nameKey, splitName } from './names.ts';
import {
  agencyOf,
  emailOf,
  type FindAgency,
  nipOf,
  noteOn,
  quoted,
  type Read,
  ROUNDED,
  valueOf,
} from './person-row.ts';
import type { PortalWord } from './portal-word.ts';
import { nothingExplained, readWord, type ExplainedWords } from './sheet-words.ts';
import type { Field, SheetRow } from './sheet.ts';

/** '' and null: the row says nothing about it. */
export type SaidCertificate = {
  id: string;
  name: string;
  /** Hex readings, likeliest first. */
  serials: string[];
  issuer: string;
  notBefore: number | null;
  notAfter: number | null;
  use: Use | '';
  nip: string;
  email: string;
  agencyId: string | null;
  unknownAgency: string | null;
  fingerprint: string | null;
  /** What the portal says of it; no fact of the certificate. */
  portal: PortalWord | '';
};

export function readCertificateRow(
  row: SheetRow,
  find: FindAgency,
  explained: ExplainedWords = nothingExplained,
): Read<SaidCertificate> {
  const notes: string[] = [];
  const get = (field: Field) => valueOf(row, field, notes);
  const id = get('id');
  const name = splitName(get('name')).name.slice(0, 160);
  const period = periodOf(get('from'), get('until'), notes);
  const said: SaidCertificate = {
    id,
    name,
    serials: serialsOf(get('serial'), notes),
    issuer: get('issuer').slice(0, 300),
    ...period,
    use: useOf(get('use'), explained, notes),
    nip: nipOf(get('nip'), notes),
    email: emailOf(get('email'), notes),
    ...agencyOf(get('agency'), find, notes),
    fingerprint: fingerprintOf(get('fingerprint'), notes),
    portal: portalOf(get('portal'), explained, notes),
  };
  const refused = id ? null : refusal(said);
  return refused ? { refused, notes } : { said, notes };
}

function refusal(said: SaidCertificate): string | null {
  if (!isName(said.name)) return 'Nama tidak ada atau tidak dapat dibaca.';
  return said.serials.length || said.fingerprint || said.notAfter !== null
    ? null
    : 'Tanpa nomor seri dan akhir masa berlaku, sertifikat ini tidak dapat dikenali.';
}

function serialsOf(text: string, notes: string[]): string[] {
  if (!text || text === '-') return [];
  if (isRounded(text)) {
    notes.push(noteOn('serial', ROUNDED));
    return [];
  }
  const serials = readSerials(text);
  if (!serials.length) notes.push(noteOn('serial', `${quoted(text)} bukan nomor seri desimal atau heksadesimal.`));
  return serials;
}

function periodOf(from: string, until: string, notes: string[]): Pick<SaidCertificate, 'notBefore' | 'notAfter'> {
  const notBefore = instantOf('from', from, 'start', notes);
  const notAfter = instantOf('until', until, 'end', notes);
  if (notBefore !== null && notAfter !== null && notBefore > notAfter) {
    notes.push(noteOn('from', 'Awal masa berlaku sesudah akhirnya; keduanya tidak dipakai.'));
    return { notBefore: null, notAfter: null };
  }
  return { notBefore, notAfter };
}

function instantOf(field: 'from' | 'until', text: string, edge: 'start' | 'end', notes: string[]): number | null {
  if (!text || text === '-') return null;
  const instant = readInstant(text, edge);
  if (instant === null) notes.push(noteOn(field, `Tanggal ${quoted(text)} tidak dapat dibaca.`));
  return instant;
}

function useOf(text: string, explained: ExplainedWords, notes: string[]): Use | '' {
  const use = readWord('use', text, explained);
  if (use === null) notes.push(noteOn('use', `${quoted(text)} belum dikenal.`));
  return use ?? 'other';
}

function fingerprintOf(text: string, notes: string[]): string | null {
  const hex = text.replace(/[\s:]/g, '').toLowerCase();
  if (!hex || /^[0-9a-f]{64}$/.test(hex)) return hex || null;
  notes.push(noteOn('fingerprint', 'SHA-256 terdiri atas 64 angka heksadesimal.'));
  return null;
}

function portalOf(text: string, explained: ExplainedWords, notes: string[]): PortalWord | '' {
  const word = readWord('portal', text, explained);
  if (word === null) notes.push(noteOn('portal', `${quoted(text)} belum dikenal; tidak dicatat.`));
  return word ?? '';
}

/** What tells certificates of one sheet apart. @param day of the end, in WIB */
export const certificateKey = (said: SaidCertificate, day: (instant: number) => string): string => {
  if (said.id) return `id ${said.id}`;
  if (said.fingerprint) return `sha ${said.fingerprint}`;
  if (said.serials.length) return `serial ${said.serials[0]} ${said.issuer.toLowerCase()}`;
  return `name ${nameKey(said.name)} ${said.use} ${day(said.notAfter!)}`;
};
