// Perangkat Daerah and the units below them: the register everything else hangs on. Perwali 27/2020 Pasal 1(4).
// Invariants: a code never changes; a name is dated and never edited (a new name closes the old one), so that a report
// of last year prints last year's name; exactly one name is current. The register itself is public: everybody signed in
// may read it; what an actor sees *in* an agency is `scope`'s business. What it does not do: it holds no people.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import * as audit from '../audit/index.ts';
import { addDays, wibDate } from '../calendar.ts';
import { transact, type Context } from '../context.ts';
import { accept, invalid, notFound } from '../errors.ts';
import { demand } from '../permission.ts';
import { renameInput, type RenameInput } from './input.ts';
import {
  agencyKey,
  finder,
  likely,
  readRegister,
  treeOf,
  type Agency,
  type AgencyName,
  type Branch,
  type RegisterRow,
} from './register.ts';
import * as store from './store.ts';

/** The address book: `agencies.contacts.current(ctx, 'bssn')`. */
export * as contacts from './contacts.ts';
export { aliases, explain, forget, type Alias } from './aliases.ts';
export type { Agency, AgencyKind, AgencyName, Branch } from './register.ts';

/** Where the shipped list comes from, printed beside the names. */
const REGISTER_SOURCE = 'Perda Kota Batam tentang Perangkat Daerah dan Kepmendagri kode wilayah';
const REGISTER_FROM = '2021-01-01';

/** The shipped register: 110 agencies and the 10 units below Setda. Wherever this file was bundled to. */
export function officialRegister(): string {
  const here = import.meta.dirname;
  const build = `${path.sep}build${path.sep}`;
  const top = here.includes(build) ? here.split(build)[0]! : path.resolve(here, '../../../..');
  return readFileSync(path.join(top, 'src/lib/server/agencies/agencies.csv'), 'utf8');
}

/**
 * Enters agencies that are not there yet; those known by code are left alone, so that twice gives the same.
 * @returns how many were added @throws AppError invalid when the sheet is not a register
 */
export function seed(ctx: Context, csvText = officialRegister()): { added: number; known: number } {
  demand(ctx.actor, 'agencies.edit');
  const now = ctx.now();
  const rows = registerOf(csvText);
  return transact(ctx, (tx) => {
    const ids = new Map(store.all(tx.db).map((agency) => [agency.code, agency.id]));
    const known = ids.size;
    for (const row of rows) {
      if (ids.has(row.code)) continue;
      const parentId = row.parent ? ids.get(row.parent)! : null;
      ids.set(row.code, store.insert(tx.db, { ...row, parentId, from: REGISTER_FROM, source: REGISTER_SOURCE, now }));
    }
    const added = ids.size - known;
    if (added) audit.record(tx, { action: 'agencies.seeded', targets: [], details: { count: added } });
    return { added, known: rows.length - added };
  });
}

function registerOf(text: string): RegisterRow[] {
  try {
    return readRegister(text);
  } catch (error) {
    throw invalid(`Daftar Perangkat Daerah tidak dapat dibaca: ${(error as Error).message}.`);
  }
}

/** All agencies and units by code. */
export function list(ctx: Context): Agency[] {
  demand(ctx.actor, 'agencies.view');
  return store.all(ctx.db);
}

const byName = new Intl.Collator('id').compare;
/** The register as people look through it: by name. */
export const choices = (ctx: Context): Agency[] => list(ctx).sort((a, b) => byName(a.name, b.name));

/** Agencies with what is below them. */
export const tree = (ctx: Context): Branch[] => treeOf(list(ctx));

/** One agency with its names, newest first. @throws AppError not_found */
export function get(ctx: Context, code: string): Agency & { names: AgencyName[]; parent: Agency | null } {
  demand(ctx.actor, 'agencies.view');
  const agency = store.byCode(ctx.db, code);
  if (!agency) throw notFound('Perangkat Daerah ini tidak ada dalam daftar.');
  const parent = agency.parentId ? (store.byId(ctx.db, agency.parentId) ?? null) : null;
  return { ...agency, names: store.names(ctx.db, agency.id), parent };
}

/** One agency by id, or null. For rooms that hold ids. */
export const byId = (ctx: Context, id: string): Agency | null => store.byId(ctx.db, id) ?? null;

/** Ids of an agency and everything below it: what somebody who belongs to it may see. */
export const descendants = (ctx: Context, id: string): string[] => store.descendantIds(ctx.db, id);

/** A function that finds an agency by what people write in sheets; null when there is none or more than one. */
export const find = (ctx: Context): ((text: string) => Agency | null) =>
  finder(store.all(ctx.db), store.aliases(ctx.db));

/** Whether a text names only the city, as the portal's O = Pemerintah Kota Batam: it says no agency. */
export const namesNone = (text: string): boolean => agencyKey(text) === '';

/** Agencies that a text may mean, likeliest first. */
export const suggest = (ctx: Context, text: string): Agency[] => likely(store.all(ctx.db), text, store.aliases(ctx.db));

/** Gives an agency a new name from a day on, not in the future; the old one stays in its time. */
export function rename(ctx: Context, code: string, input: RenameInput): void {
  demand(ctx.actor, 'agencies.edit');
  const now = ctx.now();
  const given = accept(renameInput, input, 'Nama belum dapat disimpan; periksa isian yang ditandai.');
  const agency = get(ctx, code);
  const { name, shortName, from, source } = given;
  const current = agency.names.find((row) => row.to === null)!;
  if (from > wibDate(now))
    throw invalid('Nama baru berlaku paling lambat hari ini.', { from: 'Tanggal ini belum tiba.' });
  if (from <= current.from) {
    throw invalid('Nama baru harus berlaku setelah nama sekarang.', {
      from: `Nama sekarang berlaku sejak ${current.from}.`,
    });
  }
  transact(ctx, (tx) => {
    store.closeName(tx.db, agency.id, addDays(from, -1));
    store.addName(tx.db, agency.id, { name, shortName, from, source, now });
    audit.record(tx, {
      action: 'agency.renamed',
      targets: [['agency', agency.id]],
      details: { code, name },
      reason: source,
    });
  });
}
