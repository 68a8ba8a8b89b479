// Asking for an import: files with certificates, a sheet of certificates, the personnel list. One run, one ledger,
// exactly one outcome for each entry.
import path from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import * as agencies from '../agencies/index.ts';
import * as audit from '../audit/index.ts';
import { transact, type Context } from '../context.ts';
import { invalid } from '../errors.ts';
import * as files from '../files/index.ts';
import { demand } from '../permission.ts';
import * as settings from '../settings/index.ts';
import { cleanName, isSheetName, type FileOnDisk } from '../containers/index.ts';
import { heldUntil, holding, inHand } from './import-holding.ts';
import { lookedAt, lookThrough, noteRefused, type Sent } from './import-looking.ts';
import { finish, perform, performStored, type ImportResult } from './import-runs.ts';
import type { Upload } from './import-steps.ts';
import * as ledger from './import-store.ts';
import { acceptFor } from './sheet-preview.ts';
import { insertSheet } from './sheet-store.ts';
import type { SheetKind } from './sheet.ts';

export type ImportKind = ledger.RunRow['kind'];

/** Imports one file at once: for the command line and the sample city. Owners as in the web: by identity, a bare name is a proposal. */
export const importFile = (ctx: Context, input: Upload & { agencyId?: string | null }): Promise<ImportResult> =>
  importFiles(ctx, { name: input.name, files: [input], agencyId: input.agencyId });

/** Imports several files as one run; those on disk are read where they lie. Sheets by themselves. */
export function importFiles(
  ctx: Context,
  input: { name: string; files: readonly (Upload | FileOnDisk)[]; agencyId?: string | null },
): Promise<ImportResult> {
  const kind: ImportKind =
    input.files.length === 1 && isSheetName(input.files[0]!.name) ? 'certificate_sheet' : 'certificates';
  return runNow(ctx, kind, input);
}

/** The personnel list, at once. */
export const importPersonnel = (ctx: Context, input: Upload): Promise<ImportResult> =>
  runNow(ctx, 'personnel', { name: input.name, files: [input] });

/** A sheet up to its preview, at once: for the command line. It then waits, like one of the web, to be accepted or dropped. */
export const lookAtSheet = (
  ctx: Context,
  { kind, ...file }: Upload & { kind: SheetKind; agencyId?: string | null },
): Promise<ImportResult> =>
  runNow(ctx, kind, { name: file.name, files: [file], agencyId: file.agencyId }, { preview: true });

/** Accepts a preview and writes it at once, held against the jobs process. @throws AppError as `acceptSheet` */
export function writeSheet(ctx: Context, id: string): Promise<ImportResult> {
  acceptFor(ctx, id, { state: 'running', heldUntil: heldUntil(ctx.now()) });
  return holding(ctx, [id], () => performStored(inHand(ctx, id), ledger.run(ctx.db, id)!));
}

async function runNow(
  ctx: Context,
  kind: ImportKind,
  input: { name: string; files: readonly (Upload | FileOnDisk)[]; agencyId?: string | null },
  { preview = false } = {},
): Promise<ImportResult> {
  demand(ctx.actor, kind === 'personnel' ? 'holders.edit' : 'certificates.import');
  checkFiles(input.files);
  const { clean, refused } = await lookedAt(input.files);
  const id = transact(ctx, (tx) => {
    const opened = openRun(tx, clean.length ? kind : 'certificates', 'running', input);
    noteRefused(tx, opened, refused);
    if (preview && clean.length) insertSheet(tx.db, { importId: opened });
    return opened;
  });
  const run = ledger.run(ctx.db, id)!;
  return clean.length ? holding(ctx, [id], () => perform(inHand(ctx, id), run, clean)) : finish(ctx, run);
}

type Request = { files: readonly Sent[]; kind?: 'personnel'; agencyId?: string | null };
type Opened = { id: string; number: string };

/**
 * Accepts an upload for the jobs process; certificates and sheets become runs of their own. What was received is looked
 * through afterwards (import-looking.ts), which may take long: whoever asked need not wait for it.
 * @param input its files belong to us from here on
 * @returns the runs, in order; `looked` when jobs may begin or each run says why not; it rejects only for a bug,
 *   and need not be awaited
 */
export async function receiveImport(ctx: Context, input: Request): Promise<{ runs: Opened[]; looked: Promise<void> }> {
  const begun: { run: ledger.RunRow; sent: readonly Sent[] }[] = [];
  try {
    demand(ctx.actor, input.kind === 'personnel' ? 'holders.edit' : 'certificates.import');
    checkFiles(input.files);
    for (const { kind, sent } of groups(input)) {
      begun.push({ run: request(ctx, kind, sent, input), sent });
      await nextTurn();
    }
  } catch (error) {
    for (const file of input.files) if ('path' in file) files.discard(file);
    throw error;
  }
  const lookAll = async () => {
    for (const { run, sent } of begun) await lookThrough(ctx, run, sent);
  };
  const looked = holding(
    ctx,
    begun.map(({ run }) => run.id),
    lookAll,
  );
  // A bug is said by the run itself; whoever does not wait must not bring the process down.
  looked.catch(() => {});
  return { runs: begun.map(({ run: { id, number } }) => ({ id, number })), looked };
}

/** The same, and waits until all is looked through. */
export async function requestImport(ctx: Context, input: Request): Promise<Opened[]> {
  const { runs, looked } = await receiveImport(ctx, input);
  await looked;
  return runs;
}

function groups(input: Request): { kind: ImportKind; sent: readonly Sent[] }[] {
  const asSheet = (file: Sent) => input.kind === 'personnel' || isSheetName(file.name);
  const rest = input.files.filter((file) => !asSheet(file));
  const sheets = input.files.filter(asSheet);
  return [
    ...(rest.length ? [{ kind: 'certificates' as const, sent: rest }] : []),
    ...sheets.map((file) => ({ kind: input.kind ?? ('certificate_sheet' as const), sent: [file] })),
  ];
}

function request(
  ctx: Context,
  kind: ImportKind,
  sent: readonly Sent[],
  input: { agencyId?: string | null },
): ledger.RunRow {
  const name = sent.length === 1 ? sent[0]!.name : `${sent.length} berkas`;
  return transact(ctx, (tx) => {
    const run = ledger.run(tx.db, openRun(tx, kind, 'requested', { name, agencyId: input.agencyId }))!;
    audit.record(tx, {
      action: 'import.requested',
      targets: [['import', run.id]],
      details: { number: run.number, files: sent.length },
    });
    return run;
  });
}

function checkFiles(sent: readonly (Sent | FileOnDisk)[]): void {
  const [first] = sent;
  if (!first) throw invalid('Pilih berkas atau tempel isinya.', { files: 'Belum ada berkas.' });
  const size = 'bytes' in first ? first.bytes.length : 'size' in first ? first.size : null;
  if (sent.length === 1 && size === 0)
    throw invalid(`Berkas ${cleanName(first.name)} kosong.`, { files: 'Berkas ini kosong.' });
}

function openRun(
  tx: Context,
  kind: ImportKind,
  state: 'requested' | 'running',
  input: { name: string; agencyId?: string | null },
): string {
  if (input.agencyId && !agencies.byId(tx, input.agencyId)) throw invalid('Perangkat Daerah tidak ada dalam daftar.');
  return ledger.insertRun(tx.db, {
    number: settings.allot(tx, 'IMP'),
    kind,
    name: cleanName(path.basename(input.name)),
    agencyId: input.agencyId ?? null,
    state,
    requestedBy: audit.actorKey(tx.actor),
    requestedAt: tx.now(),
    heldUntil: heldUntil(tx.now()),
  });
}
