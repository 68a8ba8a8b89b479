// Where counts come from: up to `LIVE` certificates from the rows themselves, here and now; beyond, from cells that jobs
// keep (`refresh`), with the instant they were taken, which pages say. What cells cannot answer (words, one import, two
// kinds of notes at once) is counted live as long as few enough records are concerned, else it is not known.
import { connection, type Db } from '../db/index.ts';
import { severities, type CertificateLabel } from '#lib/terms.ts';
import { MARKS, type ListFilter } from './filter.ts';
import { labelSql } from './label-sql.ts';
import * as listing from './listing.ts';
import {
  cellsKnow,
  cellSql,
  countAll,
  countChoices,
  matching,
  type Cell,
  type CellFilter,
  type Counts,
} from './tally.ts';
import { notTrait } from './traits.ts';
import { agencyIds, whereOf, type View } from './where.ts';

/** Estates up to this size are counted live. */
export const LIVE = 5000;
/** Beyond this many matches of words or of one import, choices carry no counts. */
const LIVE_MOST = 10_000;

type Notes = 'problem' | 'severity' | 'mark';
const NOTES: readonly Notes[] = ['problem', 'severity', 'mark'];

export type Choices = Counts & Record<Notes, Map<string, number>>;
/** @property at instant of the kept cells; null: counted now */
export type Counted<T> = { value: T | null; at: number | null };

// ---- kept cells --------------------------------------------------------------------------------------------------

type Kept = { takenAt: number; cells: Map<string, Cell[]> };
const cache = new WeakMap<object, Kept>();

/** When the kept cells were taken; null: the estate is small, everything is counted live. */
export const takenAt = (db: Db): number | null =>
  (connection(db).prepare("select taken_at from certificate_tally where base = ''").pluck().get() as
    number | undefined) ?? null;

/** Cells of a base ('' or 'problem:…'), parsed once for each time they were taken. */
function kept(db: Db, at: number, base: string): Cell[] {
  const client = connection(db);
  let held = cache.get(client);
  if (held?.takenAt !== at) cache.set(client, (held = { takenAt: at, cells: new Map() }));
  let cells = held.cells.get(base);
  if (!cells) {
    const text = client.prepare('select cells from certificate_tally where base = ?').pluck().get(base);
    held.cells.set(base, (cells = text ? (JSON.parse(text as string) as Cell[]) : []));
  }
  return cells;
}

/** Takes the cells anew, or drops them when the estate has become small. @returns how many certificates they count */
export function refresh(db: Db, view: View, trail: number, write: (work: (db: Db) => void) => void): number {
  const total = listing.countUpTo(db, {}, view, LIVE + 1);
  if (total <= LIVE) {
    write((tx) => connection(tx).prepare('delete from certificate_tally').run());
    return 0;
  }
  const taken = new Map([['', liveCells(db, {}, view)]]);
  for (const note of NOTES) {
    for (const word of wordsOf(db, note)) taken.set(`${note}:${word}`, liveCells(db, { [note]: word }, view));
  }
  const rows = [...taken].map(([base, cells]) => [base, view.now, trail, JSON.stringify(cells)]);
  write((tx) => {
    const client = connection(tx);
    client.prepare('delete from certificate_tally').run();
    const insert = client.prepare('insert into certificate_tally (base, taken_at, trail, cells) values (?, ?, ?, ?)');
    for (const row of rows) insert.run(...row);
  });
  return taken.get('')!.reduce((sum, cell) => sum + cell[13], 0);
}

/** Length of the trail at the last refresh. */
export const trailOf = (db: Db): number | null =>
  (connection(db).prepare("select trail from certificate_tally where base = ''").pluck().get() as number | undefined) ??
  null;

const wordsOf = (db: Db, note: Notes): string[] =>
  note === 'severity'
    ? Object.keys(severities)
    : note === 'mark'
      ? [...MARKS]
      : (connection(db).prepare('select distinct rule from problem').pluck().all() as string[]);

// ---- counting ----------------------------------------------------------------------------------------------------

/** What of a filter no cell knows, whichever way it is counted. */
function baseOf(filter: ListFilter): ListFilter {
  const { q, importId, archived, problem, severity, mark } = filter;
  const base: ListFilter = { q, importId, archived, problem, severity, mark };
  if (!cellsKnow({ holder: filter.holder })) base.holder = filter.holder;
  if (!cellsKnow({ expiring: filter.expiring })) base.expiring = filter.expiring;
  if (!cellsKnow({ confirmed: filter.confirmed })) base.confirmed = filter.confirmed;
  return base;
}

function cellFilter(db: Db, filter: ListFilter, view: View, base: ListFilter): CellFilter {
  return {
    ...filter,
    holder: base.holder ? undefined : filter.holder,
    expiring: base.expiring ? undefined : filter.expiring,
    confirmed: base.confirmed ? undefined : filter.confirmed,
    agencies: agencyIds(db, filter),
    scope: view.scope === 'all' ? null : new Set(view.scope),
  };
}

const liveCells = (db: Db, base: ListFilter, view: View): Cell[] => {
  const where = whereOf(base, view);
  return connection(db)
    .prepare(cellSql(view.now, view.policy, where.sql))
    .raw()
    .all(...where.args) as Cell[];
};

/** The cells a filter is counted over; no value: too many records to count live. */
function cellsFor(db: Db, filter: ListFilter, view: View): Counted<Cell[]> & { rest: CellFilter } {
  const at = takenAt(db);
  const notes = NOTES.filter((note) => filter[note]);
  const base = baseOf(filter);
  const rest = cellFilter(db, filter, view, base);
  if (at === null) return { value: liveCells(db, base, view), at: null, rest };
  if (cellsKnow(filter) && notes.length <= 1) {
    const note = notes[0];
    return { value: kept(db, at, note ? `${note}:${filter[note]}` : ''), at, rest };
  }
  const few = listing.countUpTo(db, base, view, LIVE_MOST + 1) <= LIVE_MOST;
  return { value: few ? liveCells(db, base, view) : null, at: null, rest };
}

/** How many match; null: more than can be counted while somebody waits. */
export function total(db: Db, filter: ListFilter, view: View): Counted<number> {
  const { value, at, rest } = cellsFor(db, filter, view);
  return { value: value && countAll(value, rest), at };
}

/** How many match, by label. */
export function byLabel(db: Db, filter: ListFilter, view: View): Map<CertificateLabel, number> {
  const { value, rest } = cellsFor(db, filter, view);
  const counts = new Map<CertificateLabel, number>();
  for (const cell of value ? matching(value, rest) : liveCells(db, filter, view)) {
    counts.set(cell[2], (counts.get(cell[2]) ?? 0) + cell[13]);
  }
  return counts;
}

/** Cells that match, for figures of other pages. */
export function cells(db: Db, filter: ListFilter, view: View): Cell[] {
  const { value, rest } = cellsFor(db, filter, view);
  return value ? [...matching(value, rest)] : liveCells(db, filter, view);
}

/** Every choice of every filter with how many it would show under the other filters. */
export function choices(db: Db, filter: ListFilter, view: View): Counted<Choices> {
  const { value, at, rest } = cellsFor(db, filter, view);
  if (!value) return { value: null, at };
  const counts = countChoices(value, rest);
  const notes = Object.fromEntries(NOTES.map((note) => [note, notesOf(db, note, filter, view, rest)]));
  return { value: { ...counts, ...notes } as Choices, at };
}

function notesOf(db: Db, note: Notes, filter: ListFilter, view: View, rest: CellFilter): Map<string, number> {
  const others = { ...filter, [note]: undefined };
  const at = takenAt(db);
  if (at !== null && cellsKnow(others) && NOTES.every((other) => !others[other])) {
    return new Map(
      wordsOf(db, note).flatMap((word) => {
        const n = countAll(kept(db, at, `${note}:${word}`), rest);
        return n ? [[word, n] as const] : [];
      }),
    );
  }
  const where = whereOf(others, view);
  const counts = note === 'mark' ? '' : `and ${notTrait('x')}`;
  const [table, column] =
    note === 'mark' ? ['certificate_mark', 'kind'] : ['problem', note === 'problem' ? 'rule' : note];
  const rows = connection(db)
    .prepare(
      `select x.${column}, count(distinct c.id) from certificate c cross join ${table} x on x.certificate_id = c.id and x.ended_at is null
        where ${where.sql} ${counts} group by 1`,
    )
    .raw()
    .all(...where.args) as [string, number][];
  return new Map(rows);
}

/** Exact counts by agency and label, for what is recorded of a day; null: under no agency yet. */
export function exactByAgencyAndLabel(db: Db, view: View): { agencyId: string | null; label: string; n: number }[] {
  const where = whereOf({}, view);
  return connection(db)
    .prepare(
      `select c.agency_id as agencyId, ${labelSql(view.now, view.policy, 'c')} as label, count(*) as n
         from certificate c where ${where.sql} group by 1, 2`,
    )
    .all(...where.args) as { agencyId: string | null; label: string; n: number }[];
}
