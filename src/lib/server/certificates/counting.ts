// Where counts come from: up to `LIVE` certificates from the rows themselves, here and now; beyond, from a census that
// jobs take (`refresh`), with its instant, which pages say. One holder's certificates and the archive are always counted
// live.
import { deserialize, serialize } from 'node:v8';
import { MINUTE } from '../calendar.ts';
import { connection, type Db } from '../db/index.ts';
import type { CertificateLabel } from '#lib/terms.ts';
import {
  censusSql,
  countChoices,
  each,
  takeCensus,
  underDoubts,
  type Census,
  type CensusFilter,
  type Counts,
} from './census.ts';
import * as doubts from './doubts.ts';
import type { ListFilter } from './filter.ts';
import { labelSql } from './label-sql.ts';
import * as listing from './listing.ts';
import { mismatchSql } from './portal-word.ts';
import { FOUND_ROWS, matchOf, wordsOf } from './search.ts';
import { notTrait } from './traits.ts';
import { agencyIds, whereOf, type View } from './where.ts';

/** Estates up to this size are counted live. */
export const LIVE = 5000;
/** How many different filters of one census are remembered. */
const REMEMBERED = 100;

// ---- the kept census ---------------------------------------------------------------------------------------------

/** `judged` is as stored, `census` as things stand with the doubts of now. */
type Held = { takenAt: number; judged: Census; doubts: string; census: Census; choices: Map<string, Counts> };
const cache = new WeakMap<object, Held>();
type Taken = { takenAt: number; trail: number };

/** When the census was taken and how long the trail was then; null: the estate is small, everything is counted live. */
export const taken = (db: Db): Taken | null =>
  (connection(db).prepare('select taken_at as takenAt, trail from certificate_census').get() as Taken | undefined) ??
  null;

function kept(db: Db): Census | null {
  const at = taken(db);
  if (!at) return null;
  const client = connection(db);
  const found = doubts.all(db);
  const now = JSON.stringify([...found]);
  const held = cache.get(client);
  if (held?.takenAt === at.takenAt && held.doubts === now) return held.census;
  const judged =
    held?.takenAt === at.takenAt
      ? held.judged
      : (deserialize(client.prepare('select rows from certificate_census').pluck().get() as Buffer) as Census);
  const census = underDoubts(judged, found);
  cache.set(client, { takenAt: at.takenAt, judged, doubts: now, census, choices: new Map() });
  return census;
}

/**
 * Drops the kept census: until jobs take the next one, within a second or two, everything is counted live. For acts of
 * people on certificates, one or many, in their transaction: no page may count what it does not list.
 */
export const forget = (db: Db): void => void connection(db).prepare('delete from certificate_census').run();

/** More certificates than are counted live. */
export const isLarge = (db: Db, view: View): boolean => listing.countUpTo(db, {}, view, LIVE + 1) > LIVE;

/** Takes the census anew, or drops it when the estate has become small. @returns how many certificates it holds */
export function refresh(db: Db, view: View, trail: number, write: (work: (db: Db) => void) => void): number {
  const census = isLarge(db, view) ? live(db, {}, view) : null;
  const rows = census && serialize(census);
  write((tx) => {
    forget(tx);
    if (rows) {
      const insert = 'insert into certificate_census (id, taken_at, trail, rows) values (1, ?, ?, ?)';
      connection(tx).prepare(insert).run(view.now, trail, rows);
    }
  });
  return census?.size ?? 0;
}

function live(db: Db, base: ListFilter, view: View): Census {
  const where = whereOf(base, view);
  const client = connection(db);
  const rows = client
    .prepare(censusSql(view.now, view.policy, where.sql))
    .raw()
    .all(...where.args) as Parameters<typeof takeCensus>[0];
  // Few rows ask for their own notes; many leave it to the notes to say whose they are.
  const from = rows.length > LIVE ? 'x join certificate c on c.id = x.certificate_id' : null;
  const notesOf = (table: string, word: string, more = '') =>
    client
      .prepare(
        from
          ? `select s.docid, ${word} from ${table} ${from} join certificate_search s on s.certificate_id = c.id where x.ended_at is null ${more}`
          : `select s.docid, ${word} from certificate c join certificate_search s on s.certificate_id = c.id cross join ${table} x on x.certificate_id = c.id and x.ended_at is null where ${where.sql} ${more}`,
      )
      .raw()
      .all(...(from ? [] : where.args)) as [number, string][];
  const trait = `and ${notTrait('x')}`;
  return takeCensus(rows, [
    ...notesOf('problem', "'problem:' || x.rule", trait),
    ...notesOf('problem', "'severity:' || x.severity", trait),
    ...notesOf('certificate_mark', "'mark:' || x.kind"),
    ...notesOf('portal_said', "'portal:' || x.word"),
    ...notesOf('portal_said', "'portal:mismatch'", `and ${mismatchSql(view.now)}`),
  ]);
}

// ---- counting ----------------------------------------------------------------------------------------------------

/** The census a filter is counted over, and what of the filter it has to tell. */
function over(db: Db, filter: ListFilter, view: View): { census: Census; rest: CensusFilter } {
  const { agency: _, holder, q, crl, ocsp, evidence, ...others } = filter;
  const own = holder !== undefined && holder !== 'none' && holder !== 'any';
  const agencies = agencyIds(db, filter);
  const rest: CensusFilter = {
    ...others,
    now: view.now,
    holder: holder === 'none' || holder === 'any' ? holder : undefined,
    agencies: agencies === 'none' ? new Set(['']) : agencies,
    scope: view.scope === 'all' ? null : new Set(view.scope),
    found: null,
  };
  const census = own || filter.archived ? null : kept(db);
  if (!census) {
    const base = { q, crl, ocsp, evidence, archived: filter.archived, ...(own ? { holder } : {}) };
    return { census: underDoubts(live(db, base, view), doubts.all(db)), rest };
  }
  if (q?.trim()) rest.found = view.found ?? foundRows(db, q);
  if (crl || ocsp || evidence) rest.found = restingRows(db, { q, crl, ocsp, evidence }, view);
  return { census, rest };
}

/** What a certificate names and rests on is not in a census: the rows say it. */
function restingRows(db: Db, filter: ListFilter, view: View): number[] {
  const { sql, args } = whereOf(filter, view);
  return connection(db)
    .prepare(
      `select s.docid from certificate c join certificate_search s on s.certificate_id = c.id where ${sql} order by s.docid`,
    )
    .pluck()
    .all(...args) as number[];
}

/** Rows of the full-text index that match the words. */
export const foundRows = (db: Db, q: string): number[] =>
  connection(db)
    .prepare(FOUND_ROWS)
    .pluck()
    .all(matchOf(wordsOf(q))) as number[];

/** How many match. */
export function total(db: Db, filter: ListFilter, view: View): number {
  let n = 0;
  const { census, rest } = over(db, filter, view);
  each(census, rest, () => (n += 1));
  return n;
}

/** How many match, by label. */
export function byLabel(db: Db, filter: ListFilter, view: View): Map<CertificateLabel, number> {
  const counts = new Map<CertificateLabel, number>();
  const { census, rest } = over(db, filter, view);
  const { values, codes } = census.words.label;
  each(census, rest, (row) => {
    const label = values[codes[row]!] as CertificateLabel;
    counts.set(label, (counts.get(label) ?? 0) + 1);
  });
  return counts;
}

/**
 * Every choice of every filter with how many it would show under the other filters. Over a kept census the answer of one
 * minute is the same for everybody who may see the same, so that turning pages and sorting count nothing again.
 */
export function choices(db: Db, filter: ListFilter, view: View): Counts {
  const { census, rest } = over(db, filter, view);
  const held = cache.get(connection(db));
  if (held?.census !== census || rest.found) return countChoices(census, rest);
  const minute = Math.floor(view.now / MINUTE);
  const { sort: _sort, descending: _descending, after: _after, before: _before, limit: _limit, ...asked } = filter;
  const key = JSON.stringify([minute, view.scope, asked]);
  let counts = held.choices.get(key);
  if (!counts) {
    if (held.choices.size >= REMEMBERED) held.choices.clear();
    held.choices.set(key, (counts = countChoices(census, rest)));
  }
  return counts;
}

/** One certificate as figures see it. */
export type Counted = {
  agencyId: string;
  /** Verified issuer; '' none. */
  issuerId: string;
  label: CertificateLabel;
  flags: number;
  end: number | null;
  confirmedAt: number | null;
};

/** Tells every match to a figure that adds up its own way; '' is "under no agency". The object is used again. */
export function tellEach(db: Db, filter: ListFilter, view: View, tell: (one: Counted) => void): void {
  const { census, rest } = over(db, filter, view);
  const { agency, issuer, label } = census.words;
  const one = {} as Counted;
  each(census, rest, (row) => {
    one.agencyId = agency.values[agency.codes[row]!]!;
    one.issuerId = issuer.values[issuer.codes[row]!]!;
    one.label = label.values[label.codes[row]!] as CertificateLabel;
    one.flags = census.flags[row]!;
    one.end = census.ends[row]! || null;
    one.confirmedAt = census.confirmed[row]! || null;
    tell(one);
  });
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
