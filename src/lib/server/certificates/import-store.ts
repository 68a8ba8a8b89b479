// Queries over imports: the run, its files, its ledger.
import { createHash } from 'node:crypto';
import { and, asc, count, desc, eq, gt, inArray, lt, sql } from 'drizzle-orm';
import { connection, newId, type Db } from '../db/index.ts';
import type { importOutcomes } from '#lib/terms.ts';
import { certificate, importEntry, importFile, importRun } from './schema.ts';

export type Outcome = keyof typeof importOutcomes;
export type RunRow = typeof importRun.$inferSelect;
export type EntryRow = typeof importEntry.$inferSelect;
export type NewEntry = {
  seq: number;
  name: string;
  outcome: Outcome;
  reason: string | null;
  sha256: string | null;
  certificatesNew: number;
  certificatesKnown: number;
  certificateId: string | null;
};

export function insertRun(db: Db, row: Omit<typeof importRun.$inferInsert, 'id'>): string {
  const id = newId(row.requestedAt);
  db.insert(importRun)
    .values({ id, ...row })
    .run();
  return id;
}

export function insertFile(db: Db, row: Omit<typeof importFile.$inferInsert, 'id'>, now: number): void {
  db.insert(importFile)
    .values({ id: newId(now), ...row })
    .run();
}

export const filesOf = (db: Db, importId: string) =>
  db.select().from(importFile).where(eq(importFile.importId, importId)).orderBy(importFile.seq).all();

export const run = (db: Db, id: string): RunRow | undefined =>
  db.select().from(importRun).where(eq(importRun.id, id)).get();

export const setRun = (db: Db, id: string, values: Partial<RunRow>): void =>
  void db.update(importRun).set(values).where(eq(importRun.id, id)).run();

/** The oldest run that waits or was cut off, and has its files. */
export const nextRun = (db: Db): RunRow | undefined =>
  db
    .select()
    .from(importRun)
    .where(
      and(
        inArray(importRun.state, ['requested', 'running']),
        sql`exists (select 1 from ${importFile} where ${importFile.importId} = ${importRun.id})`,
      ),
    )
    .orderBy(importRun.requestedAt, importRun.id)
    .limit(1)
    .get();

/** Runs that ran straight from memory and were cut off long ago. */
export const failLost = (db: Db, before: number, now: number): void =>
  void db
    .update(importRun)
    .set({
      state: 'failed',
      message: 'Terhenti di tengah jalan. Ulangi impor; yang sudah masuk tidak digandakan.',
      finishedAt: now,
    })
    .where(
      and(
        inArray(importRun.state, ['requested', 'running']),
        lt(importRun.requestedAt, before),
        sql`not exists (select 1 from ${importFile} where ${importFile.importId} = ${importRun.id})`,
      ),
    )
    .run();

export function runs(db: Db, filter: { before?: string; limit: number; requestedBy?: string }): RunRow[] {
  return db
    .select()
    .from(importRun)
    .where(
      and(
        filter.before ? lt(importRun.id, filter.before) : undefined,
        filter.requestedBy ? eq(importRun.requestedBy, filter.requestedBy) : undefined,
      ),
    )
    .orderBy(desc(importRun.id))
    .limit(filter.limit)
    .all();
}

export const countRuns = (db: Db): number => db.select({ n: count() }).from(importRun).get()?.n ?? 0;

export function insertEntries(db: Db, importId: string, entries: readonly NewEntry[], now: number): void {
  const insert = connection(db).prepare(
    `insert into import_entry (id, import_id, seq, name, outcome, reason, sha256, certificates_new, certificates_known, certificate_id)
     values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  for (const e of entries) {
    insert.run(
      newId(now),
      importId,
      e.seq,
      e.name,
      e.outcome,
      e.reason,
      e.sha256,
      e.certificatesNew,
      e.certificatesKnown,
      e.certificateId,
    );
  }
}

export const entryCount = (db: Db, importId: string): number =>
  db.select({ n: count() }).from(importEntry).where(eq(importEntry.importId, importId)).get()?.n ?? 0;

export type Totals = Record<Outcome, number> & { certificatesNew: number; certificatesKnown: number };

export function totals(db: Db, importId: string): Totals {
  const rows = db
    .select({
      outcome: importEntry.outcome,
      n: count(),
      fresh: sql<number>`sum(${importEntry.certificatesNew})`,
      known: sql<number>`sum(${importEntry.certificatesKnown})`,
    })
    .from(importEntry)
    .where(eq(importEntry.importId, importId))
    .groupBy(importEntry.outcome)
    .all();
  const result: Totals = {
    added: 0,
    completed: 0,
    duplicate: 0,
    no_certificate: 0,
    unreadable: 0,
    rejected: 0,
    certificatesNew: 0,
    certificatesKnown: 0,
  };
  for (const row of rows) {
    result[row.outcome] = row.n;
    result.certificatesNew += row.fresh;
    result.certificatesKnown += row.known;
  }
  return result;
}

/** SHA-256 over the ledger in order: what the trail commits to. */
export function ledgerHash(db: Db, importId: string): string {
  const hash = createHash('sha256');
  for (const row of entries(db, importId, { after: 0, limit: -1 })) {
    hash.update(
      JSON.stringify([
        row.seq,
        row.name,
        row.outcome,
        row.sha256,
        row.certificatesNew,
        row.certificatesKnown,
        row.certificateId,
      ]),
    );
    hash.update('\n');
  }
  return hash.digest('hex');
}

export function entries(
  db: Db,
  importId: string,
  filter: { outcome?: Outcome; after: number; limit: number },
): (EntryRow & { commonName: string | null })[] {
  return db
    .select({ entry: importEntry, commonName: certificate.commonName })
    .from(importEntry)
    .leftJoin(certificate, eq(certificate.id, importEntry.certificateId))
    .where(
      and(
        eq(importEntry.importId, importId),
        gt(importEntry.seq, filter.after),
        filter.outcome ? eq(importEntry.outcome, filter.outcome) : undefined,
      ),
    )
    .orderBy(asc(importEntry.seq))
    .limit(filter.limit)
    .all()
    .map((row) => ({ ...row.entry, commonName: row.commonName }));
}
