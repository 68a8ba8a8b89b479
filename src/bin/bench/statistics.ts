// Writes src/lib/server/db/statistics.ts anew (`node src/bin/bench/statistics.ts`): run when an index of a large table was
// added or changed, then compare what `npm run bench` says before and after.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Context } from '#lib/server/context.ts';
import { databaseFile, migrate, openDatabase } from '#lib/server/db/index.ts';
import { seedEstate } from './estate.ts';

/** Those that the estate fills as a city does. */
const TABLES = `('agency', 'agency_name', 'authority', 'certificate', 'certificate_der', 'certificate_mark', 'certificate_search',
  'holder', 'holder_search', 'position', 'problem')`;

const dir = mkdtempSync(path.join(tmpdir(), 'siaga-statistics-'));
const db = openDatabase(databaseFile(dir));
migrate(db);
const ctx: Context = { db, dir, now: () => Date.parse('2026-11-22T07:00:00Z'), actor: { kind: 'system', name: 'cli' } };
seedEstate(ctx, { holders: 60_000, certificates: 100_000 });
const client = db.$client;
// As after a year: nearly all rest on one of twenty lists, a tenth have a successor.
client.exec(`update certificate set evidence_id = 'list-' || (rowid % 20) where confirmed_at is not null`);
client.exec(
  `update certificate set superseded_by_id = (select o.id from certificate o where o.rowid = certificate.rowid + 1) where rowid % 10 = 0`,
);
client.exec('analyze');
const rows = client
  .prepare(`select tbl, idx, stat from sqlite_stat1 where idx is not null and tbl in ${TABLES} order by tbl, idx`)
  .all() as { tbl: string; idx: string; stat: string }[];
// By equality it is only asked who was never confirmed.
const never = client.prepare('select count(*) from certificate where fresh_until is null').pluck().get() as number;
for (const row of rows) if (row.idx === 'certificate_by_freshness') row.stat = row.stat.replace(/ \d+/, ` ${never}`);
client.close();
rmSync(dir, { recursive: true });

const tables = Map.groupBy(rows, (row) => row.tbl);
const lines = [...tables].flatMap(([table, indexes]) => [
  `  ${table}: {`,
  ...indexes.map(({ idx, stat }) => `    ${idx}: '${stat}',`),
  '  },',
]);
writeFileSync(
  path.resolve(import.meta.dirname, '../../lib/server/db/statistics.ts'),
  [
    '// Written by src/bin/bench/statistics.ts: for each index its rows, then how many share its first column, its first two, …',
    '// (sqlite_stat1), in a city with 60.000 people and 100.000 certificates. A table that is not here counts as large.',
    'export const STATISTICS: Readonly<Record<string, Readonly<Record<string, string>>>> = {',
    ...lines,
    '};',
    '',
  ].join('\n'),
);
