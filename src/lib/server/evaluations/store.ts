// Rounds, sheets, measures, answers, judgements, waivers: the room's own rows.
import { and, asc, desc, eq, inArray, isNull, lt, sql } from 'drizzle-orm';
import { agency, agencyName } from '../agencies/schema.ts';
import { connection, newId, type Db } from '../db/index.ts';
import type { AgencyKind } from './criteria.ts';
import {
  evaluationAnswer,
  evaluationJudgement,
  evaluationMeasure,
  evaluationRound,
  evaluationSheet,
  evaluationWaiver,
} from './schema.ts';

export type Round = typeof evaluationRound.$inferSelect;
export type SheetRow = typeof evaluationSheet.$inferSelect;
export type MeasureRow = typeof evaluationMeasure.$inferSelect;
export type AnswerRow = typeof evaluationAnswer.$inferSelect;
export type JudgementRow = typeof evaluationJudgement.$inferSelect;
export type AgencyRef = {
  id: string;
  code: string;
  kind: AgencyKind;
  name: string;
  shortName: string;
  parentId: string | null;
};

const agencyColumns = {
  id: agency.id,
  code: agency.code,
  kind: agency.kind,
  name: agencyName.name,
  shortName: agencyName.shortName,
  parentId: agency.parentId,
};

/** Agencies (not units) that exist on a day. Perwali Pasal 1(4). */
export const agenciesOn = (db: Db, day: string): AgencyRef[] =>
  db
    .select(agencyColumns)
    .from(agency)
    .innerJoin(agencyName, and(eq(agencyName.agencyId, agency.id), isNull(agencyName.to)))
    .where(
      and(
        eq(agency.level, 'agency'),
        sql`${agency.validFrom} <= ${day}`,
        sql`coalesce(${agency.validTo}, '9999') >= ${day}`,
      ),
    )
    .orderBy(asc(agency.code))
    .all();

export const agencyByCode = (db: Db, code: string): AgencyRef | undefined =>
  db
    .select(agencyColumns)
    .from(agency)
    .innerJoin(agencyName, and(eq(agencyName.agencyId, agency.id), isNull(agencyName.to)))
    .where(eq(agency.code, code))
    .get();

// rounds

export const insertRound = (db: Db, row: typeof evaluationRound.$inferInsert): void => {
  db.insert(evaluationRound).values(row).run();
};

export const roundByCode = (db: Db, code: string): Round | undefined =>
  db.select().from(evaluationRound).where(eq(evaluationRound.code, code)).get();

export const roundById = (db: Db, id: string): Round | undefined =>
  db.select().from(evaluationRound).where(eq(evaluationRound.id, id)).get();

/** Newest period first; the routine round before the incidental ones of its semester. */
export const allRounds = (db: Db): Round[] =>
  db
    .select()
    .from(evaluationRound)
    .orderBy(desc(evaluationRound.period), desc(evaluationRound.kind), asc(evaluationRound.code))
    .all();

/** Rounds whose measures are still taken: open and not handed over for closing. */
export const collectable = (db: Db): Round[] =>
  db
    .select()
    .from(evaluationRound)
    .where(and(isNull(evaluationRound.closedAt), isNull(evaluationRound.closeProposedAt)))
    .orderBy(asc(evaluationRound.code))
    .all();

export const updateRound = (db: Db, id: string, set: Partial<Round>): void => {
  db.update(evaluationRound).set(set).where(eq(evaluationRound.id, id)).run();
};

/** The routine round before a period, for trends. */
export const previousRound = (db: Db, period: string): Round | undefined =>
  db
    .select()
    .from(evaluationRound)
    .where(and(eq(evaluationRound.kind, 'routine'), lt(evaluationRound.period, period)))
    .orderBy(desc(evaluationRound.period))
    .limit(1)
    .get();

// sheets

export const insertSheets = (db: Db, roundId: string, agencyIds: readonly string[], now: number): void => {
  const insert = connection(db).prepare(
    `insert into evaluation_sheet (id, round_id, agency_id, remark) values (?, ?, ?, '')`,
  );
  for (const agencyId of agencyIds) insert.run(newId(now), roundId, agencyId);
};

export type SheetWithAgency = SheetRow & { agency: AgencyRef };

/** Sheets of a round that the actor may see, by agency name. */
export const sheetsOf = (db: Db, roundId: string, scope: 'all' | readonly string[]): SheetWithAgency[] =>
  db
    .select({ sheet: evaluationSheet, agency: agencyColumns })
    .from(evaluationSheet)
    .innerJoin(agency, eq(agency.id, evaluationSheet.agencyId))
    .innerJoin(agencyName, and(eq(agencyName.agencyId, agency.id), isNull(agencyName.to)))
    .where(and(eq(evaluationSheet.roundId, roundId), inScope(scope)))
    .orderBy(asc(agencyName.name))
    .all()
    .map((row) => ({ ...row.sheet, agency: row.agency }));

const inScope = (scope: 'all' | readonly string[]) =>
  scope === 'all' ? undefined : inArray(evaluationSheet.agencyId, [...scope]);

export const updateSheet = (db: Db, id: string, set: Partial<SheetRow>): void => {
  db.update(evaluationSheet).set(set).where(eq(evaluationSheet.id, id)).run();
};

/** For the coverage matrix: agency, period and kind of every evaluated or open sheet. */
export const sheetHistory = (db: Db, scope: 'all' | readonly string[]) =>
  db
    .select({
      agencyId: evaluationSheet.agencyId,
      period: evaluationRound.period,
      code: evaluationRound.code,
      kind: evaluationRound.kind,
      reviewedAt: evaluationSheet.reviewedAt,
      closedAt: evaluationRound.closedAt,
    })
    .from(evaluationSheet)
    .innerJoin(evaluationRound, eq(evaluationRound.id, evaluationSheet.roundId))
    .where(inScope(scope))
    .all();

// measures, answers, judgements: the row without `ended_at` counts

const currentOf = (sheetIds: readonly string[], column: typeof evaluationMeasure.sheetId) =>
  inArray(column, [...sheetIds]);

export const measuresOf = (db: Db, sheetIds: readonly string[]): MeasureRow[] =>
  db
    .select()
    .from(evaluationMeasure)
    .where(and(currentOf(sheetIds, evaluationMeasure.sheetId), isNull(evaluationMeasure.endedAt)))
    .all();

export const answersOf = (db: Db, sheetIds: readonly string[]): AnswerRow[] =>
  db
    .select()
    .from(evaluationAnswer)
    .where(and(inArray(evaluationAnswer.sheetId, [...sheetIds]), isNull(evaluationAnswer.endedAt)))
    .all();

export const judgementsOf = (db: Db, sheetIds: readonly string[]): JudgementRow[] =>
  db
    .select()
    .from(evaluationJudgement)
    .where(and(inArray(evaluationJudgement.sheetId, [...sheetIds]), isNull(evaluationJudgement.endedAt)))
    .all();

/** Every measure, answer and judgement a sheet ever had, newest first, for its history. */
export const measureHistory = (db: Db, sheetId: string): MeasureRow[] =>
  db
    .select()
    .from(evaluationMeasure)
    .where(eq(evaluationMeasure.sheetId, sheetId))
    .orderBy(desc(evaluationMeasure.collectedAt))
    .all();

export function replaceMeasure(db: Db, row: Omit<typeof evaluationMeasure.$inferInsert, 'id'>): void {
  db.update(evaluationMeasure)
    .set({ endedAt: row.collectedAt })
    .where(
      and(
        eq(evaluationMeasure.sheetId, row.sheetId),
        eq(evaluationMeasure.criterion, row.criterion),
        isNull(evaluationMeasure.endedAt),
      ),
    )
    .run();
  db.insert(evaluationMeasure)
    .values({ id: newId(row.collectedAt), ...row })
    .run();
}

export function replaceAnswer(db: Db, row: Omit<typeof evaluationAnswer.$inferInsert, 'id'>): void {
  db.update(evaluationAnswer)
    .set({ endedAt: row.at })
    .where(
      and(
        eq(evaluationAnswer.sheetId, row.sheetId),
        eq(evaluationAnswer.criterion, row.criterion),
        isNull(evaluationAnswer.endedAt),
      ),
    )
    .run();
  db.insert(evaluationAnswer)
    .values({ id: newId(row.at), ...row })
    .run();
}

export function replaceJudgement(db: Db, row: Omit<typeof evaluationJudgement.$inferInsert, 'id'>): void {
  db.update(evaluationJudgement)
    .set({ endedAt: row.at })
    .where(
      and(
        eq(evaluationJudgement.sheetId, row.sheetId),
        eq(evaluationJudgement.criterion, row.criterion),
        isNull(evaluationJudgement.endedAt),
      ),
    )
    .run();
  db.insert(evaluationJudgement)
    .values({ id: newId(row.at), ...row })
    .run();
}

// waivers

export const waiversOf = (db: Db, roundId: string) =>
  db.select().from(evaluationWaiver).where(eq(evaluationWaiver.roundId, roundId)).all();

export const upsertWaiver = (db: Db, row: Omit<typeof evaluationWaiver.$inferInsert, 'id'>): void => {
  db.insert(evaluationWaiver)
    .values({ id: newId(row.at), ...row })
    .onConflictDoUpdate({
      target: [evaluationWaiver.roundId, evaluationWaiver.rule],
      set: { count: row.count, reason: row.reason, by: row.by, at: row.at },
    })
    .run();
};
