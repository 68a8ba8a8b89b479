// Asking for an import: files with certificates, a sheet of certificates, the personnel list. One run, one ledger,
// exactly one outcome for each entry. A private key is refused and nothing of the file that held it is stored.
import path from 'node:path';
import * as agencies from '../agencies/index.ts';
import * as audit from '../audit/index.ts';
import { transact, type Context } from '../context.ts';
import { invalid } from '../errors.ts';
import * as files from '../files/index.ts';
import { demand } from '../permission.ts';
import * as settings from '../settings/index.ts';
import { opened } from './import-files.ts';
import { perform, type ImportResult } from './import-runs.ts';
import { keepFile, type Upload } from './import-steps.ts';
import * as ledger from './import-store.ts';
import { matchHolders } from './matching.ts';

export type ImportKind = ledger.RunRow['kind'];

const MAX_BYTES = 64 * 1024 * 1024;
const isSheet = (name: string) => /\.(xlsx|csv)$/i.test(name);

/** Imports one file at once and accepts every proposed owner: for the command line and the sample city, which ask nobody. */
export const importFile = (ctx: Context, input: Upload & { agencyId?: string | null }): Promise<ImportResult> =>
  importFiles(ctx, { name: input.name, files: [input], agencyId: input.agencyId });

/** Imports several files as one run. Sheets by themselves. */
export async function importFiles(
  ctx: Context,
  input: { name: string; files: readonly Upload[]; agencyId?: string | null },
): Promise<ImportResult> {
  const kind: ImportKind =
    input.files.length === 1 && isSheet(input.files[0]!.name) ? 'certificate_sheet' : 'certificates';
  const result = await runNow(ctx, kind, input);
  matchHolders(ctx);
  return result;
}

/** The personnel list, at once. */
export async function importPersonnel(ctx: Context, input: Upload): Promise<ImportResult> {
  const result = await runNow(ctx, 'personnel', { name: input.name, files: [input] });
  matchHolders(ctx);
  return result;
}

async function runNow(
  ctx: Context,
  kind: ImportKind,
  input: { name: string; files: readonly Upload[]; agencyId?: string | null },
): Promise<ImportResult> {
  demand(ctx.actor, kind === 'personnel' ? 'holders.edit' : 'certificates.import');
  checkFiles(input.files);
  const id = transact(ctx, (tx) => openRun(tx, kind, 'running', input));
  return perform(ctx, ledger.run(ctx.db, id)!, input.files);
}

/**
 * Accepts an upload for the jobs process. A file with a private key is refused here and now: the run ends with its
 * ledger and nothing is stored. Certificates and sheets become runs of their own. @returns the runs, in order
 */
export async function requestImport(
  ctx: Context,
  input: { files: readonly Upload[]; kind?: 'personnel'; agencyId?: string | null },
): Promise<{ id: string; number: string }[]> {
  demand(ctx.actor, input.kind === 'personnel' ? 'holders.edit' : 'certificates.import');
  checkFiles(input.files);
  const sheets = input.files.filter((file) => input.kind === 'personnel' || isSheet(file.name));
  const rest = input.files.filter((file) => !sheets.includes(file));
  const groups: [ImportKind, Upload[]][] = sheets.map((file) => [input.kind ?? 'certificate_sheet', [file]]);
  if (rest.length) groups.unshift(['certificates', rest]);
  const runs: { id: string; number: string }[] = [];
  for (const [kind, group] of groups) {
    runs.push(
      kind === 'certificates' && (await holdsPrivateKey(group))
        ? await refusedNow(ctx, group, input)
        : store(ctx, kind, group, input),
    );
  }
  return runs;
}

async function holdsPrivateKey(group: readonly Upload[]): Promise<boolean> {
  for (const file of group) {
    const entries = await opened(file);
    if (entries.some((entry) => entry.kind === 'private_key')) return true;
  }
  return false;
}

/** The files never reach the store; what they hold besides the key goes in straight from memory. */
const refusedNow = (ctx: Context, group: Upload[], input: { agencyId?: string | null }): Promise<ImportResult> =>
  runNow(ctx, 'certificates', { name: nameOf(group), files: group, agencyId: input.agencyId });

function store(ctx: Context, kind: ImportKind, group: readonly Upload[], input: { agencyId?: string | null }) {
  const stored = group.map((file) => ({ ...files.put(ctx, file.bytes), name: file.name }));
  return transact(ctx, (tx) => {
    const id = openRun(tx, kind, 'requested', { name: nameOf(group), agencyId: input.agencyId });
    stored.forEach((file, i) => keepFile(tx, id, i + 1, file));
    const { number } = ledger.run(tx.db, id)!;
    audit.record(tx, {
      action: 'import.requested',
      targets: [['import', id]],
      details: { number, files: group.length },
    });
    return { id, number };
  });
}

const nameOf = (group: readonly Upload[]) => (group.length === 1 ? group[0]!.name : `${group.length} berkas`);

function checkFiles(uploads: readonly Upload[]): void {
  if (!uploads.length) throw invalid('Pilih paling sedikit satu berkas.', { files: 'Belum ada berkas.' });
  const empty = uploads.find((file) => file.bytes.length === 0);
  if (empty && uploads.length === 1) throw invalid(`Berkas ${empty.name} kosong.`, { files: 'Berkas ini kosong.' });
  const large = uploads.find((file) => file.bytes.length > MAX_BYTES);
  if (large) throw invalid(`Berkas ${large.name} terlalu besar; paling besar 64 MB.`, { files: 'Paling besar 64 MB.' });
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
    name: path.basename(input.name).slice(0, 200),
    agencyId: input.agencyId ?? null,
    state,
    requestedBy: audit.actorKey(tx.actor),
    requestedAt: tx.now(),
  });
}
