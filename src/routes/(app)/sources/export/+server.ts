import { serialDecimal } from '#lib/format.ts';
import * as revocation from '#lib/server/revocation/index.ts';
import type { Column } from '#lib/server/table-export.ts';
import { guarded, listFile } from '#lib/server/web.ts';
import { askedOf, badgeOf, listed, matching, shown, type Row } from '../listing.ts';
import type { RequestHandler } from './$types';

const columns: Column<Row>[] = [
  { head: 'Penerbit', value: (row) => row.issuerName },
  { head: 'Jenis', value: (row) => row.kind.toUpperCase() },
  { head: 'Alamat', value: (row) => row.url },
  { head: 'Keadaan', value: (row) => badgeOf(row).word },
  { head: 'Gagal sejak', value: (row) => row.failedSince, kind: 'instant' },
  { head: 'Sebab', value: (row) => row.failureText },
  { head: 'Gagal berturut-turut', value: (row) => row.failures },
  { head: 'Terbit', value: (row) => row.thisUpdate, kind: 'instant' },
  { head: 'Terakhir dikonfirmasi', value: (row) => row.confirmedAt, kind: 'instant' },
  { head: 'Terbitan berikutnya', value: (row) => row.nextUpdate, kind: 'instant' },
  { head: 'Nomor CRL', value: (row) => row.crlNumber && serialDecimal(row.crlNumber) },
  { head: 'Entri', value: (row) => row.entryCount },
  { head: 'Ukuran (bita)', value: (row) => row.size },
  { head: 'Sertifikat', value: (row) => row.certificates },
  { head: 'Perangkat Daerah', value: (row) => row.agencies },
];

/** All matches of the list as a file, in its order. */
export const GET: RequestHandler = ({ locals, url }) =>
  guarded(() => {
    const asked = askedOf(url.searchParams);
    const rows = shown(matching(listed(revocation.sources(locals.ctx), revocation.signals(locals.ctx)), asked), asked);
    return listFile(locals.ctx, url, { name: 'sumber-pencabutan', list: 'daftar sumber pencabutan' }, columns, rows);
  });
