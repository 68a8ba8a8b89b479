// The process that is measured: alone with one task, it reports its time and its greatest memory to the benchmark.
// `bare`: read the ZIP, parse with node:crypto and insert the DER, nothing else. `import`: what the jobs process does with
// a request. Both read the same ZIP within the time that counts, because the rate is that of an import "from one ZIP".
import { createHash, X509Certificate } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import type { Context } from '#lib/server/context.ts';
import * as certificates from '#lib/server/certificates/index.ts';
import { members } from '#lib/server/containers/archive.ts';
import { fileSource } from '#lib/server/containers/source.ts';
import { databaseFile, openDatabase } from '#lib/server/db/index.ts';
import * as jobs from '#lib/server/jobs/index.ts';
import { outbound } from '#lib/server/outbound/index.ts';
import { roomForThreads } from '../memory-arguments.ts';
import { yieldToPages } from '../priority.ts';

export type Report = { seconds: number; cpuSeconds: number; peakMb: number; count: number };

const [task, dir = '', zip = ''] = process.argv.slice(2);
const db = openDatabase(databaseFile(dir));
roomForThreads();

async function bare(): Promise<number> {
  start();
  const ders: Buffer[] = [];
  for await (const member of members(fileSource(zip), { bytes: Infinity, members: Infinity })) {
    if ('bytes' in member && member.bytes) ders.push(member.bytes);
  }
  db.$client.exec(
    'create table bare (fingerprint text primary key, der blob not null, stored_at integer not null) strict',
  );
  const insert = db.$client.prepare('insert into bare (fingerprint, der, stored_at) values (?, ?, ?)');
  const chunk = db.$client.transaction((part: Buffer[]) => {
    for (const der of part) {
      const certificate = new X509Certificate(der);
      insert.run(createHash('sha256').update(certificate.raw).digest('hex'), der, Date.now());
    }
  });
  for (let at = 0; at < ders.length; at += 500) chunk.immediate(ders.slice(at, at + 500));
  return ders.length;
}

async function imported(): Promise<number> {
  // As the jobs process does.
  yieldToPages();
  start();
  const ctx: Context = { db, dir, now: Date.now, actor: { kind: 'system', name: 'jobs' } };
  await jobs.runNow(ctx, 'imports', { outbound, smtpUrl: '' });
  return certificates.imports(ctx).rows[0]!.totals.certificatesNew;
}

let began = performance.now();
let spent = process.cpuUsage();
function start(): void {
  began = performance.now();
  spent = process.cpuUsage();
}

/** Linux hands the parent's greatest memory on to its children (getrusage); /proc knows this process's own. */
function peakMb(): number {
  const status = existsSync('/proc/self/status') ? readFileSync('/proc/self/status', 'utf8') : '';
  return Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? process.resourceUsage().maxRSS) / 1024;
}

const count = await (task === 'bare' ? bare() : imported());
const cpu = process.cpuUsage(spent);
const report: Report = {
  count,
  seconds: (performance.now() - began) / 1000,
  cpuSeconds: (cpu.user + cpu.system) / 1e6,
  peakMb: peakMb(),
};
db.$client.close();
process.send!(report, () => process.exit(0));
