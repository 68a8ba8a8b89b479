// Columns of the exported list of certificates.
import { serial, serialDecimal } from '#lib/format.ts';
import { labelTerm, revokedSince, saidOf } from '#lib/status-words.ts';
import { certificateSources, portalWords, sources, uses } from '#lib/terms.ts';
import type * as table from '../table-export.ts';
import { columns, type Column } from './columns.ts';
import type { ListRow } from './listing.ts';

export type Sheet = readonly table.Column<ListRow>[];

const sheet: Record<Column, Sheet> = {
  nip: [{ head: 'NIP', value: (row) => row.nip }],
  position: [{ head: 'Jabatan', value: (row) => row.position, width: 28 }],
  agency: [{ head: 'Perangkat Daerah', value: (row) => row.agencyName, width: 34 }],
  use: [{ head: 'Penggunaan', value: (row) => uses[row.use], width: 24 }],
  status: [{ head: 'Status menurut Siaga', value: (row) => labelTerm(row.label, row).word, width: 28 }],
  start: [{ head: 'Berlaku sejak', value: (row) => row.notBefore, kind: 'instant' }],
  end: [{ head: 'Berlaku sampai', value: (row) => row.notAfter, kind: 'instant' }],
  revoked: [{ head: 'Dicabut pada', value: (row) => revokedSince(saidOf(row)), kind: 'instant' }],
  evidence: [
    { head: 'Diperiksa', value: (row) => row.confirmedAt, kind: 'instant' },
    { head: 'Sumber', value: (row) => (row.confirmedAt === null ? null : sources[row.revocationSource]) },
  ],
  serial: [
    { head: 'Nomor seri (hex)', value: (row) => (row.serial ? serial(row.serial) : null), width: 60 },
    { head: 'Nomor seri (desimal)', value: (row) => (row.serial ? serialDecimal(row.serial) : null), width: 50 },
  ],
  fingerprint: [{ head: 'Sidik jari SHA-256', value: (row) => row.fingerprint, width: 66 }],
  issuer: [{ head: 'Penerbit', value: (row) => row.issuer, width: 50 }],
  key: [{ head: 'Kunci', value: (row) => [row.keyAlgorithm, row.keyBits].filter(Boolean).join(' ') || null }],
  portal: [
    { head: 'Menurut portal BSrE', value: (row) => (row.portal ? portalWords[row.portal].word : null), width: 24 },
    { head: 'Daftar portal diimpor', value: (row) => row.portalAt, kind: 'instant' },
    { head: 'Portal berbeda dengan bukti', value: (row) => (row.portal ? (row.portalDiffers ? 'Ya' : 'Tidak') : null) },
  ],
  source: [{ head: 'Asal data', value: (row) => certificateSources[row.source], width: 24 }],
  added: [{ head: 'Masuk Siaga', value: (row) => row.addedAt, kind: 'instant' }],
};

/** @param chosen the columns a person chose; null: all */
export const exportColumns = (chosen: readonly Column[] | null): Sheet => [
  { head: 'Pemilik', value: (row) => row.name, width: 34 },
  ...(chosen ?? (Object.keys(columns) as Column[])).flatMap((column) => sheet[column]),
];
