// Queries over what BSrE's portal said of certificates, list by list. Nothing here touches a certificate's own facets.
import { and, desc, eq, isNull, ne } from 'drizzle-orm';
import { connection, newId, type Db } from '../db/index.ts';
import type { PortalWord } from './portal-word.ts';
import { importRun, portalSaid } from './schema-import.ts';

/** What was said last; nothing of an import that was voided. */
export const last = (db: Db, certificateId: string) =>
  db
    .select()
    .from(portalSaid)
    .where(and(eq(portalSaid.certificateId, certificateId), isNull(portalSaid.endedAt)))
    .get();

/** Everything lists said of a certificate, newest first, with the import each came by; voided ones aside. */
export const all = (db: Db, certificateId: string) =>
  db
    .select({
      word: portalSaid.word,
      at: portalSaid.at,
      importId: portalSaid.importId,
      number: importRun.number,
    })
    .from(portalSaid)
    .innerJoin(importRun, eq(importRun.id, portalSaid.importId))
    .where(and(eq(portalSaid.certificateId, certificateId), ne(importRun.state, 'voided')))
    .orderBy(desc(portalSaid.at), desc(portalSaid.id))
    .all();

/** A newer list takes the place of the one before. */
export function say(db: Db, certificateId: string, said: { word: PortalWord; importId: string; at: number }): void {
  const client = connection(db);
  client
    .prepare('update portal_said set ended_at = max(at, ?) where certificate_id = ? and ended_at is null')
    .run(said.at, certificateId);
  client
    .prepare('insert into portal_said (id, certificate_id, word, import_id, at) values (?, ?, ?, ?, ?)')
    .run(newId(said.at), certificateId, said.word, said.importId, said.at);
}

/** Takes back what a voided import said: the list before it holds again, where no later one was read. */
export function unsay(db: Db, importId: string, now: number): void {
  const client = connection(db);
  const taken = client
    .prepare(
      'update portal_said set ended_at = max(at, :now) where import_id = :importId and ended_at is null returning certificate_id',
    )
    .pluck()
    .all({ importId, now }) as string[];
  const reopen = client.prepare(
    `update portal_said set ended_at = null where id = (
      select x.id from portal_said x join import_run r on r.id = x.import_id
       where x.certificate_id = ? and x.import_id <> ? and r.state <> 'voided' order by x.at desc, x.id desc limit 1)`,
  );
  for (const certificateId of taken) reopen.run(certificateId, importId);
}
