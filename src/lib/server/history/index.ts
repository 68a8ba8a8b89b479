// Riwayat sebelum Siaga: what the office evaluated, which incidents there were and whom it told, in the time before this
// system, as summaries "dari arsip"; so that the first annual report is honest rather than empty (Pasal 18 huruf b–c).
// Invariants: a summary names its document; one in force for a kind and a period, and never both a year and its
// semesters; nothing is edited, a correction withdraws the old row and enters a new one; Siaga's own figures never
// contain a summary, it is always shown beside them with its mark. Frozen reports keep what they were made with.
import * as audit from '../audit/index.ts';
import { period as periodOf, wibYear } from '../calendar.ts';
import { transact, type Context } from '../context.ts';
import { newId } from '../db/index.ts';
import { conflict, invalid, notFound } from '../errors.ts';
import * as files from '../files/index.ts';
import { demand } from '../permission.ts';
import { periodWords } from './words.ts';
import { readSummary, type Summary, type SummaryInput } from './input.ts';
import * as store from './store.ts';

export type { SummaryInput } from './input.ts';
export type { PastRow } from './store.ts';
export { closedWords, incidentSum, periodWords, sumWords, typeWords } from './words.ts';

const what = { evaluation: 'evaluasi', incidents: 'insiden' } as const;

/** Enters the summary of a period. @returns its id @throws AppError conflict when that time is already told */
export function record(ctx: Context, input: SummaryInput): string {
  demand(ctx.actor, 'history.record');
  const summary = readSummary(input, ctx.now());
  return transact(ctx, (tx) => enter(tx, summary, null));
}

/** Withdraws a summary and enters the right one in its place. */
export function correct(ctx: Context, id: string, input: SummaryInput, reason: string): string {
  demand(ctx.actor, 'history.record');
  const why = reasonOf(reason);
  const summary = readSummary(input, ctx.now());
  return transact(ctx, (tx) => {
    const old = current(tx, id);
    if (old.kind !== summary.kind) throw invalid('Ralat harus tentang hal yang sama.');
    take(tx, old, why);
    // A correction that brings no file keeps the old one.
    const kept = summary.evidence ? null : { sha256: old.fileSha256, name: old.fileName };
    return enter(tx, summary, { id: old.id, reason: why, kept });
  });
}

/** Takes a summary out of force. */
export function withdraw(ctx: Context, id: string, reason: string): void {
  demand(ctx.actor, 'history.record');
  const why = reasonOf(reason);
  transact(ctx, (tx) => {
    const row = current(tx, id);
    take(tx, row, why);
    audit.record(tx, {
      action: 'history.withdrawn',
      targets: [['past', row.id]],
      details: { what: what[row.kind], period: periodWords(row.period) },
      reason: why,
    });
  });
}

/** What is in force, newest period first, and what was withdrawn. */
export function list(ctx: Context): { rows: store.PastRow[]; withdrawn: store.PastRow[] } {
  demand(ctx.actor, 'history.view');
  return { rows: store.inForce(ctx.db), withdrawn: store.withdrawn(ctx.db) };
}

/** The document of a summary; opening it stands in the trail. */
export function file(ctx: Context, id: string): { bytes: Buffer; name: string } {
  demand(ctx.actor, 'history.view');
  const row = store.byId(ctx.db, id);
  if (!row?.fileSha256) throw notFound('Berkas ini tidak ada.');
  const bytes = files.read(ctx, row.fileSha256);
  const name = row.fileName ?? 'arsip';
  audit.record(ctx, {
    action: 'file.read',
    targets: [['past', id]],
    details: { name: `arsip ${row.fileSha256.slice(0, 16)}` },
  });
  return { bytes, name };
}

type Corrects = { id: string; reason: string; kept: { sha256: string | null; name: string | null } | null };

function enter(tx: Context, summary: Summary, corrects: Corrects | null): string {
  const { evidence, ...facts } = summary;
  demandFree(tx, summary);
  if (evidence) files.register(tx, evidence, evidence.mediaType);
  const id = newId(tx.now());
  store.insert(tx.db, {
    id,
    ...facts,
    fileSha256: evidence?.sha256 ?? corrects?.kept?.sha256 ?? null,
    fileName: evidence?.name ?? corrects?.kept?.name ?? null,
    corrects: corrects?.id ?? null,
    enteredBy: audit.actorKey(tx.actor),
    enteredAt: tx.now(),
  });
  audit.record(tx, {
    action: corrects ? 'history.corrected' : 'history.recorded',
    targets: [['past', id], ...(corrects ? [['past', corrects.id] as const] : [])],
    details: { what: what[summary.kind], period: periodWords(summary.period) },
    ...(corrects ? { reason: corrects.reason } : {}),
  });
  return id;
}

const demandFree = (tx: Context, { kind, period }: Summary): void => {
  const why = whyTaken(tx, store.inForce(tx.db), kind, period);
  if (why) throw conflict(why);
};

/** A time is told once: not twice by the archive, and not by the archive where Siaga's own records tell it. */
function whyTaken(
  ctx: Context,
  told: readonly store.PastRow[],
  kind: store.PastRow['kind'],
  period: string,
): string | null {
  const year = period.slice(0, 4);
  const other = told.find(
    (row) =>
      row.kind === kind &&
      (row.period === period || (row.period.startsWith(year) && (row.period === year || period === year))),
  );
  if (other)
    return other.period === period
      ? `Riwayat ${what[kind]} ${periodWords(period)} sudah dicatat. Ralat yang itu.`
      : `${periodWords(other.period)} sudah dicatat; tahun dan semesternya tidak boleh keduanya, agar tidak terhitung dua kali.`;
  if (kind === 'evaluation' && store.ownRounds(ctx.db, period))
    return `Evaluasi ${periodWords(period)} ada di Siaga sendiri; arsip hanya untuk masa sebelumnya.`;
  return null;
}

/** How many years back the archive is offered. */
const YEARS = 10;

/**
 * The periods that can still be told, the newest year first, each year before its semesters.
 * @param corrects the summary that gives way to the one told
 */
export function openPeriods(ctx: Context, kind: store.PastRow['kind'], corrects?: string): string[] {
  demand(ctx.actor, 'history.view');
  const year = wibYear(ctx.now());
  const told = store.inForce(ctx.db).filter((row) => row.id !== corrects);
  return Array.from({ length: YEARS }, (_, back) => String(year - back))
    .flatMap((one) => [one, `${one}-S2`, `${one}-S1`])
    .filter((period) => periodOf(period)!.start <= ctx.now() && whyTaken(ctx, told, kind, period) === null);
}

function current(tx: Context, id: string): store.PastRow {
  const row = store.byId(tx.db, id);
  if (!row) throw notFound('Riwayat ini tidak ada.');
  if (row.withdrawnAt !== null) throw conflict('Riwayat ini sudah ditarik. Muat ulang halaman.');
  return row;
}

const take = (tx: Context, row: store.PastRow, why: string): void =>
  store.withdraw(tx.db, row.id, {
    withdrawnAt: tx.now(),
    withdrawnBy: audit.actorKey(tx.actor),
    withdrawnWhy: why,
  });

function reasonOf(reason: string): string {
  const why = reason.trim().slice(0, 500);
  if (why.length < 5) throw invalid('Tulis alasannya, paling sedikit lima huruf.', { reason: 'Isi alasan.' });
  return why;
}
