import * as auth from '#lib/server/auth/index.ts';
import * as certificates from '#lib/server/certificates/index.ts';
import { guarded, tableFile } from '#lib/server/web.ts';
import { dateTime } from '#lib/format.ts';
import { importKinds, importStates } from '#lib/terms.ts';
import { importFilterOf } from '../filter.ts';
import type { RequestHandler } from './$types';

/** All imports that the list's address matches, one row each. */
export const GET: RequestHandler = ({ locals: { ctx }, url }) =>
  guarded(() => {
    const names = auth.names(ctx);
    const filter = { ...importFilterOf(url.searchParams), before: undefined };
    const { total } = certificates.imports(ctx, { ...filter, limit: 1 });
    const { rows } = certificates.imports(ctx, { ...filter, limit: total });
    return tableFile<(typeof rows)[number]>(
      url,
      'riwayat-impor',
      [
        { head: 'Impor', value: (run) => run.number },
        { head: 'Nama', value: (run) => run.name, width: 34 },
        { head: 'Jenis', value: (run) => importKinds[run.kind] },
        { head: 'Keadaan', value: (run) => importStates[run.state].word },
        { head: 'Ditambahkan', value: (run) => run.totals.added },
        { head: 'Dilengkapi', value: (run) => run.totals.completed },
        { head: 'Sudah ada', value: (run) => run.totals.duplicate },
        { head: 'Tanpa sertifikat', value: (run) => run.totals.no_certificate },
        { head: 'Tidak terbaca', value: (run) => run.totals.unreadable },
        { head: 'Ditolak', value: (run) => run.totals.rejected },
        { head: 'Oleh', value: (run) => names(run.requestedBy) },
        { head: 'Diminta', value: (run) => dateTime(run.requestedAt) },
        { head: 'Selesai', value: (run) => dateTime(run.finishedAt) },
      ],
      rows,
    );
  });
