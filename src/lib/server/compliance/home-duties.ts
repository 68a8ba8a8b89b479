// Kewajiban Perwali: four rows with how far and until when. Numbers come in; this file only says them. Pure.
import { calendarDate, number, remaining } from '#lib/format.ts';
import { endOfDay } from '../calendar.ts';

export type DutyRow = {
  title: string;
  href: string;
  article: string;
  count: string | null;
  value: number;
  max: number;
  tone: 'ok' | 'warn' | 'bad' | '';
  due: string;
  left: string;
};

/**
 * Pasal 18 b: agencies whose sheet was reviewed in the running semester; `evaluated` null: no round was opened. Done only
 * when the round is closed, because only then it counts in reports.
 */
export function evaluationDuty(given: {
  period: string;
  end: string;
  evaluated: number | null;
  closed: boolean;
  total: number;
  now: number;
}): DutyRow {
  const { period, end, evaluated, closed, total, now } = given;
  const done = closed && evaluated !== null && evaluated >= total;
  return {
    title: `Evaluasi semester ${period.endsWith('1') ? 'I' : 'II'} ${period.slice(0, 4)}`,
    href: evaluated === null ? '/evaluations' : `/evaluations/${period}`,
    article: 'Pasal 18 b',
    count: evaluated === null ? 'belum dibuka' : `${number(evaluated)} / ${number(total)} PD ditinjau`,
    value: evaluated ?? 0,
    max: total,
    tone: done ? 'ok' : '',
    due: `${evaluated === null || closed ? '' : 'Putaran belum ditutup. '}Tenggat ${calendarDate(end)}`,
    left: done ? 'selesai' : remaining(endOfDay(end), now),
  };
}

/** Pasal 18 c: the four annual reports on a year, of which how many are approved and how many sent. */
export function annualDuty(given: { year: number; approved: number; sent: number; due: string; now: number }): DutyRow {
  const { year, approved, sent, due, now } = given;
  return {
    title: `Laporan tahunan ${year}`,
    href: `/reports?year=${year}`,
    article: 'Pasal 18 c',
    count: `${approved} / 4 disetujui`,
    value: approved,
    max: 4,
    tone: sent === 4 ? 'ok' : endOfDay(due) < now ? 'bad' : '',
    due: `Tenggat ${calendarDate(due)} (kebijakan Dinas)`,
    left: sent === 4 ? 'semua terkirim' : remaining(endOfDay(due), now),
  };
}

/** Pasal 19: early notices of the year whose deadline has come or that were sent. */
export function incidentDuty(given: {
  year: number;
  met: number;
  of: number;
  next: number | null;
  now: number;
}): DutyRow {
  const { year, met, of, next, now } = given;
  const missed = of - met;
  return {
    title: 'Laporan insiden ke BSSN dan BSrE tepat waktu',
    href: '/incidents?tab=all',
    article: 'Pasal 19',
    count: of ? `${number(met)} / ${number(of)}` : 'belum ada',
    value: of ? met : 0,
    max: of,
    tone: missed || (next !== null && next < now) ? 'bad' : of ? 'ok' : '',
    due: missed
      ? `${missed} tidak tepat waktu pada ${year}`
      : of
        ? `Semua tepat waktu pada ${year}`
        : `Belum ada yang wajib dilaporkan pada ${year}`,
    left: next === null ? '' : remaining(next, now),
  };
}

/** Pasal 6 g: the yearly report on use to BSrE. */
export function utilisationDuty(given: {
  year: number;
  approved: boolean;
  sent: boolean;
  exists: boolean;
  due: string;
  now: number;
}): DutyRow {
  const { year, approved, sent, exists, due, now } = given;
  return {
    title: `Laporan pemanfaatan ${year} ke BSrE`,
    href: `/reports?year=${year}`,
    article: 'Pasal 6 g',
    count: sent ? 'Terkirim' : approved ? 'Disetujui' : exists ? 'Draf' : 'Belum dibuat',
    value: sent ? 3 : approved ? 2 : exists ? 1 : 0,
    max: 3,
    tone: sent ? 'ok' : endOfDay(due) < now ? 'bad' : '',
    due: `Tenggat ${calendarDate(due)} (kebijakan Dinas)`,
    left: sent ? 'selesai' : remaining(endOfDay(due), now),
  };
}
