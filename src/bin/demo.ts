// `npm run demo`: the sample city on this machine alone. Seeds data/demo/ once (through the doors, with a moving
// clock), then runs the real web and jobs processes beside a local CA with real CRLs and OCSP and a mail catcher. Keeps
// its data until `-- --fresh`. Everything listens on loopback.
import { fork } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { demandFree } from '#lib/server/db/folder.ts';
import { serveAuthority } from './demo/ca-server.ts';
import { catchMail } from './demo/mail-catcher.ts';
import { begin, demandDemo, finish, SEEDED } from './demo/folder.ts';
import { choosePorts } from './demo/ports.ts';

const USAGE = `npm run demo -- [--fresh] [--port 4780] [--data DIR]

  --port   halaman aplikasi; tiga port di atasnya dipakai CA uji, penampung surat, dan halaman surat
  --fresh  kota contoh dibuat lagi dari awal`;

const { values } = options();
if (values.help) {
  console.log(USAGE);
  process.exit(0);
}
// The three ports above it are the CA's and the mail catcher's.
if (values.port !== undefined && !(/^\d+$/.test(values.port) && Number(values.port) <= 65_532)) {
  console.error(`--port ${values.port}: harus angka, paling besar 65532.`);
  process.exit(2);
}
const dir = path.resolve(process.env.INIT_CWD ?? '', values.data ?? path.join(import.meta.dirname, '../../data/demo'));
const marker = path.join(dir, SEEDED);
const authority = path.join(dir, 'authority');
const started = Date.now();

const isSeeded = existsSync(marker) && !values.fresh;
const { base: basePort, ports } = await settled();
if (!isSeeded) {
  // A seeding that was cut short is begun again: the sample city is whole or not there.
  begin(dir);
  console.log('Menyiapkan kota contoh (sekali saja, satu sampai tiga menit) …');
  const { seedCity } = await import('./demo/seed.ts');
  await seedCity({ dir, authorityPort: ports.ca, say: (text) => console.log(`  ${text}`) });
  finish(dir, { basePort, seededAt: new Date(started).toISOString() });
}

const ca = await listening('CA uji', () => serveAuthority({ folder: authority, port: ports.ca }));
const mail = await listening('penampung surat', () =>
  catchMail({ folder: path.join(dir, 'mail'), smtpPort: ports.smtp, webPort: ports.mail }),
);
const app = fork(path.join(import.meta.dirname, 'supervisor.ts'), {
  execArgv: process.execArgv,
  env: {
    ...process.env,
    SIAGA_DATA: dir,
    SIAGA_DEMO: '1',
    HOST: '127.0.0.1',
    PORT: String(ports.web),
    ORIGIN: '',
    SIAGA_SMTP_URL: `smtp://127.0.0.1:${ports.smtp}`,
  },
});
app.on('exit', (code) => process.exit(code ?? 1));
await answering(`http://127.0.0.1:${ports.web}/healthz`);
console.log(`
Siaga (peragaan) siap dalam ${Math.round((Date.now() - started) / 1000)} detik:
  http://localhost:${ports.web}          aplikasi; pilih peran di halaman masuk
  http://localhost:${ports.mail}          surat yang dikirim (tidak ada yang keluar)
  ${ca.url}/ca.crl   CRL dari CA uji
Hentikan dengan Ctrl+C. Data tersimpan sampai: npm run demo -- --fresh`);

async function stop(): Promise<void> {
  app.removeAllListeners('exit');
  const gone = new Promise((resolve) => app.once('exit', resolve));
  app.kill('SIGTERM');
  await gone;
  await Promise.all([ca.close(), mail.close()]);
  process.exit(0);
}
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void stop());

function options() {
  try {
    return parseArgs({
      options: {
        fresh: { type: 'boolean' },
        port: { type: 'string' },
        data: { type: 'string' },
        help: { type: 'boolean' },
      },
    });
  } catch (error) {
    console.error(`${(error as Error).message}\n${USAGE}`);
    return process.exit(2);
  }
}

/** Folder and ports, before a minute of seeding is spent. */
async function settled() {
  try {
    demandFree(dir);
    demandDemo(dir);
    const base = isSeeded ? (JSON.parse(readFileSync(marker, 'utf8')) as { basePort: number }).basePort : null;
    return await choosePorts(base, values.port === undefined ? null : Number(values.port));
  } catch (error) {
    console.error((error as Error).message);
    return process.exit(3);
  }
}

async function listening<T>(what: string, start: () => Promise<T>): Promise<T> {
  try {
    return await start();
  } catch (error) {
    console.error(
      `${what} tidak dapat dijalankan: ${(error as Error).message}. Hentikan proses yang memakai port itu, lalu ulangi.`,
    );
    process.exit(1);
  }
}

async function answering(url: string): Promise<void> {
  for (let tries = 0; tries < 300; tries++) {
    const answer = await fetch(url).catch(() => null);
    if (answer && answer.status < 500) return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  console.error('Siaga tidak menjawab dalam satu menit; lihat pesan di atas.');
  process.exit(1);
}
