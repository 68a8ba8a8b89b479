// Ringkasan Pimpinan: the data of the one-page brief, from rows read now. Pure.
import { capital, date, dateTime, monthYear, number } from '#lib/format.ts';
import { incidentTypes } from '#lib/terms.ts';
import type { Brief, BriefFigure } from '#reports/brief.ts';
import type { ReportData } from '#reports/report-data.ts';
import { quote } from '#reports/parts/text.ts';
import { DAY, semesterOf, startOfDay, wibDate } from '../calendar.ts';
import { IN_FORCE } from '../certificates/label.ts';
import { agencyNames, incidents } from './breakdown.ts';
import { within } from './duties.ts';
import type { Facts } from './facts.ts';
import { figureOf, isEnding, isEvaluated, isReport } from './figures.ts';
import { archivedIncidents } from './past.ts';
import { sumWords, type Sum } from '../history/words.ts';

/** Ends of the last eleven months, and now. */
function moments(facts: Facts): number[] {
  const [year, month] = wibDate(facts.stateAt).split('-').map(Number) as [number, number];
  const ends = Array.from(
    { length: 11 },
    (_, i) => startOfDay(new Date(Date.UTC(year, month - 11 + i, 1)).toISOString().slice(0, 10)) - 1,
  );
  return [...ends, facts.stateAt];
}

/** Certificates within 30 days of their end without a successor, as it stood at an instant; of the past, by the dates. */
const endingAt = (facts: Facts, at: number): number =>
  facts.certificates.filter((c) =>
    at === facts.stateAt
      ? isEnding(c, at)
      : c.label !== 'bad_signature' &&
        !c.retired &&
        (c.notBefore ?? Infinity) <= at &&
        c.notAfter !== null &&
        c.notAfter >= at &&
        c.notAfter - at <= 30 * DAY &&
        (c.revokedAt === null || c.revokedAt > at) &&
        (!c.successor || (c.successorFrom !== null && c.successorFrom > at)),
  ).length;

/** City-wide count of labels on the last recorded day up to a date; null: no day was recorded by then. */
function counted(facts: Facts, labels: readonly string[], at: number): number | null {
  const day = lastDay(facts, at);
  if (day === null) return null;
  return facts.days.filter((d) => d.day === day && labels.includes(d.label)).reduce((sum, d) => sum + d.count, 0);
}

/** The last recorded day up to a date; null: none was recorded in the month before it. */
function lastDay(facts: Facts, at: number): string | null {
  const day = facts.days.filter((d) => d.day <= wibDate(at)).at(-1)?.day;
  return day === undefined || day < wibDate(at - 31 * DAY) ? null : day;
}

/** Before the office had its certificates in Siaga nobody saw them end: dates alone are no comparison. */
const isRecorded = (facts: Facts, at: number): boolean => lastDay(facts, at) !== null;

/** ▲ naik 13, membaik */
export function trendWords(now: number, before: number | null, good: 'up' | 'down' | null, since: string): string {
  if (before === null) return `belum ada pembanding`;
  const difference = now - before;
  if (difference === 0) return `= tetap sejak ${since}`;
  const judged = good === null ? '' : difference > 0 === (good === 'up') ? ', membaik' : ', memburuk';
  return `${difference > 0 ? '▲ naik' : '▼ turun'} ${number(Math.abs(difference))}${judged}`;
}

export type Headline = {
  /** The five figures with the rows behind them, for the page and for the PDF. */
  figures: (BriefFigure & { code: string; href: string })[];
  lead: string;
  /** State in one word for a badge: calm or something waits. */
  calm: boolean;
};

/** The sentence and the five figures. */
export function headline(facts: Facts): Headline {
  const semester = semesterOf(facts.stateAt);
  const half = within(facts, semester);
  const f = (code: string, from: Facts = facts) => figureOf(from, code);
  const at = moments(facts);
  const lastMonth = at[10]!;
  const since = `akhir ${monthYear(lastMonth)}`;
  const inForce = f('F-02').numerator!;
  const ending = f('F-05').numerator!;
  const happened = incidents(facts);
  const open = f('F-12').numerator!;
  const reported = f('F-13');
  const late = (reported.denominator ?? 0) - reported.numerator!;
  const evaluated = f('F-16', half);
  const points = (values: (number | null)[]) => values.filter((v) => v !== null);
  const archived = archivedIncidents(facts, Number(facts.period.code.slice(0, 4)) - 1);
  const lastYear = facts.incidents.filter(
    (i) =>
      wibDate(i.occurredAt).startsWith(String(Number(facts.period.code.slice(0, 4)) - 1)) &&
      i.ended !== 'not_incident' &&
      i.ended !== 'duplicate',
  ).length;
  const reviewed = facts.sheets.filter((s) => s.period === semester && s.reviewedAt !== null);
  const figures: Headline['figures'] = [
    {
      code: 'F-02',
      href: `/certificates?status=${IN_FORCE.join(',')}`,
      name: 'Sertifikat berlaku',
      sub: 'menurut bukti yang segar',
      value: number(inForce),
      suffix: `dari ${number(f('F-01').numerator)}`,
      trend: trendWords(inForce, counted(facts, IN_FORCE, lastMonth), 'up', since),
      points: points([...at.slice(0, 11).map((t) => counted(facts, IN_FORCE, t)), inForce]),
      alarm: false,
    },
    {
      code: 'F-05',
      href: '/certificates?expiring=30&successor=none&sort=end',
      name: 'Habis ≤ 30 hari',
      sub: 'tanpa pengganti',
      value: number(ending),
      suffix: '',
      trend: trendWords(ending, isRecorded(facts, lastMonth) ? endingAt(facts, lastMonth) : null, 'down', since),
      points: at.map((t) => endingAt(facts, t)),
      alarm: ending > 0,
    },
    {
      code: 'F-11',
      href: '/incidents?tab=all',
      name: 'Insiden tahun ini',
      sub: 'menurut waktu terjadi',
      value: number(f('F-11').numerator),
      suffix: `${number(open)} terbuka`,
      trend: lastYearWords(lastYear, archived),
      points: at.map((t) => happened.filter((i) => i.occurredAt <= t).length),
      alarm: open > 0,
    },
    {
      code: 'F-13',
      href: '/incidents?tab=all',
      name: 'Laporan ke BSSN/BSrE',
      sub: 'tepat waktu, tahun ini',
      value: reported.denominator ? number(reported.numerator) : '–',
      suffix: reported.denominator ? `dari ${number(reported.denominator)}` : '',
      trend: reported.denominator
        ? late
          ? `${number(late)} terlambat`
          : 'semua tepat waktu'
        : 'belum ada yang jatuh tempo',
      points: at.map(
        (t) =>
          facts.obligations.filter(
            (o) => o.metAt !== null && o.metAt <= o.dueAt && o.metAt <= t && o.metAt >= facts.period.start,
          ).length,
      ),
      alarm: late > 0,
    },
    {
      code: 'F-16',
      href: '/evaluations',
      name: 'PD dievaluasi',
      sub: `ditutup, semester ${semester.endsWith('1') ? 'I' : 'II'} ${semester.slice(0, 4)}`,
      value: number(evaluated.numerator),
      suffix: `dari ${number(evaluated.denominator)}`,
      trend:
        evaluated.numerator === evaluated.denominator
          ? 'lengkap'
          : reviewed.length > evaluated.numerator!
            ? `${number(reviewed.length)} ditinjau, belum ditutup`
            : `tersisa ${number((evaluated.denominator ?? 0) - evaluated.numerator!)}`,
      points: at.map((t) => reviewed.filter((s) => isEvaluated(s) && (s.closedAt ?? s.reviewedAt!) <= t).length),
      alarm: false,
    },
  ];
  const overdue = facts.obligations.filter((o) => !o.released && o.metAt === null && o.dueAt < facts.stateAt).length;
  return {
    figures,
    calm: overdue === 0 && open === 0 && facts.waiting === undefined,
    lead: [
      sentence({ inForce, total: f('F-01').numerator!, ending, open, overdue, recheck: f('F-07').numerator! }),
      ...(facts.waiting === undefined ? [] : [`**${facts.waiting}**`]),
    ].join(' '),
  };
}

type Sentence = { inForce: number; total: number; ending: number; open: number; overdue: number; recheck: number };
/** One sentence, the most pressing at its end in bold. */
function sentence(s: Sentence): string {
  if (s.total === 0) return '**Inventaris masih kosong:** belum ada sertifikat yang tercatat.';
  const first = `${number(s.inForce)} dari ${number(s.total)} sertifikat berlaku menurut bukti yang segar`;
  const unknown = s.recheck > s.total / 10 ? ` dan ${number(s.recheck)} belum dapat dipastikan` : '';
  const pressing = [
    s.overdue > 0 && `${number(s.overdue)} laporan insiden ke BSSN/BSrE terlambat`,
    s.open > 0 && `${number(s.open)} insiden masih terbuka`,
    s.ending > 0 && `${number(s.ending)} sertifikat habis dalam 30 hari tanpa pengganti`,
  ].filter((x) => x !== false);
  if (pressing.length === 0)
    return `Keadaan terkendali: ${first}${unknown}; tidak ada insiden terbuka dan tidak ada laporan yang terlambat.`;
  return capital(`${first}${unknown}, tetapi **${pressing.slice(0, 2).join(' dan ')}.**`);
}

/** The whole brief. */
export function briefOf(facts: Facts, report: ReportData, addressee: string): Brief {
  const { figures, lead } = headline(facts);
  const names = agencyNames(facts);
  const newest = [...incidents(facts)].sort(
    (a, b) => Number(a.closedAt !== null) - Number(b.closedAt !== null) || b.occurredAt - a.occurredAt,
  );
  const all = incidents(facts).length;
  const open = newest.filter((i) => i.closedAt === null).length;
  return {
    report,
    addressee,
    lead,
    figures,
    incidents: newest.slice(0, 3).map((i) => ({
      number: i.number,
      open: i.closedAt === null,
      text: `${incidentTypes[i.type as keyof typeof incidentTypes] ?? i.type}, ${quote(names(i.agencyId))}. ${reportState(facts, i.id)}`,
    })),
    incidentNote: all ? `Tahun berjalan ${number(all)} insiden, ${number(open)} terbuka.` : '',
    asks: asks(facts, report.breakdown),
    compared: `Arah dibandingkan dengan akhir ${monthYear(moments(facts)[10]!)}; keadaan ${date(facts.stateAt)}.`,
  };
}

/** What the office owes the authorities for an incident, in words. */
function reportState(facts: Facts, incidentId: string): string {
  const of = facts.obligations.filter((o) => o.incidentId === incidentId && o.stage === 'early_notice' && !o.released);
  if (of.length === 0) return 'Tidak ada kewajiban lapor yang terbuka.';
  const sent = of.filter((o) => o.metAt !== null).length;
  if (sent === of.length)
    return `Laporan ke ${of.map((o) => o.party.toUpperCase().replace('BSRE', 'BSrE')).join(' dan ')} terkirim.`;
  return sent ? `${sent} dari ${of.length} laporan terkirim.` : 'Laporan ke BSSN dan BSrE belum terkirim.';
}

/** What only a leader can move, in plain words, most pressing first. */
export function asks(facts: Facts, { byKind }: Pick<ReportData['breakdown'], 'byKind'>): string[] {
  const unsent = facts.obligations.filter((o) => isReport(o) && !o.released && o.metAt === null);
  const due = Math.min(...unsent.map((o) => o.dueAt));
  const expired = byKind.filter((r) => r.lapsed > 0 && r.agencies > 0).sort((a, b) => b.lapsed - a.lapsed)[0];
  const overdue = facts.findings.filter((f) => f.overdue).length;
  const ending = figureOf(facts, 'F-05').numerator!;
  return [
    unsent.length > 0 &&
      `meminta Dinas mengirim ${number(unsent.length)} laporan insiden ke BSSN dan BSrE, ${due < facts.stateAt ? 'terlambat sejak' : 'paling lambat'} ${dateTime(due)}`,
    ending > 0 && `meminta Perangkat Daerah mengajukan pembaruan ${number(ending)} sertifikat yang habis dalam 30 hari`,
    expired !== undefined &&
      `menetapkan jadwal pembaruan ${number(expired.lapsed)} sertifikat kedaluwarsa tanpa pengganti pada kelompok ${expired.name}`,
    overdue > 0 && `menegaskan tindak lanjut ${number(overdue)} temuan yang lewat tenggat`,
  ].filter((x) => x !== false);
}

/** What no record and no archive tells is not none. */
function lastYearWords(recorded: number, archived: Sum | null): string {
  if (!archived) return recorded ? `tahun lalu ${number(recorded)}` : 'tahun lalu tidak ada catatan';
  const all = { count: recorded + archived.count, whole: archived.whole };
  return `tahun lalu ${sumWords(all)}, ${number(archived.count)} dari arsip`;
}
