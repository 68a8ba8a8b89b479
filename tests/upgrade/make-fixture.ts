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
import * as revocation from '#lib/server/revocation/index.ts';
import * as settings from '#lib/server/settings/index.ts';
import { readCertificate } from '#lib/server/x509/index.ts';
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
const leaf = ca.makeLeaf(issuing, {
  commonName: 'BUDI UJI',
  notBefore: now - 1e9,
  urls: ca.urlsAt('http://ca.example'),
});
await certificates.importFile(handler, { name: 'budi.cer', bytes: leaf });
certificates.matchHolders(handler);
const { id, fingerprint } = certificates.proposeAuthority(admin, { der: root.certificate, origin: 'uji' });
certificates.proposeAuthority(admin, { der: issuing.certificate, origin: 'uji' });
certificates.decideTrust(admin, id, { decision: 'accept', fingerprint, note: 'dibandingkan dengan situs' });
const jobs: Context = { ...setup, actor: { kind: 'system', name: 'jobs' } };
await certificates.runChains(jobs);
revocation.findSources(jobs);
// A hold that a later list lets go: evidence, events and what was seen when.
const list = (number: bigint, thisUpdate: number, entries: ca.CrlRequest['entries']) =>
  ca.makeCrl(issuing, { thisUpdate, nextUpdate: thisUpdate + 9e7, number, entries });
const held = { serial: readCertificate(leaf).serial, revokedAt: now - 9e6, reason: 6 as const };
for (const bytes of [list(1n, now - 8e6, [held]), list(2n, now - 4e6, [])]) {
  const { accepted, text } = await revocation.addEvidence(handler, { name: 'ca.crl', bytes });
  if (!accepted) throw new Error(text);
}
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
