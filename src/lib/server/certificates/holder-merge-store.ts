// Queries for merging: how two records stand, the merge itself, and putting positions and names back.
import { eq } from 'drizzle-orm';
import { connection, type Db } from '../db/index.ts';
import type { Held } from './holder-merge-plan.ts';
import { STANDS } from './holder-sql.ts';
import { holderMerge, type MergeState } from './schema-holder.ts';

export const insert = (db: Db, row: typeof holderMerge.$inferInsert): void =>
  void db.insert(holderMerge).values(row).run();

export const mergeOf = (db: Db, holderId: string) =>
  db.select().from(holderMerge).where(eq(holderMerge.holderId, holderId)).get();

/** All positions of these records, in a fixed order. */
export const held = (db: Db, ids: readonly string[]): Held[] =>
  connection(db)
    .prepare(
      `select id, holder_id as holderId, agency_id as agencyId, title, "from", "to" from position
        where holder_id in (select value from json_each(?)) and ${STANDS} order by "from" desc, id`,
    )
    .all(JSON.stringify(ids)) as Held[];

/** Positions, other names and earlier merges of one record go to the other; it is used no more. */
export function absorb(db: Db, row: { fromId: string; intoId: string; positions: readonly Held[]; now: number }): void {
  const client = connection(db);
  const place = client.prepare('update position set holder_id = ?, "to" = ? where id = ?');
  for (const held of row.positions) place.run(held.holderId, held.to, held.id);
  client.prepare('update or ignore holder_alias set holder_id = ? where holder_id = ?').run(row.intoId, row.fromId);
  client.prepare('update holder set archived_at = ? where id = ?').run(row.now, row.fromId);
  // Who was merged into the record that is merged now follows.
  client.prepare('update holder_merge set into_id = ? where into_id = ?').run(row.intoId, row.fromId);
}

/** Everything of these records that a merge touches, in a fixed order, so that two states can be compared. */
export function stateOf(db: Db, ids: readonly string[]): MergeState {
  const all = <T>(sql: string) =>
    connection(db)
      .prepare(sql.replaceAll('among', '(select value from json_each(:ids))'))
      .all({ ids: JSON.stringify(ids) }) as T[];
  const facts = all<{ id: string } & MergeState['facts'][string]>(
    `select id, nip, email, title_before as titleBefore, title_after as titleAfter from holder where id in among order by id`,
  );
  return {
    facts: Object.fromEntries(facts.map(({ id, ...said }) => [id, said])),
    positions: all(`select id, holder_id as holderId, "to" from position where holder_id in among order by id`),
    aliases: all(`select id, holder_id as holderId from holder_alias where holder_id in among order by id`),
    certificates: all(
      `select id, holder_id as holderId, agency_id as agencyId from certificate where holder_id in among order by id`,
    ),
    // Earlier merges into one of them; not the one between them.
    merges: all(
      `select holder_id as holderId, into_id as intoId from holder_merge
        where into_id in among and holder_id not in among order by holder_id`,
    ),
  };
}

/** Positions, other names and earlier merges as they were; the merge itself is gone, the trail tells of it. */
export function remove(db: Db, holderId: string, { before, after }: { before: MergeState; after: MergeState }): void {
  const client = connection(db);
  const place = client.prepare('update position set holder_id = ?, "to" = ? where id = ?');
  for (const row of before.positions) place.run(row.holderId, row.to, row.id);
  const name = client.prepare('update holder_alias set holder_id = ? where id = ?');
  for (const row of before.aliases) name.run(row.holderId, row.id);
  const gained = after.aliases.filter((row) => !before.aliases.some((was) => was.id === row.id));
  for (const row of gained) client.prepare('delete from holder_alias where id = ?').run(row.id);
  for (const row of before.merges) {
    client.prepare('update holder_merge set into_id = ? where holder_id = ?').run(row.intoId, row.holderId);
  }
  client.prepare('delete from holder_merge where holder_id = ?').run(holderId);
}
