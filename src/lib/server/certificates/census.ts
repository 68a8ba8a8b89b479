// Counting certificates for the choices of the list's filters. A census is a table of all certificates turned on its side:
// for each thing the list can filter by, one array of small numbers. "How many would this choice show, under all the other
// choices" is then one walk over the arrays, for a hundred thousand certificates about as quick as one row is read from
// the database. Pure: rows come in, counts go out.
import { DAY, HOUR } from '../calendar.ts';
import type { CertificateLabel } from '#lib/terms.ts';
import { CONFIRMED_WITHIN, ENDS_WITHIN, type ListFilter } from './filter.ts';
import { confirmedAtSql } from './freshness-sql.ts';
import { inUseSql, labelSql } from './label-sql.ts';
import type { Doubt, LabelPolicy } from './label.ts';

/** What is kept as a word of a dictionary; '' is "not known". */
const WORDS = ['agency', 'use', 'label', 'issuer', 'key', 'eku', 'source', 'import'] as const;
export type Word = (typeof WORDS)[number];
export type Notes = 'problem' | 'severity' | 'mark' | 'portal';
export const NOTES: readonly Notes[] = ['problem', 'severity', 'mark', 'portal'];

export type Census = {
  size: number;
  /** Row number in the full-text index, ascending. */
  docids: Uint32Array;
  words: Record<Word, { values: string[]; codes: Uint32Array }>;
  /** Bits: 1 owned, 2 in use (`isInUse`), 4 a successor is known, 8 not used any more, 16 anchored as last judged. */
  flags: Uint8Array;
  /** End and last confirmation, UTC ms; 0: not known. */
  ends: Float64Array;
  confirmed: Float64Array;
  /** 'problem:leaver_usable' → the rows that have it. */
  notes: Map<string, Uint32Array>;
};
export const OWNED = 1;
export const IN_USE = 2;
export const SUCCEEDED = 4;
export const RETIRED = 8;
const ANCHORED = 16;

/**
 * Rows of a census, in its own order of columns; `where` is over `certificate c`. Labels are by the last judgement of the
 * chains: doubts come and go between two censuses and are put on top (`underDoubts`).
 */
export const censusSql = (now: number, policy: LabelPolicy, where: string): string =>
  `with chain_doubt(authority_id, chain) as (select null, null where 0)
    select s.docid, c.agency_id, c.use, ${labelSql(now, policy, 'c')}, c.authority_id,
      c.key_algorithm || coalesce('-' || c.key_bits, ''), c.eku, c.source, c.import_id,
      (c.holder_id is not null) + 2 * ${inUseSql(now, 'c')} + 4 * (c.superseded_by_id is not null)
      + 8 * (c.retired_at is not null) + 16 * (c.chain = 'anchored'), c.not_after, ${confirmedAtSql('c')}
    from certificate c join certificate_search s on s.certificate_id = c.id where ${where}`;

type Row = [docid: number, ...words: (string | null)[], flags: number, end: number | null, confirmed: number | null];

export function takeCensus(rows: readonly Row[], notes: Iterable<[docid: number, note: string]>): Census {
  const ordered = rows.toSorted((a, b) => a[0] - b[0]);
  const size = ordered.length;
  const instant = (at: unknown) => (at as number | null) ?? 0;
  const census: Census = {
    size,
    docids: Uint32Array.from(ordered, (row) => row[0]),
    words: {} as Census['words'],
    flags: Uint8Array.from(ordered, (row) => row[WORDS.length + 1] as number),
    ends: Float64Array.from(ordered, (row) => instant(row[WORDS.length + 2])),
    confirmed: Float64Array.from(ordered, (row) => instant(row[WORDS.length + 3])),
    notes: new Map(),
  };
  WORDS.forEach((word, i) => {
    const known = new Map<string, number>();
    const codes = Uint32Array.from(ordered, (row) => {
      const value = (row[i + 1] as string | null) ?? '';
      let code = known.get(value);
      if (code === undefined) known.set(value, (code = known.size));
      return code;
    });
    census.words[word] = { values: [...known.keys()], codes };
  });
  const at = new Map(ordered.map((row, i) => [row[0], i]));
  const lists = new Map<string, number[]>();
  for (const [docid, note] of notes) {
    const row = at.get(docid);
    if (row === undefined) continue;
    const list = lists.get(note);
    if (list) list.push(row);
    else lists.set(note, [row]);
  }
  for (const [note, list] of lists) census.notes.set(note, Uint32Array.from(new Set(list)));
  return census;
}

// ---- doubts ------------------------------------------------------------------------------------------------------

/** Labels that a chain in doubt does not change: they come before it in the order of `labelOf`. */
const BEFORE: Record<Doubt, readonly string[]> = {
  ca_revoked: ['bad_signature', 'revoked'],
  untrusted: ['bad_signature', 'revoked', 'ca_revoked', 'on_hold', 'expired', 'not_yet_valid', 'conflict', 'data_only'],
};

/** The census as things stand: anchored certificates of issuers that lost their trust since count as that. */
export function underDoubts(census: Census, doubts: ReadonlyMap<string, Doubt>): Census {
  if (doubts.size === 0) return census;
  const { issuer, label } = census.words;
  const values = [...new Set([...label.values, ...doubts.values()])];
  const codes = label.codes.slice();
  const flags = census.flags.slice();
  const doubtOf = issuer.values.map((id) => doubts.get(id));
  for (let row = 0; row < census.size; row++) {
    const doubt = doubtOf[issuer.codes[row]!];
    if (!doubt || !(flags[row]! & ANCHORED)) continue;
    if (doubt === 'ca_revoked') flags[row]! &= ~IN_USE;
    if (!BEFORE[doubt].includes(values[codes[row]!]!)) codes[row] = values.indexOf(doubt);
  }
  return { ...census, flags, words: { ...census.words, label: { values, codes } } };
}

// ---- filtering ---------------------------------------------------------------------------------------------------

/** What of a filter a census tells, resolved; sets are of ids. */
export type CensusFilter = Omit<ListFilter, 'q' | 'agency' | 'holder'> & {
  now: number;
  holder?: 'none' | 'any';
  agencies: ReadonlySet<string> | null;
  scope: ReadonlySet<string> | null;
  /** Rows of the full-text index that match the words; null: no words. */
  found: readonly number[] | null;
};

export const COUNTED = [
  'agency',
  'use',
  'label',
  'issuer',
  'key',
  'eku',
  'source',
  'holder',
  'expiring',
  'confirmed',
  'successor',
  'problem',
  'severity',
  'mark',
  'portal',
] as const;
export type Counted = (typeof COUNTED)[number];
export type Counts = Record<Counted, Map<string, number>> & { total: number };

/** The rows a filter is asked of: those its words found, else all. */
function candidates(census: Census, found: readonly number[] | null): Uint32Array {
  if (!found) {
    const all = new Uint32Array(census.size);
    for (let i = 0; i < all.length; i++) all[i] = i;
    return all;
  }
  const rows: number[] = [];
  let low = 0;
  for (const docid of found) {
    let high = census.size;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (census.docids[middle]! < docid) low = middle + 1;
      else high = middle;
    }
    if (census.docids[low] === docid) rows.push(low);
  }
  return Uint32Array.from(rows);
}

const PASSES = 255;
const OUT = 254;

/**
 * For each candidate: `PASSES`, or the one condition it fails (its place in `COUNTED`), or `OUT`: fails several, or what
 * no choice can change.
 */
function judge(census: Census, filter: CensusFilter): { rows: Uint32Array; verdicts: Uint8Array } {
  const rows = candidates(census, filter.found);
  const verdicts = new Uint8Array(rows.length).fill(PASSES);
  const fail = (at: number, place: number) => {
    verdicts[at] = verdicts[at] === PASSES ? place : OUT;
  };
  const byWord = (word: Word, name: Counted | null, passes: (value: string) => boolean) => {
    const { values, codes } = census.words[word];
    const pass = Uint8Array.from(values, (value) => (passes(value) ? 1 : 0));
    const place = name ? COUNTED.indexOf(name) : OUT;
    for (let at = 0; at < rows.length; at++) if (!pass[codes[rows[at]!]!]) fail(at, place);
  };
  const byRow = (name: Counted, passes: (row: number) => boolean) => {
    const place = COUNTED.indexOf(name);
    for (let at = 0; at < rows.length; at++) if (!passes(rows[at]!)) fail(at, place);
  };
  const { agencies, labels, eku, key, holder, expiring, confirmed, now, scope } = filter;
  if (scope) byWord('agency', null, (id) => scope.has(id));
  if (agencies) byWord('agency', 'agency', (id) => agencies.has(id));
  if (filter.use) byWord('use', 'use', (use) => use === filter.use);
  if (labels) byWord('label', 'label', (label) => labels.includes(label as CertificateLabel));
  if (filter.issuer) byWord('issuer', 'issuer', (id) => (id || 'none') === filter.issuer);
  if (key) byWord('key', 'key', (kind) => kind === key || kind.startsWith(`${key}-`));
  if (eku) byWord('eku', 'eku', (set) => set.includes(`"${eku}"`));
  if (filter.source) byWord('source', 'source', (source) => source === filter.source);
  if (filter.importId) byWord('import', null, (id) => id === filter.importId);
  if (holder) byRow('holder', (row) => !!(census.flags[row]! & OWNED) === (holder === 'any'));
  if (expiring) {
    const window = [expiring];
    byRow('expiring', (row) => windowOf(census.ends[row]!, now, window) === 0);
  }
  if (confirmed === 'none') byRow('confirmed', (row) => census.confirmed[row] === 0);
  else if (confirmed) {
    const age = [confirmed];
    byRow('confirmed', (row) => ageOf(census.confirmed[row]!, now, age) === 0);
  }
  if (filter.withoutSuccessor) byRow('successor', (row) => isAlone(census.flags[row]!));
  for (const note of NOTES) {
    if (!filter[note]) continue;
    const has = new Uint8Array(census.size);
    for (const row of census.notes.get(`${note}:${filter[note]}`) ?? []) has[row] = 1;
    byRow(note, (row) => has[row] === 1);
  }
  return { rows, verdicts };
}

/** Place of the narrowest window (days, ascending) that holds an end to come; -1: none. */
function windowOf(end: number, now: number, days: readonly number[]): number {
  if (end < now) return -1;
  for (let at = 0; at < days.length; at++) if (end <= now + days[at]! * DAY) return at;
  return -1;
}

/** Place of the narrowest age (hours, ascending) that holds a confirmation; -1: none. */
function ageOf(confirmed: number, now: number, hours: readonly number[]): number {
  if (confirmed === 0) return -1;
  for (let at = 0; at < hours.length; at++) if (confirmed > now - hours[at]! * HOUR) return at;
  return -1;
}

const isAlone = (flags: number): boolean => (flags & (IN_USE | SUCCEEDED)) === IN_USE;

// ---- counting ----------------------------------------------------------------------------------------------------

/** Every choice with how many it would show under the choices made in the others. */
export function countChoices(census: Census, filter: CensusFilter): Counts {
  const { rows, verdicts } = judge(census, filter);
  const passing = select(rows, verdicts, PASSES);
  const counts = { total: passing.length } as Counts;
  COUNTED.forEach((name, place) => {
    // What fails only here would pass if this choice were another.
    const more = filtered(filter, name) ? select(rows, verdicts, place) : null;
    counts[name] = choicesOf(census, name, filter.now, more?.length ? [passing, more] : [passing]);
  });
  return counts;
}

function select(rows: Uint32Array, verdicts: Uint8Array, wanted: number): Uint32Array {
  const selected = new Uint32Array(rows.length);
  let n = 0;
  for (let at = 0; at < rows.length; at++) if (verdicts[at] === wanted) selected[n++] = rows[at]!;
  return selected.subarray(0, n);
}

const filtered = (filter: CensusFilter, name: Counted): boolean =>
  name === 'agency'
    ? filter.agencies !== null
    : name === 'successor'
      ? !!filter.withoutSuccessor
      : name === 'label'
        ? !!filter.labels
        : !!filter[name];

function choicesOf(census: Census, name: Counted, now: number, lists: readonly Uint32Array[]): Map<string, number> {
  switch (name) {
    case 'problem':
    case 'severity':
    case 'mark':
    case 'portal':
      return noteChoices(census, name, lists);
    case 'holder':
      return tally(lists, ['none', 'any'], (row) => census.flags[row]! & OWNED);
    case 'successor':
      return tally(lists, ['none'], (row) => (isAlone(census.flags[row]!) ? 0 : -1));
    case 'expiring':
      return summed(
        ENDS_WITHIN,
        tally(lists, ENDS_WITHIN.map(String), (row) => windowOf(census.ends[row]!, now, ENDS_WITHIN)),
      );
    case 'confirmed': {
      const within = summed(
        CONFIRMED_WITHIN,
        tally(lists, CONFIRMED_WITHIN.map(String), (row) => ageOf(census.confirmed[row]!, now, CONFIRMED_WITHIN)),
      );
      const never = tally(lists, ['none'], (row) => (census.confirmed[row] === 0 ? 0 : -1));
      return new Map([...within, ...never]);
    }
    default: {
      const { values, codes } = census.words[name];
      const counted = tallyWords(lists, values, codes);
      return name === 'eku' ? usages(counted) : withAbsence(name, counted);
    }
  }
}

function tallyWords(lists: readonly Uint32Array[], values: readonly string[], codes: Uint32Array) {
  const counts = new Uint32Array(values.length);
  for (const rows of lists) for (let at = 0; at < rows.length; at++) counts[codes[rows[at]!]!]! += 1;
  return named(values, counts);
}

function tally(lists: readonly Uint32Array[], keys: readonly string[], codeOf: (row: number) => number) {
  const counts = new Uint32Array(keys.length);
  for (const rows of lists) {
    for (let at = 0; at < rows.length; at++) {
      const code = codeOf(rows[at]!);
      if (code >= 0) counts[code]! += 1;
    }
  }
  return named(keys, counts);
}

const named = (keys: readonly string[], counts: Uint32Array) =>
  new Map(keys.flatMap((key, code) => (counts[code] ? [[key, counts[code]] as const] : [])));

/** "Within 30 days" holds those within 7, also when none lies between; windows ascend, those that hold none are left out. */
function summed(windows: readonly number[], counts: ReadonlyMap<string, number>): Map<string, number> {
  let sum = 0;
  const sums = windows.map((window) => [`${window}`, (sum += counts.get(`${window}`) ?? 0)] as const);
  return new Map(sums.filter(([, n]) => n > 0));
}

/** Absence is a choice only where people look for it. */
function withAbsence(name: Counted, counts: Map<string, number>): Map<string, number> {
  const absent = counts.get('');
  counts.delete('');
  if (absent && (name === 'agency' || name === 'issuer')) counts.set('none', absent);
  return counts;
}

function usages(sets: Map<string, number>): Map<string, number> {
  const counts = new Map<string, number>();
  for (const [set, n] of sets) {
    for (const oid of set ? (JSON.parse(set) as string[]) : []) counts.set(oid, (counts.get(oid) ?? 0) + n);
  }
  return counts;
}

function noteChoices(census: Census, note: Notes, lists: readonly Uint32Array[]): Map<string, number> {
  const whole = lists[0]!.length === census.size;
  const counting = new Uint8Array(census.size).fill(whole ? 1 : 0);
  if (!whole) for (const rows of lists) for (let at = 0; at < rows.length; at++) counting[rows[at]!] = 1;
  const found = new Map<string, number>();
  for (const [key, rows] of census.notes) {
    if (!key.startsWith(`${note}:`)) continue;
    let n = 0;
    for (let at = 0; at < rows.length; at++) n += counting[rows[at]!]!;
    if (n) found.set(key.slice(note.length + 1), n);
  }
  return found;
}

/** Rows that a filter leaves, one by one. */
export function each(census: Census, filter: CensusFilter, tell: (row: number) => void): void {
  const { rows, verdicts } = judge(census, filter);
  for (let at = 0; at < rows.length; at++) if (verdicts[at] === PASSES) tell(rows[at]!);
}
