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
import { cleanName, scanFile, type FileOnDisk } from '../containers/index.ts';
import { finish, perform, type ImportResult } from './import-runs.ts';
import { keepFile, type Upload } from './import-steps.ts';
import * as ledger from './import-store.ts';
import { insertSheet } from './sheet-store.ts';

export type ImportKind = ledger.RunRow['kind'];
/** A file that was received and is neither kept nor discarded. */
export type ArrivedUpload = files.Arrived & { name: string };
type Sent = Upload | ArrivedUpload;
type Refused = { name: string; reason: string };

const isSheet = (name: string) => /\.(xlsx|csv)$/i.test(name);

/** Imports one file at once: for the command line and the sample city. Owners as in the web: by identity, a bare name is a proposal. */
export const importFile = (ctx: Context, input: Upload & { agencyId?: string | null }): Promise<ImportResult> =>
  importFiles(ctx, { name: input.name, files: [input], agencyId: input.agencyId });

/** Imports several files as one run; those on disk are read where they lie. Sheets by themselves. */
export function importFiles(
  ctx: Context,
  input: { name: string; files: readonly (Upload | FileOnDisk)[]; agencyId?: string | null },
): Promise<ImportResult> {
  const kind: ImportKind =
    input.files.length === 1 && isSheet(input.files[0]!.name) ? 'certificate_sheet' : 'certificates';
  return runNow(ctx, kind, input);
}

/** The personnel list, at once. */
export const importPersonnel = (ctx: Context, input: Upload): Promise<ImportResult> =>
  runNow(ctx, 'personnel', { name: input.name, files: [input] });

async function runNow(
  ctx: Context,
  kind: ImportKind,
  input: { name: string; files: readonly (Upload | FileOnDisk)[]; agencyId?: string | null },
): Promise<ImportResult> {
  demand(ctx.actor, kind === 'personnel' ? 'holders.edit' : 'certificates.import');
  checkFiles(input.files);
  const { clean, refused } = await looked(input.files);
  const id = transact(ctx, (tx) => {
    const opened = openRun(tx, clean.length ? kind : 'certificates', 'running', input);
    noteRefused(tx, opened, refused);
    return opened;
  });
  const run = ledger.run(ctx.db, id)!;
  return clean.length ? perform(ctx, run, clean) : finish(ctx, run);
}

/**
 * Accepts an upload for the jobs process. Every file is looked through first: one with a private key, or over a limit,
 * is gone before anything is kept, and the ledger says so. Certificates and sheets become runs of their own.
 * @returns the runs, in order
 */
export async function requestImport(
  ctx: Context,
  input: { files: readonly Sent[]; kind?: 'personnel'; agencyId?: string | null },
): Promise<{ id: string; number: string }[]> {
  demand(ctx.actor, input.kind === 'personnel' ? 'holders.edit' : 'certificates.import');
  try {
    checkFiles(input.files);
    const { clean, refused } = await looked(input.files);
    const sheets = clean.filter((file) => input.kind === 'personnel' || isSheet(file.name));
    const rest = clean.filter((file) => !sheets.includes(file));
    const runs = rest.length || refused.length ? [store(ctx, 'certificates', rest, refused, input)] : [];
    for (const file of sheets) runs.push(store(ctx, input.kind ?? 'certificate_sheet', [file], [], input));
    return runs;
  } finally {
    for (const file of input.files) if ('path' in file) files.discard(file);
  }
}

/** What may go in, and what is refused. A refused file that lies on our disk is removed at once. */
async function looked<T extends Sent | FileOnDisk>(sent: readonly T[]): Promise<{ clean: T[]; refused: Refused[] }> {
  const clean: T[] = [];
  const refused: Refused[] = [];
  for (const file of sent) {
    const name = cleanName(file.name);
    const found = await scanFile('path' in file ? { name, path: file.path } : { name, bytes: file.bytes });
    if (found.verdict === 'clean') {
      clean.push({ ...file, name });
      continue;
    }
    if ('sha256' in file) files.discard(file);
    refused.push({
      name,
      reason: found.verdict === 'private_key' ? keyRefused(found.member) : `${found.reason} Tidak ada yang disimpan.`,
    });
  }
  return { clean, refused };
}

const keyRefused = (member?: string): string =>
  member ? `${ledger.KEY_REFUSED} Letaknya di dalam arsip: ${member.slice(0, 200)}.` : ledger.KEY_REFUSED;

function noteRefused(tx: Context, importId: string, refused: readonly Refused[]): void {
  const none = { sha256: null, certificatesNew: 0, certificatesKnown: 0, certificateId: null };
  const rows = refused.map((one, i) => ({ seq: i + 1, unit: -1, ...one, outcome: 'rejected' as const, ...none }));
  ledger.insertEntries(tx.db, importId, rows, tx.now());
}

function store(
  ctx: Context,
  kind: ImportKind,
  group: readonly Sent[],
  refused: readonly Refused[],
  input: { agencyId?: string | null },
): { id: string; number: string } {
  const stored = group.map((file) => ({
    ...('path' in file ? files.keep(ctx, file) : files.put(ctx, file.bytes)),
    name: file.name,
  }));
  const id = transact(ctx, (tx) => {
    const opened = openRun(tx, kind, 'requested', { name: nameOf([...group, ...refused]), agencyId: input.agencyId });
    stored.forEach((file, i) => keepFile(tx, opened, i + 1, file));
    if (kind !== 'certificates') insertSheet(tx.db, { importId: opened });
    noteRefused(tx, opened, refused);
    audit.record(tx, {
      action: 'import.requested',
      targets: [['import', opened]],
      details: { number: ledger.run(tx.db, opened)!.number, files: group.length + refused.length },
    });
    return opened;
  });
  const run = ledger.run(ctx.db, id)!;
  if (!stored.length) finish(ctx, run);
  return { id, number: run.number };
}

const nameOf = (group: readonly { name: string }[]) => (group.length === 1 ? group[0]!.name : `${group.length} berkas`);

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
  });
}
