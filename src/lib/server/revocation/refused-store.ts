// Queries over refused objects.
import { and, desc, eq, inArray, isNotNull, isNull } from 'drizzle-orm';
import { newId, type Db } from '../db/index.ts';
import { revocationRefused } from './schema.ts';

export type RefusedRow = typeof revocationRefused.$inferSelect;

const KEPT_REFUSALS = 10;
const KEPT_BYTES = 64 * 1024;

/** Keeps a refused object: the last ten of a source, at most 64 kB of each (§12). */
export function addRefused(
  db: Db,
  row: Omit<typeof revocationRefused.$inferInsert, 'id' | 'bytes' | 'size'> & { bytes: Buffer },
): string {
  const id = newId(row.at);
  db.insert(revocationRefused)
    .values({ id, ...row, size: row.bytes.length, bytes: row.bytes.subarray(0, KEPT_BYTES) })
    .run();
  const sameSource = row.sourceId ? eq(revocationRefused.sourceId, row.sourceId) : isNull(revocationRefused.sourceId);
  const old = db
    .select({ id: revocationRefused.id })
    .from(revocationRefused)
    .where(and(sameSource, isNotNull(revocationRefused.bytes)))
    .orderBy(desc(revocationRefused.at), desc(revocationRefused.id))
    .limit(1000)
    .offset(KEPT_REFUSALS)
    .all();
  // Of older ones the hash stays; only the bytes go.
  if (old.length)
    db.update(revocationRefused)
      .set({ bytes: null })
      .where(
        inArray(
          revocationRefused.id,
          old.map((r) => r.id),
        ),
      )
      .run();
  return id;
}

export const refusedOfSource = (db: Db, sourceId: string, limit: number): RefusedRow[] =>
  db
    .select()
    .from(revocationRefused)
    .where(eq(revocationRefused.sourceId, sourceId))
    .orderBy(desc(revocationRefused.at))
    .limit(limit)
    .all();
