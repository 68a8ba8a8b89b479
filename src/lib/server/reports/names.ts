// What people call a kind of report in lists: the four annual ones by whom they go to. Pure.
import { titleOf } from '#reports/annual-report.ts';
import type { ReportKind } from '#reports/report-data.ts';

const RECIPIENTS: Partial<Record<ReportKind, string>> = {
  'annual-mayor': 'Walikota',
  'annual-governor': 'Gubernur',
  'annual-bssn': 'Kepala BSSN',
  'annual-bsre': 'Kepala BSrE',
};

/** "Laporan tahunan kepada Kepala BSSN", "Laporan Inventaris Sertifikat Elektronik" */
export const nameOf = (kind: ReportKind): string =>
  RECIPIENTS[kind] ? `Laporan tahunan kepada ${RECIPIENTS[kind]}` : titleOf(kind);
