import { wibDate } from '#lib/server/calendar.ts';
import * as incidents from '#lib/server/incidents/index.ts';
import type { Column } from '#lib/server/table-export.ts';
import { guarded, listFile } from '#lib/server/web.ts';
import { incidentSeverities, incidentStates, incidentTypes } from '#lib/terms.ts';
import { incidentFilter } from '../filter.ts';
import type { RequestHandler } from './$types';

const columns: Column<incidents.Row>[] = [
  { head: 'Nomor', value: (row) => row.number },
  { head: 'Judul', value: (row) => row.title, width: 48 },
  { head: 'Jenis', value: (row) => incidentTypes[row.type], width: 24 },
  { head: 'Perangkat Daerah', value: (row) => row.agency.name, width: 40 },
  { head: 'Keadaan', value: (row) => incidentStates[row.state].word },
  { head: 'Tingkat risiko', value: (row) => row.level && incidentSeverities[row.level].word },
  { head: 'Diketahui Dinas', value: (row) => row.knownAt, kind: 'instant' },
  { head: 'Batas terdekat', value: (row) => row.clock?.dueAt, kind: 'instant' },
  { head: 'Penangan', value: (row) => row.handler, width: 28 },
];

/** All incidents that match, not only the page that is seen. */
export const GET: RequestHandler = ({ locals: { ctx }, url }) =>
  guarded(() => {
    const { filter } = incidentFilter(ctx, url);
    const { rows } = incidents.list(ctx, { ...filter, limit: 100_000 });
    return listFile(ctx, url, { name: `insiden-${wibDate(ctx.now())}`, list: 'daftar insiden' }, columns, rows);
  });
