// The years of a report with the time before Siaga: what the archive tells and what Siaga recorded stand side by side,
// each with its mark, and are never added up to one number. Pure.
import { calendarDate, number } from '#lib/format.ts';
import type { PastEvaluationRow, PastIncidentRow } from '#reports/report-data.ts';
import { wibDate } from '../calendar.ts';
import { closedWords, incidentSum, periodWords, sumWords, typeWords, type Sum } from '../history/words.ts';
import type { Facts, PastFact } from './facts.ts';
import { isEvaluated } from './figures.ts';

const pastOf = (facts: Facts, kind: PastFact['kind']): PastFact[] => (facts.past ?? []).filter((p) => p.kind === kind);
const reported = (row: PastFact): string =>
  row.reportedTo === ''
    ? 'belum disampaikan'
    : `${row.reportedTo}${row.reportedOn ? `, ${calendarDate(row.reportedOn)}` : ''}`;

/** Incidents that a year's archive tells; null when it tells nothing. */
export function archivedIncidents(facts: Facts, year: number): Sum | null {
  const sums = pastOf(facts, 'incidents')
    .filter((row) => row.period.startsWith(String(year)))
    .map((row) => incidentSum(row.counts));
  if (!sums.length) return null;
  return { count: sums.reduce((all, sum) => all + sum.count, 0), whole: sums.every((sum) => sum.whole) };
}

/** Evaluations by period, oldest first; nothing when the archive tells nothing. */
export function evaluationHistory(facts: Facts): PastEvaluationRow[] {
  const past = pastOf(facts, 'evaluation');
  if (past.length === 0) return [];
  const rows = past.map((row) => ({
    code: row.period,
    period: periodWords(row.period),
    archived: true,
    agencies: row.counts.agencies ?? null,
    score: row.score,
    closed: closedWords(row.counts),
    reported: reported(row),
    reference: row.reference,
  }));
  const routine = [...new Set(facts.sheets.filter((s) => !s.round.includes('-I')).map((s) => s.round))];
  const own = routine.flatMap((round) => {
    const sheets = facts.sheets.filter((s) => s.round === round && isEvaluated(s));
    const scores = sheets.flatMap((s) => (s.score === null ? [] : [s.score]));
    if (sheets.length === 0) return [];
    return [
      {
        code: round,
        period: periodWords(round),
        archived: false,
        agencies: sheets.length,
        score: scores.length ? Math.round(scores.reduce((a, b) => a + b, 0) / scores.length) : null,
        closed: 'lihat temuan',
        reported: '',
        reference: '',
      },
    ];
  });
  return [...rows, ...own].sort((a, b) => (a.code < b.code ? -1 : 1)).map(({ code: _, ...row }) => row);
}

/** Incidents by year or semester, oldest first; nothing when the archive tells nothing. */
export function incidentHistory(facts: Facts): PastIncidentRow[] {
  const past = pastOf(facts, 'incidents');
  if (past.length === 0) return [];
  const rows = past.map((row) => ({
    code: row.period,
    period: periodWords(row.period),
    archived: true,
    count: sumWords(incidentSum(row.counts)),
    types: typeWords(row.counts),
    reported: reported(row),
    reference: row.reference,
  }));
  const years = new Map<string, number>();
  for (const incident of facts.incidents) {
    if (incident.ended === 'not_incident' || incident.ended === 'duplicate') continue;
    const year = wibDate(incident.occurredAt).slice(0, 4);
    years.set(year, (years.get(year) ?? 0) + 1);
  }
  const own = [...years].map(([year, count]) => ({
    code: `${year}~`,
    period: year,
    archived: false,
    count: number(count),
    types: '',
    reported: '',
    reference: '',
  }));
  return [...rows, ...own].sort((a, b) => (a.code < b.code ? -1 : 1)).map(({ code: _, ...row }) => row);
}
