// What the definitions of reports receive: everything counted, worded and frozen by the room `reports`. Plain data.
import type { Office, Signatory } from './parts/letterhead.ts';
import type { Paper, TrailHead } from './parts/page.ts';

export type ReportKind =
  | 'annual-mayor'
  | 'annual-governor'
  | 'annual-bssn'
  | 'annual-bsre'
  | 'evaluation'
  | 'utilisation'
  | 'inventory'
  | 'incidents'
  | 'brief';

/** A figure as printed: mark, words, clock, what it was counted from. */
export type PrintedFigure = {
  code: string;
  words: string;
  clock: string;
  unit: string;
  /** "84,7%", "1.862", "belum diketahui" */
  text: string;
  numerator: number | null;
  denominator: number | null;
  rowCount: number;
  rowSetHash: string;
};

export type KindRow = {
  kind: string;
  name: string;
  agencies: number;
  inForce: number;
  expiring: number;
  expired: number;
  /** Of the expired: without a successor. */
  lapsed: number;
  gone: number;
  other: number;
  total: number;
};
export type IncidentRow = {
  number: string;
  title: string;
  agency: string;
  type: string;
  occurredAt: number;
  knownAt: number;
  closedAt: number | null;
};
export type TypeRow = {
  name: string;
  clause: string;
  count: number;
  inTime: number;
  judged: number;
  medianHours: number | null;
};
/** A report by Pasal 19(1) that was not sent in time; `metAt` null: not yet. */
export type LateRow = {
  incident: string;
  agency: string;
  party: string;
  dueAt: number;
  metAt: number | null;
  lateBy: number;
};
export type ScoreRow = { agency: string; score: number; coverage: number | null; before: number | null };
export type FindingRow = {
  number: string;
  agency: string;
  title: string;
  risk: string;
  dueOn: string;
  state: string;
  overdue: boolean;
};
export type CriterionRow = {
  title: string;
  basis: string;
  conform: number;
  partial: number;
  nonconform: number;
  unknown: number;
};
export type AttentionRow = { agency: string; condition: string; next: string; due: string };
export type DutyRow = { duty: string; basis: string; state: string; due: string };
export type Recommendation = { text: string; responsible: string; due: string };

/** A period told by the archive or by Siaga, side by side. */
export type PastEvaluationRow = {
  period: string;
  archived: boolean;
  agencies: number | null;
  score: number | null;
  /** "7 dari 12" */
  closed: string;
  reported: string;
  reference: string;
};
export type PastIncidentRow = {
  period: string;
  archived: boolean;
  /** "12", "paling sedikit 12" */
  count: string;
  types: string;
  reported: string;
  reference: string;
};

/** Counted tables behind the charts and the tables of the text. */
export type Breakdown = {
  byKind: KindRow[];
  byUse: { use: string; count: number }[];
  byIssuer: { issuer: string; count: number }[];
  byKey: { name: string; count: number; weak: boolean }[];
  bySignature: { name: string; count: number; weak: boolean }[];
  expiry: { month: string; without: number; with: number }[];
  movements: { month: string; issued: number; renewed: number; revoked: number }[];
  trend: { month: string; valid: number | null; expiring: number | null; expired: number | null }[];
  incidents: IncidentRow[];
  incidentsByType: TypeRow[];
  obligations: { name: string; inTime: number; late: number; open: number }[];
  late: LateRow[];
  scoresByKind: { name: string; score: number; agencies: number }[];
  scores: number[];
  lowest: ScoreRow[];
  highest: ScoreRow[];
  /** Code of the round the scores come from; null: none reviewed. */
  round: string | null;
  criteria: CriterionRow[];
  findings: FindingRow[];
  findingAges: number[];
  attention: AttentionRow[];
  /** With the time before Siaga, from the archive; empty when the archive tells nothing. */
  evaluationHistory: PastEvaluationRow[];
  incidentHistory: PastIncidentRow[];
};

export type ReportData = {
  kind: ReportKind;
  number: string;
  version: number;
  /** Old → new → why, for an erratum. */
  erratum: {
    of: string;
    reason: string;
    changes: { code: string; words: string; before: string; after: string }[];
  } | null;
  office: Office;
  signatory: Signatory;
  paper: Paper;
  /** "Walikota" or "Wali Kota", as the office writes it. */
  mayorWord: string;
  bsreName: string;
  period: { code: string; from: string; to: string; words: string; year: string };
  stateAt: number;
  /** The period had not ended when the figures were taken: they are of a day, not of the period. */
  interim: boolean;
  takenAt: number;
  /** What certificates' statuses did not show when they were read, because our own clock was wrong. */
  waiting: string | null;
  /** Date of the report, an instant. */
  date: number;
  recipient: { addressee: string; address: string } | null;
  letterNumber: string;
  expiringDays: number;
  agencyCount: number;
  figures: PrintedFigure[];
  breakdown: Breakdown;
  /** Section → paragraphs, placeholders already filled (markup of our templates, typed parts quoted). */
  narrative: Record<string, string[]>;
  recommendations: Recommendation[];
  duties: DutyRow[];
  snapshot: { number: string };
  trail: TrailHead;
  contentHash: string;
  /** null: the draft. */
  approved: { by: string; at: number } | null;
  differences: number | null;
};

export const figure = (data: ReportData, code: string): PrintedFigure => {
  const found = data.figures.find((f) => f.code === code);
  if (!found) throw new Error(`no figure ${code}`);
  return found;
};
