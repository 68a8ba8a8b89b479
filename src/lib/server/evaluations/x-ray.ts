// What stands between a round and its closing. Each rule is a count of things to look at; it must be clean, or be
// waived by a person with a reason. Pure.
import { DAY } from '../calendar.ts';
import type { SheetState } from './sheet.ts';

export type XrayRule =
  | 'never_collected'
  | 'not_reviewed'
  | 'objection_open'
  | 'judgement_lapsed'
  | 'reply_running'
  | 'reply_objected'
  | 'proposal_open'
  | 'finding_without_cause'
  | 'measure_old'
  | 'score_jump'
  | 'shared_certificate'
  | 'contact_unchecked';

export type XrayIssue = { rule: XrayRule; count: number; about: string[] };

export type XrayInput = {
  now: number;
  collectedAt: number | null;
  sheets: {
    agency: string;
    state: SheetState;
    lapsed: number;
    objections: number;
    score: number | null;
    previous: number | null;
    remark: string;
  }[];
  proposals: number;
  findingsWithoutCause: string[];
  sharedCertificates: number;
  uncheckedContacts: number;
};

/** A change of more than this many basis points against the round before needs a remark. */
const JUMP = 2_000;
/** Measures older than this at closing must be collected again. */
const MEASURE_AGE = 7 * DAY;
/** The address book is checked every six months (incident-escalation §7). */
export const CONTACT_AGE = 183 * DAY;
/** The rules nobody can waive: the regulation or fairness to the agency demands them. */
export const UNWAIVABLE: readonly XrayRule[] = [
  'never_collected',
  'not_reviewed',
  'reply_running',
  'reply_objected',
  'objection_open',
];

/** Rules with at least one thing to look at. */
export function xray(input: XrayInput): XrayIssue[] {
  const sheets = (wanted: (s: XrayInput['sheets'][number]) => boolean) =>
    input.sheets.filter(wanted).map((s) => s.agency);
  const about: [XrayRule, string[]][] = [
    ['not_reviewed', sheets((s) => s.state === 'waiting' || s.state === 'answered')],
    ['objection_open', sheets((s) => s.objections > 0)],
    ['judgement_lapsed', sheets((s) => s.lapsed > 0)],
    ['reply_running', sheets((s) => s.state === 'reply')],
    ['reply_objected', sheets((s) => s.state === 'objected')],
    ['score_jump', sheets((s) => isJump(s.score, s.previous) && s.remark === '')],
    ['finding_without_cause', input.findingsWithoutCause],
  ];
  const counted: [XrayRule, number][] = [
    ['never_collected', input.collectedAt === null ? 1 : 0],
    ['measure_old', input.collectedAt !== null && input.now - input.collectedAt > MEASURE_AGE ? 1 : 0],
    ['proposal_open', input.proposals],
    ['shared_certificate', input.sharedCertificates],
    ['contact_unchecked', input.uncheckedContacts],
  ];
  return [
    ...counted.map(([rule, count]) => ({ rule, count, about: [] })),
    ...about.map(([rule, list]) => ({ rule, count: list.length, about: list })),
  ].filter((issue) => issue.count > 0);
}

const isJump = (score: number | null, previous: number | null): boolean =>
  score !== null && previous !== null && Math.abs(score - previous) > JUMP;

/** Issues that still stand in the way: not waived, or waived when there were fewer of them. */
export const standing = (issues: readonly XrayIssue[], waived: ReadonlyMap<string, number>): XrayIssue[] =>
  issues.filter((issue) => UNWAIVABLE.includes(issue.rule) || (waived.get(issue.rule) ?? -1) < issue.count);
