// Columns that a list of certificates can show, and which ones an address asks for. Pure; pages use it too.
import type { Sort } from './filter.ts';

/** Word of the heading, and the order it sorts by, when it has one. The holder's name always stands first. */
export const columns = {
  nip: { word: 'NIP', sort: null },
  position: { word: 'Jabatan', sort: null },
  agency: { word: 'Perangkat Daerah', sort: 'agency' },
  use: { word: 'Penggunaan', sort: 'use' },
  status: { word: 'Status', sort: 'status' },
  start: { word: 'Berlaku sejak', sort: 'start' },
  end: { word: 'Sampai dengan', sort: 'end' },
  revoked: { word: 'Dicabut pada', sort: null },
  evidence: { word: 'Umur bukti', sort: 'evidence' },
  issuer: { word: 'Penerbit', sort: 'issuer' },
  serial: { word: 'Nomor seri', sort: 'serial' },
  fingerprint: { word: 'Sidik jari', sort: null },
  key: { word: 'Kunci', sort: 'key' },
  portal: { word: 'Menurut portal BSrE', sort: null },
  source: { word: 'Asal data', sort: 'source' },
  added: { word: 'Masuk Siaga', sort: 'added' },
} as const satisfies Record<string, { word: string; sort: Sort | null }>;
export type Column = keyof typeof columns;

export const DEFAULT_COLUMNS: readonly Column[] = ['agency', 'use', 'status', 'end', 'evidence'];

/** `columns=agency,end`: the columns chosen, in the list's own order; null: none were, the usual ones are shown. */
export function columnsOf(params: URLSearchParams): readonly Column[] | null {
  const wanted = params.getAll('columns').flatMap((text) => text.split(','));
  const known = (Object.keys(columns) as Column[]).filter((column) => wanted.includes(column));
  return known.length ? known : null;
}
