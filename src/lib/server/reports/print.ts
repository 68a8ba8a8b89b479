// Rows and figures of a snapshot → the data of a definition. Pure: settings and texts come in as values.
import { monthYear } from '#lib/format.ts';
import type { PrintedFigure, ReportData, ReportKind } from '#reports/report-data.ts';
import { addDays, wibDate } from '../calendar.ts';
import type { SettingValue } from '../settings/index.ts';
import { breakdownOf } from './breakdown.ts';
import { canonical, sha256 } from './canonical.ts';
import { definitionOf, type FigureValue } from './figures.ts';
import type { Facts } from './facts.ts';
import { figureText, fill } from './narrative.ts';
import { propose, recommend, type ProposalInput } from './proposal.ts';

export type Letterbox = {
  office: SettingValue<'office'>;
  signatory: SettingValue<'signatory'>;
  document: SettingValue<'document'>;
};

/** "Tahun 2026", "Semester I Tahun 2026" */
export const periodWords = (code: string): string => {
  const [year, half] = code.split('-S');
  return half ? `Semester ${half === '1' ? 'I' : 'II'} Tahun ${year}` : `Tahun ${year}`;
};

export const printed = (figures: readonly FigureValue[]): PrintedFigure[] =>
  figures.map((f) => {
    const definition = definitionOf(f.code);
    return {
      code: f.code,
      words: definition?.words ?? '',
      clock: definition?.clock ?? '',
      unit: definition?.unit ?? '',
      text: figureText(f),
      numerator: f.numerator,
      denominator: f.denominator,
      rowCount: f.rowCount,
      rowSetHash: f.rowSetHash,
    };
  });

/** What the proposal of the narrative and the recommendations are made from. */
function proposalInput(
  kind: ReportKind,
  facts: Facts,
  figures: readonly PrintedFigure[],
  box: Letterbox,
): ProposalInput {
  return {
    kind,
    figures: (code) => figures.find((f) => f.code === code)!,
    breakdown: breakdownOf(facts),
    words: periodWords(facts.period.code),
    mayorWord: box.document.mayorWord,
    bsreName: box.document.bsreName,
    expiringDays: facts.expiringDays,
    semester: facts.period.code.includes('-S'),
  };
}

export const proposedNarrative = (
  kind: ReportKind,
  facts: Facts,
  figures: readonly FigureValue[],
  box: Letterbox,
): Record<string, string> => propose(proposalInput(kind, facts, printed(figures), box));

export type PrintInput = {
  kind: ReportKind;
  number: string;
  version: number;
  facts: Facts;
  figures: readonly FigureValue[];
  narrative: Record<string, string>;
  box: Letterbox;
  recipient: ReportData['recipient'];
  letterNumber: string;
  date: number;
  snapshotNumber: string;
  trail: { size: number; root: string };
  erratum: ReportData['erratum'];
  approved: ReportData['approved'];
  differences: number | null;
  duties: ReportData['duties'];
};

export function reportData(input: PrintInput): ReportData {
  const { facts, kind, box } = input;
  const figures = printed(input.figures);
  const proposal = proposalInput(kind, facts, figures, box);
  const day = wibDate(input.date);
  const later = (days: number) => monthYear(Date.parse(`${addDays(day, days)}T05:00:00Z`));
  const content = {
    kind,
    number: input.number,
    version: input.version,
    erratum: input.erratum,
    office: box.office,
    signatory: box.signatory,
    paper: box.document.paper,
    mayorWord: box.document.mayorWord,
    bsreName: box.document.bsreName,
    period: { ...facts.period, words: proposal.words, year: facts.period.code.slice(0, 4) },
    stateAt: facts.stateAt,
    interim: facts.stateAt < facts.period.end,
    takenAt: facts.takenAt,
    waiting: facts.waiting ?? null,
    date: input.date,
    recipient: input.recipient,
    letterNumber: input.letterNumber,
    expiringDays: facts.expiringDays,
    agencyCount: facts.agencies.length,
    figures,
    breakdown: proposal.breakdown,
    narrative: Object.fromEntries(
      Object.entries(input.narrative).map(([section, template]) => [section, fill(template, figures)]),
    ),
    recommendations: recommend(proposal, { month: later(30), quarter: later(90) }),
    duties: input.duties,
    snapshot: { number: input.snapshotNumber },
    trail: { ...input.trail, at: facts.takenAt },
  };
  return { ...content, contentHash: contentHash(content), approved: input.approved, differences: input.differences };
}

/** Hash of what the report says: its figures, texts and addressee, not of its bytes and not of who approved it. */
function contentHash(content: Omit<ReportData, 'contentHash' | 'approved' | 'differences'>): string {
  const { figures, narrative, recommendations, recipient, kind, period, number, version, snapshot } = content;
  return sha256(
    canonical({ figures, narrative, recommendations, recipient, kind, period: period.code, number, version, snapshot }),
  );
}
