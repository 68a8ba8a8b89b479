// The rows of an import whole, a page at a time: for export, where a hundred thousand need no more memory than one page and the
// process answers others in between, and for the command line.
import type { Context } from '../context.ts';
import { notFound } from '../errors.ts';
import { demand } from '../permission.ts';
import type { ImportResult } from '#lib/terms.ts';
import { changeWords, entering, type Names, type ShownChange } from './change-words.ts';
import * as ledger from './import-store.ts';
import * as sheets from './sheet-store.ts';
import * as words from './sheet-word-store.ts';

/** Rows of one page of an export. */
const PAGE = 1000;
/** How many rows there are, and the rows in pages, read when they are asked for. */
export type Pages<Row> = { count: number; pages: Iterable<Row[]> };

function* bySeq<Row extends { seq: number }>(read: (after: number) => Row[]): Generator<Row[]> {
  for (let after = 0; ;) {
    const rows = read(after);
    if (rows.length) yield rows;
    if (rows.length < PAGE) return;
    after = rows.at(-1)!.seq;
  }
}

/** The ledger of a run, or what a filter shows of it. @throws AppError not_found */
export function importPages(ctx: Context, id: string, shown?: ledger.Result | 'notes', names?: Names) {
  demand(ctx.actor, 'imports.view');
  const run = ledger.run(ctx.db, id);
  if (!run) throw notFound('Impor ini tidak ada.');
  const say = changeWords(ctx, names);
  const read = (after: number) => worded(run.kind, ledger.entries(ctx.db, id, { shown, after, limit: PAGE }), say);
  return { count: ledger.countShown(ctx.db, id, shown), pages: bySeq(read) } satisfies Pages<unknown>;
}

/** The same at once. */
export const importLedger = (...asked: Parameters<typeof importPages>) => [...importPages(...asked).pages].flat();

type Worded<T> = T & { result: ledger.Result; shown: ShownChange[] };

/** With its result and what changed in words. */
export function worded<T extends Pick<ledger.EntryRow, 'outcome' | 'changes'>>(
  kind: ledger.RunRow['kind'],
  rows: T[],
  say: ReturnType<typeof changeWords>,
): Worded<T>[] {
  return rows.map((row) => ({
    ...row,
    result: ledger.resultOf(kind, row),
    shown: (row.changes ?? []).map(say),
  }));
}

export type PreviewFilter = { shown?: ImportResult | 'notes'; word?: string; names?: Names };

/** All rows of a preview, or what is no longer in the file. @throws AppError not_found */
export function previewPages(ctx: Context, id: string, { shown, word: address, names }: PreviewFilter = {}) {
  demand(ctx.actor, 'imports.view');
  if (!ledger.run(ctx.db, id)) throw notFound('Impor ini tidak ada.');
  const say = changeWords(ctx, names);
  const word = words.askedAt(ctx.db, id, address);
  // Nobody asks about it any more: of it there is nothing, not everything.
  if (address !== undefined && !word) return { count: 0, pages: [] };
  const filter = { shown, word };
  const read = (after: number) => foreseen(sheets.previewRows(ctx.db, id, { ...filter, after, limit: PAGE }), say);
  return { count: sheets.countRows(ctx.db, id, filter), pages: bySeq(read) } satisfies Pages<unknown>;
}

/** The same at once. */
export const sheetRows = (...asked: Parameters<typeof previewPages>) => [...previewPages(...asked).pages].flat();

/** Rows of a preview with what they change, or enter with, in words. */
export const foreseen = (rows: readonly sheets.PreviewRow[], say: ReturnType<typeof changeWords>) =>
  rows.map((row) => {
    const shown = row.changes.map(say);
    return row.verdict === 'added'
      ? { ...row, changes: [], enters: row.changes.map(({ field }, i) => entering(field, shown[i]!)) }
      : { ...row, changes: shown, enters: [] };
  });
