// Imports: files with certificates, a sheet of certificates, the personnel list. One run, one ledger, exactly one
// outcome for each entry, one entry in the trail with the ledger's hash. A private key is refused and nothing of the
// file that held it is stored. Runs are cut into short transactions; a run that was killed goes on where its ledger ends.
import { createHash } from 'node:crypto';
import path from 'node:path';
import * as agencies from '../agencies/index.ts';
import * as audit from '../audit/index.ts';
import { HOUR } from '../calendar.ts';
import { ContainerError, openContainer, readSheet, type ContainerEntry } from '../containers/index.ts';
import { transact, type Context } from '../context.ts';
import { AppError, invalid, notFound } from '../errors.ts';
import * as files from '../files/index.ts';
import { demand } from '../permission.ts';
import * as settings from '../settings/index.ts';
import { CertificateError, DerError, readCertificate } from '../x509/index.ts';
import type { CertificateView } from '../x509/types.ts';
import { certificateRows } from './certificate-sheet.ts';
import { refreshEstate, refreshSuccessors } from './estate.ts';
import * as ledger from './import-store.ts';
import { leafWriter } from './leaf.ts';
import { matcher, matchHolders } from './owners.ts';
import { personnelRows } from './personnel.ts';
import { keepAuthority, refreshChains } from './trust.ts';

export type ImportKind = ledger.RunRow['kind'];
export type Upload = { name: string; bytes: Uint8Array };
export type ImportResult = { id: string; number: string; state: ledger.RunRow['state']; totals: ledger.Totals };

const CHUNK = 250;
const MAX_BYTES = 64 * 1024 * 1024;
const isSheet = (name: string) => /\.(xlsx|csv)$/i.test(name);

// ---- asking ------------------------------------------------------------------------------------------------------

/** Imports one file at once: used by the command line, jobs and the sample city. */
export const importFile = (ctx: Context, input: Upload & { agencyId?: string | null }): Promise<ImportResult> =>
  importFiles(ctx, { name: input.name, files: [input], agencyId: input.agencyId });

/** Imports several files as one run. Sheets by themselves. */
export async function importFiles(
  ctx: Context,
  input: { name: string; files: readonly Upload[]; agencyId?: string | null },
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

function keepFile(tx: Context, importId: string, seq: number, file: files.StoredFile & { name: string }): void {
  files.register(tx, file, 'application/octet-stream');
  ledger.insertFile(tx.db, { importId, seq, name: file.name, sha256: file.sha256, size: file.size }, tx.now());
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

// ---- running -----------------------------------------------------------------------------------------------------

/** Whether anything waits for `runImports`. */
export const importsWaiting = (ctx: Context): boolean => ledger.nextRun(ctx.db) !== undefined;

/** What is due: requested runs, and runs that were cut off. For the jobs process. @returns how many ended */
export async function runImports(ctx: Context): Promise<number> {
  demand(ctx.actor, 'certificates.import');
  ledger.failLost(ctx.db, ctx.now() - HOUR, ctx.now());
  let ended = 0;
  for (let run = ledger.nextRun(ctx.db); run; run = ledger.nextRun(ctx.db)) {
    const uploads = ledger
      .filesOf(ctx.db, run.id)
      .map((file) => ({ name: file.name, bytes: files.read(ctx, file.sha256) }));
    await perform(ctx, run, uploads);
    ended += 1;
  }
  return ended;
}

async function perform(ctx: Context, run: ledger.RunRow, uploads: readonly Upload[]): Promise<ImportResult> {
  try {
    if (run.kind === 'certificates') await performFiles(ctx, run, uploads);
    else await performSheet(ctx, run, uploads[0]!);
    return finish(ctx, run);
  } catch (error) {
    const refused = error instanceof ContainerError || (error instanceof AppError && error.code !== 'unavailable');
    if (!refused) throw error;
    transact(ctx, (tx) => {
      ledger.setRun(tx.db, run.id, { state: 'failed', message: error.message, finishedAt: tx.now() });
      audit.record(tx, { action: 'import.failed', targets: [['import', run.id]], details: { number: run.number } });
    });
    return resultOf(ctx, run.id);
  }
}

function finish(ctx: Context, run: ledger.RunRow): ImportResult {
  const now = ctx.now();
  transact(ctx, (tx) => {
    const totals = ledger.totals(tx.db, run.id);
    ledger.setRun(tx.db, run.id, { state: 'done', finishedAt: now });
    const details = { number: run.number, ...totals, ledger: ledger.ledgerHash(tx.db, run.id) };
    audit.record(tx, { action: 'import.done', targets: [['import', run.id]], details });
  });
  return resultOf(ctx, run.id);
}

function resultOf(ctx: Context, id: string): ImportResult {
  const run = ledger.run(ctx.db, id)!;
  return { id, number: run.number, state: run.state, totals: ledger.totals(ctx.db, id) };
}

async function performSheet(ctx: Context, run: ledger.RunRow, upload: Upload): Promise<void> {
  const sheet = await readSheet({ name: upload.name, bytes: upload.bytes });
  if (ledger.filesOf(ctx.db, run.id).length === 0) keepUpload(ctx, run.id, 1, upload);
  const source = `daftar pegawai ${run.number}`;
  const plan =
    run.kind === 'personnel'
      ? personnelRows(ctx, sheet.rows, source)
      : certificateRows(ctx, sheet.rows, matcher(ctx), run);
  if (plan.total === 0) throw invalid('Lembar ini hanya berisi baris judul; tidak ada yang dapat diimpor.');
  const done = ledger.entryCount(ctx.db, run.id);
  start(ctx, run, plan.total, `Kolom yang dikenali: ${plan.columns.join(', ')}`);
  await inChunks(ctx, run, done, plan.total, (tx, from, to) => {
    const entries = [];
    for (let i = from; i < to; i++) entries.push(plan.write(tx, i));
    return entries;
  });
  if (run.kind === 'personnel') matchHolders(ctx);
  settle(ctx);
}

type Item = { entry: ContainerEntry; upload: Upload; views: CertificateView[]; unread: string | null };

async function performFiles(ctx: Context, run: ledger.RunRow, uploads: readonly Upload[]): Promise<void> {
  const items: Item[] = [];
  for (const upload of uploads) {
    for (const entry of await opened(upload)) items.push({ entry, upload, ...viewsOf(entry) });
  }
  const done = ledger.entryCount(ctx.db, run.id);
  start(ctx, run, items.length, null);
  keepUnreadable(ctx, run, uploads, items);
  const fresh = keepAuthorities(ctx, run, items);
  const newAuthorities = fresh.size > 0;
  const writer = leafWriter(ctx, run);
  await inChunks(ctx, run, done, items.length, (tx, from, to) =>
    items.slice(from, to).map((item, i) => ledgerEntry(tx, item, from + i + 1, writer, fresh)),
  );
  // A new CA certificate may complete chains that were known before.
  if (newAuthorities) refreshChains(ctx, ['incomplete', 'untrusted']);
  settle(ctx);
}

/** A file always gives at least one entry, so that the ledger names it. */
async function opened(upload: Upload): Promise<ContainerEntry[]> {
  const entries = await openContainer(upload);
  return entries.length ? entries : [{ name: upload.name, kind: 'nothing', sha256: sha256(upload.bytes) }];
}

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

function viewsOf(entry: ContainerEntry): Pick<Item, 'views' | 'unread'> {
  if (entry.kind !== 'certificate') return { views: [], unread: null };
  const views: CertificateView[] = [];
  let unread: string | null = null;
  for (const der of entry.ders ?? []) {
    try {
      views.push(readCertificate(der));
    } catch (error) {
      if (!(error instanceof CertificateError) && !(error instanceof DerError)) throw error;
      unread = error.message;
    }
  }
  return { views, unread };
}

function start(ctx: Context, run: ledger.RunRow, total: number, message: string | null): void {
  transact(ctx, (tx) => ledger.setRun(tx.db, run.id, { state: 'running', total, message }));
}

/** Chunks as short transactions that yield in between; the ledger rows are written with what they tell of. */
async function inChunks(
  ctx: Context,
  run: ledger.RunRow,
  done: number,
  total: number,
  work: (tx: Context, from: number, to: number) => ledger.NewEntry[],
): Promise<void> {
  for (let from = done; from < total; from += CHUNK) {
    const to = Math.min(from + CHUNK, total);
    transact(ctx, (tx) => {
      ledger.insertEntries(tx.db, run.id, work(tx, from, to), tx.now());
      ledger.setRun(tx.db, run.id, { done: to });
    });
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** What cannot be read is kept with its hash, so that somebody can look; never a file that held a private key. */
function keepUnreadable(ctx: Context, run: ledger.RunRow, uploads: readonly Upload[], items: readonly Item[]): void {
  if (ledger.filesOf(ctx.db, run.id).length) return;
  uploads.forEach((upload, i) => {
    const mine = items.filter((item) => item.upload === upload);
    const odd = mine.some((item) => item.entry.kind === 'unreadable' || item.unread);
    if (odd && !mine.some((item) => item.entry.kind === 'private_key')) keepUpload(ctx, run.id, i + 1, upload);
  });
}

function keepUpload(ctx: Context, importId: string, seq: number, upload: Upload): void {
  const stored = files.put(ctx, upload.bytes);
  transact(ctx, (tx) => keepFile(tx, importId, seq, { ...stored, name: upload.name }));
}

/** CA certificates first, so that every leaf of the same import finds its issuer. @returns fingerprints that are new */
function keepAuthorities(ctx: Context, run: ledger.RunRow, items: readonly Item[]): Set<string> {
  const views = items.flatMap((item) => item.views.filter((view) => view.ca).map((view) => ({ view, item })));
  const fresh = new Set<string>();
  if (views.length === 0) return fresh;
  transact(ctx, (tx) => {
    for (const { view, item } of views) {
      const kept = keepAuthority(tx, view, `${run.number}, ${item.entry.name}`);
      if (kept.fresh) fresh.add(view.fingerprint);
    }
  });
  return fresh;
}

function ledgerEntry(
  tx: Context,
  item: Item,
  seq: number,
  writer: ReturnType<typeof leafWriter>,
  fresh: Set<string>,
): ledger.NewEntry {
  const { entry, views, unread } = item;
  const base = {
    seq,
    name: entry.name.slice(0, 300),
    sha256: entry.sha256,
    certificatesNew: 0,
    certificatesKnown: 0,
    certificateId: null,
  };
  if (entry.kind === 'private_key') {
    return {
      ...base,
      sha256: null,
      outcome: 'rejected',
      reason: 'Berkas ini berisi kunci privat dan ditolak; tidak ada yang disimpan.',
    };
  }
  if (entry.kind === 'nothing') return { ...base, outcome: 'no_certificate', reason: entry.reason ?? null };
  if (entry.kind === 'unreadable' || views.length === 0) {
    return { ...base, outcome: 'unreadable', reason: entry.reason ?? unread ?? 'Isinya tidak dapat dibaca.' };
  }
  const results = views.map((view) =>
    // A CA certificate counts as new once, in the first entry that held it.
    view.ca
      ? { outcome: fresh.delete(view.fingerprint) ? ('added' as const) : ('duplicate' as const), id: null }
      : writer.write(tx, view, entry.name),
  );
  const has = (outcome: string) => results.some((result) => result.outcome === outcome);
  const known = results.filter((result) => result.outcome === 'duplicate').length;
  return {
    ...base,
    outcome: has('added') ? 'added' : has('completed') ? 'completed' : 'duplicate',
    reason: unread,
    certificatesNew: results.length - known,
    certificatesKnown: known,
    certificateId: results.find((result) => result.id)?.id ?? null,
  };
}

/** Successors and estate rules, once after the last chunk. */
function settle(ctx: Context): void {
  transact(ctx, (tx) => {
    refreshSuccessors(tx.db, null);
    refreshEstate(tx.db, tx.now());
  });
}

// ---- looking -----------------------------------------------------------------------------------------------------

/** Runs, newest first. */
export function imports(ctx: Context, filter: { before?: string; limit?: number } = {}) {
  demand(ctx.actor, 'certificates.import');
  const limit = filter.limit ?? 25;
  const rows = ledger.runs(ctx.db, { ...filter, limit: limit + 1 });
  const shown = rows.slice(0, limit).map((run) => ({ ...run, totals: ledger.totals(ctx.db, run.id) }));
  return { rows: shown, total: ledger.countRuns(ctx.db), next: rows.length > limit ? shown.at(-1)!.id : null };
}

/** One run with a page of its ledger. @throws AppError not_found */
export function importRun(
  ctx: Context,
  id: string,
  filter: { outcome?: ledger.Outcome; after?: number; limit?: number } = {},
) {
  demand(ctx.actor, 'certificates.import');
  const run = ledger.run(ctx.db, id);
  if (!run) throw notFound('Impor ini tidak ada.');
  const limit = filter.limit ?? 50;
  const rows = ledger.entries(ctx.db, id, { outcome: filter.outcome, after: filter.after ?? 0, limit: limit + 1 });
  return {
    ...run,
    agency: run.agencyId ? agencies.byId(ctx, run.agencyId) : null,
    totals: ledger.totals(ctx.db, id),
    entries: rows.slice(0, limit),
    next: rows.length > limit ? rows[limit - 1]!.seq : null,
  };
}

/** The whole ledger of a run, for export and the command line. */
export function importLedger(ctx: Context, id: string) {
  demand(ctx.actor, 'certificates.import');
  return ledger.entries(ctx.db, id, { after: 0, limit: -1 });
}
