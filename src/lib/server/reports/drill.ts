// A figure of the brief in its parts: by agency and by kind, each by state. Leaders see how many stand where, never whose
// they are (evaluation-report-audit §13). Pure.
import { certificateLabels, incidentTypes, parties, uses } from '#lib/terms.ts';
import type { Facts, IncidentFact, ObligationFact, CertificateFact } from './facts.ts';
import { definitionOf, figureOf, type FigureDefinition } from './figures.ts';

/** The figures of the brief that are lists of records; evaluated agencies have a page of their own. */
export const DRILLED = ['F-02', 'F-05', 'F-11', 'F-13', 'F-26'] as const;
export type Drilled = (typeof DRILLED)[number];

export type Part = {
  title: string;
  /** What a row is: "Perangkat Daerah". */
  head: string;
  states: string[];
  rows: { name: string; code: string | null; counts: number[]; total: number }[];
  totals: number[];
};
export type Drill = {
  definition: Omit<FigureDefinition, 'count'>;
  numerator: number;
  denominator: number | null;
  stateAt: number;
  parts: Part[];
};

type Item = { agencyId: string | null; state: string; kind: string };

/** @returns null for a code that is not among the figures of the brief */
export function drillOf(facts: Facts, code: string): Drill | null {
  if (!(DRILLED as readonly string[]).includes(code)) return null;
  const { count, ...definition } = definitionOf(code)!;
  const counted = count(facts);
  const items = counted.rows.map(readerOf(facts, counted.table));
  const figure = figureOf(facts, code);
  const agencies = new Map(facts.agencies.map((a) => [a.id, a]));
  const kinds = { certificates: 'Kegunaan', incidents: 'Jenis kejadian', obligations: 'Kepada' };
  const kind = kinds[counted.table as keyof typeof kinds];
  return {
    definition,
    numerator: figure.numerator!,
    denominator: figure.denominator,
    stateAt: facts.stateAt,
    parts: [
      part('Menurut Perangkat Daerah', 'Perangkat Daerah', items, (item) => {
        const found = item.agencyId === null ? undefined : agencies.get(item.agencyId);
        if (found) return { name: found.name, code: found.code };
        return { name: item.agencyId === null ? 'Belum ditetapkan' : 'Perangkat Daerah lama', code: null };
      }),
      part(`Menurut ${kind.toLowerCase()}`, kind, items, (item) => ({ name: item.kind, code: null })),
    ],
  };
}

/** How a row of a table is placed. A released or duplicate record was left out by the figure itself. */
function readerOf(facts: Facts, table: string): (row: { id: string }) => Item {
  if (table === 'incidents')
    return (row) => {
      const incident = row as IncidentFact;
      return {
        agencyId: incident.agencyId,
        state: incident.closedAt === null ? 'Terbuka' : 'Selesai',
        kind: wordOf(incidentTypes, incident.type),
      };
    };
  if (table === 'obligations') {
    const agencyOf = new Map(facts.incidents.map((i) => [i.id, i.agencyId]));
    return (row) => {
      const obligation = row as ObligationFact;
      return {
        agencyId: agencyOf.get(obligation.incidentId) ?? null,
        state: 'Tepat waktu',
        kind: wordOf(parties, obligation.party),
      };
    };
  }
  return (row) => {
    const certificate = row as CertificateFact;
    return {
      agencyId: certificate.agencyId,
      state: certificateLabels[certificate.label as keyof typeof certificateLabels].word,
      kind: wordOf(uses, certificate.use),
    };
  };
}

const wordOf = (words: Record<string, string>, key: string): string => words[key] ?? key;

/** A cross table, its largest rows first; states in the order of how many there are. */
function part(
  title: string,
  head: string,
  items: readonly Item[],
  place: (item: Item) => { name: string; code: string | null },
): Part {
  const many = new Map<string, number>();
  for (const { state } of items) many.set(state, (many.get(state) ?? 0) + 1);
  const states = [...many].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)).map(([state]) => state);
  const rows = new Map<string, Part['rows'][number]>();
  for (const item of items) {
    const { name, code } = place(item);
    const key = code ?? name;
    const row = rows.get(key) ?? { name, code, counts: states.map(() => 0), total: 0 };
    row.counts[states.indexOf(item.state)]! += 1;
    row.total += 1;
    rows.set(key, row);
  }
  return {
    title,
    head,
    states,
    rows: [...rows.values()].sort((a, b) => b.total - a.total || a.name.localeCompare(b.name, 'id')),
    totals: states.map((state) => many.get(state)!),
  };
}
