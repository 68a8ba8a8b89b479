import { reachSteps } from '#lib/terms.ts';
import * as revocation from '#lib/server/revocation/index.ts';
import { open } from '#lib/server/runtime.ts';
import type { Column } from '#lib/server/table-export.ts';
import { guarded, listFile } from '#lib/server/web.ts';
import type { RequestHandler } from './$types';
import { faults } from '../verdict.ts';

const columns: Column<revocation.ReachabilityRow>[] = [
  { head: 'Arah', value: () => 'keluar dari server Siaga' },
  { head: 'Host tujuan', value: (row) => row.host },
  { head: 'Port', value: (row) => row.port },
  { head: 'Protokol', value: (row) => `TCP, ${row.protocol.toUpperCase()}` },
  { head: 'Alamat IP saat diuji', value: (row) => row.addresses.join(' ') },
  { head: 'Untuk', value: (row) => row.why },
  { head: 'Hasil', value: (row) => (row.ok === null ? 'belum diuji' : row.ok ? 'terhubung' : 'gagal') },
  { head: 'Langkah yang gagal', value: (row) => (row.step === null ? '' : reachSteps[row.step]) },
  { head: 'Keterangan', value: (row) => row.text },
  {
    head: 'Alamat yang gagal saat terakhir ditanya',
    value: (row) => row.faulty.map(({ fault, url, text }) => `${faults[fault].word}: ${url}: ${text}`).join(' '),
  },
  { head: 'Diuji', value: (row) => row.checkedAt, kind: 'instant' },
];

/** What to open in the firewall, as a file for the network people. */
export const GET: RequestHandler = ({ locals, url }) =>
  guarded(() =>
    listFile(
      locals.ctx,
      url,
      { name: 'jangkauan-jaringan', list: 'daftar jangkauan jaringan' },
      columns,
      revocation.reachability(locals.ctx, open().config.smtpUrl).rows,
    ),
  );
