// Reports that wait for a person, computed from their rows.
import { DAY, wibYear } from '../calendar.ts';
import type { Context } from '../context.ts';
import * as settings from '../settings/index.ts';
import type { Task } from '../work.ts';
import { partyOf } from './building.ts';
import { dueOf } from './duties.ts';
import { nameOf } from './names.ts';
import { periodWords } from './print.ts';
import * as store from './store.ts';

/** Reports that wait for a person: to approve, to send, to make. */
export function tasks(ctx: Context): Task[] {
  const deadlines = settings.get(ctx, 'deadlines');
  const sent = store.dispatchedReports(ctx.db);
  const rows = store.newest(ctx.db);
  const about = (r: store.Report) => `${nameOf(r.kind)}, ${periodWords(r.period)}`;
  const open = rows.flatMap((r): Task[] => {
    const common = {
      kind: 'report' as const,
      about: about(r),
      dueAt: dueOf(r.kind, r.period, deadlines),
      basis: 'kebijakan Dinas',
      href: `/reports/${r.id}`,
    };
    if (r.state === 'draft')
      return [
        {
          ...common,
          key: `reports:approve:${r.id}`,
          title: `Setujui ${r.number}`,
          button: 'Tinjau',
          act: 'reports.approve',
        },
      ];
    if (r.state === 'sealing' && r.attempts)
      return [
        {
          ...common,
          key: `reports:seal:${r.id}`,
          title: `Cari sebab ${r.number} yang disetujui belum tercetak`,
          button: 'Buka',
          act: 'reports.take',
        },
      ];
    if (r.state === 'failed')
      return [
        {
          ...common,
          key: `reports:failed:${r.id}`,
          title: `Susun ulang ${r.number}`,
          button: 'Buka',
          act: 'reports.take',
        },
      ];
    if (r.state === 'approved' && partyOf(r.kind) && !sent.has(r.id)) {
      return [
        {
          ...common,
          key: `reports:send:${r.id}`,
          title: `Sampaikan ${r.number} dan catat buktinya`,
          button: 'Catat',
          act: 'reports.send',
        },
      ];
    }
    return [];
  });
  return [...open, ...missingAnnual(ctx, rows)];
}

/** Last year's annual report, while it is not there; and this year's in its last month. */
function missingAnnual(ctx: Context, rows: store.Report[]): Task[] {
  const now = ctx.now();
  const deadlines = settings.get(ctx, 'deadlines');
  return [wibYear(now) - 1, wibYear(now)].flatMap((year): Task[] => {
    const dueAt = dueOf('annual-mayor', String(year), deadlines)!;
    const missing = (['annual-mayor', 'annual-governor', 'annual-bssn', 'annual-bsre'] as const).filter(
      (kind) => !rows.some((r) => r.kind === kind && r.period === String(year)),
    );
    const soon = dueAt - now < 75 * DAY;
    // An office that began this year has no rows of last year to report on.
    const began = rows.some((r) => r.period.startsWith(String(year))) || wibYear(now) === year;
    if (missing.length === 0 || !soon || !began) return [];
    return [
      {
        key: `reports:annual:${year}`,
        kind: 'report',
        title: `Susun laporan tahunan ${year}`,
        about: `${4 - missing.length} dari 4 laporan sudah dibuat`,
        dueAt,
        basis: 'Pasal 18 huruf c; tenggat kebijakan Dinas',
        href: `/reports?year=${year}`,
        button: 'Buat Laporan',
        act: 'reports.take',
      },
    ];
  });
}
