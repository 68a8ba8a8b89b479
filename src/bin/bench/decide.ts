// Benchmark of deciding: 100.000 certificates of 20 CAs against 20 lists. Fails when a sweep that brings new lists takes
// more than MOST_RATIO times the bare SQL that writes the same facts in the same run, when a sweep writes more rows than
// changed (one that only confirms lists: MOST_CONFIRMED of the certificates), or decides wrongly; five seconds for the
// decisions are a goal.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { HOUR } from '#lib/server/calendar.ts';
import { isConfirmedAfterSql } from '#lib/server/certificates/freshness-sql.ts';
import type { Context } from '#lib/server/context.ts';
import { connection, databaseFile, migrate, openDatabase } from '#lib/server/db/index.ts';
import * as revocation from '#lib/server/revocation/index.ts';
import { ADMINISTRATOR, playing, published, register, type Register } from './issued.ts';

const GOAL_SECONDS = 5;
const MOST_RATIO = 5;
const SIZE = { issuers: 20, certificates: 100_000 };
/** Revoked at first, and newly revoked by the next lists, of each CA. */
const FIRST = 150;
const NEWLY = 10;
/** For each status that changes: the event, the entry of the list, the signal, its line of the trail. */
const ROWS_PER_CHANGE = 4;
/** For each source: itself, its evidence, file, line, reading of the clock, trail; and the trail of each chunk of its certificates. */
const ROWS_PER_SOURCE = 60;
/** Rows that a sweep writes which confirms every list and brings none, of the certificates that it confirms. */
const MOST_CONFIRMED = 0.01;
const START = Date.parse('2026-11-22T07:00:00Z');

export async function decide(say: (line: string) => void, size = SIZE): Promise<boolean> {
  const dir = mkdtempSync(path.join(tmpdir(), 'siaga-bench-'));
  const db = openDatabase(databaseFile(dir));
  try {
    migrate(db);
    const clock = { at: START };
    const ctx: Context = { db, dir, now: () => clock.at, actor: { kind: 'system', name: 'jobs' } };
    const world = register({ ...ctx, actor: { kind: 'system', name: 'cli' } }, ADMINISTRATOR, size);
    return await measure(ctx, world, say, clock);
  } finally {
    db.$client.close();
    rmSync(dir, { recursive: true, force: true });
  }
}

async function measure(ctx: Context, world: Register, say: (line: string) => void, clock: { at: number }) {
  const issuers = world.issuers.length;
  const total = world.issuers.reduce((sum, { serials }) => sum + serials.length, 0);
  const client = connection(ctx.db);
  const changes = () => client.prepare('select total_changes()').pluck().get() as number;
  let lists = published(world, clock.at, 1, FIRST);
  const sweep = async (what: string) => {
    const outbound = playing(lists, ctx.now);
    const run = () => revocation.sweep(ctx, { outbound, force: true });
    const before = changes();
    const { result, ...times } = await timed(run);
    const rows = changes() - before;
    say(
      `${what.padEnd(32)} ${inWords(times)}  ${String(rows).padStart(7)} baris ditulis, ${result.changed} status berubah, ${result.revoked} dicabut`,
    );
    return { ...result, ...times, rows };
  };
  say(`${total} sertifikat, ${issuers} CRL`);
  const first = await sweep('pertama kali');
  const confirm = async (what: string) => {
    clock.at += HOUR;
    const done = await sweep(what);
    const row = `select count(*) from certificate c where ${isConfirmedAfterSql(clock.at - 1, 'c')}`;
    expect(`${what}: sertifikat yang dikonfirmasi`, client.prepare(row).pluck().get() as number, total);
    return done;
  };
  const confirmed = [await confirm('daftar sama, dikonfirmasi'), await confirm('dikonfirmasi lagi')];
  clock.at += HOUR;
  lists = published(world, clock.at, 2, FIRST + NEWLY);
  const next = await sweep('daftar baru');
  const again = await sweep('sekali lagi, pada saat yang sama');
  confirmed.push(await confirm('daftar baru, dikonfirmasi'));

  expect('status pertama', first.changed, total);
  expect('dicabut pertama', first.revoked, issuers * FIRST);
  expect(
    'status berubah tanpa daftar baru',
    again.changed + confirmed.reduce((sum, { changed }) => sum + changed, 0),
    0,
  );
  expect('status berubah oleh daftar baru', next.changed, issuers * NEWLY);
  // A row for each certificate where its evidence or its instants moved, and no more; the rest is what a source costs.
  const most = (certificates: number, changed: number) =>
    certificates + ROWS_PER_CHANGE * changed + issuers * ROWS_PER_SOURCE;
  const held = [
    bounded(say, 'baris pertama kali', first.rows, most(total, total)),
    ...confirmed.map(({ rows }) => bounded(say, 'baris konfirmasi', rows, MOST_CONFIRMED * total)),
    bounded(say, 'baris daftar baru', next.rows, most(total, issuers * NEWLY)),
    bounded(say, 'baris tanpa yang baru', again.rows, most(0, 0)),
  ];
  const bare = await timed(() => Promise.resolve(bareSql(ctx, world)));
  const ratio = next.cpuMs / bare.cpuMs;
  const written = Math.max(...confirmed.map(({ rows }) => rows));
  say(
    `konfirmasi: ${written} baris untuk ${total} sertifikat, ${((100 * written) / total).toFixed(2)} % (batas ${100 * MOST_CONFIRMED} %)`,
  );
  say(`SQL polos untuk fakta yang sama  ${inWords(bare)}`);
  say(
    `daftar baru: ${ratio.toFixed(1)} kali SQL polos (batas ${MOST_RATIO})${ratio > MOST_RATIO ? '  GAGAL' : ''}; ${(next.ms / 1000).toFixed(1)} s (sasaran ${GOAL_SECONDS} s)`,
  );
  return held.every(Boolean) && ratio <= MOST_RATIO;
}

/**
 * The plainest program with the same facts: every certificate of the issuer read with what decides about it, its serial
 * looked up, the evidence and the instants of each written in one transaction for each issuer.
 */
function bareSql({ db, now }: Context, world: Register): number {
  const client = connection(db);
  const read = client.prepare(
    `select id, serial, revocation, revocation_reason, revoked_at, evidence_id, this_update, next_update, confirmed_at, fresh_until
       from certificate where authority_id = ?`,
  );
  const write = client.prepare(
    `update certificate set revocation = ?, evidence_id = ?, this_update = ?, next_update = ?, confirmed_at = ?, fresh_until = ? where id = ?`,
  );
  const at = now();
  let written = 0;
  for (const { authorityId, serials } of world.issuers) {
    const listed = new Set(serials.slice(0, FIRST + 2 * NEWLY));
    client
      .transaction(() => {
        for (const row of read.all(authorityId) as { id: string; serial: string; revocation: string }[]) {
          const revocation = listed.has(row.serial) ? 'revoked' : row.revocation;
          written += write.run(revocation, `polos-${authorityId}`, at, at + HOUR, at + 1, at + HOUR, row.id).changes;
        }
      })
      .immediate();
  }
  return written;
}

type Times = { ms: number; cpuMs: number };
const inWords = ({ ms, cpuMs }: Times): string =>
  `CPU ${(cpuMs / 1000).toFixed(2).padStart(5)} s (${(ms / 1000).toFixed(2)} s)`;

async function timed<T>(run: () => Promise<T>): Promise<Times & { result: T }> {
  const spent = process.cpuUsage();
  const began = performance.now();
  const result = await run();
  const { user, system } = process.cpuUsage(spent);
  return { result, ms: performance.now() - began, cpuMs: (user + system) / 1000 };
}

function bounded(say: (line: string) => void, what: string, rows: number, most: number): boolean {
  if (rows <= most) return true;
  say(`GAGAL: ${what} ${rows}, paling banyak ${most}`);
  return false;
}

/** A wrong answer is no measurement. */
function expect(what: string, found: number, wanted: number): void {
  if (found !== wanted) throw new Error(`${what}: ${found}, seharusnya ${wanted}`);
}
