import { serial } from '#lib/format.ts';
import type { Column } from '#lib/server/table-export.ts';
import { guarded, listFile } from '#lib/server/web.ts';
import { certificateLabels, revocationWords } from '#lib/terms.ts';
import { rowOf, waiting, type WaitingRow } from '../rows.ts';
import type { RequestHandler } from './$types';

const columns: Column<WaitingRow>[] = [
  { head: 'Nama', value: (row) => row.name },
  { head: 'Perangkat Daerah', value: (row) => row.agency?.name ?? '' },
  { head: 'Nomor seri', value: (row) => (row.serial ? serial(row.serial) : null) },
  { head: 'Penerbit', value: (row) => row.issuer },
  { head: 'Status tercatat', value: (row) => certificateLabels[row.label].word },
  { head: 'Menurut bukti', value: (row) => `disebut ${revocationWords[row.status]}` },
  { head: 'Bukti', value: (row) => row.evidence.name },
];

/** All that waits for the server's clock, of the agency asked for, as a file. */
export const GET: RequestHandler = ({ locals, url }) =>
  guarded(() => {
    const { all } = waiting(locals.ctx, url.searchParams);
    const rows = all.map((one) => rowOf(locals.ctx, one));
    return listFile(
      locals.ctx,
      url,
      { name: 'menunggu-jam-server', list: 'daftar yang menunggu jam server' },
      columns,
      rows,
    );
  });
