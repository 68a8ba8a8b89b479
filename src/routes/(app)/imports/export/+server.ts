import * as auth from '#lib/server/auth/index.ts';
import * as certificates from '#lib/server/certificates/index.ts';
import { guarded, listFile } from '#lib/server/web.ts';
import { importKinds, importResults } from '#lib/terms.ts';
import { results, stateOf } from '../columns.ts';
import { importFilterOf } from '../filter.ts';
import type { RequestHandler } from './$types';

type Run = ReturnType<typeof certificates.imports>['rows'][number];

/** All imports that the list's address matches, one row each. */
export const GET: RequestHandler = ({ locals: { ctx }, url }) =>
  guarded(() => {
    const names = auth.names(ctx);
    const filter = { ...importFilterOf(url.searchParams), before: undefined, names, walkMs: Infinity };
    const { rows } = certificates.imports(ctx, { ...filter, limit: 100_000 });
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
