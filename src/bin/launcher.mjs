// Runs a task of this project from a bare checkout: installs from the lockfile when it is newer than what is installed,
// finds Node 24 (brought by the install), builds when sources are newer than the build, then hands over.
// Plain JavaScript, because whatever Node is on the machine starts it. `npm ci` runs no install scripts (.npmrc).
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const [task = '', ...args] = process.argv.slice(2);
const at = (/** @type {string} */ name) => path.join(root, name);
// Progress goes to stderr, so that a command's stdout stays clean (`siaga --json`).
const say = (/** @type {string} */ text) => process.stderr.write(`${text}\n`);

/** Two starts at once must not install or build into the same folders: the second waits, and finds it done. */
function alone(/** @type {() => boolean} */ needed, /** @type {() => void} */ work) {
  if (!needed()) return;
  const lock = at('.starting');
  for (let waited = false; !take(lock); waited = true) {
    if (!waited) say('Start lain sedang memasang atau membangun; menunggu …');
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 250);
  }
  // Also when the work ends the process.
  const release = () => rmSync(lock, { force: true });
  process.once('exit', release);
  if (needed()) work();
  release();
  process.removeListener('exit', release);
}

/** @returns whether the lock is ours now; one left by a process that is gone is taken away */
function take(/** @type {string} */ lock) {
  try {
    writeFileSync(lock, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EEXIST') throw error;
    const holder = existsSync(lock) ? readFileSync(lock, 'utf8') : '';
    // Just made and not yet written, or just taken away: look again.
    if (holder !== '' && !runs(Number(holder)) && existsSync(lock) && readFileSync(lock, 'utf8') === holder)
      rmSync(lock, { force: true });
    return false;
  }
}

function runs(/** @type {number} */ pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'EPERM';
  }
}

function needsInstall() {
  const installed = at('node_modules/.package-lock.json');
  return !existsSync(installed) || statSync(installed).mtimeMs < statSync(at('package-lock.json')).mtimeMs;
}

function install() {
  // npm ci empties the folder it finds, and would follow a link into another checkout's.
  if (lstatSync(at('node_modules'), { throwIfNoEntry: false })?.isSymbolicLink())
    fail('node_modules adalah tautan ke folder lain; memasang akan mengosongkan folder itu. Hapus tautannya dahulu.');
  say('Memasang pustaka dari package-lock.json …');
  const npm = process.env.npm_execpath;
  const run = npm
    ? spawnSync(process.execPath, [npm, 'ci', '--loglevel=error'], { cwd: root, stdio: ['ignore', 2, 2] })
    : spawnSync('npm', ['ci', '--loglevel=error'], { cwd: root, stdio: ['ignore', 2, 2] });
  if (run.status !== 0)
    fail('Pemasangan pustaka gagal (npm ci); pesan di atas menyebut sebabnya. Seringnya sambungan ke registri npm.');
}

/** Node 24 from the lockfile; elsewhere the user's own, if it is new enough: TypeScript, and Argon2id in node:crypto. */
function findNode() {
  const own = at(`node_modules/node-${process.platform}-${process.arch}/bin/node`);
  if (existsSync(own)) return own;
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > 24 || (major === 24 && minor >= 7)) return process.execPath;
  return fail(
    `Node ${process.versions.node} terlalu lama untuk ${process.platform}-${process.arch}; pasang Node 24.7 atau yang lebih baru.`,
  );
}

/** @returns {number} the newest modification time below a path */
function newest(/** @type {string} */ name) {
  const full = at(name);
  if (!existsSync(full)) return 0;
  const stat = statSync(full);
  if (!stat.isDirectory()) return stat.mtimeMs;
  return readdirSync(full).reduce((time, child) => Math.max(time, newest(path.join(name, child))), stat.mtimeMs);
}

const stamp = at('build/.built');
function needsBuilding() {
  const sources = ['src', 'static', 'reports', 'package-lock.json', 'svelte.config.js', 'vite.config.ts'];
  return !existsSync(stamp) || Math.max(...sources.map(newest)) > statSync(stamp).mtimeMs;
}

function build(/** @type {string} */ node) {
  say('Membangun aplikasi …');
  const run = spawnSync(node, [at('node_modules/vite/bin/vite.js'), 'build', '--logLevel=error'], {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, NODE_ENV: 'production' },
  });
  // What the tool says interests only when it fails.
  if (run.status !== 0)
    fail(`${run.stdout}${run.stderr}\nPembangunan aplikasi gagal; pesan di atas menyebut sebabnya.`);
  mkdirSync(at('build'), { recursive: true });
  writeFileSync(stamp, '');
}

function fail(/** @type {string} */ text) {
  say(text);
  process.exit(1);
}

/** Tasks that run a tool: [needs build, command…]; user arguments follow. */
const tool = (/** @type {string} */ name) => at(`node_modules/${name}`);
/** @type {Record<string, [boolean, ...string[]]>} */
const tasks = {
  demo: [true, at('src/bin/demo.ts')],
  start: [true, at('src/bin/supervisor.ts')],
  siaga: [false, at('src/bin/siaga.ts')],
  test: [false, at('src/bin/verify.ts'), 'test'],
  verify: [false, at('src/bin/verify.ts'), 'verify'],
  bench: [true, at('src/bin/bench.ts')],
  endurance: [false, at('src/bin/endurance.ts')],
  e2e: [true, tool('@playwright/test/cli.js'), 'test'],
  build: [true, '-e', ''],
  dev: [false, tool('vite/bin/vite.js'), 'dev'],
  check: [false, at('src/bin/verify.ts'), 'check'],
  lint: [false, at('src/bin/verify.ts'), 'lint'],
  format: [false, tool('prettier/bin/prettier.cjs'), '--write', '.'],
  'db:generate': [false, tool('drizzle-kit/bin.cjs'), 'generate'],
};

const chosen = tasks[task];
if (!chosen) fail(`Tugas tidak dikenal: ${task || '(kosong)'}. Pilihan: ${Object.keys(tasks).join(', ')}.`);
const [needsBuild, ...command] = /** @type {[boolean, ...string[]]} */ (chosen);
alone(needsInstall, install);
const node = findNode();
process.env.PATH = `${path.dirname(node)}${path.delimiter}${process.env.PATH}`;
if (needsBuild) alone(needsBuilding, () => build(node));
const child = spawn(node, ['--disable-warning=ExperimentalWarning', ...command, ...args], {
  cwd: root,
  stdio: 'inherit',
  // Names of files are those of the caller's folder; npm says which, whoever starts this file stands in it.
  env: { ...process.env, INIT_CWD: process.env.INIT_CWD ?? process.cwd() },
});
for (const signal of /** @type {NodeJS.Signals[]} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
  process.on(signal, () => child.kill(signal));
}
child.on('exit', (code, signal) => process.exit(code ?? (signal ? 1 : 0)));
