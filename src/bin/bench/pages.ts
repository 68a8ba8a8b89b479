// The web process beside a benchmark: started on the same data folder and asked for pages, one after the other, as a
// person would who works meanwhile.
import { fork, type ChildProcess } from 'node:child_process';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { MEMORY_ARGUMENTS, MEMORY_ENVIRONMENT } from '../memory-arguments.ts';

const PAGES = ['/', '/certificates', '/certificates?q=pegawai', '/imports', '/work', '/certificates/import'];
const PAUSE = 100;

export type PageTimes = { count: number; p95: number; p99: number; failed: number };

/** Starts the built web process. @returns its address once it is ready */
export function startWeb(dir: string): Promise<{ child: ChildProcess; url: string; seconds: number }> {
  const started = performance.now();
  const child = fork(path.resolve(import.meta.dirname, '../web.ts'), {
    execArgv: ['--disable-warning=ExperimentalWarning', ...MEMORY_ARGUMENTS],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    env: { ...process.env, ...MEMORY_ENVIRONMENT, SIAGA_DATA: dir, HOST: '127.0.0.1', PORT: '0', ORIGIN: '' },
  });
  return new Promise((resolve, reject) => {
    child.once('message', (message) => {
      const seconds = (performance.now() - started) / 1000;
      resolve({ child, url: (message as { ready: string }).ready, seconds });
    });
    child.once('exit', (code) => reject(new Error(`web berakhir dengan ${code}`)));
  });
}

export async function pagesMeanwhile(dir: string, session: string): Promise<{ end: () => Promise<PageTimes> }> {
  const { child, url } = await startWeb(dir);
  const ask = async (page: string) => {
    const started = performance.now();
    const answer = await fetch(url + page, { headers: { cookie: `siaga=${session}` }, redirect: 'manual' });
    await answer.arrayBuffer();
    return { ms: performance.now() - started, ok: answer.status === 200 };
  };
  // The first answer of each page compiles it.
  for (const page of PAGES) await ask(page);
  const asked: { ms: number; ok: boolean }[] = [];
  let going = true;
  const loop = (async () => {
    for (let i = 0; going; i++) {
      asked.push(await ask(PAGES[i % PAGES.length]!));
      await setTimeout(PAUSE);
    }
  })();
  return {
    end: async () => {
      going = false;
      await loop;
      child.kill('SIGTERM');
      const times = asked.map(({ ms }) => ms).sort((a, b) => a - b);
      const at = (part: number) => times[Math.min(times.length - 1, Math.floor(times.length * part))] ?? 0;
      return {
        count: times.length,
        p95: at(0.95),
        p99: at(0.99),
        failed: asked.filter(({ ok }) => !ok).length,
      };
    },
  };
}
