// Writes the fixture database of the schema as it is released: run once per release that brings a migration
// (`node tests/upgrade/make-fixture.ts NAME`), commit the file, never change it afterwards.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import * as agencies from '#lib/server/agencies/index.ts';
import * as auth from '#lib/server/auth/index.ts';
import * as certificates from '#lib/server/certificates/index.ts';
import type { Context } from '#lib/server/context.ts';
import { migrate, openDatabase } from '#lib/server/db/index.ts';
import * as evaluations from '#lib/server/evaluations/index.ts';
import * as incidents from '#lib/server/incidents/index.ts';
import * as settings from '#lib/server/settings/index.ts';
import * as ca from '../support/ca.ts';

const [name] = process.argv.slice(2);
if (!name) throw new Error('usage: make-fixture.ts NAME');
const dir = mkdtempSync(path.join(tmpdir(), 'siaga-fixture-'));
const db = openDatabase(path.join(dir, 'siaga.db'));
migrate(db);
const now = Date.parse('2026-11-22T07:05:00Z');
const setup: Context = { db, dir, now: () => now, actor: { kind: 'system', name: 'setup' } };
agencies.seed(setup);
await auth.completeSetup(setup, auth.setupLink(setup)!, {
  name: 'Galih Uji',
  email: 'galih@batam.example',
  password: 'kuda laut menari 27',
});
const admin: Context = {
  ...setup,
  actor: auth.actAs({ ...setup, actor: { kind: 'system', name: 'cli' } }, 'galih@batam.example'),
};
settings.set(admin, 'office', { ...settings.get(admin, 'office'), name: 'Dinas Uji' }, { source: 'uji' });
auth.invite(
  admin,
  {
    name: 'Rizky Uji',
    email: 'rizky@batam.example',
    position: 'Penangan',
    phone: '',
    agencyId: null,
    roles: ['handler', 'supervisor'],
  },
  'http://localhost',
);
const handler: Context = {
  ...setup,
  actor: auth.actAs({ ...setup, actor: { kind: 'system', name: 'cli' } }, 'rizky@batam.example'),
};
const root = ca.makeRoot({ notBefore: now - 4e10, notAfter: now + 4e11 });
const issuing = ca.makeIntermediate(root, { notBefore: now - 3e10, notAfter: now + 3e11 });
const leaf = ca.makeLeaf(issuing, { commonName: 'BUDI UJI', notBefore: now - 1e9 });
await certificates.importFile(handler, { name: 'budi.cer', bytes: leaf });
certificates.matchHolders(handler);
const { number } = incidents.report(
  { ...setup, actor: { kind: 'public' } },
  {
    kind: 'device_lost',
    ownerName: 'Budi Uji',
    agency: 'Kelurahan Tiban Baru',
    phone: '0812-5550-0190',
    detectedAt: '2026-11-22T13:50',
  },
);
incidents.promote(handler, number, {
  type: 'key_lost',
  title: 'HP Budi Uji hilang',
  agencyId: agencies.get(setup, '21.71.03.1006').id,
  description: 'HP hilang di pelabuhan.',
});
evaluations.openRound(handler, '2026-S2');
db.$client.exec(`vacuum into '${path.join(dir, 'small.db')}'`);
db.$client.close();
writeFileSync(
  path.join(import.meta.dirname, `${name}.db.gz`),
  gzipSync(readFileSync(path.join(dir, 'small.db')), { level: 9 }),
);
rmSync(dir, { recursive: true });
