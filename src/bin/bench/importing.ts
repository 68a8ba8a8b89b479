// Benchmark of importing 100.000 certificates from one ZIP. Fails when it is slower than half the rate of a bare loop
// that reads the same ZIP, parses with node:crypto and inserts the DER (same run, same pragmas); memory of the importing
// process (500 MB) and the time of pages meanwhile (100 ms) are goals.
import { fork } from 'node:child_process';
import { createReadStream, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as auth from '#lib/server/auth/index.ts';
import * as certificates from '#lib/server/certificates/index.ts';
import { LIMITS } from '#lib/server/containers/index.ts';
import type { Context, UserActor } from '#lib/server/context.ts';
import { databaseFile, migrate, newId, openDatabase, type RootDb } from '#lib/server/db/index.ts';
import * as files from '#lib/server/files/index.ts';
import { MEMORY_ARGUMENTS, MEMORY_ENVIRONMENT } from '../memory-arguments.ts';
import { certificatesZip, type Sample } from './certificates-zip.ts';
import type { Report } from './child.ts';
import { pagesMeanwhile, type PageTimes } from './pages.ts';

const LEAST_RATIO = 0.5;
const GOAL = { peakMb: 500, pageMs: 100 };

export async function importing(say: (line: string) => void, count = 100_000): Promise<boolean> {
  const sample = await certificatesZip(count, say);
  const dir = mkdtempSync(path.join(tmpdir(), 'siaga-bench-'));
  try {
    const bare = await measured('bare', mkdtempSync(path.join(dir, 'bare-')), sample.zip);
    say(`polos (node:crypto + DER): ${rate(bare)}, CPU ${bare.cpuSeconds.toFixed(1)} s`);
    await prepare(dir, sample, say);
    const ours = await measured('import', dir, sample.zip);
    const ratio = ours.count / ours.seconds / (bare.count / bare.seconds);
    say(`Siaga: ${rate(ours)}, CPU ${ours.cpuSeconds.toFixed(1)} s`);
    say(`rasio ${ratio.toFixed(2)} (paling sedikit ${LEAST_RATIO})${ratio < LEAST_RATIO ? ' GAGAL' : ''}`);
    say(`memori puncak ${ours.peakMb.toFixed(0)} MB (sasaran ${GOAL.peakMb} MB)`);
    const times = await whilePaging(mkdtempSync(path.join(dir, 'pages-')), sample);
    if (times)
      say(`halaman selama impor: p95 ${times.p95.toFixed(0)} ms dari ${times.count} (sasaran ${GOAL.pageMs} ms)`);
    else say('halaman selama impor: tidak diukur; jalankan npm run build dahulu');
    return ours.count === count && ratio >= LEAST_RATIO;
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

/** The same import again, with somebody at work: on two cores pages would otherwise be counted against the import. */
async function whilePaging(dir: string, sample: Sample): Promise<PageTimes | null> {
  if (!existsSync(path.resolve(import.meta.dirname, '../../../build/handler.js'))) return null;
  const pages = await pagesMeanwhile(dir, await prepare(dir, sample, () => {}));
  await measured('import', dir, sample.zip);
  return pages.end();
}

const rate = ({ count, seconds }: Report): string =>
  `${count} sertifikat dalam ${seconds.toFixed(1)} s, ${(count / seconds).toFixed(0)} per detik`;

/** A database with its issuers trusted and the import requested. @returns a signed-in session for pages */
async function prepare(dir: string, sample: Sample, say: (line: string) => void): Promise<string> {
  const db = openDatabase(databaseFile(dir));
  migrate(db);
  const ctx: Context = { db, dir, now: Date.now, actor: { kind: 'system', name: 'jobs' } };
  const session = person(db, ctx);
  const { id, fingerprint } = certificates.proposeAuthority(ctx, { der: sample.root, origin: 'uji' });
  certificates.proposeAuthority(ctx, { der: sample.intermediate, origin: 'uji' });
  const administrator: UserActor = {
    kind: 'user',
    id: 'u',
    name: 'u',
    roles: ['administrator'],
    agencyId: null,
    agencies: 'all',
    session: 'bench',
  };
  certificates.decideTrust({ ...ctx, actor: administrator }, id, { decision: 'accept', fingerprint, note: 'uji' });
  await certificates.runChains(ctx);
  const started = performance.now();
  const arrived = await files.receive(ctx, createReadStream(sample.zip), LIMITS.archiveBytes);
  await certificates.requestImport(ctx, { files: [{ ...arrived, name: 'sertifikat.zip' }] });
  say(`diterima dan dicari kunci privatnya dalam ${((performance.now() - started) / 1000).toFixed(1)} s`);
  db.$client.close();
  return session;
}

/** A supervisor who looks at pages. @returns the session */
export function person(db: RootDb, ctx: Context): string {
  const [id, now] = [newId(ctx.now()), ctx.now()];
  db.$client
    .prepare(`insert into user (id, email, name, created_at) values (?, 'uji@siaga.example', 'Uji', ?)`)
    .run(id, now);
  db.$client
    .prepare(
      `insert into user_role (id, user_id, role, granted_by, granted_at) values (?, ?, 'supervisor', 'system:setup', ?)`,
    )
    .run(newId(now), id, now);
  return auth.demoSignIn(ctx, 'supervisor', { demo: true, loopback: true }).token;
}

function measured(task: 'bare' | 'import', dir: string, zip: string): Promise<Report> {
  const child = fork(path.join(import.meta.dirname, 'child.ts'), [task, dir, zip], {
    // The bare loop is plain Node; only our processes are told to be small.
    execArgv: ['--disable-warning=ExperimentalWarning', ...(task === 'bare' ? [] : MEMORY_ARGUMENTS)],
    env: { ...process.env, ...(task === 'bare' ? {} : MEMORY_ENVIRONMENT) },
  });
  return new Promise((resolve, reject) => {
    child.once('message', (report) => resolve(report as Report));
    child.once('exit', (code) => reject(new Error(`${task} berakhir dengan ${code}`)));
  });
}
