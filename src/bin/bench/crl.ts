// Benchmark of one very long list: a CRL of 1.000.000 entries verified and crossed with 100.000 serials. Fails when the
// median takes more than a quarter of the time in which OpenSSL only reads the same file (same run, a process each);
// memory over idle (150 MB) is a goal. A round with every serial on the list shows the worst case.
import { fork, spawnSync } from 'node:child_process';
import path from 'node:path';
import type { Report } from './crl-child.ts';
import { HELD, longList } from './crl-file.ts';

const MOST_RATIO = 0.25;
const GOAL_MB = 150;
const ROUNDS = 7;
const ENTRIES = 1_000_000;
/** Of the serials held, this many are on the list. */
const USUAL = HELD * 0.03;

export async function crl(say: (line: string) => void, entries = ENTRIES): Promise<boolean> {
  const file = longList(entries, say);
  if (spawnSync('openssl', ['version']).status !== 0) {
    say('tidak diukur: openssl tidak terpasang');
    return true;
  }
  const theirs: Times[] = [];
  const ours: Report[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    theirs.push(openssl(file.crl));
    ours.push(await measured(entries, USUAL));
  }
  const worst = await measured(entries, HELD);
  const peer = medianOf(theirs);
  const own = medianOf(ours);
  const memory = Math.max(...ours.map(({ memoryMb }) => memoryMb));
  const ratio = own.ms / peer.ms;
  say(`${entries} entri, ${HELD} nomor seri, ${USUAL} di antaranya tercantum`);
  say(`openssl crl -noout -nextupdate: ${inWords(peer)}`);
  say(
    `dibaca, diverifikasi, dicocokkan: ${inWords(own)} = ${ratio.toFixed(2)} kali (batas ${MOST_RATIO})${ratio > MOST_RATIO ? '  GAGAL' : ''}`,
  );
  say(`semua nomor seri tercantum: ${inWords(worst)} = ${(worst.ms / peer.ms).toFixed(2)} kali`);
  say(`memori di atas diam: ${memory.toFixed(0)} MB (sasaran ${GOAL_MB} MB)`);
  return ratio <= MOST_RATIO;
}

/** By the clock, which decides, and of the processor, where the compiler's own threads count too. */
type Times = { ms: number; cpuMs: number };
const inWords = ({ ms, cpuMs }: Times): string => `${ms.toFixed(0)} ms (CPU ${cpuMs.toFixed(0)} ms)`;
const median = (values: number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
const medianOf = (rounds: readonly Times[]): Times => ({
  ms: median(rounds.map(({ ms }) => ms)),
  cpuMs: median(rounds.map(({ cpuMs }) => cpuMs)),
});

/** `times` of the shell tells what its children used; Node cannot. */
function openssl(file: string): Times {
  const began = performance.now();
  const script = 'openssl crl -noout -nextupdate -in "$1" -inform DER && times';
  const run = spawnSync('sh', ['-c', script, 'sh', file], { encoding: 'utf8', env: { ...process.env, LC_ALL: 'C' } });
  const ms = performance.now() - began;
  const children = /(\d+)m([\d.]+)s (\d+)m([\d.]+)s\s*$/.exec(run.stdout)?.slice(1).map(Number);
  if (!run.stdout.startsWith('nextUpdate=') || !children) throw new Error(`openssl: ${run.stderr}`);
  const [minutes, seconds, systemMinutes, systemSeconds] = children as [number, number, number, number];
  return { ms, cpuMs: ((minutes + systemMinutes) * 60 + seconds + systemSeconds) * 1000 };
}

/** One round in a process of its own; a wrong answer is no measurement. */
async function measured(entries: number, listed: number): Promise<Report> {
  const child = fork(path.join(import.meta.dirname, 'crl-child.ts'), [String(entries), String(listed)], {
    execArgv: ['--disable-warning=ExperimentalWarning'],
  });
  const report = await new Promise<Report>((resolve, reject) => {
    child.once('message', (message) => resolve(message as Report));
    child.once('exit', (code) => reject(new Error(`pengukur berakhir dengan ${code}`)));
  });
  if (!report.accepted || report.found !== listed || report.entries !== entries)
    throw new Error(`Hasil pencocokan salah: ${JSON.stringify(report)}`);
  return report;
}
