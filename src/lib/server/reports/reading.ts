// What people read of reports: one with its figures and their rows, the PDF, all of a year.
import { titleOf } from '#reports/annual-report.ts';
import type { PrintedFigure, ReportKind } from '#reports/report-data.ts';
import * as audit from '../audit/index.ts';
import { wibYear } from '../calendar.ts';
import type { Context } from '../context.ts';
import { notFound } from '../errors.ts';
import * as files from '../files/index.ts';
import { demand } from '../permission.ts';
import * as settings from '../settings/index.ts';
import { partyOf, recipientOf } from './building.ts';
import { dueOf } from './duties.ts';
import type { TableName } from './facts.ts';
import { definitions, type FigureDefinition } from './figures.ts';
import { breakdownOf } from './breakdown.ts';
import { guard, type Warning } from './narrative.ts';
import { periodWords, printed } from './print.ts';
import { subjectsOf } from './proposal.ts';
import { existing, madeBy } from './report.ts';
import { load, snapshotOf } from './snapshots.ts';
import * as store from './store.ts';

export type Detail = {
  report: store.Report;
  title: string;
  periodWords: string;
  snapshot: store.Snapshot | null;
  figures: PrintedFigure[];
  warnings: Warning[];
  versions: store.Report[];
  dispatches: store.Dispatch[];
  recipient: { party: string; addressee: string } | null;
  dueAt: number | null;
  /** Why the actor may not approve; null: may. */
  barred: string | null;
  /** Its period had not ended when the figures were taken. */
  interim: boolean;
};

/** One report with everything its page shows. */
export function get(ctx: Context, id: string): Detail {
  demand(ctx.actor, 'reports.view');
  const report = existing(ctx, id);
  const snapshot = report.snapshotId ? snapshotOf(ctx, report.snapshotId) : null;
  const figures = snapshot ? printed(store.figuresOf(ctx.db, snapshot.id)) : [];
  const recipient = recipientOf(ctx, report.kind);
  return {
    report,
    title: titleOf(report.kind),
    periodWords: periodWords(report.period),
    snapshot,
    figures,
    warnings: guard(
      report.narrative,
      figures,
      snapshot ? subjectsOf(report.kind, breakdownOf(load(ctx, snapshot.id).facts)) : new Set(),
    ),
    versions: store.versions(ctx.db, report.kind, report.period),
    dispatches: store.dispatches(ctx.db, report.id),
    recipient: recipient ? { party: partyOf(report.kind)!, addressee: recipient.addressee } : null,
    dueAt: dueOf(report.kind, report.period, settings.get(ctx, 'deadlines')),
    interim: store.isInterim(report.period, snapshot?.stateAt),
    barred: madeBy(ctx, report) ? 'Anda menyusun laporan ini; persetujuan harus dari orang lain.' : null,
  };
}

/** The PDF of a report: the approved bytes, else the draft. */
export function pdf(ctx: Context, id: string): { bytes: Buffer; name: string; sha256: string } {
  demand(ctx.actor, 'reports.view');
  const row = existing(ctx, id);
  const sha256 = row.pdfSha256 ?? row.draftSha256;
  if (!sha256) throw notFound('Laporan ini belum selesai disusun.');
  const name = `${row.number}-${row.kind}-${row.period}${row.pdfSha256 ? '' : '-draf'}.pdf`;
  audit.record(ctx, { action: 'file.read', targets: [['report', row.id]], details: { name } });
  return { bytes: files.read(ctx, sha256), name, sha256 };
}

/** The rows of a snapshot as stored, for an auditor's own recomputation. */
export function rowsFile(ctx: Context, id: string): { bytes: Buffer; name: string } {
  demand(ctx.actor, 'reports.view');
  const snapshot = snapshotOf(ctx, existing(ctx, id).snapshotId);
  audit.record(ctx, {
    action: 'file.read',
    targets: [['snapshot', snapshot.id]],
    details: { name: `${snapshot.number}.json` },
  });
  return { bytes: files.read(ctx, snapshot.rowsSha256), name: `${snapshot.number}.json` };
}

export type FigureRows = {
  definition: Omit<FigureDefinition, 'count'>;
  figure: PrintedFigure;
  table: TableName;
  rows: { id: string; text: string; href: string | null }[];
  total: number;
};

/** The frozen rows behind a figure, for people: numbers and codes, no personal identifiers. */
export function figureRows(ctx: Context, id: string, code: string, limit = 200): FigureRows {
  demand(ctx.actor, 'reports.view');
  const { facts, figures } = load(ctx, existing(ctx, id).snapshotId);
  const definition = definitions.find((d) => d.code === code);
  const figure = printed(figures).find((f) => f.code === code);
  if (!definition || !figure) throw notFound('Angka tidak ditemukan.');
  const { count, ...words } = definition;
  const counted = count(facts);
  return {
    definition: words,
    figure,
    table: counted.table,
    total: counted.rows.length,
    rows: counted.rows
      .slice(0, limit)
      .map((row) => describeRow(counted.table, row as Record<string, unknown> & { id: string })),
  };
}

function describeRow(table: TableName, row: Record<string, unknown> & { id: string }) {
  const link = {
    certificates: `/certificates/${row.id}`,
    incidents: `/incidents/${row.number}`,
    findings: `/findings/${row.number}`,
    agencies: `/agencies/${row.code}`,
  };
  const text = String(row.number ?? row.name ?? (row.serial ? `seri ${row.serial}` : row.id));
  return { id: row.id, text, href: link[table as keyof typeof link] ?? null };
}

export type Overview = {
  kind: ReportKind;
  title: string;
  basis: string;
  period: string;
  report: store.Report | null;
  dueAt: number | null;
  sent: boolean;
};
const BASIS: Record<ReportKind, string> = {
  'annual-mayor': 'Pasal 18 huruf c',
  'annual-governor': 'Pasal 18 huruf c',
  'annual-bssn': 'Pasal 18 huruf c',
  'annual-bsre': 'Pasal 18 huruf c dan Pasal 6 huruf g',
  evaluation: 'Pasal 18 huruf b',
  utilisation: 'Pasal 6 huruf g',
  inventory: 'Pasal 18 huruf a',
  incidents: 'Pasal 19',
  brief: '',
};

/** Every kind of report for a year: what it is, where it stands, until when. Kinds of other periods follow when made. */
export function list(ctx: Context, year: number): Overview[] {
  demand(ctx.actor, 'reports.view');
  const made = store.newest(ctx.db).filter((r) => r.period.startsWith(String(year)));
  const sent = store.dispatchedReports(ctx.db);
  const deadlines = settings.get(ctx, 'deadlines');
  const row = (kind: ReportKind, period: string, report: store.Report | null): Overview => ({
    kind,
    period,
    report,
    title: titleOf(kind),
    basis: BASIS[kind],
    dueAt: dueOf(kind, period, deadlines),
    sent: report !== null && sent.has(report.id),
  });
  const annual = (['annual-mayor', 'annual-governor', 'annual-bssn', 'annual-bsre'] as const).map((kind) =>
    row(kind, String(year), made.find((r) => r.kind === kind && r.period === String(year)) ?? null),
  );
  const others = made.filter((r) => !annual.some((a) => a.report?.id === r.id)).map((r) => row(r.kind, r.period, r));
  return [...annual, ...others];
}

/** Years that have reports, and the current and the last. */
export function years(ctx: Context): number[] {
  demand(ctx.actor, 'reports.view');
  const now = wibYear(ctx.now());
  return [...new Set([now, now - 1, ...store.newest(ctx.db).map((r) => Number(r.period.slice(0, 4)))])].sort(
    (a, b) => b - a,
  );
}
