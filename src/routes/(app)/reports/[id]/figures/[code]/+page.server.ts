import { can } from '#lib/server/permission.ts';
import * as reports from '#lib/server/reports/index.ts';
import { guarded } from '#lib/server/web.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = ({ locals: { ctx }, params }) =>
  guarded(() => {
    const { report, title, periodWords } = reports.get(ctx, params.id);
    const rows = reports.figureRows(ctx, params.id, params.code);
    // Leaders see which rows were counted, but may not open every record.
    const open = { certificates: can(ctx.actor, 'certificates.view'), incidents: can(ctx.actor, 'incidents.view') };
    const linked =
      rows.table === 'certificates' ? open.certificates : rows.table === 'incidents' ? open.incidents : true;
    return {
      id: report.id,
      number: report.number,
      title,
      periodWords,
      ...rows,
      rows: rows.rows.map((row) => ({ ...row, href: linked ? row.href : null })),
    };
  });
