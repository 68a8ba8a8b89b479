// The command line as a process of its own, as people and scheduled tasks run it.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';

const entry = path.resolve(import.meta.dirname, '../../src/bin/siaga.ts');
type Line = Record<string, unknown>;

/** `objects`: the lines of stdout, read as JSON when asked for. */
export type Ran = { code: number | null; out: string; err: string; readonly objects: Line[] };

/** Runs a command to its end. @param from the folder the caller stands in; @param input what it writes to stdin */
export function siaga(from: string, args: readonly string[], input: string | Buffer = ''): Promise<Ran> {
  const command = start(from, args);
  command.write(input);
  return command.end();
}

/** A command that is spoken with line by line. */
export function start(from: string, args: readonly string[]) {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', entry, ...args], {
    env: { ...process.env, INIT_CWD: from, SIAGA_DATA: '', NODE_OPTIONS: '' },
    timeout: 60_000,
    killSignal: 'SIGKILL',
  });
  const text = { out: '', err: '' };
  let taken = 0;
  child.stdout.setEncoding('utf8').on('data', (part: string) => (text.out += part));
  child.stderr.setEncoding('utf8').on('data', (part: string) => (text.err += part));
  // A command that refuses before it reads closes its end.
  child.stdin.on('error', () => {});
  const closed = once(child, 'close');
  return {
    write: (input: string | Buffer) => void child.stdin.write(input),
    /** The next line of stdout. */
    line: async (): Promise<Line> => {
      while (text.out.indexOf('\n', taken) < 0) await once(child.stdout, 'data');
      const until = text.out.indexOf('\n', taken);
      const line = text.out.slice(taken, until);
      taken = until + 1;
      return JSON.parse(line) as Line;
    },
    end: async (): Promise<Ran> => {
      child.stdin.end();
      const [code] = (await closed) as [number | null];
      const lines = () => text.out.split('\n').filter((line) => line.trim());
      return {
        code,
        ...text,
        get objects() {
          return lines().map((line) => JSON.parse(line) as Line);
        },
      };
    },
  };
}
