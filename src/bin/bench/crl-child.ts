// The process that is measured with a long list: reads it, verifies it and crosses it with the serials of a register.
import { existsSync, readFileSync } from 'node:fs';
import { acceptCrl } from '#lib/server/revocation/crl-acceptance.ts';
import { cross, readCrl } from '#lib/server/revocation/crl.ts';
import { readCertificate } from '#lib/server/x509/index.ts';
import { HELD, longList, serialOf, THIS_UPDATE } from './crl-file.ts';

export type Report = { ms: number; cpuMs: number; memoryMb: number; found: number; entries: number; accepted: boolean };

const entries = Number(process.argv[2]);
const listed = Number(process.argv[3]);
const file = longList(entries, console.error);
const root = readCertificate(file.root);
// Spread over the list; the others are on no list.
const serials = Array.from({ length: HELD }, (_, i) =>
  serialOf(i < listed ? Math.floor((i * entries) / listed) : entries + i),
);

const idle = memory('VmRSS');
const began = performance.now();
const spent = process.cpuUsage();
const crl = readCrl(readFileSync(file.crl));
const crossing = cross(crl, new Set(serials));
const verdict = acceptCrl({
  crl,
  crossing,
  signers: [root],
  anchored: () => true,
  known: null,
  now: THIS_UPDATE + 3_600_000,
});
const used = process.cpuUsage(spent);
const report: Report = {
  cpuMs: (used.user + used.system) / 1000,
  ms: performance.now() - began,
  memoryMb: memory('VmHWM') - idle,
  found: crossing.found.size,
  entries: crossing.count,
  accepted: verdict.accepted,
};
process.send!(report, () => process.exit(0));

/** Megabytes that Linux counts for this process; elsewhere what Node says. */
function memory(field: 'VmRSS' | 'VmHWM'): number {
  const status = existsSync('/proc/self/status') ? readFileSync('/proc/self/status', 'utf8') : '';
  return Number(new RegExp(`${field}:\\s+(\\d+)`).exec(status)?.[1] ?? process.memoryUsage().rss / 1024) / 1024;
}
