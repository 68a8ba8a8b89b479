// Counting certificates for the choices of the list's filters. Certificates that agree in everything the list can count
// are one cell; "how many would this choice show, under all the other choices" is then a sum over cells, the same for a
// small estate (cells made here and now) and a large one (cells that jobs keep). Pure.
import { DAY } from '../calendar.ts';
import type { CertificateLabel } from '#lib/terms.ts';
import { CONFIRMED_WITHIN, ENDS_WITHIN, type ListFilter } from './filter.ts';
import { inUseSql, labelSql } from './label-sql.ts';
import type { LabelPolicy } from './label.ts';

/** One cell; instants in UTC ms. The order is that of `cellSql`. */
export type Cell = [
  agencyId: string | null,
  use: string,
  label: CertificateLabel,
  authorityId: string | null,
  key: string | null,
  eku: string | null,
  source: string,
  /** 1: somebody owns it. */
  owned: 0 | 1,
  /** Month of the end in WIB when it lies within thirteen months, 'over', 'later', or '' when not known. */
  month: string,
  /** Smallest of `ENDS_WITHIN` that holds the end, 0 when it is past, null beyond. */
  window: number | null,
  /** Smallest of `CONFIRMED_WITHIN` that holds the confirmation, 'old', or null: never. */
  age: number | 'old' | null,
  /** 1: in use (`isInUse`). */
  inUse: 0 | 1,
  /** 1: a successor is known. */
  succeeded: 0 | 1,
  count: number,
  firstEnd: number | null,
  lastConfirmed: number | null,
];
/** Where each part stands, for readers in other files. */
export const AT = {
  agency: 0,
  use: 1,
  label: 2,
  issuer: 3,
  key: 4,
  eku: 5,
  source: 6,
  holder: 7,
  month: 8,
  inUse: 11,
  succeeded: 12,
  count: 13,
  firstEnd: 14,
  lastConfirmed: 15,
} as const;

const DIMENSIONS = 13;
const MONTHS_AHEAD = 400 * DAY;

/** Cells of the certificates of a condition over `certificate c`. */
export function cellSql(now: number, policy: LabelPolicy, where: string, from = 'certificate c'): string {
  const windows = ENDS_WITHIN.map((days) => `when c.not_after <= ${now + days * DAY} then ${days}`).join(' ');
  const ages = CONFIRMED_WITHIN.map((hours) => `when c.confirmed_at > ${now - (hours / 24) * DAY} then ${hours}`);
  return `select c.agency_id, c.use, ${labelSql(now, policy, 'c')}, c.authority_id,
      c.key_algorithm || coalesce('-' || c.key_bits, ''), c.eku, c.source, c.holder_id is not null,
      case when c.not_after is null then '' when c.not_after < ${now} then 'over' when c.not_after > ${now + MONTHS_AHEAD} then 'later'
        else strftime('%Y-%m', c.not_after / 1000 + 25200, 'unixepoch') end,
      case when c.not_after < ${now} then 0 ${windows} end,
      case when c.confirmed_at is null then null ${ages.join(' ')} else 'old' end,
      ${inUseSql(now, 'c')}, c.superseded_by_id is not null, count(*), min(c.not_after), max(c.confirmed_at)
    from ${from} where ${where} group by ${Array.from({ length: DIMENSIONS }, (_, i) => i + 1).join(', ')}`;
}

/** The dimensions whose choices are counted. */
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
] as const;
export type Counted = (typeof COUNTED)[number];
export type Counts = Record<Counted, Map<string, number>> & { total: number };

/** What of the filter the cells themselves can tell; `agencies`: ids the agency choice and the scope leave, null: all. */
export type CellFilter = Pick<ListFilter, 'labels' | 'use' | 'issuer' | 'key' | 'eku' | 'source' | 'holder'> & {
  expiring?: number;
  confirmed?: number | 'none';
  withoutSuccessor?: boolean;
  agencies: ReadonlySet<string> | 'none' | null;
  scope: ReadonlySet<string> | null;
};

type Test = (cell: Cell) => boolean;

/** Whether cells can answer a filter: no words, no single record, only windows that cells know. */
export const cellsKnow = (filter: ListFilter): boolean =>
  !filter.q?.trim() &&
  !filter.importId &&
  !filter.archived &&
  [undefined, 'none', 'any'].includes(filter.holder) &&
  (filter.expiring === undefined || (ENDS_WITHIN as readonly number[]).includes(filter.expiring)) &&
  (filter.confirmed === undefined ||
    filter.confirmed === 'none' ||
    (CONFIRMED_WITHIN as readonly number[]).includes(filter.confirmed));

function testsOf(filter: CellFilter): [Counted, Test][] {
  const tests: [Counted, Test][] = [];
  const { labels, agencies, holder, confirmed, expiring, eku } = filter;
  if (agencies === 'none') tests.push(['agency', (cell) => cell[0] === null]);
  else if (agencies) tests.push(['agency', (cell) => cell[0] !== null && agencies.has(cell[0])]);
  if (filter.use) tests.push(['use', (cell) => cell[1] === filter.use]);
  if (labels) tests.push(['label', (cell) => labels.includes(cell[2])]);
  if (filter.issuer) tests.push(['issuer', (cell) => (cell[3] ?? 'none') === filter.issuer]);
  if (filter.key) tests.push(['key', (cell) => cell[4] === filter.key || !!cell[4]?.startsWith(`${filter.key}-`)]);
  if (eku) tests.push(['eku', (cell) => !!cell[5]?.includes(`"${eku}"`)]);
  if (filter.source) tests.push(['source', (cell) => cell[6] === filter.source]);
  if (holder) tests.push(['holder', (cell) => (cell[7] === 1) === (holder !== 'none')]);
  if (expiring) tests.push(['expiring', (cell) => cell[9] !== null && cell[9] > 0 && cell[9] <= expiring]);
  if (confirmed === 'none') tests.push(['confirmed', (cell) => cell[10] === null]);
  else if (confirmed) tests.push(['confirmed', (cell) => typeof cell[10] === 'number' && cell[10] <= confirmed]);
  if (filter.withoutSuccessor) tests.push(['successor', (cell) => cell[11] === 1 && cell[12] === 0]);
  return tests;
}

/** Every choice of every dimension with how many it would show under the choices made in the others. */
export function countChoices(cells: Iterable<Cell>, filter: CellFilter): Counts {
  const counts = Object.fromEntries(COUNTED.map((name) => [name, new Map<string, number>()])) as unknown as Counts;
  counts.total = 0;
  const tests = testsOf(filter);
  for (const cell of cells) {
    if (filter.scope && !(cell[0] !== null && filter.scope.has(cell[0]))) continue;
    let failed: Counted | null = null;
    let several = false;
    for (const [name, test] of tests) {
      if (test(cell)) continue;
      if (failed) {
        several = true;
        break;
      }
      failed = name;
    }
    if (several) continue;
    if (failed) tell(counts, failed, cell);
    else {
      counts.total += cell[AT.count];
      for (const name of COUNTED) tell(counts, name, cell);
    }
  }
  return counts;
}

function tell(counts: Counts, name: Counted, cell: Cell): void {
  const add = (key: string) => counts[name].set(key, (counts[name].get(key) ?? 0) + cell[AT.count]);
  switch (name) {
    case 'agency':
    case 'issuer':
      return add(cell[AT[name]] ?? 'none');
    case 'key':
      return cell[4] === null ? undefined : add(cell[4]);
    case 'eku':
      for (const oid of ekusOf(cell[5])) add(oid);
      return;
    case 'holder':
      return add(cell[7] ? 'any' : 'none');
    case 'expiring':
      for (const days of ENDS_WITHIN) if (cell[9] !== null && cell[9] > 0 && cell[9] <= days) add(String(days));
      return;
    case 'confirmed':
      if (cell[10] === null) add('none');
      for (const hours of CONFIRMED_WITHIN) if (typeof cell[10] === 'number' && cell[10] <= hours) add(String(hours));
      return;
    case 'successor':
      return cell[11] === 1 && cell[12] === 0 ? add('none') : undefined;
    default:
      return add(cell[AT[name]] as string);
  }
}

const parsed = new Map<string, string[]>();
/** The few distinct sets of usages, read once. */
function ekusOf(text: string | null): readonly string[] {
  if (!text) return [];
  let oids = parsed.get(text);
  if (!oids) {
    if (parsed.size > 500) parsed.clear();
    parsed.set(text, (oids = JSON.parse(text) as string[]));
  }
  return oids;
}

/** Only how many match. */
export function countAll(cells: Iterable<Cell>, filter: CellFilter): number {
  let total = 0;
  for (const cell of matching(cells, filter)) total += cell[AT.count];
  return total;
}

/** The cells a filter leaves. */
export function* matching(cells: Iterable<Cell>, filter: CellFilter): Generator<Cell> {
  const tests = testsOf(filter).map(([, test]) => test);
  for (const cell of cells) {
    if (filter.scope && !(cell[0] !== null && filter.scope.has(cell[0]))) continue;
    if (tests.every((test) => test(cell))) yield cell;
  }
}
