// Queries over quarantines: lines in which nobody is released until a person looked.
import { and, desc, eq, isNull } from 'drizzle-orm';
import { connection, newId, type Db } from '../db/index.ts';
import { revocationQuarantine } from './schema.ts';

export type QuarantineRow = typeof revocationQuarantine.$inferSelect;

export const openQuarantine = (db: Db, issuerKey: string, scope: string): QuarantineRow | undefined =>
  db
    .select()
    .from(revocationQuarantine)
    .where(
      and(
        eq(revocationQuarantine.issuerKey, issuerKey),
        eq(revocationQuarantine.scope, scope),
        isNull(revocationQuarantine.endedAt),
      ),
    )
    .get();

export const openQuarantines = (db: Db): QuarantineRow[] =>
  db.select().from(revocationQuarantine).where(isNull(revocationQuarantine.endedAt)).all();

/** The newest quarantine that a list began. */
export const quarantineOf = (db: Db, evidenceId: string): QuarantineRow | undefined =>
  db
    .select()
    .from(revocationQuarantine)
    .where(eq(revocationQuarantine.evidenceId, evidenceId))
    .orderBy(desc(revocationQuarantine.since))
    .get();

export const addQuarantine = (db: Db, row: Omit<typeof revocationQuarantine.$inferInsert, 'id'>): void =>
  void db
    .insert(revocationQuarantine)
    .values({ id: newId(row.since), ...row })
    .onConflictDoNothing()
    .run();

export const setQuarantine = (db: Db, id: string, values: Partial<QuarantineRow>): void =>
  void db.update(revocationQuarantine).set(values).where(eq(revocationQuarantine.id, id)).run();

/** Every quarantine that an issuer's lines were ever under. */
export const quarantinesOf = (db: Db, issuerKey: string): (QuarantineRow & { order: number })[] =>
  db
    .select()
    .from(revocationQuarantine)
    .where(eq(revocationQuarantine.issuerKey, issuerKey))
    .all()
    .map((row) => ({
      ...row,
      order: connection(db)
        .prepare('select rowid from revocation_evidence where id = ?')
        .pluck()
        .get(row.evidenceId) as number,
    }));
