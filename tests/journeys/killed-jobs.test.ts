// kill −9 of the jobs process in the middle of a delivery and of a sweep: the next process finishes both, no letter gets
// a second identity, and nothing is lost. Real processes, a real SMTP server, a real CA.
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { SMTPServer } from 'smtp-server';
import { expect, onTestFinished, test } from 'vitest';
import * as ca from '#tests/support/ca.ts';
import * as agencies from '#lib/server/agencies/index.ts';
import * as audit from '#lib/server/audit/index.ts';
import * as auth from '#lib/server/auth/index.ts';
import { DAY, HOUR } from '#lib/server/calendar.ts';
import * as certificates from '#lib/server/certificates/index.ts';
import { transact, type Context } from '#lib/server/context.ts';
import { databaseFile, migrate, openDatabase } from '#lib/server/db/index.ts';
import * as notifications from '#lib/server/notifications/index.ts';
import * as revocation from '#lib/server/revocation/index.ts';
import * as settings from '#lib/server/settings/index.ts';
import { readCertificate } from '#lib/server/x509/index.ts';

/** A data folder of its own; whatever still runs over it is killed at the end. */
function office() {
  const dir = mkdtempSync(path.join(tmpdir(), 'siaga-kill-'));
  const db = openDatabase(databaseFile(dir));
  migrate(db);
  const setup: Context = { db, dir, now: Date.now, actor: { kind: 'system', name: 'setup' } };
  const processes: ChildProcess[] = [];
  onTestFinished(async () => {
    for (const one of processes) one.kill('SIGKILL');
    await sleep(200);
    db.$client.close();
    rmSync(dir, { recursive: true, force: true });
  });
  return { dir, db, setup, processes };
}

test('a killed jobs process loses neither a letter nor a sweep', { timeout: 120_000 }, async () => {
  const { dir, db, setup, processes } = office();
  const post = await slowPostOffice();
  const crl = await slowCrl(path.join(dir, 'authority'));
  const admin = await prepare(setup, crl);
  transact(admin, (tx) => {
    for (const name of ['satu', 'dua', 'tiga']) {
      notifications.queue(tx, {
        key: `uji:${name}`,
        subject: `Surat ${name}`,
        recipient: `${name}@batam.example`,
        body: 'Isi.',
        about: ['user', name],
        lane: 'notice',
      });
    }
  });

  const first = jobs(dir, post.url, processes);
  await until(() => post.begun.length > 0 && crl.asked() > 0);
  first.kill('SIGKILL');
  post.release();
  crl.release();
  // The time of the interrupted try's lease passes.
  db.$client.exec('update message set lease_until = lease_until - 600000 where lease_until is not null');
  jobs(dir, post.url, processes);
  const states = () => notifications.counts({ ...setup, actor: { kind: 'system', name: 'jobs' } });
  const label = () => Object.entries(certificates.counts(setup)).find(([, n]) => n > 0)![0];
  await until(() => states().sent === 3 && label() === 'revoked');

  const identities = new Map<string, Set<string>>();
  for (const { to, id } of post.arrived) identities.set(to, (identities.get(to) ?? new Set()).add(id));
  expect([...identities.keys()].sort()).toEqual(['dua@batam.example', 'satu@batam.example', 'tiga@batam.example']);
  expect([...identities.values()].every((ids) => ids.size === 1)).toBe(true);
  expect(audit.verify(setup)).toMatchObject({ ok: true });
});

test(
  'what brings the process down is begun three times, and then ends with a word to whoever asked',
  { timeout: 120_000 },
  async () => {
    const { dir, db, setup, processes } = office();
    const crl = await slowCrl(path.join(dir, 'authority'));
    const admin = await prepare(setup, crl);
    revocation.findSources(setup);
    // Nobody but the person asks: all was asked just now.
    db.$client.exec(`update revocation_source set attempted_at = ${Date.now()}, due_at = ${Date.now() + 2 * HOUR}`);
    const source = revocation.sources(admin).find(({ kind }) => kind === 'crl')!;
    const id = revocation.requestSource({ ...admin, actor: { kind: 'system', name: 'cli' } }, source.id);
    for (let death = 1; death <= 3; death++) {
      const child = jobs(dir, '', processes);
      await until(() => crl.asked() === death);
      child.kill('SIGKILL');
    }
    jobs(dir, '', processes);
    const asked = { ...setup, actor: { kind: 'system', name: 'cli' } } as const;
    await until(
      () => db.$client.prepare('select 1 from revocation_requested where finished_at is not null').get() !== undefined,
    );
    expect(await revocation.awaited(asked, id, 0)).toMatchObject({
      state: 'failed',
      text: expect.stringContaining('tiga kali'),
    });
    expect(crl.asked()).toBe(3);
    // Asked again it is a new question.
    crl.release();
    const again = revocation.requestSource(asked, source.id);
    await until(
      () => db.$client.prepare('select 1 from revocation_requested where id = ? and ok').get(again) !== undefined,
    );
    expect(db.$client.prepare('select count(*) from job_attempt').pluck().get()).toBe(0);
  },
);

async function prepare(setup: Context, crl: { base: string; local: ca.LocalCa }): Promise<Context> {
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
  settings.set(
    admin,
    'outboundAllow',
    [{ host: '127.0.0.1', port: Number(new URL(crl.base).port), why: 'uji', until: '' }],
    { source: 'uji' },
  );
  notifications.switchOn(admin, { from: 'siaga@diskominfo.example', replyTo: '', source: 'nota dinas' }, []);
  for (const { certificate } of [crl.local.root, crl.local.ca]) {
    const { id } = certificates.proposeAuthority(admin, { der: certificate, origin: 'uji' });
    if (certificate === crl.local.root.certificate)
      certificates.decideTrust(admin, id, {
        decision: 'accept',
        fingerprint: readCertificate(certificate).fingerprint,
        note: 'dibandingkan',
      });
  }
  const leaf = ca.makeLeaf(crl.local.ca, {
    commonName: 'BUDI UJI',
    notBefore: Date.now() - 50 * DAY,
    urls: crl.local.urls,
  });
  crl.local.revoke(readCertificate(leaf).serial, { revokedAt: Date.now() - DAY, reason: 1 });
  await certificates.importFile(admin, { name: 'budi.cer', bytes: leaf });
  return admin;
}

function jobs(dir: string, smtpUrl: string, processes: ChildProcess[]): ChildProcess {
  const script = path.resolve(import.meta.dirname, '../../src/bin/jobs.ts');
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', script], {
    env: { ...process.env, SIAGA_DATA: dir, SIAGA_SMTP_URL: smtpUrl },
    stdio: 'ignore',
  });
  processes.push(child);
  return child;
}

/** Takes the first letter but keeps its answer back until released, like a server that hangs after DATA. */
async function slowPostOffice() {
  const begun: string[] = [];
  const arrived: { to: string; id: string }[] = [];
  let release = () => {};
  const released = new Promise<void>((resolve) => (release = resolve));
  const server = new SMTPServer({
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    onData(stream, session, done) {
      const parts: Buffer[] = [];
      stream.on('data', (part: Buffer) => parts.push(part));
      stream.on('end', async () => {
        const text = Buffer.concat(parts).toString();
        begun.push(text);
        arrived.push({ to: session.envelope.rcptTo[0]!.address, id: /^Message-ID: (.+)$/im.exec(text)![1]!.trim() });
        await released;
        done(null, 'Ok');
      });
    },
  });
  server.on('error', () => {});
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return { url: `smtp://127.0.0.1:${(server.server.address() as AddressInfo).port}`, begun, arrived, release };
}

/** Publishes CRLs, but the first answer hangs until released. */
async function slowCrl(folder: string) {
  let asked = 0;
  let release = () => {};
  const released = new Promise<void>((resolve) => (release = resolve));
  const server = createServer(async (request, response) => {
    asked += 1;
    await released;
    const list = request.url === '/root.crl' ? local.rootCrl(Date.now()) : local.crl(Date.now());
    response.writeHead(200, { 'content-type': 'application/pkix-crl' }).end(list.der);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const local = ca.openCa(folder, { base });
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { base, local, asked: () => asked, release };
}

async function until(condition: () => boolean): Promise<void> {
  for (let tries = 0; tries < 400; tries++) {
    if (condition()) return;
    await sleep(200);
  }
  throw new Error('waited too long');
}

test(
  'killed again and again while a large list is crossed, every certificate is settled, and once',
  { timeout: 180_000 },
  async () => {
    const { dir, db, setup, processes } = office();
    const crl = await slowCrl(path.join(dir, 'authority'));
    const admin = await prepare(setup, crl);
    const COUNT = 2500;
    const leaves = Array.from({ length: COUNT }, (_, i) =>
      ca.makeLeaf(crl.local.ca, { commonName: `ORANG ${i}`, notBefore: Date.now() - 50 * DAY, urls: crl.local.urls }),
    );
    const listed = leaves.filter((_, i) => i % 10 === 0);
    for (const leaf of listed)
      crl.local.revoke(readCertificate(leaf).serial, { revokedAt: Date.now() - DAY, reason: 4 });
    await certificates.importFile(admin, { name: 'semua.pem', bytes: pem(leaves) });
    // Every settled certificate takes its time, so that the process can be killed in the middle.
    db.$client.exec(
      `create trigger slow after update of revocation on certificate begin
       select count(*) from (with recursive c(x) as (select 1 union all select x + 1 from c where x < 3000) select x from c);
     end`,
    );
    crl.release();
    const settled = () =>
      db.$client.prepare("select count(*) from certificate where revocation <> 'undetermined'").pluck().get() as number;
    const seen: number[] = [];
    for (let kill = 0; kill < 4; kill++) {
      const before = settled();
      const child = jobs(dir, '', processes);
      await until(() => settled() > before || settled() > COUNT);
      child.kill('SIGKILL');
      await sleep(100);
      seen.push(settled());
    }
    expect(seen[0]).toBeGreaterThan(0);
    expect(seen[0]).toBeLessThan(COUNT);
    jobs(dir, '', processes);
    await until(
      () =>
        settled() === COUNT + 1 &&
        db.$client.prepare('select count(*) from revocation_line where applied_evidence_id is null').pluck().get() ===
          0,
    );
    const events = db.$client
      .prepare("select certificate_id as id, count(*) as n from status_event where facet = 'revocation' group by 1")
      .all() as { id: string; n: number }[];
    expect(events).toHaveLength(COUNT + 1);
    expect(events.filter(({ n }) => n !== 1)).toEqual([]);
    const revoked = db.$client.prepare("select count(*) from certificate where revocation = 'revoked'").pluck().get();
    expect(revoked).toBe(listed.length + 1);
    const swept = db.$client
      .prepare("select json_extract(leaf, '$.details.count') as n from audit_entry where action = 'statuses.swept'")
      .pluck()
      .all() as number[];
    expect(swept.reduce((sum, n) => sum + Number(n), 0)).toBe(COUNT + 1);
    expect(audit.verify(setup)).toMatchObject({ ok: true });
    expect((await revocation.rederiveAll({ ...setup, actor: { kind: 'system', name: 'jobs' } })).differences).toEqual(
      [],
    );
  },
);

const pem = (certificates: readonly Buffer[]): Buffer =>
  Buffer.from(
    certificates
      .map((der) => `-----BEGIN CERTIFICATE-----\n${der.toString('base64')}\n-----END CERTIFICATE-----\n`)
      .join(''),
  );
