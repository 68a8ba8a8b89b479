// What people read of rounds and sheets.
import * as audit from '../audit/index.ts';
import { wibDate } from '../calendar.ts';
import type { Context } from '../context.ts';
import { notFound } from '../errors.ts';
import * as files from '../files/index.ts';
import { demand, scope } from '../permission.ts';
import * as findingStore from './finding-store.ts';
import { standing as followUp, type FindingState } from './follow-up.ts';
import * as population from './population.ts';
import { isEvaluated } from './sheet.ts';
import { median } from './score.ts';
import * as store from './store.ts';
import {
  coverageOf,
  roundOf,
  roundState,
  sheetOf,
  sheetsOf,
  xrayOf,
  type Coverage,
  type Round,
  type RoundState,
  type Sheet,
} from './views.ts';
import { standing, UNWAIVABLE, type XrayIssue } from './x-ray.ts';

export type RoundLine = Round & {
  state: RoundState;
  total: number;
  evaluated: number;
  answered: number;
  median: number | null;
  findings: number;
};

/** All rounds, newest first, with how far they are (for an officer: over own agencies). */
export function rounds(ctx: Context): RoundLine[] {
  demand(ctx.actor, 'evaluations.view');
  const visible = scope(ctx.actor);
  return store.allRounds(ctx.db).map((round) => {
    const sheets = sheetsOf(ctx, round);
    return {
      ...round,
      state: roundState(round),
      total: sheets.length,
      evaluated: sheets.filter(isEvaluated).length,
      answered: sheets.filter((sheet) => sheet.answeredAt !== null).length,
      median: median(sheets.flatMap((sheet) => (sheet.score === null ? [] : [sheet.score]))),
      findings: findingStore.findings(ctx.db, visible, { roundId: round.id }).length,
    };
  });
}

/** Coverage of agencies by semester. Pasal 18 huruf b. */
export function coverage(ctx: Context): Coverage {
  demand(ctx.actor, 'evaluations.view');
  return coverageOf(ctx, wibDate(ctx.now()));
}

export type Waiver = ReturnType<typeof store.waiversOf>[number];
export type RoundPage = {
  round: Round;
  state: RoundState;
  sheets: Sheet[];
  /** What stands before closing; only for those who may close. `waivable`: may be let through with a reason. */
  xray: (XrayIssue & { waivable: boolean; waiver: Waiver | null; open: boolean })[];
  proposals: ReturnType<typeof findingStore.openProposals>;
};

/** A round with all the sheets the actor sees. */
export function round(ctx: Context, code: string): RoundPage {
  demand(ctx.actor, 'evaluations.view');
  const found = roundOf(ctx, code);
  const wholeCity = scope(ctx.actor) === 'all';
  const waivers = store.waiversOf(ctx.db, found.id);
  const issues = wholeCity && found.closedAt === null ? xrayOf(ctx, found) : [];
  const open = new Set(standing(issues, new Map(waivers.map((w) => [w.rule, w.count]))));
  return {
    round: found,
    state: roundState(found),
    sheets: sheetsOf(ctx, found),
    xray: issues.map((issue) => ({
      ...issue,
      waivable: !UNWAIVABLE.includes(issue.rule),
      waiver: waivers.find((w) => w.rule === issue.rule) ?? null,
      open: open.has(issue),
    })),
    proposals: wholeCity ? findingStore.openProposals(ctx.db, found.id) : [],
  };
}

export type SheetPage = {
  round: Round;
  state: RoundState;
  sheet: Sheet;
  history: store.MeasureRow[];
  /** The rows that did not meet a criterion, by its code, at most 50 each. */
  misses: Record<string, population.RowLabel[]>;
  findings: {
    number: string;
    title: string;
    criterion: string | null;
    risk: 'low' | 'medium' | 'high';
    state: FindingState;
    dueOn: string;
    overdue: boolean;
  }[];
  proposals: ReturnType<typeof findingStore.openProposals>;
};

/** One agency's sheet, its earlier measures and the findings that came of it. */
export function sheet(ctx: Context, code: string, agencyCode: string): SheetPage {
  demand(ctx.actor, 'evaluations.view');
  const found = roundOf(ctx, code);
  const one = sheetOf(ctx, found, agencyCode);
  const steps = findingStore.stepsBy(ctx.db);
  const mine = findingStore.findings(ctx.db, scope(ctx.actor), { agencyId: one.agencyId, roundId: found.id });
  return {
    round: found,
    state: roundState(found),
    sheet: one,
    history: store.measureHistory(ctx.db, one.id),
    misses: Object.fromEntries(
      one.items.map(({ criterion, measure }) => [
        criterion.code,
        population.labelsOf(ctx.db, (measure?.misses ?? []).slice(0, 50), ctx.actor),
      ]),
    ),
    findings: mine.map((f) => {
      const { state, dueOn, overdue } = followUp(f.dueOn, steps.get(f.id) ?? [], ctx.now());
      return { number: f.number, title: f.title, criterion: f.criterion, risk: f.risk, state, dueOn, overdue };
    }),
    proposals:
      scope(ctx.actor) === 'all'
        ? findingStore.openProposals(ctx.db, found.id).filter((p) => p.agencyId === one.agencyId)
        : [],
  };
}

/** The file an agency put behind an objection; opening it stands in the trail. */
export function evidence(
  ctx: Context,
  code: string,
  agencyCode: string,
  sha256: string,
): { name: string; bytes: Buffer } {
  demand(ctx.actor, 'evaluations.view');
  const one = sheetOf(ctx, roundOf(ctx, code), agencyCode);
  const held = one.items.find((item) => item.answer?.fileSha256 === sha256)?.answer;
  if (!held) throw notFound('Bukti ini tidak ada pada lembar ini.');
  const bytes = files.read(ctx, sha256);
  audit.record(ctx, { action: 'file.read', targets: [['sheet', one.id]], details: { name: sha256.slice(0, 16) } });
  return { name: held.fileName ?? sha256, bytes };
}
