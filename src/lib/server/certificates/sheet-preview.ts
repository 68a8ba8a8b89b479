// The preview of a sheet: what a person sees before anything is written, changes in how it is read, and then accepts or
// drops. Nothing here writes to certificates or holders.
import * as v from 'valibot';
import { number } from '#lib/format.ts';
import { importKinds, type ImportResult } from '#lib/terms.ts';
import * as agencies from '../agencies/index.ts';
import * as audit from '../audit/index.ts';
import { transact, type Context } from '../context.ts';
import { accept, conflict, forbidden, invalid, notFound } from '../errors.ts';
import * as files from '../files/index.ts';
import { can, demand } from '../permission.ts';
import { changeWords, type Names } from './change-words.ts';
import { foreseen } from './import-pages.ts';
import { isExtract } from './import-plan.ts';
import * as ledger from './import-store.ts';
import * as sheets from './sheet-store.ts';
import { isRecalled, lessons, rememberable, turnedOff } from './sheet-memory.ts';
import { betterKind, noHeading } from './sheet-kind.ts';
import * as sheetWords from './sheet-word-store.ts';
import { meaningWords, vocabularies, wordFields } from './sheet-words.ts';
import {
  fieldWords,
  headingWords,
  kindFields,
  missing,
  type Field,
  type SheetChoice,
  type SheetKind,
} from './sheet.ts';

const mayDecide = (ctx: Context, run: ledger.RunRow) =>
  demand(ctx.actor, run.kind === 'personnel' ? 'holders.edit' : 'certificates.import');

/** By their ids a list may give certificates to others than own them: not for everybody who imports (permission.ts). */
const RESERVED =
  'Daftar ini memakai kolom ID Siaga, sehingga dapat mengubah pemilik dan Perangkat Daerah yang sudah tercatat. Hanya Pengawas atau Verifikator yang boleh mengimpornya: minta salah satunya membuka pratinjau ini, atau lepas kolom ID Siaga pada Cara membaca.';
const reservedFor = (ctx: Context, run: ledger.RunRow, { columns }: sheets.SheetState): string | null =>
  run.kind === 'certificate_sheet' &&
  columns.some(({ field }) => field === 'id') &&
  !can(ctx.actor, 'certificates.edit')
    ? RESERVED
    : null;

const PAGE = 50;
const ASKED_AT_ONCE = 30;

/** How the sheet of a run is read and what it would do, with a page of its rows; null when the run has no sheet. */
export function sheetPreview(
  ctx: Context,
  id: string,
  filter: { shown?: ImportResult | 'notes'; word?: string; after?: number; limit?: number; names?: Names } = {},
) {
  demand(ctx.actor, 'imports.view');
  const run = ledger.run(ctx.db, id);
  const sheet = run && sheets.sheetOf(ctx.db, id);
  if (!run || !sheet) return null;
  const limit = filter.limit ?? PAGE;
  const asked = sheetWords.asked(ctx.db, id);
  const word = asked.find((one) => sheetWords.addressOf(one) === filter.word);
  const rows = sheets.previewRows(ctx.db, id, {
    shown: filter.shown,
    word,
    after: filter.after ?? 0,
    limit: limit + 1,
  });
  const words = changeWords(ctx, filter.names);
  const counts = sheets.verdicts(ctx.db, id);
  // Of a decided preview only whom it does not name is left; its rows stand in the ledger.
  const judged = total(counts) - counts.absent || ledger.entryCount(ctx.db, id);
  const kind = run.kind as SheetKind;
  return {
    ...sheet,
    lack:
      sheet.headingRow === null
        ? noHeading(kind)
        : missing(
            sheet.columns.map(({ field }) => field),
            kind,
          ),
    /** Why the reader may not let it in although others may. */
    reserved: reservedFor(ctx, run, sheet),
    /** What its headings speak of rather than what it was sent as. */
    better: otherKind(sheet, kind),
    top: sheet.chosen.top ?? [],
    /** Columns are read as was chosen in an earlier list. */
    isRecalled: !sheet.chosen.fields && isRecalled(sheet.columns),
    /** Columns that would be read if nobody had turned them off, each to be taken again. */
    turnedOff: turnedOff(sheet.columns).map(({ index, heading, field }) => ({ index, heading, as: fieldWords[field] })),
    /** What "Lupakan" would forget. */
    remembers: remembers(ctx, kind, sheet),
    fields: kindFields[kind].map((field) => ({ value: field, label: fieldWords[field] })),
    counts,
    /** It names a few of many: whom it does not name is told on demand only. */
    isExtract: isExtract(judged, counts.absent),
    noted: sheets.countNoted(ctx.db, id),
    unknown: sheets.unknownAgencies(ctx.db, id).map((one) => ({
      ...one,
      likely: agencies.suggest(ctx, one.text).map(({ code, name }) => ({ code, name })),
    })),
    /** Words that nobody understands, asked once each, some at a time: a column of free text has one in each row. */
    unknownWords: asked.slice(0, ASKED_AT_ONCE).map((one) => ({
      ...one,
      texts: one.texts.slice(0, 3),
      address: sheetWords.addressOf(one),
      column: fieldWords[one.field],
      meanings: vocabularies[one.field].meanings as Record<string, string>,
    })),
    laterWords: Math.max(0, asked.length - ASKED_AT_ONCE),
    /** The word to whose rows the page is narrowed. */
    word: word ? { text: word.texts[0]!, rows: word.rows } : null,
    /** Words of its columns that people explained before. */
    explained: sheetWords
      .remembered(ctx.db, wordFields(sheet.columns.map(({ field }) => field)))
      .map(({ field, words: text, meaning, by, at }) => ({
        address: sheetWords.addressOf({ field, words: text }),
        column: fieldWords[field],
        text,
        meaning: meaningWords(field, meaning),
        by: (filter.names ?? String)(by),
        at,
      })),
    rows: foreseen(rows.slice(0, limit), words),
    next: rows.length > limit ? rows[limit - 1]!.seq : null,
  };
}

function remembers(ctx: Context, kind: SheetKind, { columns, layout }: sheets.SheetState) {
  const memory = sheets.headingMemory(ctx.db, kind);
  const known = new Set(rememberable(columns).filter((words) => memory.has(words)));
  return {
    headings: columns.map(({ heading }) => heading).filter((heading) => known.has(headingWords(heading))),
    /** This very list of headings. */
    isWhole: sheets.layout(ctx.db, layout) !== null,
  };
}

const total = (counts: Readonly<Record<string, number>>): number =>
  Object.values(counts).reduce((sum, count) => sum + count, 0);

function otherKind(sheet: sheets.SheetState, sent: SheetKind): { kind: SheetKind; said: string } | null {
  const headings = sheet.columns.map((column) => column.heading);
  const kind = betterKind(headings, sent);
  const of = (one: SheetKind) => importKinds[one].toLowerCase();
  return (
    kind && { kind, said: `Judul kolomnya menunjukkan ${of(kind)}, sedangkan berkas ini dikirim sebagai ${of(sent)}.` }
  );
}

/** The run while it waits for a person. @throws AppError conflict when it no longer does */
function waiting(ctx: Context, id: string): { run: ledger.RunRow; sheet: sheets.SheetState } {
  demand(ctx.actor, 'certificates.import');
  const run = ledger.run(ctx.db, id);
  const sheet = run && sheets.sheetOf(ctx.db, id);
  if (!run || !sheet) throw notFound('Impor ini tidak ada.');
  mayDecide(ctx, run);
  if (run.state !== 'preview')
    throw conflict('Pratinjau ini sudah tidak menunggu. Muat ulang halaman untuk melihat hasilnya.');
  return { run, sheet };
}

/** Decides about a run while it waits: looked at and written in one transaction, because two may decide at once. */
export const decide = <T>(ctx: Context, id: string, work: (tx: Context, found: ReturnType<typeof waiting>) => T): T =>
  transact(ctx, (tx) => work(tx, waiting(tx, id)));

const choiceInput = v.object({
  kind: v.optional(v.picklist(['personnel', 'certificate_sheet'], 'Pilih jenis daftar.')),
  sheet: v.optional(v.pipe(v.string(), v.maxLength(255))),
  headingRow: v.optional(
    v.pipe(
      v.number('Tulis nomor baris.'),
      v.integer('Tulis nomor baris.'),
      v.minValue(1, 'Paling kecil 1.'),
      v.maxValue(10_000),
    ),
  ),
  fields: v.optional(v.array(v.nullable(v.picklist(Object.keys(fieldWords) as Field[])))),
});
export type RereadInput = v.InferInput<typeof choiceInput>;

/**
 * Has the sheet read again with other choices. Another sheet, heading row or kind proposes its columns anew.
 * @throws AppError invalid for a sheet the workbook does not have, or one field for two columns
 */
export function rereadSheet(ctx: Context, id: string, input: RereadInput): void {
  decide(ctx, id, (tx, { run, sheet }) => {
    const said = accept(choiceInput, input, 'Pilihan belum dapat dipakai; periksa isian yang ditandai.');
    if (said.sheet !== undefined && !sheet.sheets.includes(said.sheet)) {
      throw invalid('Lembar ini tidak ada dalam berkas.', { sheet: 'Pilih lembar dari daftar.' });
    }
    const moved =
      (said.sheet !== undefined && said.sheet !== sheet.sheet) ||
      (said.headingRow !== undefined && said.headingRow !== sheet.headingRow) ||
      (said.kind !== undefined && said.kind !== run.kind);
    const otherSheet = said.sheet !== undefined && said.sheet !== sheet.sheet;
    const fields = moved ? undefined : said.fields;
    const doubled = fields?.find((field, i) => field && fields.indexOf(field) !== i);
    if (doubled) {
      throw invalid(`${fieldWords[doubled]} dipilih untuk dua kolom.`, {
        [`column-${fields!.lastIndexOf(doubled)}`]: 'Pilih untuk satu kolom saja.',
      });
    }
    const chosen: SheetChoice = {
      ...sheet.chosen,
      sheet: said.sheet ?? sheet.chosen.sheet,
      // A row number of one sheet means nothing on another.
      headingRow:
        otherSheet && said.headingRow === sheet.headingRow ? undefined : (said.headingRow ?? sheet.chosen.headingRow),
      fields: fields ?? (moved ? undefined : sheet.chosen.fields),
    };
    sheets.setSheet(tx.db, id, { chosen });
    ledger.setRun(tx.db, id, { state: 'requested', total: 0, done: 0, kind: said.kind ?? run.kind });
  });
}

/** Lets the sheet in as it was shown; jobs write it. The columns are remembered for these headings. */
export const acceptSheet = (ctx: Context, id: string): void => acceptFor(ctx, id, { state: 'requested' });

/** @param taker who writes it: jobs, or the process that holds it */
export function acceptFor(ctx: Context, id: string, taker: Pick<Partial<ledger.RunRow>, 'state' | 'heldUntil'>): void {
  decide(ctx, id, (tx, { run, sheet }) => {
    const kind = run.kind as SheetKind;
    const fields = sheet.columns.map((column) => column.field);
    const lack = missing(fields, kind);
    if (lack) throw invalid(lack);
    const reserved = reservedFor(tx, run, sheet);
    if (reserved) throw forbidden(reserved);
    const { added, completed, changed, contested, same, rejected } = sheets.verdicts(tx.db, id);
    const rows = added + completed + changed + contested + same;
    if (!rows) throw invalid('Tidak ada baris yang dapat masuk. Ubah cara membacanya, atau perbaiki berkasnya.');
    const now = tx.now();
    const by = audit.actorKey(tx.actor);
    const chosen = { sheet: sheet.sheet ?? undefined, headingRow: sheet.headingRow ?? undefined, fields };
    sheets.setSheet(tx.db, id, { chosen, acceptedBy: by, acceptedAt: now });
    const offered = [...kindFields[kind]];
    const { keep, drop } = lessons(sheet.columns);
    sheets.rememberLayout(tx.db, { layout: sheet.layout, fields, offered, by, at: now });
    sheets.rememberHeadings(tx.db, kind, keep, { offered, by, at: now });
    sheets.forgetHeadings(tx.db, kind, drop);
    ledger.setRun(tx.db, id, { ...taker, total: rows + rejected, done: 0 });
    audit.record(tx, {
      action: 'import.accepted',
      targets: [['import', id]],
      details: { number: run.number, rows: number(rows) },
    });
    const count = sheets.overwriting(tx.db, id);
    if (count) {
      const details = { number: run.number, count };
      audit.record(tx, { action: 'import.overwrites', targets: [['import', id]], details });
    }
  });
}

/** Whose value counts where somebody else was faster: the sheet's, or as long as nobody chooses what stands in Siaga. */
export function chooseContested(ctx: Context, id: string, input: { take: boolean; seq: number | null }): void {
  const changed = decide(ctx, id, (tx) => {
    if (input.seq !== null && !Number.isSafeInteger(input.seq)) throw invalid('Pilih baris dari daftar.');
    return sheets.choose(tx.db, id, input.take, input.seq);
  });
  if (!changed) throw conflict('Baris ini sudah diputuskan. Muat ulang halaman untuk melihatnya.');
}

/** Drops a sheet that was only looked at, with its upload; nothing of it was written. */
export function cancelSheet(ctx: Context, id: string): void {
  const uploads = decide(ctx, id, (tx, { run }) => {
    sheets.clearRows(tx.db, id);
    sheets.setSheet(tx.db, id, { chosen: {} });
    const kept = ledger.forgetFiles(tx.db, id);
    ledger.setRun(tx.db, id, {
      state: 'voided',
      total: 0,
      done: 0,
      finishedAt: tx.now(),
      message: 'Dibatalkan pada pratinjau; tidak ada yang masuk.',
    });
    audit.record(tx, { action: 'import.cancelled', targets: [['import', id]], details: { number: run.number } });
    return kept;
  });
  files.release(ctx, uploads);
}
