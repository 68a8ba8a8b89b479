// `npm run endurance [-- NAME… --rounds N --minutes N --seed N]`: long seeded tests, outside CI. A run is a file of
// tests/endurance; round after round gets the next seed. A failure prints the seed that repeats exactly that round.
import { randomInt } from 'node:crypto';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import type { Endurance } from '#tests/support/endurance.ts';
import { random } from './demo/random.ts';

const SEEDS = 2 ** 31;
const SAY_EVERY = 10_000;
const folder = path.resolve(import.meta.dirname, '../../tests/endurance');
const names = readdirSync(folder)
  .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
  .map((file) => file.slice(0, -3))
  .sort();

function wrong(text: string): never {
  console.error(`${text}\nPakai: npm run endurance -- [${names.join('|')}]… [--rounds N | --minutes N] [--seed N]`);
  process.exit(2);
}

function asked() {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: { rounds: { type: 'string' }, minutes: { type: 'string' }, seed: { type: 'string' } },
    });
    return { ...values, positionals };
  } catch (error) {
    return wrong((error as Error).message);
  }
}

/** A positive whole number, or undefined when the option is absent. */
function whole(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  return Number.isSafeInteger(value) && value > 0 ? value : wrong(`--${option} harus bilangan bulat positif.`);
}

const options = asked();
const minutes = whole('minutes', options.minutes);
const rounds = whole('rounds', options.rounds);
const first = whole('seed', options.seed) ?? randomInt(1, SEEDS);
const unknown = options.positionals.find((name) => !names.includes(name));
if (unknown) wrong(`Uji tidak dikenal: ${unknown}.`);

/** @returns whether the rule held in every round */
async function endure(name: string): Promise<boolean> {
  const { run } = (await import(path.join(folder, `${name}.ts`))) as { run: Endurance };
  if (run.onlyNamed && options.positionals.length === 0) {
    console.log(`\n── ${name}: makan waktu berjam-jam; jalankan dengan menyebut namanya.`);
    return true;
  }
  const until = minutes === undefined ? Infinity : Date.now() + minutes * 60_000;
  const last = rounds ?? (minutes === undefined ? run.rounds : Infinity);
  console.log(`\n── ${name}: ${run.what} (benih ${first})`);
  const began = Date.now();
  let said = began;
  let done = 0;
  for (; done < last && Date.now() < until; done++) {
    const seed = first + done;
    try {
      await run.round(random(seed), seed);
    } catch (error) {
      console.log(`  GAGAL pada putaran ${done + 1}, benih ${seed}.`);
      console.log(`  Ulangi: npm run endurance -- ${name} --rounds 1 --seed ${seed}`);
      console.log(error);
      return false;
    }
    if (Date.now() - said > SAY_EVERY) {
      said = Date.now();
      console.log(`  ${done + 1} putaran`);
    }
  }
  console.log(`  ${done} putaran benar, ${((Date.now() - began) / 1000).toFixed(1)} s`);
  return true;
}

let held = true;
for (const name of names) {
  if (options.positionals.length === 0 || options.positionals.includes(name)) held = (await endure(name)) && held;
}
process.exit(held ? 0 : 1);
