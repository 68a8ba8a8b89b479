// Queries over what people asked for.
import { and, asc, desc, eq, gte, isNull, ne } from 'drizzle-orm';
import { prepared } from '../db/bulk.ts';
import { newId, type Db } from '../db/index.ts';
import { revocationRequested } from './schema-asking.ts';

export type RequestRow = typeof revocationRequested.$inferSelect;

export function addRequest(db: Db, row: Omit<typeof revocationRequested.$inferInsert, 'id'>): string {
  const id = newId(row.requestedAt);
  db.insert(revocationRequested)
    .values({ id, ...row })
    .run();
  return id;
}

export const setRequest = (db: Db, id: string, values: Partial<RequestRow>): void =>
  void db.update(revocationRequested).set(values).where(eq(revocationRequested.id, id)).run();

export const requestById = (db: Db, id: string): RequestRow | undefined =>
  db.select().from(revocationRequested).where(eq(revocationRequested.id, id)).get();

export const openCheck = (db: Db, certificateId: string): string | undefined =>
  db
    .select({ id: revocationRequested.id })
    .from(revocationRequested)
    .where(and(isNull(revocationRequested.finishedAt), eq(revocationRequested.certificateId, certificateId)))
    .get()?.id;

/** The newest question about a certificate that was asked since an instant. */
export const checkSince = (db: Db, certificateId: string, since: number): RequestRow | undefined =>
  db
    .select()
    .from(revocationRequested)
    .where(
      and(
        eq(revocationRequested.kind, 'check'),
        gte(revocationRequested.requestedAt, since),
        eq(revocationRequested.certificateId, certificateId),
      ),
    )
    .orderBy(desc(revocationRequested.requestedAt), desc(revocationRequested.id))
    .limit(1)
    .get();

export const openOfSource = (db: Db, sourceId: string): string | undefined =>
  db
    .select({ id: revocationRequested.id })
    .from(revocationRequested)
    .where(and(isNull(revocationRequested.finishedAt), eq(revocationRequested.sourceId, sourceId)))
    .get()?.id;

/** The oldest that waits, of files that were carried here or of questions to servers. */
export const nextRequest = (db: Db, which: 'carried' | 'asked'): RequestRow | undefined =>
  db
    .select()
    .from(revocationRequested)
    .where(
      and(
        isNull(revocationRequested.finishedAt),
        which === 'carried' ? eq(revocationRequested.kind, 'upload') : ne(revocationRequested.kind, 'upload'),
      ),
    )
    .orderBy(asc(revocationRequested.requestedAt), asc(revocationRequested.id))
    .limit(1)
    .get();

/** Whether an upload of these bytes was not looked at yet. */
export const isAwaited = (db: Db, sha256: string): boolean =>
  prepared(db, 'select 1 from revocation_requested where sha256 = ? and finished_at is null').get(sha256) !== undefined;

export const anyRequest = (db: Db): boolean =>
  db
    .select({ id: revocationRequested.id })
    .from(revocationRequested)
    .where(isNull(revocationRequested.finishedAt))
    .limit(1)
    .get() !== undefined;

export const requestsOf = (db: Db, kind: RequestRow['kind'], limit: number): RequestRow[] =>
  db
    .select()
    .from(revocationRequested)
    .where(eq(revocationRequested.kind, kind))
    .orderBy(desc(revocationRequested.requestedAt), desc(revocationRequested.id))
    .limit(limit)
    .all();
