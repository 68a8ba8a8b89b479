// Frozen reports (Pasal 18 huruf c, Pasal 6 huruf g): figures of a period taken once, four variants from the same set,
// a one-page brief. Invariants: every number printed is a figure with its rows' hash; a snapshot and an approved report
// never change (triggers); whoever made or edited a report does not approve it; it is approved only after a
// recomputation by other code gave zero differences; an erratum is a new version. Nothing is signed here: the PDF is
// signed in the office's own system. Printing is done by the jobs process (`requested`, `sealing` are rows).
import type { ReportKind } from '#reports/report-data.ts';
import * as audit from '../audit/index.ts';
import { period as periodOf } from '../calendar.ts';
import { transact, type Context } from '../context.ts';
import { newId } from '../db/index.ts';
import { accept, conflict, invalid } from '../errors.ts';
import { demand } from '../permission.ts';
import * as settings from '../settings/index.ts';
import { buildRequested as build } from './building.ts';
import { editInput, REFUSED, requestInput, type EditInput, type RequestInput } from './input.ts';
import { nameOf } from './names.ts';
import { periodWords } from './print.ts';
import { existing } from './report.ts';
import { freeze, snapshotOf } from './snapshots.ts';
import * as store from './store.ts';

export { titleOf } from '#reports/annual-report.ts';
export { approve, dispatch, proof, recompute } from './approval.ts';
export { KINDS } from './input.ts';
export { brief, briefFigure, leaderHome, prepareBrief, type LeaderHome } from './leader.ts';
export { nameOf } from './names.ts';
export type { Warning } from './narrative.ts';
export { periodWords } from './print.ts';
export { sectionName } from './proposal.ts';
export { figureRows, get, list, pdf, rowsFile, years, type Overview } from './reading.ts';
export type { Difference } from './recheck.ts';
export type { Dispatch, Report, Snapshot } from './store.ts';
export { tasks } from './tasks.ts';

/** Instants that a frozen report describes: evidence of then is never thinned. For the jobs process. */
export function frozenInstants(ctx: Context): number[] {
  demand(ctx.actor, 'reports.view');
  return store.snapshotInstants(ctx.db);
}

/** Laporan Berkala. The first release numbered them LAP with the reports of trouble; those numbers stay. */
const SERIES = 'LBK';

/** Freezes rows and figures of a period. @returns the snapshot, e.g. POT-2026-0003 */
export function take(ctx: Context, period: string): store.Snapshot {
  demand(ctx.actor, 'reports.take');
  return freeze(ctx, period);
}

/**
 * Asks for a report; the jobs process prints it. The four annual variants of a period share the newest snapshot; an
 * erratum takes new figures.
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

export const requestsWaiting = (ctx: Context): boolean => store.anyWaiting(ctx.db, ctx.now());
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
