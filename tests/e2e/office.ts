// An office of its own for a browser test: the real supervisor on an empty folder, and a mail server that really listens.
import { spawn, type ChildProcess } from 'node:child_process';
import { rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { simpleParser, type ParsedMail } from 'mailparser';
import { SMTPServer } from 'smtp-server';

export type Office = { base: string; setupLink: string; letters: ParsedMail[]; close: () => Promise<void> };

/** Starts `npm start`'s supervisor on an empty folder and reads the one-time link off its console. */
export async function openOffice(options: { data: string; port: number }): Promise<Office> {
  rmSync(options.data, { recursive: true, force: true });
  const mail = await listen();
  const supervisor = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', path.resolve('src/bin/supervisor.ts')],
    {
      env: {
        ...process.env,
        SIAGA_DATA: options.data,
        PORT: String(options.port),
        HOST: '127.0.0.1',
        ORIGIN: '',
        SIAGA_DEMO: '0',
        SIAGA_PROXY: '0',
        SIAGA_SMTP_URL: `smtp://127.0.0.1:${mail.port}`,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  const base = `http://localhost:${options.port}`;
  const close = async () => {
    await stop(supervisor);
    await mail.close();
  };
  try {
    const setupLink = await printedLink(supervisor);
    await answering(`${base}/healthz`);
    return { base, setupLink, letters: mail.letters, close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function listen() {
  const letters: ParsedMail[] = [];
  const smtp = new SMTPServer({
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    onData: (stream, _session, done) =>
      void simpleParser(stream).then(
        (letter) => {
          letters.push(letter);
          done(null, `Ok: surat ${letters.length}`);
        },
        (error: Error) => done(error),
      ),
  });
  await new Promise<void>((resolve) => smtp.listen(0, '127.0.0.1', resolve));
  const { port } = smtp.server.address() as AddressInfo;
  return { letters, port, close: () => new Promise<void>((resolve) => smtp.close(() => resolve())) };
}

function printedLink(supervisor: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = '';
    const hear = (part: Buffer) => {
      said += part.toString();
      const link = /https?:\/\/\S+\/setup\/\S+/.exec(said)?.[0];
      if (link) resolve(link);
    };
    supervisor.stdout!.on('data', hear);
    supervisor.stderr!.on('data', hear);
    supervisor.once('exit', (code) => reject(new Error(`the supervisor ended (${code}):\n${said}`)));
  });
}

async function answering(url: string): Promise<void> {
  for (let attempt = 0; attempt < 150; attempt += 1) {
    const answer = await fetch(url).catch(() => null);
    if (answer?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error(`${url} never answered`);
}

async function stop(supervisor: ChildProcess): Promise<void> {
  if (supervisor.exitCode !== null) return;
  const gone = new Promise((resolve) => supervisor.once('exit', resolve));
  supervisor.kill('SIGTERM');
  await gone;
}
