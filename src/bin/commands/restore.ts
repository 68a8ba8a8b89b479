// restore FILE
import path from 'node:path';
import * as jobs from '#lib/server/jobs/index.ts';
import { emit, fromCaller, note, parse, UsageError, type Command, type ExitCode } from '../cli.ts';

export const command: Command = {
  help: `Memulihkan cadangan ke folder data; isi lama dipindahkan ke samping, tidak dihapus. Hentikan Siaga dulu.
  restore FILE [--data DIR]`,
  async run(args): Promise<ExitCode> {
    const { values, positionals } = parse(args, { data: { type: 'string' }, json: { type: 'boolean' } });
    const [file] = positionals;
    if (!file) throw new UsageError(this.help);
    const dir = fromCaller(values.data ?? process.env.SIAGA_DATA ?? path.join(import.meta.dirname, '../../../data'));
    const { check, aside } = await jobs.backup.restore(fromCaller(file), dir, Date.now());
    if (values.json) emit({ restored: true, ...check, aside });
    else note(`Dipulihkan ke ${dir}: ${check.message}.${aside ? ` Isi lama ada di ${aside}.` : ''}`);
    return 0;
  },
};
