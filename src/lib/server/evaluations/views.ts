// What pages and reports read of rounds: put together from rows with two or three queries, whatever the number of
// agencies. Visibility is in the queries: a sheet of another agency is not found.
import type { Context } from '../context.ts';
import { conflict, notFound } from '../errors.ts';
import { scope } from '../permission.ts';
import { criteriaSet } from './criteria.ts';
import * as findingStore from './finding-store.ts';
import * as population from './population.ts';
import { itemsOf, scoreOfItems, sheetState, type Item, type SheetState } from './sheet.ts';
import type { Score } from './score.ts';
import * as store from './store.ts';
import { CONTACT_AGE, xray, type XrayIssue } from './x-ray.ts';

export type Round = store.Round;
export type RoundState = 'open' | 'closing' | 'closed';
export const roundState = (round: Pick<Round, 'closedAt' | 'closeProposedAt'>): RoundState =>
  round.closedAt !== null ? 'closed' : round.closeProposedAt !== null ? 'closing' : 'open';

type Measure = store.MeasureRow & { at: number };
export type SheetItem = Item<Measure, store.AnswerRow, store.JudgementRow>;
export type Sheet = store.SheetWithAgency & {
  state: SheetState;
  items: SheetItem[];
  lapsed: number;
  objections: number;
  previous: number | null;
} & Score;

/** @throws AppError not_found */
export function roundOf(ctx: Context, code: string): Round {
  const round = store.roundByCode(ctx.db, code);
  if (!round) throw notFound('Evaluasi ini tidak ada. Periksa periodenya, misalnya 2026-S2.');
  return round;
}

/** The round, while it may still be worked on. @throws AppError conflict */
export function demandOpen(round: Round): Round {
  if (round.closedAt !== null) throw conflict('Evaluasi ini sudah ditutup; isinya tidak berubah lagi.');
  if (round.closeProposedAt !== null)
    throw conflict('Penutupan evaluasi ini sedang menunggu pengesahan. Kembalikan dulu bila ada yang perlu diubah.');
  return round;
}

/** Sheets of a round the actor sees, with items and scores; `code` narrows to one agency. */
export function sheetsOf(ctx: Context, round: Round, code?: string): Sheet[] {
  const all = store.sheetsOf(ctx.db, round.id, scope(ctx.actor));
  const sheets = code ? all.filter((sheet) => sheet.agency.code === code) : all;
  const previous = scoresBefore(ctx, round);
  return withItems(ctx, round, sheets).map((sheet) => ({ ...sheet, previous: previous.get(sheet.agencyId) ?? null }));
}

function withItems(ctx: Context, round: Round, sheets: store.SheetWithAgency[]): Omit<Sheet, 'previous'>[] {
  const now = ctx.now();
  const criteria = criteriaSet(round.criteriaVersion);
  const ids = sheets.map((sheet) => sheet.id);
  const measures = keyed(store.measuresOf(ctx.db, ids).map((m) => ({ ...m, at: m.collectedAt })));
  const answers = keyed(store.answersOf(ctx.db, ids));
  const judgements = keyed(store.judgementsOf(ctx.db, ids));
  return sheets.map((sheet) => {
    const items = itemsOf(criteria, sheet.agency.kind, {
      measure: (criterion) => measures.get(`${sheet.id} ${criterion}`) ?? null,
      answer: (criterion) => answers.get(`${sheet.id} ${criterion}`) ?? null,
      judgement: (criterion) => judgements.get(`${sheet.id} ${criterion}`) ?? null,
    });
    return {
      ...sheet,
      state: sheetState(sheet, now),
      items,
      ...scoreOfItems(items),
      lapsed: items.filter((item) => item.lapsed).length,
      objections: items.filter((item) => item.objection).length,
    };
  });
}

const keyed = <T extends { sheetId: string; criterion: string }>(rows: T[]): Map<string, T> =>
  new Map(rows.map((row) => [`${row.sheetId} ${row.criterion}`, row]));

/** Scores of the routine round before, by agency. */
function scoresBefore(ctx: Context, round: Round): Map<string, number> {
  const before = store.previousRound(ctx.db, round.period);
  if (!before) return new Map();
  const scored = withItems(ctx, before, store.sheetsOf(ctx.db, before.id, scope(ctx.actor)));
  return new Map(scored.flatMap((sheet) => (sheet.score === null ? [] : [[sheet.agencyId, sheet.score] as const])));
}

/** One sheet. @throws AppError not_found, also for a sheet outside the actor's scope */
export function sheetOf(ctx: Context, round: Round, agencyCode: string): Sheet {
  const sheet = sheetsOf(ctx, round, agencyCode)[0];
  if (!sheet) throw notFound('Lembar evaluasi ini tidak ada dalam evaluasi yang dapat Anda lihat.');
  return sheet;
}

/** Everything that stands in the way of closing, waived or not. */
export function xrayOf(ctx: Context, round: Round): XrayIssue[] {
  const now = ctx.now();
  return xray({
    now,
    collectedAt: round.collectedAt,
    sheets: sheetsOf(ctx, round).map((sheet) => ({ ...sheet, agency: sheet.agency.shortName })),
    proposals: findingStore.openProposals(ctx.db, round.id).length,
    findingsWithoutCause: findingStore
      .findings(ctx.db, 'all', { roundId: round.id })
      .filter((f) => f.cause === '')
      .map((f) => f.number),
    sharedCertificates: population.doublyOwned(ctx.db),
    uncheckedContacts: population.uncheckedContacts(ctx.db, now - CONTACT_AGE),
  });
}

export type CoverageRow = { agency: store.AgencyRef; cells: Map<string, 'evaluated' | 'open'> };
export type Coverage = {
  /** `closed`: every round of the semester is closed, so what was reviewed is final. */
  periods: { period: string; evaluated: number; open: number; closed: boolean }[];
  rows: CoverageRow[];
  total: number;
};

/** Which agency was evaluated in which semester, newest `limit` semesters with a round first. Pasal 18 huruf b. */
export function coverageOf(ctx: Context, day: string, limit = 6): Coverage {
  const visible = scope(ctx.actor);
  const agencies = store.agenciesOn(ctx.db, day).filter((a) => visible === 'all' || visible.includes(a.id));
  const history = store.sheetHistory(ctx.db, visible);
  const periods = [...new Set(history.map((row) => row.period))].sort().reverse().slice(0, limit).reverse();
  const rows = new Map<string, CoverageRow>(agencies.map((agency) => [agency.id, { agency, cells: new Map() }]));
  for (const row of history) {
    const cells = rows.get(row.agencyId)?.cells;
    if (cells && cells.get(row.period) !== 'evaluated')
      cells.set(row.period, row.reviewedAt === null ? 'open' : 'evaluated');
  }
  const count = (period: string, what: string) =>
    [...rows.values()].filter((row) => row.cells.get(period) === what).length;
  return {
    periods: periods.map((period) => ({
      period,
      evaluated: count(period, 'evaluated'),
      open: count(period, 'open'),
      closed: history.every((row) => row.period !== period || row.closedAt !== null),
    })),
    rows: [...rows.values()],
    total: agencies.length,
  };
}
