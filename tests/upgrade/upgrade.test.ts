// A database of every released schema comes up to date with nothing lost, and the schema keeps its triggers: drizzle-kit
// rebuilds a table when a CHECK changes and drops the table's triggers silently.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, onTestFinished, test } from 'vitest';
import { makeWorld } from '#tests/support/world.ts';
import * as audit from '#lib/server/audit/index.ts';
import * as certificates from '#lib/server/certificates/index.ts';
import type { Context } from '#lib/server/context.ts';
import { migrate, openDatabase, pendingMigrations, type RootDb } from '#lib/server/db/index.ts';
import * as incidents from '#lib/server/incidents/index.ts';

const fixtures = readdirSync(import.meta.dirname).filter((name) => name.endsWith('.db.gz'));

function opened(name: string): RootDb {
  const dir = mkdtempSync(path.join(tmpdir(), 'siaga-upgrade-'));
  writeFileSync(path.join(dir, 'siaga.db'), gunzipSync(readFileSync(path.join(import.meta.dirname, name))));
  const db = openDatabase(path.join(dir, 'siaga.db'));
  onTestFinished(() => {
    db.$client.close();
    rmSync(dir, { recursive: true });
  });
  return db;
}

const jobs = (db: RootDb): Context => ({
  db,
  dir: path.dirname(db.$client.name),
  now: () => Date.parse('2026-11-23T00:00:00Z'),
  actor: { kind: 'system', name: 'jobs' },
});

describe('a database of an earlier release', () => {
  test.each(fixtures)('%s comes up to date with its trail, certificates and incidents', (name) => {
    const db = opened(name);
    migrate(db);
    const ctx = jobs(db);
    expect(pendingMigrations(db)).toBe(0);
    expect(audit.verify(ctx)).toMatchObject({ ok: true });
    expect(certificates.list(ctx).rows.map((row) => row.name)).toEqual(['BUDI UJI']);
    expect(incidents.get(ctx, 'INS-2026-0001').obligations).toHaveLength(2);
    expect(db.$client.pragma('foreign_key_check')).toEqual([]);
  });

  test.each(fixtures.filter((name) => name >= '0.3'))('%s keeps what its lists said', (name) => {
    const db = opened(name);
    migrate(db);
    const events = db.$client.prepare(`select "to" from status_event where facet = 'revocation' order by at, rowid`);
    expect(events.pluck().all()).toEqual(['on_hold', 'released']);
    expect(certificates.list(jobs(db)).rows[0]).toMatchObject({ revocation: 'released', chain: 'anchored' });
  });

  test.each([
    ['alerts', 'cancelled', '', 'Peringatan (isi dan perihalnya dihapus)'],
    ['alerts', 'queued', 'Sertifikat ANI berakhir.', 'Siaga: sertifikat ANI berakhir'],
    ['incident', 'cancelled', '', 'Siaga: sertifikat ANI berakhir'],
  ])('the subject of a message about %s, %s with text "%s", becomes "%s"', (kind, state, body, subject) => {
    const db = opened('0.5.0.db.gz');
    db.$client
      .prepare(`update message set subject = 'Siaga: sertifikat ANI berakhir', subject_kind = ?, state = ?, body = ?`)
      .run(kind, state, body);
    migrate(db);
    expect(db.$client.prepare('select subject from message').pluck().all()).toEqual([subject]);
  });

  test('there is one for the schema of this release', () => {
    expect(fixtures.length).toBeGreaterThan(0);
  });
});

test('all triggers written by hand are there after all migrations', () => {
  const { db } = makeWorld();
  const found = db.$client.prepare("select name from sqlite_master where type = 'trigger' order by name").pluck().all();
  const folder = path.resolve(import.meta.dirname, '../../drizzle');
  const written = readdirSync(folder)
    .filter((name) => name.endsWith('.sql'))
    .flatMap((name) => [
      ...readFileSync(path.join(folder, name), 'utf8').matchAll(/CREATE TRIGGER (?:IF NOT EXISTS )?[`"]?(\w+)/gi),
    ])
    .map(([, name]) => name!);
  expect(found).toEqual([...new Set(written)].sort());
  expect(found).toEqual(
    expect.arrayContaining(['audit_entry_no_update', 'audit_entry_no_delete', 'status_event_no_update']),
  );
});
