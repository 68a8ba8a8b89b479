// Columns of the exported list of certificates.
import { serial, serialDecimal } from '#lib/format.ts';
import { certificateLabels, sources, uses } from '#lib/terms.ts';
import type { Column } from '../table-export.ts';
import type { ListRow } from './listing.ts';

export const exportColumns: readonly Column<ListRow>[] = [
  { head: 'Pemilik', value: (row) => row.name, width: 34 },
  { head: 'NIP', value: (row) => row.nip },
  { head: 'Jabatan', value: (row) => row.position, width: 28 },
  { head: 'Perangkat Daerah', value: (row) => row.agencyName, width: 34 },
  { head: 'Penggunaan', value: (row) => uses[row.use], width: 24 },
  { head: 'Status', value: (row) => certificateLabels[row.label].word, width: 28 },
  { head: 'Berlaku sejak', value: (row) => row.notBefore, kind: 'instant' },
  { head: 'Berlaku sampai', value: (row) => row.notAfter, kind: 'instant' },
  { head: 'Dicabut pada', value: (row) => row.revokedAt, kind: 'instant' },
  { head: 'Diperiksa', value: (row) => row.confirmedAt, kind: 'instant' },
  { head: 'Sumber', value: (row) => (row.confirmedAt === null ? null : sources[row.revocationSource]) },
  { head: 'Nomor seri (hex)', value: (row) => (row.serial ? serial(row.serial) : null), width: 60 },
  { head: 'Nomor seri (desimal)', value: (row) => (row.serial ? serialDecimal(row.serial) : null), width: 50 },
  { head: 'Sidik jari SHA-256', value: (row) => row.fingerprint, width: 66 },
  { head: 'Penerbit', value: (row) => row.issuer, width: 50 },
];
