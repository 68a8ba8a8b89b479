// A run of an import: performed, resumed where its ledger ends, finished with one entry in the trail, looked at.
import { readFileSync, statSync } from 'node:fs';
import * as agencies from '../agencies/index.ts';
import * as audit from '../audit/index.ts';
import { ContainerError, LIMITS } from '../containers/index.ts';
import { attempt, GIVEN_UP, transact, type Context } from '../context.ts';
import { isBusy } from '../db/index.ts';
import { AppError, notFound } from '../errors.ts';
import * as files from '../files/index.ts';
import { demand } from '../permission.ts';
import { performFiles } from './import-files.ts';
import type { ImportedFile } from './import-reading.ts';
import { performSheet } from './import-sheet.ts';
import type { Upload } from './import-steps.ts';
import { countRuns, runs, type RunFilter } from './import-list.ts';
import { findRuns, WALK_MS } from './import-search.ts';
import * as ledger from './import-store.ts';
import { tally } from './import-tally.ts';
import * as sheets from './sheet-store.ts';
import { changeWords, type Names } from './change-words.ts';
import { worded } from './import-pages.ts';

export type ImportResult = { id: string; number: string; state: ledger.RunRow['state']; totals: ledger.Totals };

/** Whether anything waits for `runImports`. */
export const importsWaiting = (ctx: Context): boolean =>
  ledger.nextRun(ctx.db, ctx.now()) !== undefined || ledger.lost(ctx.db, ctx.now()).length > 0;

/** Bytes from which an import takes long enough to be noticed by whatever else the process does. */
const LARGE = 5_000_000;

/** Whether the run that comes next is a large one. */
export function largeImportWaits(ctx: Context): boolean {
  const run = ledger.nextRun(ctx.db, ctx.now());
  return !!run && ledger.filesOf(ctx.db, run.id).reduce((sum, file) => sum + file.size, 0) > LARGE;
}

const LOST = 'Terhenti di tengah jalan. Ulangi impor; yang sudah masuk tidak digandakan.';

/** What is due: requested runs, and runs that were cut off. For the jobs process. @returns how many ended */
export async function runImports(ctx: Context): Promise<number> {
  demand(ctx.actor, 'certificates.import');
  for (const run of ledger.lost(ctx.db, ctx.now())) {
    takeOver(ctx, run);
    fail(ctx, run, LOST);
  }
  let ended = 0;
  for (let run = ledger.nextRun(ctx.db, ctx.now()); run; run = ledger.nextRun(ctx.db, ctx.now())) {
    const { id, done: place } = run;
    takeOver(ctx, run);
    await attempt(ctx)(
      { row: `import:${id}`, place },
      async (own) => void (await performStored(own, run)),
      () => fail(ctx, run, `${GIVEN_UP} Yang sudah masuk tidak digandakan.`),
    );
    ended += 1;
  }
  return ended;
}

/** Whoever held it, and was silent, writes nothing of it any more. */
const takeOver = (ctx: Context, run: ledger.RunRow): void => transact(ctx, (tx) => ledger.letGo(tx.db, run.id));

export const performStored = (ctx: Context, run: ledger.RunRow): Promise<ImportResult> =>
  perform(ctx, run, () =>
    ledger.filesOf(ctx.db, run.id).map(({ name, sha256 }) => ({ name, path: files.pathOf(ctx, sha256) })),
  );

export async function perform(
  ctx: Context,
  run: ledger.RunRow,
  imported: readonly ImportedFile[] | (() => readonly ImportedFile[]),
): Promise<ImportResult> {
  try {
    const found = typeof imported === 'function' ? imported() : imported;
    if (run.kind === 'certificates') await performFiles(ctx, run, found);
    else if ((await performSheet(ctx, run, inMemory(found[0]!))) === 'preview') return resultOf(ctx, run.id);
    return finish(ctx, run);
  } catch (error) {
    // The disk or another process: the run goes on later.
    if (isBusy(error) || (error instanceof AppError && error.code === 'unavailable')) throw error;
    const refused = error instanceof ContainerError || error instanceof AppError;
    // A bug: whoever waits is told, and the runs behind this one are not kept waiting; the job's log names it.
    if (refused) fail(ctx, run, error.message, run.kind !== 'certificates');
    else fail(ctx, run, 'Terjadi kesalahan di Siaga saat membaca kiriman ini. Beri tahu administrator.');
    if (!refused) throw error;
    return resultOf(ctx, run.id);
  }
}

/** @param unread it is a sheet that cannot be read as a whole: one entry, kept with its hash, so that the totals add up */
export function fail(ctx: Context, run: ledger.RunRow, message: string, unread = false): void {
  transact(ctx, (tx) => {
    if (unread && ledger.entryCount(tx.db, run.id) === 0) {
      const sha256 = ledger.filesOf(tx.db, run.id)[0]?.sha256 ?? null;
      const none = { certificatesNew: 0, certificatesKnown: 0, certificateId: null };
      const entry = { seq: 1, name: run.name, outcome: 'unreadable' as const, reason: message, sha256, ...none };
      ledger.insertEntries(tx.db, run.id, [entry], tx.now());
    }
    ledger.setRun(tx.db, run.id, { state: 'failed', message, finishedAt: tx.now() });
    audit.record(tx, { action: 'import.failed', targets: [['import', run.id]], details: { number: run.number } });
  });
}

/** A sheet is read as a whole. @throws ContainerError */
function inMemory(file: ImportedFile): Upload {
  if ('bytes' in file) return file;
  if (statSync(file.path).size > LIMITS.fileBytes)
    throw new ContainerError(
      `Berkas lebih besar dari ${LIMITS.fileBytes / 1e6} MB. Bagi menjadi beberapa berkas, lalu kirim ulang.`,
    );
  return { name: file.name, bytes: readFileSync(file.path) };
}

export function finish(ctx: Context, run: ledger.RunRow): ImportResult {
  const now = ctx.now();
  // The ledger of a run that is through changes no more; a long one is summed before the transaction.
  const hash = ledger.ledgerHash(ctx.db, run.id);
  transact(ctx, (tx) => {
    const totals = ledger.totals(tx.db, run.id);
    ledger.setRun(tx.db, run.id, { state: 'done', finishedAt: now });
    const { completed, changed, contested, rejected } = ledger.results(tx.db, run, totals);
    // The words of the ledger: what is contested is neither refused nor simply completed.
    const words = { completed: completed + changed, rejected, ...(contested ? { contested } : {}) };
    const details = { number: run.number, ...totals, ...words, ...onBehalfOf(tx, run), ledger: hash };
    audit.record(tx, { action: 'import.done', targets: [['import', run.id]], details });
    const { kept, taken } = ledger.contests(tx.db, run.id);
    if (kept + taken) {
      const told = { number: run.number, kept, taken };
      audit.record(tx, { action: 'import.contested', targets: [['import', run.id]], details: told });
    }
  });
  return resultOf(ctx, run.id);
}

/** Jobs write what a person accepted, or asked for: the trail names the person. */
function onBehalfOf(ctx: Context, run: ledger.RunRow): { approver?: string; requester?: string } {
  if (ctx.actor.kind !== 'system') return {};
  const approver = run.kind === 'certificates' ? null : sheets.sheetOf(ctx.db, run.id)?.acceptedBy;
  const person = approver ?? run.requestedBy;
  if (person === audit.actorKey(ctx.actor)) return {};
  return approver ? { approver } : { requester: person };
}

function resultOf(ctx: Context, id: string): ImportResult {
  const run = ledger.run(ctx.db, id)!;
  return { id, number: run.number, state: run.state, totals: ledger.totals(ctx.db, id) };
}

// ---- looking -----------------------------------------------------------------------------------------------------

/** Runs, newest first; with how many each choice of the filter would show. */
export function imports(
  ctx: Context,
  {
    q = '',
    names = (key) => key,
    from,
    walkMs = WALK_MS,
    ...chosen
  }: Omit<RunFilter, 'among'> & {
    q?: string;
    /** Where an earlier search stopped looking into imports: only those from there on. */
    from?: string;
    walkMs?: number;
    before?: string;
    limit?: number;
    names?: Names;
  } = {},
) {
  demand(ctx.actor, 'imports.view');
  const found = q.trim() ? findRuns(ctx.db, q, names, { from, walkMs }) : null;
  const filter = found ? { ...chosen, among: found.ids } : chosen;
  const limit = filter.limit ?? 25;
  const rows = runs(ctx.db, { ...filter, limit: limit + 1 });
  const shown = rows.slice(0, limit).map((run) => ({ ...run, ...tally(ctx.db, run) }));
  const unseen = found?.unseen ? ledger.run(ctx.db, found.unseen) : null;
  return {
    rows: shown,
    ...countRuns(ctx.db, filter),
    next: rows.length > limit ? shown.at(-1)!.id : null,
    /** The newest import into which the search has not looked. */
    unseen: unseen ? { id: unseen.id, requestedAt: unseen.requestedAt } : null,
  };
}

/** One run with a page of its ledger. @throws AppError not_found */
export function importRun(
  ctx: Context,
  id: string,
  filter: { shown?: ledger.Result | 'notes'; after?: number; limit?: number; names?: Names } = {},
) {
  demand(ctx.actor, 'imports.view');
  const run = ledger.run(ctx.db, id);
  if (!run) throw notFound('Impor ini tidak ada.');
  const limit = filter.limit ?? 50;
  const rows = ledger.entries(ctx.db, id, { shown: filter.shown, after: filter.after ?? 0, limit: limit + 1 });
  return {
    ...run,
    ...tally(ctx.db, run),
    lookedThrough: ledger.isLookedThrough(ctx.db, run),
    agency: run.agencyId ? agencies.byId(ctx, run.agencyId) : null,
    /** Rows of a list with something to know about them. */
    noted: ledger.noted(ctx.db, run),
    /** CA certificates it brought: candidates for a decision about trust, never records of the list. */
    authorities: ledger.authoritiesBrought(ctx.db, run.number),
    entries: worded(run.kind, rows.slice(0, limit), changeWords(ctx, filter.names)),
    next: rows.length > limit ? rows[limit - 1]!.seq : null,
  };
}
