// Queries over certificates about which their responders had nothing to say.
import { eq } from 'drizzle-orm';
import { prepared } from '../db/bulk.ts';
import type { Db } from '../db/index.ts';
import { revocationUnanswered } from './schema-asking.ts';

export const unansweredAbout = (db: Db, certificateId: string): typeof revocationUnanswered.$inferSelect | undefined =>
  db.select().from(revocationUnanswered).where(eq(revocationUnanswered.certificateId, certificateId)).get();

export function putUnanswered(db: Db, row: typeof revocationUnanswered.$inferInsert): void {
  const { refusals, dueAt } = row;
  db.insert(revocationUnanswered)
    .values(row)
    .onConflictDoUpdate({ target: revocationUnanswered.certificateId, set: { refusals, dueAt } })
    .run();
}

/** It was answered about. */
export const endUnanswered = (db: Db, certificateId: string): void =>
  void prepared(db, 'delete from revocation_unanswered where certificate_id = ?').run(certificateId);
