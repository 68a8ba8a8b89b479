// One agency's sheet: where it stands, and its items put together from measure, answer and judgement. Pure.
import { endOfDay } from '../calendar.ts';
import { applies, type AgencyKind, type Criterion } from './criteria.ts';
import {
  effective,
  isCurrent,
  scoreOf,
  type Judged,
  type Measured,
  type Outcome,
  type Result,
  type Score,
} from './score.ts';

export type SheetFacts = {
  answeredAt: number | null;
  reviewedAt: number | null;
  replyDue: string | null;
  repliedAt: number | null;
  replyAccepts: boolean | null;
  replyAnsweredAt: number | null;
};

/**
 * waiting Menunggu jawaban · answered Menunggu tinjauan · reply Hak jawab berjalan · objected Keberatan atas hasil ·
 * settled Hasil tetap. Evaluated (Pasal 18 huruf b) from the review on.
 */
export type SheetState = 'waiting' | 'answered' | 'reply' | 'objected' | 'settled';

export function sheetState(sheet: SheetFacts, now: number): SheetState {
  if (sheet.reviewedAt === null) return sheet.answeredAt === null ? 'waiting' : 'answered';
  if (sheet.repliedAt !== null) return sheet.replyAccepts || sheet.replyAnsweredAt !== null ? 'settled' : 'objected';
  return sheet.replyDue !== null && now > endOfDay(sheet.replyDue) ? 'settled' : 'reply';
}

export const isEvaluated = (sheet: Pick<SheetFacts, 'reviewedAt'>): boolean => sheet.reviewedAt !== null;

/** Whether a supervisor may review it now: the agency answered, or its time to answer is over. */
export const isReviewable = (sheet: SheetFacts, answerDue: string, now: number): boolean =>
  sheet.reviewedAt === null && (sheet.answeredAt !== null || now > endOfDay(answerDue));

export type MeasureFacts = Measured & { id: string; at: number };
export type AnswerFacts = { agrees: boolean; at: number };
export type JudgementFacts = Judged & { at: number };

export type Item<M extends MeasureFacts, A extends AnswerFacts, J extends JudgementFacts> = {
  criterion: Criterion;
  measure: M | null;
  answer: A | null;
  judgement: J | null;
  outcome: Outcome & { by: 'judgement' | 'measure' | 'nothing' };
  /** A judgement whose rows have changed since: back to the reviewer. */
  lapsed: boolean;
  /** 'Keberatan' that nobody has judged since. */
  objection: boolean;
};

/** The criteria of the set that concern this kind of agency, each with what is known about it. */
export function itemsOf<M extends MeasureFacts, A extends AnswerFacts, J extends JudgementFacts>(
  criteria: readonly Criterion[],
  kind: AgencyKind,
  at: {
    measure: (code: string) => M | null;
    answer: (code: string) => A | null;
    judgement: (code: string) => J | null;
  },
): Item<M, A, J>[] {
  return criteria.map((criterion) => {
    const measure = at.measure(criterion.code);
    const answer = at.answer(criterion.code);
    const judgement = at.judgement(criterion.code);
    const outcome = applies(criterion, kind)
      ? effective(measure, judgement)
      : { result: 'not_applicable' as Result, value: null, by: 'measure' as const };
    return {
      criterion,
      measure,
      answer,
      judgement,
      outcome,
      lapsed: judgement !== null && !isCurrent(judgement, measure),
      objection: answer !== null && !answer.agrees && (judgement === null || judgement.at < answer.at),
    };
  });
}

export const scoreOfItems = (items: readonly { criterion: Criterion; outcome: Outcome }[]): Score =>
  scoreOf(items.map((item) => ({ ...item.outcome, weight: item.criterion.weight })));

/** Sangat baik to Kurang, as the letter of results prints it (kebijakan Dinas). */
export const grade = (score: number | null): 'good' | 'fair' | 'poor' | null =>
  score === null ? null : score >= 8_500 ? 'good' : score >= 7_000 ? 'fair' : 'poor';
