// What the query planner is told about the tables: the same in every office, whatever it holds today. Plans that are tested
// are then the plans that run. SQLite's own counting (ANALYZE, PRAGMA optimize) would describe an estate as it stood one
// night: before the first list came no certificate rests on evidence, and what is fast the day after would be read from
// end to end.
import type Database from 'better-sqlite3';
import { STATISTICS } from './statistics.ts';

/** Replaces whatever the database knows about itself. Other connections learn it when they open it. */
export function pinPlans(client: Database.Database): void {
  client.exec('analyze sqlite_schema');
  const own = client.prepare("select name from sqlite_schema where name like 'sqlite_stat_'").pluck().all();
  for (const table of own) client.exec(`delete from ${table}`);
  const put = client.prepare(
    "insert into sqlite_stat1 (tbl, idx, stat) select ?, ?, ? where exists (select 1 from sqlite_schema where type = 'index' and name = ?)",
  );
  for (const [table, indexes] of Object.entries(STATISTICS)) {
    for (const [index, counts] of Object.entries(indexes)) put.run(table, index, counts, index);
  }
  client.exec('analyze sqlite_schema');
}
