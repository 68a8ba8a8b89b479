import { sourceStates } from '#lib/terms.ts';
import * as revocation from '#lib/server/revocation/index.ts';
import type { Column } from '#lib/server/table-export.ts';
import { guarded, tableFile } from '#lib/server/web.ts';
import type { RequestHandler } from './$types';

const columns: Column<revocation.SourceView>[] = [
  { head: 'Penerbit', value: (row) => row.issuerName },
  { head: 'Jenis', value: (row) => row.kind.toUpperCase() },
  { head: 'Alamat', value: (row) => row.url },
  { head: 'Keadaan', value: (row) => sourceStates[row.state].word },
  { head: 'Terakhir dikonfirmasi', value: (row) => row.confirmedAt, kind: 'instant' },
  { head: 'Terbit', value: (row) => row.thisUpdate, kind: 'instant' },
  { head: 'Berlaku sampai', value: (row) => row.nextUpdate, kind: 'instant' },
  { head: 'Entri', value: (row) => row.entryCount },
  { head: 'Ukuran (bita)', value: (row) => row.size },
  { head: 'Sertifikat', value: (row) => row.certificates },
  { head: 'Perangkat Daerah', value: (row) => row.agencies },
  { head: 'Gagal berturut-turut', value: (row) => row.failures },
];

/** All matches of the list as a file. */
export const GET: RequestHandler = ({ locals, url }) =>
  guarded(() => {
    const state = url.searchParams.get('state');
    const q = (url.searchParams.get('q') ?? '').trim().toLowerCase();
    const rows = revocation
      .sources(locals.ctx)
      .filter((row) => `${row.issuerName} ${row.url}`.toLowerCase().includes(q))
      .filter((row) => (state ? row.state === state : row.state !== 'retired'));
    return tableFile(url, 'sumber-pencabutan', columns, rows);
  });
