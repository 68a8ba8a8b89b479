// `npm test` and `npm run verify`: the checks one after another, each with its result; the counts of all tests together
// in test-results/summary.json for CI. `verify --after-test` leaves out what `npm test` has just done.
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '../..');
const at = (name: string) => path.join(root, name);
const tool = (name: string) => at(`node_modules/${name}`);
const results = at('test-results');
const [task = 'test', ...args] = process.argv.slice(2);
const afterTest = args.includes('--after-test');
const filters = args.filter((arg) => !arg.startsWith('--'));

let running: ChildProcess | undefined;
let stopped = false;
// Whoever ends the checks also ends what the running one has started (Playwright ends its demo on SIGTERM).
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.on(signal, () => {
    stopped = true;
    running?.kill(signal);
  });

async function node(title: string, ...command: string[]): Promise<boolean> {
  if (stopped) return false;
  console.log(`\n── ${title}`);
  const child = spawn(process.execPath, command, {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, FORCE_COLOR: '0' },
  });
  running = child;
  const code = await new Promise<number | null>((done) => child.once('exit', done));
  if (code !== 0) console.log(`── ${title}: ${stopped ? 'DIHENTIKAN' : 'GAGAL'}`);
  return code === 0;
}

const format = () => node('Format', tool('prettier/bin/prettier.cjs'), '--check', '--log-level=warn', '.');
const lint = () => node('Lint', tool('eslint/bin/eslint.js'), '--max-warnings=0', '.');
const types = async () =>
  (await node('Tipe: persiapan', tool('@sveltejs/kit/svelte-kit.js'), 'sync')) &&
  node('Tipe', tool('svelte-check/bin/svelte-check'), '--tsconfig', './tsconfig.json', '--fail-on-warnings');
const unit = () =>
  node(
    'Uji (vitest)',
    tool('vitest/vitest.mjs'),
    'run',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${path.join(results, 'vitest.json')}`,
    ...filters,
  );
const build = () => node('Bangun', at('src/bin/launcher.mjs'), 'build');
const browser = async () =>
  (await build()) && node('Uji di peramban (playwright)', tool('@playwright/test/cli.js'), 'test');

function hasBrowser(): boolean {
  return existsSync(process.env.CHROMIUM ?? '/usr/bin/chromium');
}

type Counts = { passed: number; failed: number; skipped: number };
function counts(): Counts {
  const total: Counts = { passed: 0, failed: 0, skipped: 0 };
  const read = (name: string) =>
    existsSync(path.join(results, name)) ? JSON.parse(readFileSync(path.join(results, name), 'utf8')) : null;
  const vitest = read('vitest.json');
  if (vitest) {
    total.passed += vitest.numPassedTests;
    total.failed += vitest.numFailedTests;
    total.skipped += vitest.numPendingTests;
  }
  const playwright = read('playwright.json');
  if (playwright) {
    total.passed += playwright.stats.expected + playwright.stats.flaky;
    total.failed += playwright.stats.unexpected;
    total.skipped += playwright.stats.skipped;
  }
  return total;
}

mkdirSync(results, { recursive: true });
let ok = true;
if (task === 'lint') ok = await lint();
else if (task === 'check') ok = await types();
else {
  const checks = task === 'verify' ? [format, lint, types] : [];
  if (!afterTest) {
    rmSync(path.join(results, 'vitest.json'), { force: true });
    rmSync(path.join(results, 'playwright.json'), { force: true });
    checks.push(unit);
    // Who names a file wants that file.
    if (hasBrowser() && !filters.length) checks.push(browser);
  }
  // All of them, so that one run shows everything that is wrong.
  for (const check of checks) ok = (await check()) && ok;
  const { passed, failed, skipped } = counts();
  writeFileSync(path.join(results, 'summary.json'), JSON.stringify({ ok, passed, failed, skipped }));
  console.log(`\n${passed} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ''}`);
  if (!afterTest && !hasBrowser() && !filters.length) {
    console.log(
      '\nTIDAK ADA PERAMBAN: semua uji di peramban (tests/e2e) DITINGGALKAN. Pasang Chromium (apt install chromium).',
    );
    if (process.env.CI) ok = false;
  }
}
process.exit(ok ? 0 : 1);
