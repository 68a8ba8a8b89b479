// Frozen reports (Pasal 18 huruf c, Pasal 6 huruf g): figures of a period taken once, four variants from the same set,
// a one-page brief. Invariants: every number printed is a figure with its rows' hash; a snapshot and an approved report
// never change (triggers); whoever made or edited a report does not approve it; it is approved only after a
// recomputation by other code gave zero differences; an erratum is a new version. Nothing is signed here: the PDF is
// signed in the office's own system. Printing is done by the jobs process (`requested`, `sealing` are rows).
import { titleOf } from '#reports/annual-report.ts';
import type { PrintedFigure, ReportKind } from '#reports/report-data.ts';
import * as audit from '../audit/index.ts';
import { period as periodOf, wibYear } from '../calendar.ts';
import { transact, type Context } from '../context.ts';
import { newId } from '../db/index.ts';
import { accept, conflict, forbidden, invalid, notFound } from '../errors.ts';
import * as files from '../files/index.ts';
import { demand, mayOpen } from '../permission.ts';
import * as settings from '../settings/index.ts';
import type { Task } from '../work.ts';
import { briefFacts, briefFile, buildRequested as build, partyOf, recipientOf, type BriefFile } from './building.ts';
import { breakdownOf } from './breakdown.ts';
import { headline, type Headline } from './brief.ts';
import {
  dispatchInput,
  editInput,
  requestInput,
  type DispatchInput,
  type EditInput,
  type RequestInput,
} from './input.ts';
import { definitions, type FigureDefinition } from './figures.ts';
import { drillOf, type Drill } from './drill.ts';
import { dueOf, dutiesOf } from './duties.ts';
import type { TableName } from './facts.ts';
import { nameOf } from './names.ts';
import { guard, type Warning } from './narrative.ts';
import { periodWords, printed } from './print.ts';
import type { Difference } from './recheck.ts';
import { differencesOf, freeze, load, snapshotOf } from './snapshots.ts';
import * as store from './store.ts';

export { titleOf } from '#reports/annual-report.ts';
export { sectionName } from './proposal.ts';
export { nameOf } from './names.ts';
export { periodWords } from './print.ts';
export { KINDS } from './input.ts';
export type { Dispatch, Report, Snapshot } from './store.ts';
export type { Warning } from './narrative.ts';
export type { Difference } from './recheck.ts';

/** Laporan Berkala. The first release numbered them LAP with the reports of trouble; those numbers stay. */
const SERIES = 'LBK';
const REFUSED = 'Isian belum benar; periksa yang ditandai.';

function existing(ctx: Context, id: string): store.Report {
  const row = store.reportById(ctx.db, id) ?? store.reportByNumber(ctx.db, id);
  if (!row) throw notFound('Laporan tidak ditemukan.');
  return row;
}

/** Freezes rows and figures of a period. @returns the snapshot, e.g. POT-2026-0003 */
export function take(ctx: Context, period: string): store.Snapshot {
  demand(ctx.actor, 'reports.take');
  return freeze(ctx, period);
}

/**
 * Asks for a report; the jobs process prints it. The four annual variants of a period share the newest snapshot, unless
 * `fresh` is asked for or an erratum is made.
 * @throws AppError conflict when a draft exists, or an approved one is to be replaced without a reason
 */
export function requestReport(
  ctx: Context,
  input: RequestInput & { snapshotId?: string },
): { id: string; number: string } {
  demand(ctx.actor, 'reports.take');
  const { kind, period, reason } = accept(requestInput, input, REFUSED);
  const now = ctx.now();
  const range = periodOf(period);
  if (!range || range.start > now)
    throw invalid('Periode itu belum dimulai.', { period: 'Pilih periode yang sudah dimulai.' });
  return transact(ctx, (tx) => {
    const last = store.versions(tx.db, kind, period)[0];
    if (last?.state === 'failed') return retry(tx, last);
    if (last && last.state !== 'approved')
      throw conflict(
        `${last.number} masih ${last.state === 'draft' ? 'draf; ubah drafnya' : 'disusun; tunggu sebentar'}.`,
      );
    if (last && !reason)
      throw invalid('Laporan ini sudah disetujui. Tulis alasan ralat untuk membuat versi baru.', {
        reason: 'Tulis alasan ralat.',
      });
    const snapshotId = input.snapshotId ? snapshotOf(tx, input.snapshotId).id : last ? null : shared(tx, kind, period);
    const id = newId(now);
    const number = last ? last.number.replace(/-v\d+$/, '') + `-v${last.version + 1}` : settings.allot(tx, SERIES);
    store.insertReport(tx.db, {
      id,
      number,
      kind,
      period,
      version: (last?.version ?? 0) + 1,
      snapshotId,
      state: 'requested',
      narrative: {},
      supersedesId: last?.id ?? null,
      reason,
      requestedBy: audit.actorKey(ctx.actor),
      requestedAt: now,
    });
    audit.record(tx, {
      action: 'report.requested',
      targets: [['report', id]],
      details: { number, title: nameOf(kind), period: periodWords(period) },
      ...(reason ? { reason } : {}),
    });
    return { id, number };
  });
}

/** The newest snapshot of the period that other annual variants already rest on, so that all four say the same. */
function shared(ctx: Context, kind: ReportKind, period: string): string | null {
  if (!kind.startsWith('annual')) return null;
  const siblings = store
    .newest(ctx.db)
    .filter((r) => r.kind.startsWith('annual') && r.period === period && r.snapshotId !== null);
  return siblings.sort((a, b) => b.requestedAt - a.requestedAt)[0]?.snapshotId ?? null;
}

function retry(ctx: Context, row: store.Report): { id: string; number: string } {
  store.updateReport(ctx.db, row.id, { state: 'requested', message: null, progress: 0 });
  audit.record(ctx, { action: 'report.retried', targets: [['report', row.id]], details: { number: row.number } });
  return { id: row.id, number: row.number };
}

/** Requests and prints at once, for the command line and for seeding. @returns the draft */
export async function make(
  ctx: Context,
  kind: Exclude<ReportKind, 'brief'>,
  at: { period: string; snapshotId?: string; reason?: string },
): Promise<store.Report> {
  const { id } = requestReport(ctx, { kind, ...at });
  await build(ctx);
  const row = existing(ctx, id);
  if (row.state === 'failed') throw conflict(row.message ?? 'Laporan gagal disusun.');
  return row;
}

export const requestsWaiting = (ctx: Context): boolean => store.anyWaiting(ctx.db);
/** For the jobs process. @returns how many were printed */
export const buildRequested = (ctx: Context): Promise<number> => build(ctx);

/** Changes the text of a draft and prints it anew. */
export function edit(ctx: Context, id: string, input: EditInput): void {
  demand(ctx.actor, 'reports.take');
  const { narrative, letterNumber } = accept(editInput, input, REFUSED);
  transact(ctx, (tx) => {
    const row = existing(tx, id);
    if (row.state !== 'draft') throw conflict('Hanya draf yang dapat diubah. Muat ulang halaman.');
    const known = Object.fromEntries(
      Object.keys(row.narrative).map((section) => [section, narrative[section] ?? row.narrative[section]!]),
    );
    store.updateReport(tx.db, row.id, {
      narrative: known,
      letterNumber,
      state: 'requested',
      progress: 2,
      editedBy: audit.actorKey(ctx.actor),
    });
    audit.record(tx, {
      action: 'report.edited',
      targets: [['report', row.id]],
      details: { number: row.number, version: row.version },
    });
  });
}

/** Takes new figures for a draft; the text starts again from the proposal. */
export function refresh(ctx: Context, id: string): void {
  demand(ctx.actor, 'reports.take');
  const row = existing(ctx, id);
  if (row.state !== 'draft') throw conflict('Hanya draf yang dapat diperbarui angkanya.');
  const snapshot = freeze(ctx, row.period);
  transact(ctx, (tx) => {
    store.updateReport(tx.db, row.id, {
      snapshotId: snapshot.id,
      narrative: {},
      state: 'requested',
      progress: 1,
      editedBy: audit.actorKey(ctx.actor),
    });
    audit.record(tx, {
      action: 'report.refreshed',
      targets: [
        ['report', row.id],
        ['snapshot', snapshot.id],
      ],
      details: { number: row.number, snapshot: snapshot.number },
    });
  });
}

/** Counts all figures again from the stored rows with other code. */
export function recompute(ctx: Context, id: string): Difference[] {
  demand(ctx.actor, 'reports.view');
  const row = existing(ctx, id);
  const differences = differencesOf(ctx, snapshotOf(ctx, row.snapshotId));
  transact(ctx, (tx) => {
    // An approved row is closed to changes; the trail keeps the result.
    if (row.state === 'draft')
      store.updateReport(tx.db, row.id, { recomputedAt: tx.now(), differences: differences.length });
    audit.record(tx, {
      action: 'report.recomputed',
      targets: [['report', row.id]],
      details: { number: row.number, count: definitions.length, differences: differences.length },
    });
  });
  return differences;
}

/**
 * Approves the draft that was looked at; the jobs process prints the final bytes.
 * @param contentHash of the draft as the approver saw it
 * @throws AppError forbidden for its maker or editor; conflict when it changed, or figures differ from their rows
 */
export function approve(ctx: Context, id: string, contentHash: string): void {
  demand(ctx.actor, 'reports.approve');
  const me = audit.actorKey(ctx.actor);
  const row = existing(ctx, id);
  if (madeBy(ctx, row)) throw forbidden('Penyusun laporan tidak dapat menyetujuinya sendiri. Minta orang kedua.');
  if (row.state !== 'draft') throw conflict('Laporan ini bukan draf yang menunggu persetujuan.');
  if (row.contentHash !== contentHash)
    throw conflict('Draf telah berubah sejak Anda membukanya. Periksa kembali sebelum menyetujui.');
  const differences = differencesOf(ctx, snapshotOf(ctx, row.snapshotId));
  if (differences.length)
    throw conflict(
      `Hitung ulang menemukan ${differences.length} perbedaan; laporan tidak dapat disetujui. Ambil angka baru.`,
    );
  const now = ctx.now();
  transact(ctx, (tx) => {
    const current = existing(tx, id);
    if (current.state !== 'draft' || current.contentHash !== contentHash)
      throw conflict('Draf telah berubah sejak Anda membukanya. Periksa kembali sebelum menyetujui.');
    store.updateReport(tx.db, row.id, {
      state: 'sealing',
      approvedBy: me,
      approvedAt: now,
      recomputedAt: now,
      differences: 0,
    });
    audit.record(tx, {
      action: 'report.approved',
      targets: [['report', row.id]],
      details: { number: row.number, version: row.version, hash: contentHash },
    });
  });
}

/** Whether the actor asked for this version or changed it, whoever did so last. */
function madeBy(ctx: Context, row: store.Report): boolean {
  const makers = audit.doers(ctx, ['report', row.id], ['report.requested', 'report.edited', 'report.refreshed']);
  return [row.requestedBy, row.editedBy, ...makers].includes(audit.actorKey(ctx.actor));
}

/** Records that an approved report went to somebody, with proof. */
export function dispatch(
  ctx: Context,
  id: string,
  input: DispatchInput,
  proof?: { name: string; bytes: Uint8Array; mediaType: string },
): void {
  demand(ctx.actor, 'reports.send');
  const given = accept(dispatchInput, input, REFUSED);
  const row = existing(ctx, id);
  if (row.state !== 'approved') throw conflict('Hanya laporan yang sudah disetujui yang dapat dicatat penyampaiannya.');
  const now = ctx.now();
  if (given.sentAt > now) throw invalid('Waktu penyampaian belum terjadi.', { sentAt: 'Isi waktu yang sudah lewat.' });
  if (given.sentAt < row.approvedAt!)
    throw invalid('Waktu penyampaian mendahului persetujuan.', { sentAt: 'Isi waktu setelah persetujuan.' });
  const stored = proof && proof.bytes.length ? files.put(ctx, proof.bytes) : null;
  transact(ctx, (tx) => {
    if (stored) files.register(tx, stored, proof!.mediaType || 'application/octet-stream');
    store.insertDispatch(tx.db, {
      id: newId(now),
      reportId: row.id,
      ...given,
      proofSha256: stored?.sha256 ?? null,
      proofName: stored ? proof!.name.slice(0, 160) : null,
      by: audit.actorKey(ctx.actor),
      enteredAt: now,
    });
    audit.record(tx, {
      action: 'report.dispatched',
      targets: [['report', row.id]],
      details: { number: row.number, way: given.way },
      // Typed by people: often somebody's name.
      personal: { addressee: given.addressee, receipt: given.receipt || '-' },
    });
  });
}

/** The proof of a dispatch, for download. */
export function proof(ctx: Context, reportId: string, dispatchId: string): { bytes: Buffer; name: string } {
  demand(ctx.actor, 'reports.view');
  const found = store.dispatchById(ctx.db, dispatchId);
  if (!found?.proofSha256 || found.reportId !== existing(ctx, reportId).id) throw notFound('Bukti tidak ditemukan.');
  audit.record(ctx, {
    action: 'file.read',
    targets: [['report', found.reportId]],
    details: { name: `bukti ${found.proofSha256.slice(0, 16)}` },
  });
  return { bytes: files.read(ctx, found.proofSha256), name: found.proofName ?? 'bukti' };
}

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
    warnings: guard(report.narrative, figures),
    versions: store.versions(ctx.db, report.kind, report.period),
    dispatches: store.dispatches(ctx.db, report.id),
    recipient: recipient ? { party: partyOf(report.kind)!, addressee: recipient.addressee } : null,
    dueAt: dueOf(report.kind, report.period, settings.get(ctx, 'deadlines')),
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

// --- Ringkasan Pimpinan ---

/** The one-page brief as PDF, ready in well under three seconds. */
export async function brief(ctx: Context): Promise<BriefFile> {
  demand(ctx.actor, 'brief.download');
  const file = await briefFile(ctx);
  audit.record(ctx, { action: 'brief.downloaded', targets: [], details: { name: file.name } });
  return file;
}

/** For the jobs process: prints today's brief when its rows changed. @returns whether it was printed */
export async function prepareBrief(ctx: Context): Promise<boolean> {
  return (await briefFile(ctx)).fresh;
}

export type LeaderHome = Headline & {
  stateAt: number;
  confirmed: { within: number; of: number };
  duties: ReturnType<typeof dutiesOf>;
  attention: ReturnType<typeof breakdownOf>['attention'];
  trend: ReturnType<typeof breakdownOf>['trend'];
  waiting: {
    id: string;
    number: string;
    title: string;
    periodWords: string;
    builtAt: number | null;
    dueAt: number | null;
  }[];
};

/** What a leader sees first: the sentence, five figures, what waits for approval, who needs attention. */
export function leaderHome(ctx: Context): LeaderHome {
  demand(ctx.actor, 'brief.download');
  const facts = briefFacts(ctx);
  const breakdown = breakdownOf(facts);
  const deadlines = settings.get(ctx, 'deadlines');
  const rows = store.newest(ctx.db);
  const confirmed = definitions.find((d) => d.code === 'F-26')!.count(facts);
  const { figures, ...words } = headline(facts);
  return {
    ...words,
    // The list where it is open to the reader, else the figure in its parts.
    figures: figures.map((f) => ({ ...f, href: mayOpen(ctx.actor, f.href) ? f.href : `/brief/figures/${f.code}` })),
    stateAt: facts.stateAt,
    confirmed: { within: confirmed.rows.length, of: confirmed.of ?? 0 },
    duties: dutiesOf(
      facts,
      rows.map((r) => ({ kind: r.kind, period: r.period, state: r.state })),
      deadlines,
    ),
    attention: breakdown.attention,
    trend: breakdown.trend,
    waiting: rows
      .filter((r) => r.state === 'draft')
      .map((r) => ({
        id: r.id,
        number: r.number,
        title: nameOf(r.kind),
        periodWords: periodWords(r.period),
        builtAt: r.builtAt,
        dueAt: dueOf(r.kind, r.period, deadlines),
      })),
  };
}

/** A figure of the brief as it stands now, by agency and by kind, without anything that points at a person. */
export function briefFigure(ctx: Context, code: string): Drill {
  demand(ctx.actor, 'brief.download');
  const drill = drillOf(briefFacts(ctx), code);
  if (!drill) throw notFound('Angka ini tidak ada dalam Ringkasan Pimpinan.');
  return drill;
}

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
    const soon = dueAt - now < 75 * 86_400_000;
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
