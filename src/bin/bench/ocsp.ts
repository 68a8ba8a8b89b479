// Benchmark of OCSP against answers signed beforehand, on the loopback: a sweep with its limiter raised, every answer
// verified, kept and told, against one `openssl ocsp` after the other in the same run. Fails below five times its rate, or
// when an answer was not believed; the pages meanwhile (p99 200 ms) are a goal.
import { fork, spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Context } from '#lib/server/context.ts';
import { connection, databaseFile, migrate, openDatabase } from '#lib/server/db/index.ts';
import * as settings from '#lib/server/settings/index.ts';
import * as ca from '../demo/ca.ts';
import { ADMINISTRATOR, register, type Issuer } from './issued.ts';
import { person } from './importing.ts';
import type { Report } from './ocsp-child.ts';
import type { Answers } from './ocsp-responder.ts';
import { pagesMeanwhile } from './pages.ts';

const LEAST_RATIO = 5;
const GOAL_P99 = 200;
const QUESTIONS = 2000;
const PEER_QUESTIONS = 40;

export async function ocsp(say: (line: string) => void, questions = QUESTIONS): Promise<boolean> {
  if (spawnSync('openssl', ['version']).status !== 0) {
    say('tidak diukur: openssl tidak terpasang');
    return true;
  }
  const dir = mkdtempSync(path.join(tmpdir(), 'siaga-bench-'));
  const responder = child('ocsp-responder.ts', []);
  try {
    const port = await told<number>(responder);
    const { issuer, root, session } = prepare(dir, port, questions);
    responder.send(signed(issuer));
    await told(responder);
    const before = openssl(dir, issuer, root);
    const pages = existsSync(path.resolve(import.meta.dirname, '../../../build/handler.js'))
      ? await pagesMeanwhile(dir, session)
      : null;
    const ours = await told<Report>(child('ocsp-child.ts', [dir, String(questions)]));
    const times = await pages?.end();
    believed(dir, questions, ours);
    // Half before and half after, because other work on the machine comes and goes.
    const peer = (2 * PEER_QUESTIONS) / (before + openssl(dir, issuer, root));
    const rate = ours.questions / ours.seconds;
    const ratio = rate / peer;
    say(`openssl ocsp, satu per satu: ${peer.toFixed(0)} jawaban per detik`);
    say(
      `sapuan, ${questions} jawaban diverifikasi: ${rate.toFixed(0)} per detik = ${ratio.toFixed(1)} kali (batas ${LEAST_RATIO})${ratio < LEAST_RATIO ? '  GAGAL' : ''}`,
    );
    if (times)
      say(
        `halaman selama itu: p99 ${times.p99.toFixed(0)} ms dari ${times.count} (sasaran ${GOAL_P99} ms)${times.failed ? `, ${times.failed} gagal` : ''}`,
      );
    else say('halaman selama itu tidak diukur; jalankan npm run build dahulu');
    return ratio >= LEAST_RATIO;
  } finally {
    responder.kill('SIGTERM');
    rmSync(dir, { recursive: true, force: true });
  }
}

const child = (file: string, args: string[]): ChildProcess =>
  fork(path.join(import.meta.dirname, file), args, { execArgv: ['--disable-warning=ExperimentalWarning'] });

const told = <T>(from: ChildProcess): Promise<T> =>
  new Promise((resolve, reject) => {
    from.once('message', (message) => resolve(message as T));
    from.once('exit', (code) => reject(new Error(`pengukur berakhir dengan ${code}`)));
  });

function prepare(dir: string, port: number, count: number): { issuer: Issuer; root: Buffer; session: string } {
  const db = openDatabase(databaseFile(dir));
  migrate(db);
  const ctx: Context = { db, dir, now: Date.now, actor: { kind: 'system', name: 'cli' } };
  const allowed = [{ host: '127.0.0.1', port, why: 'Uji', until: '' }];
  settings.set({ ...ctx, actor: ADMINISTRATOR }, 'outboundAllow', allowed, { source: 'Uji' });
  const session = person(db, ctx);
  const how = { key: 'rsa2048' as const, responder: `http://127.0.0.1:${port}` };
  const { issuers, root } = register(ctx, ADMINISTRATOR, { issuers: 1, certificates: count }, how);
  db.$client.close();
  return { issuer: issuers[0]!, root: root.certificate, session };
}

/** Every second certificate is revoked. */
function signed({ authority, serials }: Issuer): Answers {
  const now = Date.now() - 60_000;
  const answer = (serial: string, n: number) =>
    ca.makeOcspResponse(authority, {
      producedAt: now,
      answers: [
        {
          id: ca.certId(authority, serial),
          status: n % 2 ? { revokedAt: now - ca.DAY, reason: 4 } : 'good',
          thisUpdate: now,
          nextUpdate: now + ca.DAY,
        },
      ],
    });
  return Object.fromEntries(serials.map((serial, n) => [serial, answer(serial, n).toString('base64')]));
}

/** @returns seconds for PEER_QUESTIONS */
function openssl(dir: string, { authority, serials, url }: Issuer, root: Buffer): number {
  const pem = (bytes: Buffer) =>
    `-----BEGIN CERTIFICATE-----\n${bytes
      .toString('base64')
      .match(/.{1,64}/g)!
      .join('\n')}\n-----END CERTIFICATE-----\n`;
  const at = (name: string) => path.join(dir, name);
  writeFileSync(at('issuer.pem'), pem(authority.certificate));
  writeFileSync(at('root.pem'), pem(root));
  const began = performance.now();
  for (const serial of serials.slice(0, PEER_QUESTIONS)) {
    const about = ['-issuer', at('issuer.pem'), '-serial', `0x${serial}`, '-url', url, '-no_nonce'];
    const run = spawnSync('openssl', ['ocsp', ...about, '-CAfile', at('root.pem')], { encoding: 'utf8' });
    if (!run.stderr.includes('Response verify OK')) throw new Error(`openssl ocsp: ${run.stdout}${run.stderr}`);
  }
  return (performance.now() - began) / 1000;
}

/** A wrong answer is no measurement. */
function believed(dir: string, count: number, report: Report): void {
  const db = openDatabase(databaseFile(dir));
  const of = (state: string) =>
    connection(db).prepare('select count(*) from certificate where revocation = ?').pluck().get(state) as number;
  const found = [report.questions, of('good'), of('revoked')].join(' ');
  db.$client.close();
  const wanted = [count, Math.ceil(count / 2), Math.floor(count / 2)].join(' ');
  if (found !== wanted) throw new Error(`ditanya, baik, dicabut: ${found}, seharusnya ${wanted}`);
}
