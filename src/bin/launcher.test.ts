// The launcher itself, with a tool that only tells what it was given: it neither installs nor builds here.
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';

/** A checkout that is installed, and whose command line says which folder names of files are relative to. */
function checkout() {
  const dir = realpathSync(mkdtempSync(path.join(tmpdir(), 'siaga-launcher-')));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  for (const folder of ['src/bin', 'node_modules', 'elsewhere']) mkdirSync(path.join(dir, folder), { recursive: true });
  writeFileSync(path.join(dir, 'package-lock.json'), '{}');
  writeFileSync(path.join(dir, 'node_modules/.package-lock.json'), '{}');
  const launcher = path.join(dir, 'src/bin/launcher.mjs');
  copyFileSync(path.join(import.meta.dirname, 'launcher.mjs'), launcher);
  writeFileSync(
    path.join(dir, 'src/bin/siaga.ts'),
    `import path from 'node:path';
    console.log(path.resolve(process.env.INIT_CWD ?? process.cwd(), process.argv[2] ?? ''));`,
  );
  const run = (env: NodeJS.ProcessEnv) =>
    execFileSync(process.execPath, [launcher, 'siaga', 'ca.der'], {
      cwd: path.join(dir, 'elsewhere'),
      env: { ...process.env, ...env, NODE_OPTIONS: '' },
      encoding: 'utf8',
    }).trim();
  return { dir, run };
}

test('started from another folder, as by a timer, names of files are those of that folder', () => {
  const { dir, run } = checkout();
  expect(run({ INIT_CWD: undefined })).toBe(path.join(dir, 'elsewhere/ca.der'));
});

test('started by npm, which stands in the checkout, they are those of the folder in which npm was called', () => {
  const { run } = checkout();
  expect(run({ INIT_CWD: '/srv/bukti' })).toBe('/srv/bukti/ca.der');
});
