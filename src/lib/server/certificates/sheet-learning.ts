// What a preview teaches and unteaches: agencies and words that no list explains by itself, and the choice of columns. Each is
// said once while the sheet waits, read so in every later list, and the sheet is read again.
import * as agencies from '../agencies/index.ts';
import * as audit from '../audit/index.ts';
import type { Context } from '../context.ts';
import { conflict, invalid } from '../errors.ts';
import * as ledger from './import-store.ts';
import { rememberable, turnedOff } from './sheet-memory.ts';
import { decide } from './sheet-preview.ts';
import * as sheets from './sheet-store.ts';
import * as words from './sheet-word-store.ts';
import { meaningWords, vocabularies, wordFields, type WordField } from './sheet-words.ts';
import { fieldWords, type SheetKind } from './sheet.ts';

const readAgain = (tx: Context, id: string): void =>
  ledger.setRun(tx.db, id, { state: 'requested', total: 0, done: 0 });

/** Forgets what was chosen before for the headings of this sheet, alone and together, and has it read by their words. */
export function forgetColumns(ctx: Context, id: string): void {
  decide(ctx, id, (tx, { run, sheet }) => {
    const alone = sheets.forgetHeadings(tx.db, run.kind as SheetKind, rememberable(sheet.columns));
    if (!(sheets.forgetLayouts(tx.db, [sheet.layout]) + alone))
      throw conflict('Tidak ada yang diingat untuk judul kolom ini. Muat ulang halaman untuk melihatnya.');
    sheets.setSheet(tx.db, id, { chosen: { ...sheet.chosen, fields: undefined } });
    readAgain(tx, id);
    audit.record(tx, {
      action: 'import.columns_forgotten',
      targets: [['import', id]],
      details: { number: run.number },
    });
  });
}

/** Reads a column again that was turned off before. @throws AppError conflict when it is not turned off any more */
export function takeColumn(ctx: Context, id: string, index: number): void {
  decide(ctx, id, (tx, { sheet }) => {
    const off = turnedOff(sheet.columns).find((one) => one.index === index);
    if (!off) throw conflict('Kolom ini sudah tidak diabaikan. Muat ulang halaman untuk melihatnya.');
    const fields = sheet.columns.map(({ field }, i) => (i === index ? off.field : field));
    sheets.setSheet(tx.db, id, { chosen: { ...sheet.chosen, fields } });
    readAgain(tx, id);
  });
}

/** Says what unknown names of agencies mean, for this sheet and all later ones, and has the sheet read again. */
export function explainAgencies(ctx: Context, id: string, said: Readonly<Record<string, string>>): void {
  decide(ctx, id, (tx) => {
    const asked = new Set(sheets.unknownAgencies(tx.db, id).map((one) => one.text));
    const answers = Object.fromEntries(Object.entries(said).filter(([text, code]) => asked.has(text) && code));
    if (!Object.keys(answers).length) throw invalid('Pilih Perangkat Daerah untuk paling sedikit satu sebutan.');
    agencies.explain(tx, answers, ['import', id]);
    readAgain(tx, id);
  });
}

/** As a form sends it for a word that says nothing. */
export const SAYS_NOTHING = '-';

/**
 * Says what unknown words mean, for this sheet and all later ones, and has the sheet read again.
 * @param said meaning by "field:words"; '' leaves it open
 */
export function explainWords(ctx: Context, id: string, said: Readonly<Record<string, string>>): void {
  decide(ctx, id, (tx, { run }) => {
    const at = tx.now();
    const by = audit.actorKey(tx.actor);
    const told = words.asked(tx.db, id).flatMap((one) => {
      const meaning = said[`${one.field}:${one.words}`];
      return meaning ? [{ ...one, meaning: meaningOf(one.field, meaning) }] : [];
    });
    if (!told.length) throw invalid('Pilih arti untuk paling sedikit satu kata.');
    for (const { field, words: text, meaning } of told)
      words.remember(tx.db, { field, words: text, meaning, importId: id, by, at });
    readAgain(tx, id);
    audit.record(tx, {
      action: 'import.words_explained',
      targets: [['import', id]],
      details: { number: run.number, count: told.length },
      personal: { words: told.map(saidOf).join('; ') },
    });
  });
}

/** As the trail keeps it, for what a word meant then decides how a list was read: kolom Status, "bebas tugas" sebagai Berhenti. */
const saidOf = ({ field, words: text, meaning }: Pick<words.SheetWord, 'field' | 'words' | 'meaning'>): string =>
  `kolom ${fieldWords[field]}, "${text}" ${meaningWords(field, meaning)}`;

function meaningOf(field: WordField, said: string): string {
  if (said === SAYS_NOTHING) return '';
  if (!Object.hasOwn(vocabularies[field].meanings, said)) throw invalid('Pilih arti dari daftar.');
  return said;
}

/** Forgets what a word was explained to mean; the next list that bears it asks again. @param address "field:words" */
export function forgetWord(ctx: Context, id: string, address: string): void {
  decide(ctx, id, (tx, { run, sheet }) => {
    const [name = '', ...rest] = address.split(':');
    // Whoever decides about this list decides about words of its own columns.
    const field = wordFields(sheet.columns.map((column) => column.field)).find((one) => one === name);
    const known = field && words.forget(tx.db, field, rest.join(':'));
    if (!known) throw conflict('Kata ini sudah tidak diingat. Muat ulang halaman untuk melihatnya.');
    readAgain(tx, id);
    audit.record(tx, {
      action: 'import.word_forgotten',
      targets: [['import', id]],
      details: { number: run.number },
      personal: { words: saidOf(known) },
    });
  });
}
