// backup --out FILE · backup verify FILE
import * as jobs from '#lib/server/jobs/index.ts';
import { emit, fromCaller, note, openContext, parse, UsageError, type Command } from '../cli.ts';

export const command: Command = {
  help: `Membuat atau memeriksa cadangan.
  backup --out FILE [--data DIR]   satu berkas berisi basis data dan semua berkas, lalu diperiksa
  backup verify FILE               membuka dan memeriksa cadangan (berkas itu atau cadangan malam)`,
  async run(args) {
    const { values, positionals } = parse(args, {
      out: { type: 'string' },
      data: { type: 'string' },
      json: { type: 'boolean' },
    });
    const [verb, file] = positionals;
    if (verb === 'verify' ? !file : !values.out) throw new UsageError(this.help);
    const check =
      verb === 'verify'
        ? await jobs.backup.verifyFile(fromCaller(file!))
        : await jobs.backup.exportTo(openContext(values.data), fromCaller(values.out!));
    if (values.json) emit(check);
    else note(check.ok ? `Cadangan baik: ${check.message}.` : `Cadangan TIDAK dapat dipakai: ${check.message}.`);
    return check.ok ? 0 : 1;
  },
};
