import * as evaluations from '#lib/server/evaluations/index.ts';
import type { Column } from '#lib/server/table-export.ts';
import { guarded, listFile } from '#lib/server/web.ts';
import { findingStates, followUpCodes, risks } from '#lib/terms.ts';
import { filterOf, matches, onTab } from '../listing.ts';
import type { RequestHandler } from './$types';

const columns: Column<evaluations.findings.Finding>[] = [
  { head: 'Nomor', value: (f) => f.number },
  { head: 'Perangkat Daerah', value: (f) => f.agency.name, width: 48 },
  { head: 'Temuan', value: (f) => f.title, width: 48 },
  { head: 'Kriteria', value: (f) => f.standard, width: 48 },
  { head: 'Kondisi', value: (f) => f.condition, width: 48 },
  { head: 'Sebab', value: (f) => f.cause || null, width: 48 },
  { head: 'Akibat', value: (f) => f.effect, width: 48 },
  { head: 'Risiko', value: (f) => risks[f.risk] },
  { head: 'Rekomendasi', value: (f) => f.recommendation, width: 48 },
  { head: 'Tenggat', value: (f) => f.standing.dueOn },
  { head: 'Keadaan', value: (f) => findingStates[f.standing.state].word },
  { head: 'Lewat tenggat', value: (f) => (f.standing.overdue ? 'ya' : 'tidak') },
  {
    head: 'Tingkat tindak lanjut',
    value: (f) => (f.standing.code ? `${f.standing.code} ${followUpCodes[f.standing.code]}` : null),
  },
  { head: 'Ditetapkan', value: (f) => f.adoptedAt, kind: 'instant' },
  { head: 'Ditutup', value: (f) => f.standing.closedAt, kind: 'instant' },
];

/** All findings that match the list's filter. */
export const GET: RequestHandler = ({ locals, url }) =>
  guarded(() => {
    const { ctx } = locals;
    const filter = filterOf(url.searchParams);
    const round = filter.round ? evaluations.round(ctx, filter.round).round : null;
    const rows = evaluations.findings
      .list(ctx)
      .filter((f) => matches(filter, f, round?.id ?? null) && onTab(filter.tab, f));
    return listFile(ctx, url, { name: 'temuan', list: 'daftar temuan' }, columns, rows);
  });
