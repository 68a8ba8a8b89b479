// Proposals, findings and their steps: the room's own rows.
import { and, asc, desc, eq, inArray, isNull, sql } from 'drizzle-orm';
import { agency, agencyName } from '../agencies/schema.ts';
import { newId, type Db } from '../db/index.ts';
import { finding, findingProposal, findingStep } from './schema.ts';

export type FindingRow = typeof finding.$inferSelect;
export type StepRow = typeof findingStep.$inferSelect;
export type ProposalRow = typeof findingProposal.$inferSelect;
export type Scope = 'all' | readonly string[];

const named = { code: agency.code, name: agencyName.name, shortName: agencyName.shortName, kind: agency.kind };
export type Named<T> = T & {
  agency: { code: string; name: string; shortName: string; kind: (typeof agency.$inferSelect)['kind'] };
};

// proposals

export const proposal = (db: Db, id: string): ProposalRow | undefined =>
  db.select().from(findingProposal).where(eq(findingProposal.id, id)).get();

/** Undecided proposals whose signal is still there, by rule and agency. */
export const openProposals = (db: Db, sourceId?: string): Named<ProposalRow>[] =>
  db
    .select({ row: findingProposal, agency: named })
    .from(findingProposal)
    .innerJoin(agency, eq(agency.id, findingProposal.agencyId))
    .innerJoin(agencyName, and(eq(agencyName.agencyId, agency.id), isNull(agencyName.to)))
    .where(
      and(
        isNull(findingProposal.decision),
        isNull(findingProposal.endedAt),
        sourceId ? eq(findingProposal.sourceId, sourceId) : undefined,
      ),
    )
    .orderBy(asc(findingProposal.rule), asc(agencyName.name))
    .all()
    .map((r) => ({ ...r.row, agency: r.agency }));

/** Every proposal of a source, decided or not, keyed by agency and rule. */
export const proposalsOf = (db: Db, room: string, sourceId: string): Map<string, ProposalRow> =>
  new Map(
    db
      .select()
      .from(findingProposal)
      .where(and(eq(findingProposal.sourceRoom, room), eq(findingProposal.sourceId, sourceId)))
      .all()
      .map((row) => [`${row.agencyId} ${row.rule}`, row]),
  );

export const insertProposal = (db: Db, row: Omit<typeof findingProposal.$inferInsert, 'id'>): void => {
  db.insert(findingProposal)
    .values({ id: newId(row.raisedAt), ...row })
    .run();
};

export const updateProposal = (db: Db, id: string, set: Partial<ProposalRow>): void => {
  db.update(findingProposal).set(set).where(eq(findingProposal.id, id)).run();
};

// findings

export const insertFinding = (db: Db, row: typeof finding.$inferInsert): void => {
  db.insert(finding).values(row).run();
};

export const updateFinding = (db: Db, id: string, set: Partial<Pick<FindingRow, 'cause'>>): void => {
  db.update(finding).set(set).where(eq(finding.id, id)).run();
};

/** Findings the actor may see, newest first. */
export const findings = (
  db: Db,
  scope: Scope,
  filter: { agencyId?: string; roundId?: string; number?: string } = {},
): Named<FindingRow>[] =>
  db
    .select({ row: finding, agency: named })
    .from(finding)
    .innerJoin(agency, eq(agency.id, finding.agencyId))
    .innerJoin(agencyName, and(eq(agencyName.agencyId, agency.id), isNull(agencyName.to)))
    .where(
      and(
        scope === 'all' ? undefined : inArray(finding.agencyId, [...scope]),
        filter.agencyId ? eq(finding.agencyId, filter.agencyId) : undefined,
        filter.roundId ? eq(finding.roundId, filter.roundId) : undefined,
        filter.number ? eq(finding.number, filter.number) : undefined,
      ),
    )
    .orderBy(desc(finding.number))
    .all()
    .map((r) => ({ ...r.row, agency: r.agency }));

export const findingByNumber = (db: Db, number: string, scope: Scope): Named<FindingRow> | undefined =>
  findings(db, scope, { number })[0];

export const findingById = (db: Db, id: string): FindingRow | undefined =>
  db.select().from(finding).where(eq(finding.id, id)).get();

export const repeatsOf = (db: Db, id: string): FindingRow[] =>
  db.select().from(finding).where(eq(finding.regressionOf, id)).orderBy(asc(finding.number)).all();

// steps

/** Steps by finding, in order; of all findings, or of one. */
export function stepsBy(db: Db, findingId?: string): Map<string, StepRow[]> {
  const rows = db
    .select()
    .from(findingStep)
    .where(findingId ? eq(findingStep.findingId, findingId) : undefined)
    .orderBy(asc(findingStep.findingId), asc(findingStep.seq))
    .all();
  const by = new Map<string, StepRow[]>();
  for (const row of rows) by.set(row.findingId, [...(by.get(row.findingId) ?? []), row]);
  return by;
}

export function appendStep(db: Db, row: Omit<typeof findingStep.$inferInsert, 'id' | 'seq'>): void {
  const last = db
    .select({ seq: sql<number>`coalesce(max(${findingStep.seq}), 0)` })
    .from(findingStep)
    .where(eq(findingStep.findingId, row.findingId))
    .get();
  db.insert(findingStep)
    .values({ id: newId(row.at), seq: (last?.seq ?? 0) + 1, ...row })
    .run();
}
