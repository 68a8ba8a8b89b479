// The years of a report with the time before Siaga: what the archive tells and what Siaga recorded stand side by side,
// each with its mark, and are never added up to one number. Pure.
import { calendarDate, number } from '#lib/format.ts';
import { incidentTypes } from '#lib/terms.ts';
import type { PastEvaluationRow, PastIncidentRow } from '#reports/report-data.ts';
import { wibDate } from '../calendar.ts';
import { periodWords } from '../history/period.ts';
import type { Facts, PastFact } from './facts.ts';
import { isEvaluated } from './figures.ts';

const pastOf = (facts: Facts, kind: PastFact['kind']): PastFact[] => (facts.past ?? []).filter((p) => p.kind === kind);
const sum = (counts: Record<string, number>): number => Object.values(counts).reduce((a, b) => a + b, 0);
const reported = (row: PastFact): string =>
  row.reportedTo === ''
    ? 'belum disampaikan'
    : `${row.reportedTo}${row.reportedOn ? `, ${calendarDate(row.reportedOn)}` : ''}`;

/** Incidents that a year's archive tells; 0 when it tells nothing. */
export const archivedIncidents = (facts: Facts, year: number): number =>
  pastOf(facts, 'incidents')
    .filter((row) => row.period.startsWith(String(year)))
    .reduce((all, row) => all + sum(row.counts), 0);

/** Evaluations by period, oldest first; nothing when the archive tells nothing. */
export function evaluationHistory(facts: Facts): PastEvaluationRow[] {
  const past = pastOf(facts, 'evaluation');
  if (past.length === 0) return [];
  const rows = past.map((row) => ({
    code: row.period,
    period: periodWords(row.period),
    archived: true,
    agencies: row.counts.agencies ?? 0,
    score: row.score,
    findings: row.counts.findings ?? 0,
    closed: row.counts.closed ?? 0,
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
        findings: null,
        closed: null,
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
    count: sum(row.counts),
    types:
      Object.entries(incidentTypes)
        .filter(([type]) => row.counts[type])
        .map(([type, word]) => `${word.toLowerCase()} ${number(row.counts[type])}`)
        .join(', ') || 'tidak ada',
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
    count,
    types: '',
    reported: '',
    reference: '',
  }));
  return [...rows, ...own].sort((a, b) => (a.code < b.code ? -1 : 1)).map(({ code: _, ...row }) => row);
}
