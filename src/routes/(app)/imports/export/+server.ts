import { setImmediate } from 'node:timers/promises';
import * as auth from '#lib/server/auth/index.ts';
import * as certificates from '#lib/server/certificates/index.ts';
import type { Context } from '#lib/server/context.ts';
import { guarded, listFile } from '#lib/server/web.ts';
import { importKinds, importResults } from '#lib/terms.ts';
import { results, stateOf } from '../columns.ts';
import { importFilterOf } from '../filter.ts';
import type { RequestHandler } from './$types';

type Run = ReturnType<typeof certificates.imports>['rows'][number];

/** Searched a part at a time, as the page does: others are answered in between. */
async function found(ctx: Context, filter: Parameters<typeof certificates.imports>[1]): Promise<Run[]> {
  const runs = new Map<string, Run>();
  for (let from = filter?.from; ;) {
    const { rows, unseen } = certificates.imports(ctx, { ...filter, from, limit: 100_000 });
    for (const run of rows) runs.set(run.id, run);
    if (!unseen) break;
    from = unseen.id;
    await setImmediate();
  }
  return [...runs.values()].sort((a, b) => (a.id < b.id ? 1 : -1));
}

/** All imports that the list's address matches, one row each. */
export const GET: RequestHandler = ({ locals: { ctx }, url }) =>
  guarded(async () => {
    const names = auth.names(ctx);
    const rows = await found(ctx, { ...importFilterOf(url.searchParams), before: undefined, names });
    return listFile<Run>(
      ctx,
      url,
      { name: 'riwayat-impor', list: 'riwayat impor' },
      [
        { head: 'Impor', value: (run) => run.number },
        { head: 'Nama', value: (run) => run.name, width: 34 },
        { head: 'Jenis', value: (run) => importKinds[run.kind] },
        { head: 'Keadaan', value: (run) => stateOf(run).word },
        { head: 'Isi', value: (run) => results.reduce((all, one) => all + run.results[one], 0) },
        ...results.map((result) => ({
          head: importResults[result].word,
          value: (run: Run) => run.results[result],
        })),
        { head: 'Oleh', value: (run) => names(run.requestedBy) },
        { head: 'Diminta', value: (run) => run.requestedAt, kind: 'instant' },
        { head: 'Selesai', value: (run) => run.finishedAt, kind: 'instant' },
      ],
      rows,
    );
  });
