// jobs list · jobs run NAME
import { readConfig } from '#lib/server/config.ts';
import * as jobs from '#lib/server/jobs/index.ts';
import { outbound } from '#lib/server/outbound/index.ts';
import { emit, note, openContext, parse, UsageError, type Command, type ExitCode } from '../cli.ts';

const iso = (at: number | null | undefined) => (at == null ? '' : new Date(at).toISOString());

export const command: Command = {
  help: `Tugas berkala.
  jobs list [--data DIR] [--json]
  jobs run NAMA [--data DIR]`,
  async run(args): Promise<ExitCode> {
    const { values, positionals } = parse(args, { data: { type: 'string' }, json: { type: 'boolean' } });
    const [verb, name] = positionals;
    if (verb !== 'list' && !(verb === 'run' && name)) throw new UsageError(this.help);
    const ctx = openContext(values.data);
    if (verb === 'run') {
      const message = await jobs.runNow(ctx, name!, { outbound, smtpUrl: readConfig().smtpUrl });
      if (values.json) emit({ job: name, message });
      else note(message);
      return 0;
    }
    for (const job of jobs.list(ctx)) {
      const row = {
        job: job.name,
        schedule: job.schedule,
        lastStart: iso(job.last?.startedAt),
        ok: job.last?.ok ?? null,
        message: job.last?.message ?? '',
        next: iso(job.nextAt),
      };
      if (values.json) emit(row);
      else
        process.stdout.write(
          `${job.name.padEnd(14)} ${job.schedule.padEnd(32)} ${row.lastStart.padEnd(25)} ${row.message}\n`,
        );
    }
    return 0;
  },
};
