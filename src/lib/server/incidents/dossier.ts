// Everything known about one incident, as values: what store.ts reads and the pure rules judge. Types only.
import type { Facets } from '../certificates/label.ts';
import type {
  Channel,
  IncidentType,
  LetterContent,
  Outcome,
  Precision,
  RevocationReason,
  RootCause,
  Stage,
} from './kinds.ts';

export type StampKind =
  'detected' | 'known' | 'reported' | 'owner_called' | 'account_held' | 'preserved' | 'recovered' | 'reporter_informed';
export type Stamp = {
  id: string;
  kind: StampKind;
  at: number;
  precision: Precision;
  source: 'typed' | 'system' | 'document';
  note: string;
  reason: string | null;
  corrects: string | null;
  enteredBy: string;
  enteredAt: number;
};
/** When it happened; `at` null: not known. */
export type Occurrence = {
  id: string;
  at: number | null;
  precision: Precision;
  reason: string | null;
  enteredBy: string;
  enteredAt: number;
};
export type Move = { from: string; to: string; reason: string; at: number; by: string };
export type LinkedCertificate = {
  id: string;
  commonName: string;
  serial: string | null;
  agencyName: string | null;
  /** Of another Perangkat Daerah than the incident. */
  foreign: boolean;
  linkedAt: number;
  facets: Facets;
  revocation: Facets['revocation'];
  revocationSource: 'crl' | 'ocsp' | 'none';
  revokedAt: number | null;
  revocationReason: number | null;
  revocationSeenAt: number | null;
  evidenceId: string | null;
};
export type RevocationStepKind = 'requested' | 'forwarded' | 'received' | 'seen' | 'exception';
export type RevocationRequest = {
  id: string;
  certificateId: string;
  reason: RevocationReason;
  createdAt: number;
  steps: {
    kind: RevocationStepKind;
    at: number;
    number: string;
    note: string;
    evidenceId: string | null;
    enteredBy: string;
    enteredAt: number;
  }[];
};
export type Transmission = {
  id: string;
  letterId: string | null;
  channel: Channel;
  at: number;
  address: string;
  person: string;
  note: string;
  evidenceId: string | null;
  by: string;
  mail: {
    id: string;
    state: 'held' | 'queued' | 'sent' | 'failed' | 'cancelled';
    sentAt: number | null;
    lastAt: number | null;
    lastReply: string | null;
    nextAt: number;
    tries: number;
    uncertain: boolean;
  } | null;
};
export type Letter = {
  id: string;
  obligationId: string;
  version: number;
  supersedesId: string | null;
  number: string;
  date: string;
  content: LetterContent;
  author: string;
  createdAt: number;
  editedAt: number;
  approvedBy: string | null;
  approvedAt: number | null;
  delegation: string | null;
  lockedAt: number | null;
  contentHash: string | null;
  pdfSha256: string | null;
  withdrawnAt: number | null;
};
export type Decision = {
  id: string;
  reason: string;
  proposedBy: string;
  proposedAt: number;
  outcome: 'confirmed' | 'refused' | null;
  decidedBy: string | null;
  decidedAt: number | null;
};
export type Receipt = {
  id: string;
  letterId: string | null;
  grade: number;
  at: number;
  authorityNumber: string;
  person: string;
  note: string;
  evidenceId: string | null;
  by: string;
};
export type Obligation = {
  id: string;
  party: 'bssn' | 'bsre';
  stage: Stage;
  basis: string;
  legalText: string;
  budget: number;
  budgetSource: string;
  startAt: number;
  dueAt: number;
  bornAt: number;
  rebases: { oldDue: number; newStart: number; newDue: number; reason: string; at: number; by: string }[];
  decisions: Decision[];
  letters: Letter[];
  transmissions: Transmission[];
  receipts: Receipt[];
};
export type Note = {
  id: string;
  at: number;
  precision: Precision;
  text: string;
  corrects: string | null;
  reason: string | null;
  enteredBy: string;
  enteredAt: number;
};
export type Evidence = {
  id: string;
  sha256: string;
  name: string;
  description: string;
  size: number;
  mediaType: string;
  addedAt: number;
  addedBy: string;
};
export type Review = {
  id: string;
  version: number;
  rootCause: string;
  causeKind: RootCause;
  outcome: Outcome;
  lessons: string;
  actions: string;
  writtenBy: string;
  writtenAt: number;
  approvedBy: string | null;
  approvedAt: number | null;
};
export type Verdict = {
  kind: 'closed' | 'reopened' | 'not_incident' | 'duplicate';
  intoId: string | null;
  reason: string;
  at: number;
  by: string;
};

export type Dossier = {
  id: string;
  number: string;
  title: string;
  type: IncidentType;
  clause: 'a' | 'b' | null;
  description: string;
  openedAt: number;
  openedBy: string;
  agency: { id: string; code: string; name: string; shortName: string };
  intakes: { id: string; number: string; receivedAt: number; kind: string; channel: 'public' | 'account' | 'phone' }[];
  stamps: Stamp[];
  occurrences: Occurrence[];
  moves: Move[];
  assignments: { userId: string; name: string; at: number; by: string }[];
  assessments: {
    impact: number;
    urgency: number;
    highOffice: boolean;
    reason: string | null;
    at: number;
    by: string;
  }[];
  certificates: LinkedCertificate[];
  requests: RevocationRequest[];
  obligations: Obligation[];
  notes: Note[];
  evidence: Evidence[];
  reviews: Review[];
  verdicts: Verdict[];
};

/** The stamp that counts for a kind: the newest entry. */
export const stampOf = (dossier: Pick<Dossier, 'stamps'>, kind: StampKind): Stamp | null =>
  dossier.stamps.findLast((stamp) => stamp.kind === kind) ?? null;

/** When the Dinas knew: the anchor of every legal clock. Every incident is born with it. */
export const knownAt = (dossier: Pick<Dossier, 'stamps' | 'openedAt'>): number =>
  stampOf(dossier, 'known')?.at ?? dossier.openedAt;

/** When it happened, or null while nobody knows. */
export const occurrenceOf = (dossier: Pick<Dossier, 'occurrences'>): (Occurrence & { at: number }) | null => {
  const last = dossier.occurrences.at(-1);
  return last && last.at !== null ? { ...last, at: last.at } : null;
};

/** The clock of an obligation after corrections of the time it starts from. */
export const clockOf = (o: Pick<Obligation, 'startAt' | 'dueAt' | 'rebases'>): { startAt: number; dueAt: number } => {
  const last = o.rebases.at(-1);
  return last ? { startAt: last.newStart, dueAt: last.newDue } : { startAt: o.startAt, dueAt: o.dueAt };
};

/** A letter that left before the signatory saw it (standing delegation), approved since or not. */
export const isDelegated = (letter: Letter): boolean => letter.delegation !== null && letter.lockedAt !== null;

/** Whether a revocation was seen on verified evidence, or documented as one that will not be. */
export const isSettled = (request: Pick<RevocationRequest, 'steps'>): boolean =>
  request.steps.some((step) => step.kind === 'seen' || step.kind === 'exception');

export const currentReview = (dossier: Pick<Dossier, 'reviews'>): Review | null => dossier.reviews.at(-1) ?? null;
export const handlerOf = (dossier: Pick<Dossier, 'assignments'>) => dossier.assignments.at(-1) ?? null;
