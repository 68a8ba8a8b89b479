import { guarded, listFile } from '#lib/server/web.ts';
import { agencyKinds } from '#lib/terms.ts';
import { waitingCounts } from '../../certificates/waiting-column.ts';
import { agencyFigures } from '../figures.ts';
import type { RequestHandler } from './$types';

/** All agencies that the list's address matches; public facts and counts, no persons. */
export const GET: RequestHandler = ({ locals, url }) =>
  guarded(() => {
    const columns = [
      { head: 'Kode', value: (row: Row) => row.code },
      { head: 'Nama', value: (row: Row) => row.name, width: 44 },
      { head: 'Jenis', value: (row: Row) => agencyKinds[row.kind] },
      { head: 'Sertifikat', value: (row: Row) => row.total },
      { head: 'Berlaku', value: (row: Row) => row.inForce },
      { head: 'Di antaranya akan kedaluwarsa', value: (row: Row) => row.expiring },
      { head: 'Perlu perhatian', value: (row: Row) => row.attention },
      ...waitingCounts(locals.ctx),
    ];
    const rows = agencyFigures(locals.ctx, url.searchParams);
    return listFile(locals.ctx, url, { name: 'perangkat-daerah', list: 'daftar Perangkat Daerah' }, columns, rows);
  });

type Row = ReturnType<typeof agencyFigures>[number];
