// Imports: runs, their files, the ledger of entries and rows, how sheets are read, and what lists said of certificates.
import { sql } from 'drizzle-orm';
import { check, index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';
import { agency } from '../agencies/schema.ts';
import type { Change, Field, SheetChoice, SheetColumn } from './sheet.ts';
import type { UnknownWord } from './sheet-words.ts';
import { id, instant, json, known, ordered } from '../db/columns.ts';
import { holder } from './schema-holder.ts';
import { certificate } from './schema.ts';

/**
 * What BSrE's portal says of a certificate, as imported lists told it: its belief beside ours, never mixed with it
 * (certificate-status §1). One row for each list that names it; the one without an end is the last.
 */
export const portalSaid = sqliteTable(
  'portal_said',
  {
    id: id(),
    certificateId: text('certificate_id')
      .notNull()
      .references(() => certificate.id),
    word: text('word', {
      enum: [
        'issued',
        'revoked',
        'expired',
        'renewing',
        'suspended',
        'unactivated',
        'verifying',
        'none',
        'unregistered',
      ],
    }).notNull(),
    importId: text('import_id')
      .notNull()
      .references(() => importRun.id),
    at: instant('at').notNull(),
    endedAt: instant('ended_at'),
  },
  (t) => [
    ...known(t),
    ordered(t.at, t.endedAt),
    index('portal_said_by_certificate').on(t.certificateId, t.at),
    index('portal_said_by_import').on(t.importId),
    uniqueIndex('portal_said_last')
      .on(t.certificateId)
      .where(sql`${t.endedAt} is null`),
    index('portal_said_by_word')
      .on(t.word, t.certificateId)
      .where(sql`${t.endedAt} is null`),
  ],
);

/** One import: a row that jobs pick up, with progress; its ledger below. */
export const importRun = sqliteTable(
  'import_run',
  {
    id: id(),
    number: text('number').notNull(),
    kind: text('kind', { enum: ['certificates', 'certificate_sheet', 'personnel'] }).notNull(),
    name: text('name').notNull(),
    /** Agency the certificates are put under when nothing else tells. */
    agencyId: text('agency_id').references(() => agency.id),
    state: text('state', { enum: ['requested', 'preview', 'running', 'done', 'failed', 'voided'] }).notNull(),
    total: integer('total').notNull().default(0),
    done: integer('done').notNull().default(0),
    message: text('message'),
    requestedBy: text('requested_by').notNull(),
    requestedAt: instant('requested_at').notNull(),
    finishedAt: instant('finished_at'),
    /** Until when the process that holds what was sent, before it lies in the store, is believed to live. */
    heldUntil: instant('held_until'),
  },
  (t) => [
    ...known(t),
    ordered(t.requestedAt, t.finishedAt),
    check('import_run_progress', sql`${t.done} between 0 and ${t.total}`),
    uniqueIndex('import_run_by_number').on(t.number),
    index('import_run_by_state').on(t.state, t.requestedAt),
  ],
);

/** The files of a requested import, in the store until jobs read them; none when they held a private key. */
export const importFile = sqliteTable(
  'import_file',
  {
    id: id(),
    importId: text('import_id')
      .notNull()
      .references(() => importRun.id),
    seq: integer('seq').notNull(),
    name: text('name').notNull(),
    sha256: text('sha256').notNull(),
    size: integer('size').notNull(),
  },
  (t) => [uniqueIndex('import_file_by_seq').on(t.importId, t.seq)],
);

/** Exactly one outcome per entry of an import; totals are counts of these rows and so add up. */
export const importEntry = sqliteTable(
  'import_entry',
  {
    id: id(),
    importId: text('import_id')
      .notNull()
      .references(() => importRun.id),
    seq: integer('seq').notNull(),
    /** File or member of an archive it belongs to, counted from 0 over the run: where a cut-off run goes on. */
    unit: integer('unit').notNull().default(0),
    name: text('name').notNull(),
    outcome: text('outcome', {
      enum: ['added', 'completed', 'duplicate', 'no_certificate', 'unreadable', 'rejected'],
    }).notNull(),
    reason: text('reason'),
    sha256: text('sha256'),
    certificatesNew: integer('certificates_new').notNull().default(0),
    certificatesKnown: integer('certificates_known').notNull().default(0),
    certificateId: text('certificate_id').references(() => certificate.id),
    holderId: text('holder_id').references(() => holder.id),
    /** What a row of a sheet changed, from and to: shown, exported, and put back when the import is voided. */
    changes: json<Change[]>('changes'),
  },
  (t) => [
    ...known(t),
    uniqueIndex('import_entry_by_seq').on(t.importId, t.seq),
    // Totals and pages of one outcome are answered from this index alone.
    index('import_entry_by_outcome').on(t.importId, t.outcome, t.seq, t.certificatesNew, t.certificatesKnown),
  ],
);

/** How the sheet of a run is read: chosen by a person in the preview, else proposed from its headings. */
export const importSheet = sqliteTable('import_sheet', {
  importId: text('import_id')
    .primaryKey()
    .references(() => importRun.id),
  /** Names of all sheets of the workbook, and the one that is read. */
  sheets: json<string[]>('sheets').notNull(),
  sheet: text('sheet'),
  /** Counted from 1, as in Excel; null: not found. */
  headingRow: integer('heading_row'),
  columns: json<SheetColumn[]>('columns').notNull(),
  /** What a person chose; what is absent is proposed. */
  chosen: json<SheetChoice>('chosen').notNull(),
  /** Sentences about the sheet as a whole. */
  remarks: json<string[]>('remarks').notNull(),
  /** SHA-256 over the headings: lists of one source share it. */
  layout: text('layout').notNull(),
  /** Null: waits for a person who looks at the preview. */
  acceptedBy: text('accepted_by'),
  acceptedAt: instant('accepted_at'),
});

/** A row of a sheet as it would be understood; scratch until the run ends, when only `absent` stays. */
export const importRow = sqliteTable(
  'import_row',
  {
    importId: text('import_id')
      .notNull()
      .references(() => importRun.id),
    seq: integer('seq').notNull(),
    /** In the sheet, from 1; null for what is no longer in the file. */
    line: integer('line'),
    verdict: text('verdict', { enum: ['added', 'completed', 'changed', 'same', 'absent', 'rejected'] }).notNull(),
    name: text('name').notNull(),
    about: text('about').notNull(),
    reason: text('reason'),
    notes: json<string[]>('notes').notNull(),
    changes: json<Change[]>('changes').notNull(),
    /** An agency's name that fits none in the register. */
    unknownAgency: text('unknown_agency'),
    /** Words of columns with a fixed vocabulary that nobody has explained; null: none. */
    unknownWords: json<UnknownWord[]>('unknown_words'),
    targetId: text('target_id'),
  },
  (t) => [
    ...known(t),
    primaryKey({ columns: [t.importId, t.seq] }),
    index('import_row_by_verdict').on(t.importId, t.verdict, t.seq),
    // What a list asks is counted from these alone; few rows of most lists are in them.
    index('import_row_by_unknown_agency')
      .on(t.importId, t.unknownAgency)
      .where(sql`${t.unknownAgency} is not null`),
    index('import_row_by_unknown_words')
      .on(t.importId, t.unknownWords)
      .where(sql`${t.unknownWords} is not null`),
  ],
);

/** The columns a person chose for a set of headings, proposed when they come again. */
export const sheetLayout = sqliteTable('sheet_layout', {
  layout: text('layout').primaryKey(),
  fields: json<(Field | null)[]>('fields').notNull(),
  /** Fields that could be chosen then; null: those of release 0.3.0. One that came since is still proposed. */
  offered: json<Field[]>('offered'),
  by: text('by').notNull(),
  at: instant('at').notNull(),
});

/** What a word in a column with a fixed vocabulary means, as a person explained it once; read so in every later list. */
export const sheetWord = sqliteTable(
  'sheet_word',
  {
    field: text('field', { enum: ['status', 'portal', 'use'] }).notNull(),
    /** In small letters, without punctuation. */
    words: text('words').notNull(),
    /** A key of the column's vocabulary, or '': says nothing. */
    meaning: text('meaning').notNull(),
    importId: text('import_id').references(() => importRun.id),
    by: text('by').notNull(),
    at: instant('at').notNull(),
  },
  (t) => [...known(t), primaryKey({ columns: [t.field, t.words] })],
);
