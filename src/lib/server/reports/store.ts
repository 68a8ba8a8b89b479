// The room's queries.
import { and, desc, eq, inArray, isNull, lte, or, sql } from 'drizzle-orm';
import type { ReportKind } from '#reports/report-data.ts';
import { period as periodOf } from '../calendar.ts';
import type { Db } from '../db/index.ts';
import type { FigureValue } from './figures.ts';
import { figure, preparedBrief, report, reportDispatch, snapshot } from './schema.ts';

export type Snapshot = typeof snapshot.$inferSelect;
export type Report = typeof report.$inferSelect;
export type Dispatch = typeof reportDispatch.$inferSelect;

export const insertSnapshot = (db: Db, row: typeof snapshot.$inferInsert): void =>
  void db.insert(snapshot).values(row).run();
/** Instants that snapshots describe. */
export const snapshotInstants = (db: Db): number[] =>
  db
    .selectDistinct({ at: snapshot.stateAt })
    .from(snapshot)
    .all()
    .map(({ at }) => at);

export const snapshotById = (db: Db, id: string): Snapshot | undefined =>
  db.select().from(snapshot).where(eq(snapshot.id, id)).get();

export const insertFigures = (db: Db, rows: (typeof figure.$inferInsert)[]): void =>
  void db.insert(figure).values(rows).run();
export const figuresOf = (db: Db, snapshotId: string): FigureValue[] =>
  db
    .select({
      code: figure.code,
      version: figure.version,
      value: figure.value,
      numerator: figure.numerator,
      denominator: figure.denominator,
      rowCount: figure.rowCount,
      rowSetHash: figure.rowSetHash,
    })
    .from(figure)
    .where(eq(figure.snapshotId, snapshotId))
    .orderBy(figure.code)
    .all();

export const insertReport = (db: Db, row: typeof report.$inferInsert): void => void db.insert(report).values(row).run();
export const updateReport = (db: Db, id: string, values: Partial<typeof report.$inferInsert>): void =>
  void db.update(report).set(values).where(eq(report.id, id)).run();
export const reportById = (db: Db, id: string): Report | undefined =>
  db.select().from(report).where(eq(report.id, id)).get();
export const reportByNumber = (db: Db, number: string): Report | undefined =>
  db.select().from(report).where(eq(report.number, number)).get();

/** Versions of one kind and period, newest first. */
export const versions = (db: Db, kind: ReportKind, period: string): Report[] =>
  db
    .select()
    .from(report)
    .where(and(eq(report.kind, kind), eq(report.period, period)))
    .orderBy(desc(report.version))
    .all();

/** The newest version of every kind and period. */
export const newest = (db: Db): Report[] =>
  db
    .select()
    .from(report)
    .where(
      sql`${report.version} = (select max(r.version) from ${report} r where r.kind = ${report.kind} and r.period = ${report.period})`,
    )
    .orderBy(desc(report.period), report.kind)
    .all();

/** How far the newest reports are, and whether their period had ended when the figures were taken. */
export const standings = (db: Db) =>
  newest(db).map(({ kind, period, state, snapshotId }) => ({
    kind,
    period,
    state,
    interim: isInterim(period, snapshotId === null ? undefined : snapshotById(db, snapshotId)?.stateAt),
  }));

/** Figures of a period taken before it ended. */
export const isInterim = (code: string, stateAt: number | undefined): boolean =>
  stateAt !== undefined && stateAt < periodOf(code)!.end;

/** To be printed now: a printing that failed waits for its time. */
const due = (now: number) =>
  and(inArray(report.state, ['requested', 'sealing']), or(isNull(report.retryAt), lte(report.retryAt, now)));

export const waiting = (db: Db, now: number): Report[] =>
  db.select().from(report).where(due(now)).orderBy(report.requestedAt).all();
export const anyWaiting = (db: Db, now: number): boolean =>
  !!db.select({ id: report.id }).from(report).where(due(now)).limit(1).get();

export const insertDispatch = (db: Db, row: typeof reportDispatch.$inferInsert): void =>
  void db.insert(reportDispatch).values(row).run();
export const dispatches = (db: Db, reportId: string): Dispatch[] =>
  db
    .select()
    .from(reportDispatch)
    .where(eq(reportDispatch.reportId, reportId))
    .orderBy(desc(reportDispatch.sentAt))
    .all();
export const dispatchById = (db: Db, id: string): Dispatch | undefined =>
  db.select().from(reportDispatch).where(eq(reportDispatch.id, id)).get();
export const dispatchedReports = (db: Db): Set<string> =>
  new Set(
    db
      .selectDistinct({ id: reportDispatch.reportId })
      .from(reportDispatch)
      .all()
      .map((row) => row.id),
  );

export const readPrepared = (db: Db) => db.select().from(preparedBrief).where(eq(preparedBrief.id, 1)).get();
export const writePrepared = (db: Db, row: Omit<typeof preparedBrief.$inferInsert, 'id'>): void =>
  void db
    .insert(preparedBrief)
    .values({ id: 1, ...row })
    .onConflictDoUpdate({ target: preparedBrief.id, set: row })
    .run();
