// `npm run bench [-- PART…]`: how fast and how small Siaga is at a hundred thousand certificates. Ratios compare with
// bare code in the same run and decide the exit status; absolute figures are goals that are only printed.
import { crl } from './bench/crl.ts';
import { decide } from './bench/decide.ts';
import { importing } from './bench/importing.ts';
import { list } from './bench/list.ts';
import { ocsp } from './bench/ocsp.ts';
import { starting } from './bench/starting.ts';

/** A part says what it measures and returns whether its ratios held. */
export type Say = (line: string) => void;
const parts: Record<string, (say: Say) => boolean | Promise<boolean>> = {
  import: importing,
  list,
  start: starting,
  crl,
  decide,
  ocsp,
};

const asked = process.argv.slice(2);
const unknown = asked.find((name) => !Object.hasOwn(parts, name));
if (unknown) {
  console.error(`Bagian tidak dikenal: ${unknown}. Pilihan: ${Object.keys(parts).join(', ')}.`);
  process.exit(2);
}
let held = true;
for (const [name, part] of Object.entries(parts)) {
  if (asked.length && !asked.includes(name)) continue;
  console.log(`\n── ${name}`);
  held = (await part((line) => console.log(`  ${line}`))) && held;
}
process.exitCode = held ? 0 : 1;
