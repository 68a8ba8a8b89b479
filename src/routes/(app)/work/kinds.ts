// Words of the kinds of work, in the order of their urgency.
import type { Task } from '#lib/server/work.ts';

export const kinds: Record<Task['kind'], string> = {
  incident: 'Insiden',
  intake: 'Laporan masuk',
  letter: 'Surat',
  revocation: 'Pencabutan',
  obligation: 'Kewajiban',
  conflict: 'Sumber bertentangan',
  expiry: 'Akan kedaluwarsa',
  matching: 'Pencocokan',
  mismatch: 'Ketidaksesuaian',
  evaluation: 'Evaluasi',
  finding: 'Temuan',
  report: 'Laporan',
  source: 'Sumber pencabutan',
  system: 'Sistem',
};
export const isKind = (text: string): text is Task['kind'] => text in kinds;

export const groups = {
  late: 'Terlambat',
  today: 'Hari ini',
  week: 'Tujuh hari ke depan',
  later: 'Kemudian',
  none: 'Tanpa tenggat',
} as const;
export const isGroup = (text: string): text is keyof typeof groups => text in groups;
