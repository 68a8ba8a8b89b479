import * as auth from '#lib/server/auth/index.ts';
import { wibDate } from '#lib/server/calendar.ts';
import { formatOf, type Column } from '#lib/server/table-export.ts';
import { guarded, tableFile } from '#lib/server/web.ts';
import { accountStates, roles } from '#lib/terms.ts';
import { accountFilter } from '../filter.ts';
import type { RequestHandler } from './$types';

const columns: Column<auth.Account>[] = [
  { head: 'Nama', value: (row) => row.name, width: 32 },
  { head: 'Surel', value: (row) => row.email, width: 32 },
  { head: 'Jabatan', value: (row) => row.position, width: 32 },
  { head: 'Perangkat Daerah', value: (row) => row.agency, width: 40 },
  { head: 'Peran', value: (row) => row.roles.map(({ role }) => roles[role]).join(', '), width: 32 },
  { head: 'Keadaan', value: (row) => accountStates[row.state].word },
  { head: 'Terakhir dipakai', value: (row) => row.lastSeenAt, kind: 'instant' },
  { head: 'Dibuat', value: (row) => row.createdAt, kind: 'instant' },
];

/** All accounts that match, not only the page that is seen. */
export const GET: RequestHandler = ({ locals, url }) =>
  guarded(() => {
    const rows = auth.exportAccounts(locals.ctx, accountFilter(url), formatOf(url.searchParams.get('format')));
    return tableFile(url, `pengguna-${wibDate(locals.ctx.now())}`, columns, rows);
  });
