// How long the built web process takes to answer, and what web and jobs hold in memory while nothing happens. Goals only.
import { fork } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { databaseFile, migrate, openDatabase } from '#lib/server/db/index.ts';
import { MEMORY_ARGUMENTS, MEMORY_ENVIRONMENT } from '../memory-arguments.ts';
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
    env: { ...process.env, ...MEMORY_ENVIRONMENT, SIAGA_DATA: dir },
  });
  try {
    const answered = await fetch(`${web.url}/sign-in`);
    await answered.arrayBuffer();
    say(`mulai sampai siap ${web.seconds.toFixed(1)} s (sasaran ${GOAL.seconds} s)`);
    await setTimeout(IDLE);
    const [own, other] = [memoryOf(web.child.pid!), memoryOf(jobs.pid!)];
    if (own && other) {
      const program = Math.max(own.program, other.program);
      const sum = own.alone + other.alone + program;
      say(
        `memori diam: web ${own.alone} MB + jobs ${other.alone} MB + program ${program} MB = ${sum} MB (sasaran ${GOAL.memoryMb} MB)`,
      );
    }
  } finally {
    const gone = [web.child, jobs].map((child) => new Promise((resolve) => child.once('exit', resolve)));
    for (const child of [web.child, jobs]) child.kill('SIGTERM');
    await Promise.all(gone);
    rmSync(dir, { recursive: true, force: true });
  }
  return true;
}

/**
 * What a process holds alone, and the pages of program files, which the machine holds once for both (MB; null where /proc
 * does not say).
 */
function memoryOf(pid: number): { alone: number; program: number } | null {
  const status = `/proc/${pid}/status`;
  if (!existsSync(status)) return null;
  const text = readFileSync(status, 'utf8');
  const of = (name: string) => Math.round(Number(new RegExp(`${name}:\\s+(\\d+)`).exec(text)?.[1] ?? 0) / 1024);
  return { alone: of('RssAnon') + of('RssShmem'), program: of('RssFile') };
}
