// Words of the kinds of work, in the order of their urgency.
import type { Task } from '#lib/server/work.ts';

export const kinds: Record<Task['kind'], string> = {
  incident: 'Insiden',
  intake: 'Laporan masuk',
  letter: 'Surat',
  revocation: 'Pencabutan',
  obligation: 'Kewajiban',
  conflict: 'Bukti pencabutan',
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
/** What may stand in the address as `due`: a group, or all that cannot wait. */
export const dues = { ...groups, now: 'Terlambat dan hari ini' } as const;
export const isDue = (text: string): text is keyof typeof dues => text in dues;
/** Work on incidents, their reports and letters: what the badge beside Insiden counts. */
export const isAboutIncidents = (task: Pick<Task, 'href'>): boolean =>
  /^\/(incidents|intakes|letters)\//.test(task.href);
