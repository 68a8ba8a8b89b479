// The life of a finding, folded from its steps; nothing of it is stored as a status. Closing codes are those of the
// national auditor's follow-up practice: 1 sesuai, 2 belum sesuai, 3 belum ditindaklanjuti, 4 tidak dapat
// ditindaklanjuti dengan alasan yang sah. Perwali 27/2020 Pasal 18 huruf a.
import { daysBetween, endOfDay, wibDate } from '../calendar.ts';

export type StepKind =
  | 'planned'
  | 'progressed'
  | 'submitted'
  | 'returned'
  | 'extension_asked'
  | 'extension_granted'
  | 'extension_refused'
  | 'closed'
  | 'effective'
  | 'ineffective';

export type Step = { kind: StepKind; at: number; by: string; dueOn: string | null; code: number | null };

/** Menunggu rencana → Direncanakan → Berjalan → Menunggu verifikasi → Selesai; back to Berjalan when returned. */
export type FindingState = 'open' | 'planned' | 'in_progress' | 'submitted' | 'closed';

export type Standing = {
  state: FindingState;
  /** Due date with the extensions that were granted. */
  dueOn: string;
  extensions: number;
  /** A request nobody has decided yet: the date asked for. */
  extensionAsked: string | null;
  overdue: boolean;
  /** When the follow-up that stands (was not returned) was handed in; null: none. */
  followedUpAt: number | null;
  /** Handed in by the due date; null while it is neither handed in nor due. */
  onTime: boolean | null;
  /** Last closing code given: 2 and 3 by a return, 1 and 4 by closing. */
  code: number | null;
  closedAt: number | null;
  effectiveness: 'effective' | 'ineffective' | null;
  /** Actor keys who planned, did or recorded the follow-up: none of them may verify it. */
  doers: readonly string[];
};

/**
 * @param firstDue due date of the recommendation
 * @param steps in order
 * @param now instant of judgement
 */
export function standing(firstDue: string, steps: readonly Step[], now: number): Standing {
  const result: Standing = {
    state: 'open',
    dueOn: firstDue,
    extensions: 0,
    extensionAsked: null,
    overdue: false,
    followedUpAt: null,
    onTime: null,
    code: null,
    closedAt: null,
    effectiveness: null,
    doers: [],
  };
  const doers = new Set<string>();
  for (const step of steps) {
    if (step.kind === 'planned' || step.kind === 'progressed' || step.kind === 'submitted') doers.add(step.by);
    advance(result, step);
  }
  result.doers = [...doers];
  const end = endOfDay(result.dueOn);
  if (result.followedUpAt !== null) result.onTime = result.followedUpAt <= end;
  else if (result.state === 'closed') result.onTime = result.closedAt! <= end;
  else if (now > end) result.onTime = false;
  result.overdue = result.state !== 'closed' && result.followedUpAt === null && now > end;
  return result;
}

function advance(result: Standing, step: Step): void {
  switch (step.kind) {
    case 'planned':
      if (result.state === 'open') result.state = 'planned';
      break;
    case 'progressed':
      result.state = 'in_progress';
      break;
    case 'submitted':
      result.state = 'submitted';
      result.followedUpAt = step.at;
      break;
    case 'returned':
      if (result.state === 'submitted') result.state = 'in_progress';
      result.followedUpAt = null;
      result.code = step.code;
      break;
    case 'extension_asked':
      result.extensionAsked = step.dueOn;
      break;
    case 'extension_granted':
      result.dueOn = step.dueOn!;
      result.extensions += 1;
      result.extensionAsked = null;
      break;
    case 'extension_refused':
      result.extensionAsked = null;
      break;
    case 'closed':
      result.state = 'closed';
      result.code = step.code;
      result.closedAt = step.at;
      break;
    case 'effective':
    case 'ineffective':
      result.effectiveness = step.kind;
  }
}

/** Ageing of an open finding: days since it was adopted. */
export const AGEING = [
  { key: '0-30', upTo: 30 },
  { key: '31-60', upTo: 60 },
  { key: '61-90', upTo: 90 },
  { key: '91-180', upTo: 180 },
  { key: '180+', upTo: Infinity },
] as const;
export type AgeBucket = (typeof AGEING)[number]['key'];

export const ageInDays = (adoptedAt: number, now: number): number => daysBetween(wibDate(adoptedAt), wibDate(now));
export const ageBucket = (days: number): AgeBucket => AGEING.find((bucket) => days <= bucket.upTo)!.key;

/** A finding that came back is one step more serious than the one it repeats. */
export const raised = (risk: 'low' | 'medium' | 'high'): 'medium' | 'high' => (risk === 'low' ? 'medium' : 'high');
