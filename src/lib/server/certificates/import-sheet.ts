// A sheet's import, of certificates or of the personnel list. Asked for in the web it is first prepared: read, judged
// row by row, shown, and nothing is written to the records until a person accepts. Then, and at once for the command
// line, the rows are judged again and written in chunks, one ledger row each.
import * as audit from '../audit/index.ts';
import type { Sheet } from '../containers/index.ts';
import { transact, type Context } from '../context.ts';
import { invalid } from '../errors.ts';
import { withoutNik } from '../nik.ts';
import { demand } from '../permission.ts';
import { assumesZone } from './cells.ts';
import { chosenIn, neither } from './contested.ts';
import { certificatePlan } from './certificate-sheet.ts';
import { entryOf, type Plan } from './import-plan.ts';
import { CHUNK, inChunks, keepUpload, settle, start, type Upload } from './import-steps.ts';
import * as ledger from './import-store.ts';
import { isOwnExport, OWN_EXPORT } from './own-export.ts';
import { lineRuns } from './line-runs.ts';
import { matcher } from './owners.ts';
import { personnelPlan } from './personnel.ts';
import * as sheets from './sheet-store.ts';
import { recalledWords } from './sheet-memory.ts';
import { openAs, settledHeading, type Opened, type Settled } from './sheet-opening.ts';
import { betterKind, noHeading } from './sheet-kind.ts';
import { tellFormulas } from './sheet-formulas.ts';
import { topOf } from './sheet-top.ts';
import {
  datesStatus,
  fieldWords,
  kindOf,
  missing,
  rowsBelow,
  type Heading,
  type SheetChoice,
  type SheetKind,
} from './sheet.ts';

/** @returns whether it now waits for a person */
export async function performSheet(ctx: Context, run: ledger.RunRow, upload: Upload): Promise<'preview' | 'done'> {
  const state = sheets.sheetOf(ctx.db, run.id) ?? acceptedAtOnce(ctx, run);
  if (ledger.filesOf(ctx.db, run.id).length === 0) keepUpload(ctx, run.id, 1, upload);
  const opened = await openAs(ctx, upload, run.kind as SheetKind, state.chosen);
  if (state.acceptedAt === null) {
    await prepare(ctx, run, state, opened);
    return 'preview';
  }
  await commit(ctx, run, state, opened);
  return 'done';
}

/** Command line, sample city: nobody is asked. */
function acceptedAtOnce(ctx: Context, run: ledger.RunRow): sheets.SheetState {
  const accepted = { acceptedBy: audit.actorKey(ctx.actor), acceptedAt: ctx.now() };
  transact(ctx, (tx) => sheets.insertSheet(tx.db, { importId: run.id, ...accepted }));
  return sheets.sheetOf(ctx.db, run.id)!;
}

function planOf(ctx: Context, run: ledger.RunRow, opened: Opened, heading: Heading & { layout: string }): Plan {
  const { rows: read, skipped, signature } = rowsBelow(opened.sheet, heading);
  const { rows, remarks: formulas } = tellFormulas(read);
  const plan =
    run.kind === 'personnel'
      ? personnelPlan(ctx, { ...run, datesPosts: datesPosts(heading) }, rows)
      : certificatePlan(ctx, { ...run, layout: heading.layout }, rows, matcher(ctx, run.id));
  const remarks = [...plan.remarks, ...formulas];
  if (isOwnExport(heading.cells) && !heading.fields.includes('portal')) remarks.push(OWN_EXPORT);
  if (skipped) remarks.push(`${skipped} baris tanpa nama, NIP, atau nomor seri dilewati (judul kelompok, jumlah).`);
  if (signature.length)
    remarks.push(
      `${signature.length} baris tanda tangan di bawah daftar dilewati (baris ${lineRuns(signature)}): bukan data, tidak ada yang perlu diperbaiki.`,
    );
  if (rows.some(({ values }) => assumesZone(values.from ?? '') || assumesZone(values.until ?? ''))) {
    remarks.push('Jam tanpa zona waktu dibaca sebagai WIB.');
  }
  return { ...plan, remarks };
}

/** A column without a heading of its own, pointed at by a person, is what they pointed at: the day of the post. */
const datesPosts = ({ cells, fields }: Heading): boolean => !datesStatus(cells[fields.indexOf('since')] ?? '');

// ---- before a person has accepted -------------------------------------------------------------------------------

async function prepare(ctx: Context, run: ledger.RunRow, state: sheets.SheetState, opened: Opened): Promise<void> {
  const { sheet, name, heading: found } = opened;
  const kind = opened.isKnown ? (run.kind as SheetKind) : kindFor(run.kind as SheetKind, found, state.chosen);
  const switched = kind !== run.kind;
  const heading = found && settledHeading(ctx, kind, sheet, found, state.chosen);
  const lack = heading ? missing(heading.fields, kind) : noHeading(kind);
  const plan = heading && !lack ? planOf(ctx, { ...run, kind }, opened, heading) : null;
  const columns = columnsOf(sheet, heading);
  const recalled = state.chosen.fields ? null : recalledWords(columns);
  const said = [switched ? SWITCHED[kind] : null, lack, recalled].flatMap((one) => one ?? []);
  const remarks = [...said, ...(plan?.remarks ?? [])];
  if (plan && kind === 'personnel' && !heading!.fields.some((field) => field === 'nip' || field === 'id'))
    remarks.push(WITHOUT_NIP);
  if (plan && !plan.rows.length) remarks.push('Lembar ini hanya berisi baris judul; tidak ada yang dapat diimpor.');
  const total = plan?.rows.length ?? 0;
  transact(ctx, (tx) => {
    sheets.clearRows(tx.db, run.id);
    ledger.setRun(tx.db, run.id, { kind, total, done: 0 });
    sheets.setSheet(tx.db, run.id, {
      sheets: sheet.sheets,
      sheet: name,
      headingRow: heading ? heading.row + 1 : null,
      chosen: { ...state.chosen, top: topOf(sheet.rows, heading?.row ?? null) },
      columns,
      layout: heading?.layout ?? '',
      remarks,
    });
  });
  if (plan) await judgeAll(ctx, run, plan);
  transact(ctx, (tx) => ledger.setRun(tx.db, run.id, { state: 'preview', message: null }));
}

const SWITCHED: Record<SheetKind, string> = {
  personnel: 'Judul kolomnya menunjukkan daftar pegawai; berkas ini dibaca sebagai daftar pegawai.',
  certificate_sheet: 'Judul kolomnya menunjukkan daftar sertifikat; berkas ini dibaca sebagai daftar sertifikat.',
};

const SENT_WRONG: Record<SheetKind, string> = {
  personnel: 'Dikirim sebagai daftar pegawai, tetapi judul kolomnya menunjukkan daftar sertifikat.',
  certificate_sheet: 'Dikirim sebagai daftar sertifikat, tetapi judul kolomnya menunjukkan daftar pegawai.',
};

const WITHOUT_NIP =
  'Tidak ada kolom NIP: orang hanya dikenali dari nama dan Perangkat Daerahnya, sehingga dua orang senama di satu Perangkat Daerah menjadi satu. Bila daftarnya memuat NIP, pilih kolomnya di Cara membaca.';

/** A list dropped into the wrong box is still the list it is, unless a person said otherwise. */
function kindFor(asked: SheetKind, heading: Heading | null, chosen: SheetChoice): SheetKind {
  if (!heading || chosen.fields || missing(heading.fields, asked) === null) return asked;
  return kindOf(heading.cells) ?? asked;
}

function columnsOf(sheet: Sheet, heading: Settled | null): sheets.SheetState['columns'] {
  if (!heading) return [];
  const below = sheet.rows.slice(heading.row + 1, heading.row + 200);
  return heading.cells.map((text, i) => ({
    heading: text.replace(/\s+/g, ' ').trim().slice(0, 120),
    field: heading.fields[i] ?? null,
    proposed: heading.proposed[i] ?? null,
    example: withoutNik(
      below.map((row) => row[i]?.trim() ?? '').find((value) => value && !/^\(?\d{1,2}\)?$/.test(value)) ?? '',
    ).slice(0, 80),
  }));
}

async function judgeAll(ctx: Context, run: ledger.RunRow, plan: Plan): Promise<void> {
  const seen = new Set<string>();
  for (let from = 0; from < plan.rows.length; from += CHUNK) {
    const to = Math.min(from + CHUNK, plan.rows.length);
    const judged = plan.rows.slice(from, to).map((row, i) => {
      const one = plan.judge(ctx, from + i, neither);
      if (one.targetId) seen.add(one.targetId);
      return { ...one, seq: from + i + 1, line: row.line };
    });
    transact(ctx, (tx) => {
      sheets.insertRows(tx.db, run.id, judged);
      ledger.setRun(tx.db, run.id, { done: to });
    });
    await new Promise((resolve) => setImmediate(resolve));
  }
  const missed = plan.absent(ctx, seen).map((row, i) => ({
    ...row,
    seq: plan.rows.length + i + 1,
    line: null,
    verdict: 'absent' as const,
    reason: null,
    notes: [],
    changes: [],
    unknownAgency: null,
    unknownWords: [],
  }));
  transact(ctx, (tx) => sheets.insertRows(tx.db, run.id, missed));
}

// ---- after ------------------------------------------------------------------------------------------------------

/** Exactly what the person saw, when one looked at a preview. */
const acceptedHeading = ({ headingRow, columns, layout }: sheets.SheetState): (Heading & { layout: string }) | null =>
  headingRow === null
    ? null
    : {
        row: headingRow - 1,
        cells: columns.map((column) => column.heading),
        fields: columns.map((column) => column.field),
        layout,
      };

async function commit(ctx: Context, run: ledger.RunRow, state: sheets.SheetState, opened: Opened): Promise<void> {
  const kind = run.kind as SheetKind;
  const heading =
    acceptedHeading(state) ?? (opened.heading && settledHeading(ctx, kind, opened.sheet, opened.heading, state.chosen));
  const lack = missing(heading?.fields ?? [], kind);
  if (!heading || lack)
    throw invalid(`Baris judul tidak ditemukan. ${lack} Perbaiki judul kolomnya, lalu kirim ulang.`);
  // Nobody looked at it before.
  if (state.headingRow === null) {
    if (betterKind(heading.cells, kind))
      throw invalid(`${SENT_WRONG[kind]} Tidak ada yang ditulis; kirim lagi sebagai yang benar.`);
    // By ids it changes what others decided, as in `acceptFor`.
    if (kind === 'certificate_sheet' && heading.fields.includes('id')) demand(ctx.actor, 'certificates.edit');
  }
  const plan = planOf(ctx, run, opened, heading);
  if (!plan.rows.length) throw invalid('Lembar ini hanya berisi baris judul; tidak ada yang dapat diimpor.');
  const words = heading.fields.flatMap((field) => (field ? [fieldWords[field]] : []));
  start(ctx, run, plan.rows.length, [`Kolom yang dikenali: ${words.join(', ')}.`, ...plan.remarks].join(' '));
  transact(ctx, (tx) => sheets.setSheet(tx.db, run.id, { layout: heading.layout }));
  const done = ledger.entryCount(ctx.db, run.id);
  await inChunks(ctx, run, done, plan.rows.length, (tx, from, to) => {
    const foreseen = sheets.foreseen(tx.db, run.id, from, to);
    const entries = [];
    for (let i = from; i < to; i++) {
      const seen = foreseen.get(i + 1);
      const done = plan.write(tx, i, chosenIn(seen?.changes ?? []));
      entries.push(entryOf(i, plan.rows[i]!.line, done, seen?.verdict));
    }
    return entries;
  });
  transact(ctx, (tx) => sheets.keepAbsent(tx.db, run.id));
  await settle(ctx, run);
}
