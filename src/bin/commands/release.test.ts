// Commands beside a database of another release: none of them works on it, and each says what to do.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect, onTestFinished, test } from 'vitest';
import { siaga } from '#tests/support/siaga.ts';
import { databaseFile, migrate, openDatabase } from '#lib/server/db/index.ts';

const COMMANDS = [
  ['sweep'],
  ['evidence', 'add', 'a.crl'],
  ['import', 'a.cer'],
  ['trust', 'list'],
  ['certificates', 'list'],
  ['jobs', 'list'],
  ['jobs', 'run', 'sweep'],
  ['evaluate', 'status', '2026-S1'],
  ['report', 'make', 'annual-mayor', '2026'],
  ['audit', 'verify'],
  ['backup', '--out', 'keluar.tar'],
  ['user', 'disable', 'budi@batam.example'],
  ['seed', 'agencies'],
];

function folder(): string {
  const dir = mkdtempSync(path.join(tmpdir(), 'siaga-release-'));
  onTestFinished(() => rmSync(dir, { recursive: true }));
  mkdirSync(path.join(dir, 'data'));
  writeFileSync(path.join(dir, 'a.crl'), 'x');
  writeFileSync(path.join(dir, 'a.cer'), 'x');
  return dir;
}

async function refused(dir: string, word: string, commands: readonly string[][] = COMMANDS): Promise<void> {
  for (const command of commands) {
    const { code, out, err } = await siaga(dir, [...command, '--data', 'data']);
    expect([command.join(' '), code, out]).toEqual([command.join(' '), 3, '']);
    expect(err).toContain(word);
    expect(err).not.toMatch(/no such|SQLITE/i);
  }
}

test('an older database: every command says that npm start brings it up to date', { timeout: 60_000 }, async () => {
  const dir = folder();
  const fixtures = path.resolve(import.meta.dirname, '../../../tests/upgrade');
  const oldest = readdirSync(fixtures)
    .filter((name) => name.endsWith('.db.gz'))
    .sort()[0]!;
  writeFileSync(databaseFile(path.join(dir, 'data')), gunzipSync(readFileSync(path.join(fixtures, oldest))));
  await refused(dir, 'Jalankan npm start');
});

test('a newer database: commands say so and touches nothing', { timeout: 60_000 }, async () => {
  const dir = folder();
  const db = openDatabase(databaseFile(path.join(dir, 'data')));
  migrate(db);
  db.$client.exec("insert into __drizzle_migrations (hash, created_at) values ('later', 4102444800000)");
  db.$client.close();
  await refused(dir, 'lebih baru daripada program ini', [
    ['evidence', 'add', 'a.crl'],
    ['certificates', 'list'],
  ]);
});
