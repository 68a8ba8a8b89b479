// The duties of the regulation that leaders watch: evaluation, reports, incident reports. Deadlines are policy of the
// office; the regulation gives the frequency. Pure.
import { period, semesterOf, startOfDay, DAY } from '../calendar.ts';
import { number, shortDate } from '#lib/format.ts';
import type { DutyRow, ReportKind } from '#reports/report-data.ts';
import type { Facts } from './facts.ts';
import { figureOf } from './figures.ts';

/** `interim`: of figures taken before the period ended; approved or not, it meets no duty. */
export type ReportStanding = { kind: ReportKind; period: string; state: string; interim: boolean };
type Deadlines = { annualReport: string; utilisationReport: string };

/** Instant at the end of the day by which the report on `period` is due; a semester's: 31 days after its end. */
export function dueOf(kind: ReportKind, code: string, deadlines: Deadlines): number | null {
  const p = period(code);
  if (!p) return null;
  const next = Number(code.slice(0, 4)) + 1;
  const rule = kind.startsWith('annual')
    ? deadlines.annualReport
    : kind === 'utilisation'
      ? deadlines.utilisationReport
      : null;
  return rule ? startOfDay(`${next}-${rule}`) + DAY - 1 : p.end + 31 * DAY;
}

const WORDS: Record<string, string> = {
  requested: 'disusun',
  draft: 'draf',
  sealing: 'disetujui',
  approved: 'selesai',
  failed: 'gagal disusun',
};
const noYear = (at: number) => shortDate(at).replace(/ \d{4}$/, '');

/** Figures of a shorter period from the same rows. */
export const within = (facts: Facts, code: string): Facts => ({ ...facts, period: period(code)! });

export function dutiesOf(facts: Facts, reports: readonly ReportStanding[], deadlines: Deadlines): DutyRow[] {
  const semester = semesterOf(facts.stateAt);
  const evaluated = figureOf(within(facts, semester), 'F-16');
  const reviewed = new Set(
    facts.sheets.filter((s) => s.period === semester && s.reviewedAt !== null).map((s) => s.agencyId),
  ).size;
  const year = semester.slice(0, 4);
  const annual = reports.filter((r) => r.kind.startsWith('annual') && r.period === year);
  const done = annual.filter((r) => r.state === 'approved' && !r.interim).length;
  const interim = annual.filter((r) => r.state === 'approved' && r.interim).length;
  const bsre = reports.find((r) => (r.kind === 'annual-bsre' || r.kind === 'utilisation') && r.period === year);
  const open = facts.obligations.filter((o) => !o.released && o.metAt === null);
  const late = open.filter((o) => o.dueAt < facts.stateAt).length;
  const next = open
    .map((o) => o.dueAt)
    .filter((at) => at >= facts.stateAt)
    .sort((a, b) => a - b)[0];
  return [
    {
      duty: `Evaluasi Semester ${semester.endsWith('1') ? 'I' : 'II'}`,
      basis: 'Pasal 18 huruf b',
      state: evaluated.numerator
        ? `${number(evaluated.numerator)} / ${number(evaluated.denominator)} PD`
        : reviewed
          ? `berjalan: ${number(reviewed)} dari ${number(evaluated.denominator)} PD ditinjau`
          : `${number(0)} / ${number(evaluated.denominator)} PD`,
      due: noYear(period(semester)!.end),
    },
    {
      duty: `Laporan tahunan ${year}`,
      basis: 'Pasal 18 huruf c',
      state: done
        ? `${done} dari 4 disetujui`
        : interim
          ? `${interim} dari 4 sementara`
          : annual.length
            ? `${annual.length} dari 4 draf`
            : 'belum dimulai',
      due: `${noYear(dueOf('annual-mayor', year, deadlines)!)}*`,
    },
    {
      duty: 'Laporan pemanfaatan ke BSrE',
      basis: 'Pasal 6 huruf g',
      state: !bsre
        ? 'belum dimulai'
        : bsre.state === 'approved' && bsre.interim
          ? 'sementara'
          : (WORDS[bsre.state] ?? bsre.state),
      due: `${noYear(dueOf('utilisation', year, deadlines)!)}*`,
    },
    {
      duty: 'Laporan insiden ke BSSN dan BSrE',
      basis: 'Pasal 19 ayat (1)',
      state: open.length ? `${open.length} belum terkirim${late ? `, ${late} terlambat` : ''}` : 'semua terkirim',
      due: next ? noYear(next) : late ? 'lewat' : 'selesai',
    },
  ];
}
