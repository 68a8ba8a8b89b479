// `npm start`: backs up and migrates the database (only this process does), then keeps web and jobs alive, and is the
// dead-man's switch: when certificates were not reviewed for 26 hours it mails the administrators itself.
import { fork, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import * as agencies from '#lib/server/agencies/index.ts';
import * as auth from '#lib/server/auth/index.ts';
import { readConfig, type Config } from '#lib/server/config.ts';
import type { Context } from '#lib/server/context.ts';
import { holdFolder } from '#lib/server/db/folder.ts';
import { databaseFile, migrate, openDatabase, pendingMigrations, wrongRelease } from '#lib/server/db/index.ts';
import * as jobs from '#lib/server/jobs/index.ts';
import { outbound } from '#lib/server/outbound/index.ts';
import * as settings from '#lib/server/settings/index.ts';
import { MEMORY_ARGUMENTS, MEMORY_ENVIRONMENT } from './memory-arguments.ts';

const here = import.meta.dirname;
const config = configOrExit();
holdOrExit();
const file = databaseFile(config.data);
const existed = existsSync(file);
const db = openDatabase(file);
const ctx: Context = { db, dir: config.data, now: Date.now, actor: { kind: 'system', name: 'setup' } };

if (existed && pendingMigrations(db) > 0) {
  const name = `siaga-${new Date().toISOString().replace(/[:.]/g, '-').slice(0, 19)}-sebelum-pembaruan.db`;
  await jobs.backup.copyDatabase(db, config.data, name);
  console.log(`Cadangan sebelum pembaruan: ${path.join(jobs.backup.backupFolder(config.data), name)}`);
}
migrate(db);
const wrong = wrongRelease(db);
if (wrong) {
  console.error(wrong);
  process.exit(3);
}
if (!config.demo) {
  // The first sheets name agencies, so the shipped register must be there before anybody imports.
  if (!existed) agencies.seed(ctx);
  const token = auth.setupLink(ctx);
  if (token) console.log(`\nPenyiapan pertama (satu kali pakai, berlaku 24 jam):\n  ${address()}/setup/${token}\n`);
}

let stopping = false;
const children = new Map<string, ChildProcess>();
for (const name of ['web', 'jobs']) keep(name);

/** Starts a process and starts it again when it dies, sooner after a long life than after a short one. */
function keep(name: string, delay = 500): void {
  const born = Date.now();
  const execArgv = [...process.execArgv, ...MEMORY_ARGUMENTS];
  const child = fork(path.join(here, `${name}.ts`), {
    stdio: 'inherit',
    execArgv,
    env: { ...process.env, ...MEMORY_ENVIRONMENT },
  });
  children.set(name, child);
  child.on('exit', (code, signal) => {
    children.delete(name);
    if (stopping) return;
    const next = Date.now() - born > 60_000 ? 500 : Math.min(delay * 2, 30_000);
    console.error(`[supervisor] ${name} berhenti (${signal ?? code}); dijalankan lagi dalam ${next / 1000} detik`);
    setTimeout(() => stopping || keep(name, next), next);
  });
}

async function stop(): Promise<void> {
  if (stopping) return;
  stopping = true;
  const gone = [...children.values()].map((child) => new Promise((resolve) => child.once('exit', resolve)));
  for (const child of children.values()) child.kill('SIGTERM');
  const patience = setTimeout(() => children.forEach((child) => child.kill('SIGKILL')), 12_000);
  await Promise.all(gone);
  clearTimeout(patience);
  db.$client.close();
  process.exit(0);
}
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void stop());
process.on('disconnect', () => void stop());

// Dead-man's switch. It does not use the outbox: the process that empties it is the one that may be dead.
let warnedAt = 0;
setInterval(() => void warn().catch((error: Error) => console.error(`[supervisor] ${error.message}`)), 60_000).unref();

async function warn(): Promise<void> {
  const pulse = jobs.pulseOf(ctx);
  const mail = settings.get(ctx, 'mail');
  if (!pulse.silent || !mail.enabled || !config.smtpUrl || Date.now() - warnedAt < 86_400_000) return;
  warnedAt = Date.now();
  const recipients = auth.people(ctx, { role: 'administrator' }).map((person) => person.email);
  const text =
    'Siaga tidak meninjau sertifikat lebih dari 26 jam. Buka Sistem › Tugas berkala, lalu periksa proses jobs.';
  for (const to of recipients) {
    await outbound
      .sendMail(config.smtpUrl, {
        from: mail.from,
        to,
        subject: 'Siaga: pemeriksaan berhenti',
        text,
        messageId: `<deadman.${warnedAt}@siaga>`,
      })
      .catch((error: Error) => console.error(`[supervisor] surat peringatan tidak terkirim: ${error.message}`));
  }
}

function address(): string {
  return config.origin || `http://${config.host === '127.0.0.1' ? 'localhost' : config.host}:${config.port}`;
}

/** Options stand above the environment, and reach the children through it. */
function configOrExit(): Config {
  try {
    const { values } = parseArgs({
      options: {
        port: { type: 'string' },
        data: { type: 'string' },
        host: { type: 'string' },
        help: { type: 'boolean' },
      },
    });
    if (values.help) {
      console.log('npm start -- [--data DIR] [--host 127.0.0.1] [--port 3000]');
      process.exit(0);
    }
    if (values.data) process.env.SIAGA_DATA = path.resolve(process.env.INIT_CWD ?? '', values.data);
    if (values.host) process.env.HOST = values.host;
    if (values.port) process.env.PORT = values.port;
    return readConfig();
  } catch (error) {
    console.error((error as Error).message);
    return process.exit(2);
  }
}

/** One supervisor on one data folder: a second would migrate and sweep beside the first. */
function holdOrExit(): void {
  try {
    holdFolder(config.data);
  } catch (error) {
    console.error((error as Error).message);
    process.exit(3);
  }
}
