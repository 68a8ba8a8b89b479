// How long the built web process takes to answer, and what web and jobs hold in memory while nothing happens. Goals only.
import { fork } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { databaseFile, migrate, openDatabase } from '#lib/server/db/index.ts';
import { MEMORY_ARGUMENTS } from '../memory-arguments.ts';
import { startWeb } from './pages.ts';

const GOAL = { seconds: 2, memoryMb: 300 };
const IDLE = 5000;

export async function starting(say: (line: string) => void): Promise<boolean> {
  if (!existsSync(path.resolve(import.meta.dirname, '../../../build/handler.js'))) {
    say('tidak diukur; jalankan npm run build dahulu');
    return true;
  }
  const dir = mkdtempSync(path.join(tmpdir(), 'siaga-bench-'));
  const db = openDatabase(databaseFile(dir));
  migrate(db);
  db.$client.close();
  const web = await startWeb(dir);
  const jobs = fork(path.resolve(import.meta.dirname, '../jobs.ts'), {
    execArgv: ['--disable-warning=ExperimentalWarning', ...MEMORY_ARGUMENTS],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    env: { ...process.env, SIAGA_DATA: dir },
  });
  try {
    const answered = await fetch(`${web.url}/sign-in`);
    await answered.arrayBuffer();
    say(`mulai sampai siap ${web.seconds.toFixed(1)} s (sasaran ${GOAL.seconds} s)`);
    await setTimeout(IDLE);
    const [own, other] = [memoryOf(web.child.pid!), memoryOf(jobs.pid!)];
    if (own !== null && other !== null)
      say(`memori diam: web ${own} MB + jobs ${other} MB = ${own + other} MB (sasaran ${GOAL.memoryMb} MB)`);
  } finally {
    const gone = [web.child, jobs].map((child) => new Promise((resolve) => child.once('exit', resolve)));
    for (const child of [web.child, jobs]) child.kill('SIGTERM');
    await Promise.all(gone);
    rmSync(dir, { recursive: true, force: true });
  }
  return true;
}

/** Resident memory of a process, where /proc says it. */
function memoryOf(pid: number): number | null {
  const status = `/proc/${pid}/status`;
  if (!existsSync(status)) return null;
  return Math.round(Number(/VmRSS:\s+(\d+)/.exec(readFileSync(status, 'utf8'))?.[1] ?? 0) / 1024);
}
