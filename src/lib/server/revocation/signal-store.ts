// Queries over signals: what people must look at.
import { and, asc, desc, eq, inArray, isNull, sql } from 'drizzle-orm';
import { certificate } from '../certificates/schema.ts';
import { prepared, ready } from '../db/bulk.ts';
import { newId, type Db } from '../db/index.ts';
import { revocationSignal } from './schema.ts';

export type SignalRow = typeof revocationSignal.$inferSelect;

/** Raises a signal; the same about the same evidence is raised once. @returns whether it is new */
export const addSignal = (db: Db, row: Omit<typeof revocationSignal.$inferInsert, 'id'>): boolean =>
  db
    .insert(revocationSignal)
    .values({ id: newId(row.at), ...row })
    .onConflictDoNothing()
    .run().changes > 0;

export const openSignals = (db: Db): SignalRow[] =>
  db.select().from(revocationSignal).where(isNull(revocationSignal.settledAt)).orderBy(asc(revocationSignal.at)).all();

export const signalById = (db: Db, id: string): SignalRow | undefined =>
  db.select().from(revocationSignal).where(eq(revocationSignal.id, id)).get();

export const signalsOf = (db: Db, certificateId: string): SignalRow[] =>
  db
    .select()
    .from(revocationSignal)
    .where(eq(revocationSignal.certificateId, certificateId))
    .orderBy(desc(revocationSignal.at))
    .all();

/**
 * Findings that were not seen to end, settled or not (contradictions.ts), by certificate: whose they are leads to them (`+`),
 * for an old estate holds far more notes of a kind than one certificate has findings.
 */
export const episodesOf = (db: Db, ids: readonly string[]): Map<string, SignalRow[]> =>
  Map.groupBy(ready(db, someEpisodes).all({ ids: JSON.stringify(ids) }), ({ certificateId }) => certificateId!);

const someEpisodes = (db: Db) =>
  db
    .select()
    .from(revocationSignal)
    .where(
      sql`${revocationSignal.certificateId} in (select value from json_each(${sql.placeholder('ids')}))
          and +${revocationSignal.kind} in ('conflict', 'non_issued', 'hint', 'lag')
          and json_extract(${revocationSignal.detail}, '$.over') is null
          and (${revocationSignal.kind} <> 'lag' or json_extract(${revocationSignal.detail}, '$.unknown'))`,
    )
    .prepare();

/** Serials of certificates that an object gave a hint about. */
export const hintedBy = (db: Db, evidenceIds: readonly string[]): string[] =>
  db
    .selectDistinct({ serial: certificate.serial })
    .from(revocationSignal)
    .innerJoin(certificate, eq(certificate.id, revocationSignal.certificateId))
    .where(and(eq(revocationSignal.kind, 'hint'), inArray(revocationSignal.evidenceId, [...evidenceIds])))
    .all()
    .flatMap(({ serial }) => serial ?? []);

export const setSignal = (db: Db, id: string, values: Partial<SignalRow>): void =>
  void db.update(revocationSignal).set(values).where(eq(revocationSignal.id, id)).run();

/** Bytes that were lost, came back and are lost again; what a person settled stays settled. */
export const reopenLost = (db: Db, evidenceId: string): void =>
  void prepared(
    db,
    `update revocation_signal set settled_at = null, settled_by = null, settled_why = null
      where kind = 'underived' and certificate_id is null and evidence_id = ? and settled_by = 'system'`,
  ).run(evidenceId);

/** Signals of a kind that are about no certificate of the office. */
export const unassigned = (db: Db, kind: SignalRow['kind']): SignalRow[] =>
  db
    .select()
    .from(revocationSignal)
    .where(and(eq(revocationSignal.kind, kind), isNull(revocationSignal.certificateId)))
    .all();

/** Findings that a CA numbers its lists anew, newest first; of one list that they fall below, or all that are open. */
export const renumberings = (db: Db, head: string | null): SignalRow[] =>
  db
    .select()
    .from(revocationSignal)
    .where(
      and(
        eq(revocationSignal.kind, 'same_number'),
        head === null ? isNull(revocationSignal.settledAt) : undefined,
        sql`json_extract(${revocationSignal.detail}, '$.renumbered.head') ${head === null ? sql`is not null` : sql`= ${head}`}`,
      ),
    )
    .orderBy(desc(revocationSignal.id))
    .all();

export const signalsAbout = (db: Db, kind: SignalRow['kind'], evidenceId: string): SignalRow[] =>
  db
    .select()
    .from(revocationSignal)
    .where(
      and(
        eq(revocationSignal.kind, kind),
        eq(revocationSignal.evidenceId, evidenceId),
        isNull(revocationSignal.settledAt),
      ),
    )
    .all();
