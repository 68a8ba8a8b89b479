// The command line: npm run --silent siaga -- COMMAND … Each command is a file in commands/, loaded only when called.
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { AppError } from '#lib/server/errors.ts';
import { exitCodeOf, note, sentenceOf, type Command } from './cli.ts';

// `siaga … | head`: who reads has had enough; that is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));

const folder = path.join(import.meta.dirname, 'commands');
const names = readdirSync(folder)
  .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
  .map((file) => file.slice(0, -3))
  .sort();
const [name = '', ...args] = process.argv.slice(2);

if (!names.includes(name)) {
  note(`Perintah: ${names.join(', ')}.\nBantuan: npm run --silent siaga -- PERINTAH --help`);
  process.exit(name === '' || name === '--help' ? 0 : 2);
}
const { command } = (await import(`./commands/${name}.ts`)) as { command: Command };
if (args.includes('--help')) {
  process.stdout.write(`${command.help}\n`);
  process.exit(0);
}
try {
  process.exitCode = await command.run(args);
} catch (error) {
  note(sentenceOf(error));
  if (error instanceof AppError) for (const [field, why] of Object.entries(error.fields)) note(`  ${field}: ${why}`);
  process.exitCode = exitCodeOf(error);
}
