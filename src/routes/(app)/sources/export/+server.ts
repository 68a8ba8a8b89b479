import { shortDateTime } from '#lib/format.ts';
import { sourceStates } from '#lib/terms.ts';
import * as revocation from '#lib/server/revocation/index.ts';
import { asFile } from '#lib/server/table-export.ts';
import { attachment, guarded } from '#lib/server/web.ts';
import type { RequestHandler } from './$types';

type Row = ReturnType<typeof revocation.sources>[number];
const columns = [
  { head: 'Penerbit', value: (row: Row) => row.issuerName },
  { head: 'Jenis', value: (row: Row) => row.kind.toUpperCase() },
  { head: 'Alamat', value: (row: Row) => row.url },
  { head: 'Keadaan', value: (row: Row) => sourceStates[row.state].word },
  { head: 'Terakhir dikonfirmasi', value: (row: Row) => shortDateTime(row.confirmedAt) },
  { head: 'Terbit', value: (row: Row) => shortDateTime(row.thisUpdate) },
  { head: 'Berlaku sampai', value: (row: Row) => shortDateTime(row.nextUpdate) },
  { head: 'Entri', value: (row: Row) => row.entryCount },
  { head: 'Ukuran (bita)', value: (row: Row) => row.size },
  { head: 'Sertifikat', value: (row: Row) => row.certificates },
  { head: 'Perangkat Daerah', value: (row: Row) => row.agencies },
  { head: 'Gagal berturut-turut', value: (row: Row) => row.failures },
];

/** All matches of the list as a file. */
export const GET: RequestHandler = ({ locals, url }) =>
  guarded(async () => {
    const state = url.searchParams.get('state');
    const q = (url.searchParams.get('q') ?? '').trim().toLowerCase();
    const rows = revocation
      .sources(locals.ctx)
      .filter((row) => `${row.issuerName} ${row.url}`.toLowerCase().includes(q))
      .filter((row) => (state ? row.state === state : row.state !== 'retired'));
    const format = url.searchParams.get('format') === 'xlsx' ? 'xlsx' : 'csv';
    const file = await asFile('sumber-pencabutan', format, columns, rows);
    return attachment(file.bytes, file.name, file.mediaType);
  });
