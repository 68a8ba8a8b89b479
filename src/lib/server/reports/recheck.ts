// Hitung ulang: every figure a second time, from the stored rows, with other code: SQL over a database in memory that
// knows nothing of figures.ts. Zero differences, or the report cannot be approved (design §11.3).
import { canonical, rowSetHash, sha256 } from './canonical.ts';
import { openDatabase } from '../db/index.ts';
import type { FigureValue } from './figures.ts';

export type Difference = {
  code: string;
  what: 'value' | 'numerator' | 'denominator' | 'rows' | 'file';
  stored: string;
  computed: string;
};

const TABLES: Record<string, string[]> = {
  agencies: [],
  certificates: [
    'agencyId',
    'notBefore',
    'notAfter',
    'revokedAt',
    'confirmedAt',
    'label',
    'usable',
    'retired',
    'successor',
    'renewal',
    'holder',
    'keyAlgorithm',
    'keyBits',
    'signatureAlgorithm',
  ],
  incidents: ['occurredAt', 'closedAt', 'ended'],
  obligations: ['stage', 'startAt', 'dueAt', 'metAt', 'released'],
  revocations: ['requestedAt', 'seenAt'],
  sheets: ['round', 'period', 'agencyId', 'reviewedAt', 'closedAt', 'items'],
  findings: ['adoptedAt', 'state', 'overdue'],
};

const inPeriod = (at: string) => `(${at} >= :start and ${at} <= :last)`;
/** Rows of the first release say it by their label only. */
const USABLE = `coalesce(usable, label not in ('revoked','ca_revoked','on_hold','expired','not_yet_valid'))`;
const REAL = `(ended is null or ended = 'closed')`;
const JUDGED = `released = 0 and ${inPeriod('case when metAt is not null and metAt < dueAt then metAt else dueAt end')}`;
const REPORTS = `${JUDGED} and stage = 'early_notice'`;
const OF_PERIOD = `(period = :code or substr(period, 1, 4) = :code)`;
/** Score and coverage again from the criteria's weights and values. */
const scored = (evaluated: string) => `with scored as (
  select s.id, s.round, s.period, s.agencyId, s.reviewedAt, s.closedAt,
    sum(case when json_extract(i.value, '$.value') is not null and json_extract(i.value, '$.result') not in ('unknown','not_applicable') then json_extract(i.value, '$.weight') end) as known,
    sum(case when json_extract(i.value, '$.result') not in ('unknown','not_applicable') then json_extract(i.value, '$.weight') * json_extract(i.value, '$.value') end) as points,
    sum(case when json_extract(i.value, '$.result') <> 'not_applicable' then json_extract(i.value, '$.weight') end) as whole
  from sheets s, json_each(s.items) i group by s.id),
  even as (select *,
    case when points % known * 2 > known or (points % known * 2 = known and points / known % 2 = 1) then points / known + 1 else points / known end as score,
    case when known * 10000 % whole * 2 > whole or (known * 10000 % whole * 2 = whole and known * 10000 / whole % 2 = 1) then known * 10000 / whole + 1 else known * 10000 / whole end as coverage
    from scored where known > 0),
  counted as (select * from even where ${evaluated} and round = (
    select max(round) from even where ${evaluated} and ${OF_PERIOD} and round not like '%-I%'))`;
const EVALUATED = 'reviewedAt is not null and closedAt is not null';
const SCORED = scored(EVALUATED);
const SCORED_V1 = scored('reviewedAt is not null');

type Query = { table: string; rows: string; of?: string; kind: 'count' | 'share' | 'median' | 'mean' };

/** One query a figure, giving `id` of each counted row and, for a measure, `x`, what is averaged. */
const QUERIES: Record<string, Query> = {
  'F-01': { table: 'certificates', rows: `select id from certificates`, kind: 'count' },
  'F-02': {
    table: 'certificates',
    rows: `select id from certificates where label in ('valid','superseded','expiring')`,
    of: `select count(*) from certificates`,
    kind: 'share',
  },
  'F-03': { table: 'certificates', rows: `select id from certificates where label = 'expiring'`, kind: 'count' },
  'F-04': {
    table: 'certificates',
    rows: `select id from certificates where label = 'expired' and not successor`,
    of: `select count(*) from certificates`,
    kind: 'share',
  },
  'F-05': {
    table: 'certificates',
    rows: `select id from certificates where ${USABLE} and not coalesce(retired, 0) and not successor and notAfter <= :state + 30 * 86400000`,
    kind: 'count',
  },
  'F-06': {
    table: 'certificates',
    rows: `select id from certificates where label in ('revoked','ca_revoked','on_hold')`,
    kind: 'count',
  },
  'F-07': {
    table: 'certificates',
    rows: `select id from certificates where label not in ('valid','superseded','expiring','revoked','ca_revoked','on_hold','expired')`,
    kind: 'count',
  },
  'F-08': {
    table: 'certificates',
    rows: `select id from certificates where ${inPeriod('notBefore')} and not renewal`,
    kind: 'count',
  },
  'F-09': {
    table: 'certificates',
    rows: `select id from certificates where ${inPeriod('notBefore')} and renewal`,
    kind: 'count',
  },
  'F-10': { table: 'certificates', rows: `select id from certificates where ${inPeriod('revokedAt')}`, kind: 'count' },
  'F-11': {
    table: 'incidents',
    rows: `select id from incidents where ${inPeriod('occurredAt')} and ${REAL}`,
    kind: 'count',
  },
  'F-12': {
    table: 'incidents',
    rows: `select id from incidents where ${inPeriod('occurredAt')} and ${REAL} and closedAt is null`,
    kind: 'count',
  },
  'F-13': {
    table: 'obligations',
    rows: `select id from obligations where ${REPORTS} and metAt <= dueAt`,
    of: `select count(*) from obligations where ${REPORTS}`,
    kind: 'share',
  },
  'F-14': {
    table: 'obligations',
    rows: `select id, metAt - startAt as x from obligations where ${REPORTS} and metAt is not null`,
    kind: 'median',
  },
  'F-15': {
    table: 'revocations',
    rows: `select id, seenAt - requestedAt as x from revocations where ${inPeriod('requestedAt')} and seenAt is not null`,
    kind: 'median',
  },
  'F-16': {
    table: 'agencies',
    rows: `select id from agencies where id in (select agencyId from sheets where ${EVALUATED} and ${OF_PERIOD})`,
    of: `select count(*) from agencies`,
    kind: 'count',
  },
  'F-17': { table: 'sheets', rows: `${SCORED} select id, score as x from counted`, kind: 'mean' },
  'F-18': { table: 'sheets', rows: `${SCORED} select id, coverage as x from counted`, kind: 'mean' },
  'F-19': {
    table: 'sheets',
    rows: `${SCORED} select id from counted where score < 7000`,
    of: `${SCORED} select count(*) from counted`,
    kind: 'count',
  },
  'F-20': { table: 'findings', rows: `select id from findings where ${inPeriod('adoptedAt')}`, kind: 'count' },
  'F-21': {
    table: 'findings',
    rows: `select id from findings where ${inPeriod('adoptedAt')} and state = 'closed'`,
    of: `select count(*) from findings where ${inPeriod('adoptedAt')}`,
    kind: 'share',
  },
  'F-22': { table: 'findings', rows: `select id from findings where overdue`, kind: 'count' },
  'F-23': {
    table: 'certificates',
    rows: `select id from certificates where ${USABLE} and holder`,
    of: `select count(*) from certificates where ${USABLE}`,
    kind: 'share',
  },
  'F-24': {
    table: 'agencies',
    rows: `select id from agencies where id in (select agencyId from certificates)`,
    of: `select count(*) from agencies`,
    kind: 'count',
  },
  'F-25': {
    table: 'certificates',
    rows: `select id from certificates where ${USABLE} and ((keyAlgorithm like 'RSA%' and keyBits < 2048) or (keyAlgorithm like 'EC%' and keyBits < 224) or signatureAlgorithm in ('1.2.840.113549.1.1.4', '1.2.840.113549.1.1.5', '1.3.14.3.2.29', '1.2.840.10045.4.1', '1.2.840.10040.4.3'))`,
    kind: 'count',
  },
  'F-26': {
    table: 'certificates',
    rows: `select id from certificates where ${USABLE} and confirmedAt > :state - 86400000`,
    of: `select count(*) from certificates where ${USABLE}`,
    kind: 'share',
  },
};

/** Figures as earlier releases defined them, for what was frozen then. */
const EARLIER: Record<string, Query> = {
  'F-13 v2': {
    table: 'obligations',
    rows: `select id from obligations where ${JUDGED} and metAt <= dueAt`,
    of: `select count(*) from obligations where ${JUDGED}`,
    kind: 'share',
  },
  'F-16 v1': {
    table: 'agencies',
    rows: `select id from agencies where id in (select agencyId from sheets where reviewedAt is not null and ${OF_PERIOD})`,
    of: `select count(*) from agencies`,
    kind: 'count',
  },
  'F-17 v1': { table: 'sheets', rows: `${SCORED_V1} select id, score as x from counted`, kind: 'mean' },
  'F-18 v1': { table: 'sheets', rows: `${SCORED_V1} select id, coverage as x from counted`, kind: 'mean' },
  'F-19 v1': {
    table: 'sheets',
    rows: `${SCORED_V1} select id from counted where score < 7000`,
    of: `${SCORED_V1} select count(*) from counted`,
    kind: 'count',
  },
};

type Row = { id: string } & Record<string, unknown>;
type Stored = { period: { code: string; start: number; end: number }; stateAt: number } & Record<string, Row[]>;

/**
 * Counts all figures again from the stored rows.
 * @param bytes the file of rows as stored
 * @param figures the figures as stored
 * @returns every difference; an empty list means that the report says what its rows say
 */
export function recheck(bytes: string, figures: readonly FigureValue[]): Difference[] {
  const stored = JSON.parse(bytes) as unknown as Stored;
  if (canonical(stored) !== bytes)
    return [{ code: '', what: 'file', stored: sha256(bytes), computed: sha256(canonical(stored)) }];
  const { $client: client } = openDatabase(':memory:');
  try {
    const hashes = new Map<string, string>();
    for (const [table, columns] of Object.entries(TABLES)) {
      client.exec(`create table ${table} (id text primary key${columns.map((c) => `, ${c}`).join('')})`);
      const insert = client.prepare(`insert into ${table} values (${['id', ...columns].map(() => '?').join(',')})`);
      client.transaction(() => {
        for (const row of stored[table] ?? []) {
          insert.run(row.id, ...columns.map((c) => plain(row[c])));
          hashes.set(`${table} ${row.id}`, sha256(canonical(row)));
        }
      })();
    }
    const values = {
      start: stored.period.start,
      last: Math.min(stored.period.end, stored.stateAt),
      state: stored.stateAt,
      code: stored.period.code,
    };
    const used = (sql: string) =>
      Object.fromEntries(Object.entries(values).filter(([name]) => sql.includes(`:${name}`)));
    return figures.flatMap((figure) => {
      const query = EARLIER[`${figure.code} v${figure.version}`] ?? QUERIES[figure.code];
      if (!query)
        return [{ code: figure.code, what: 'file' as const, stored: 'ada', computed: 'definisi tidak dikenal' }];
      const rows = client.prepare(query.rows).all(used(query.rows)) as { id: string; x?: number }[];
      const of = query.of ? (client.prepare(query.of).pluck().get(used(query.of)) as number) : null;
      const hash = rowSetHash(
        rows.map((row) => ({ table: query.table, id: row.id, hash: hashes.get(`${query.table} ${row.id}`)! })),
      );
      return compare(figure, { value: valueOf(query.kind, rows, of), numerator: rows.length, denominator: of, hash });
    });
  } finally {
    client.close();
  }
}

const plain = (value: unknown): unknown =>
  value === undefined || value === null
    ? null
    : typeof value === 'boolean'
      ? Number(value)
      : typeof value === 'object'
        ? JSON.stringify(value)
        : value;

function valueOf(kind: string, rows: { x?: number }[], of: number | null): number | null {
  if (kind === 'count') return rows.length * 1000;
  if (kind === 'share') return of ? Math.floor((200_000 * rows.length + of) / (2 * of)) : null;
  if (rows.length === 0) return null;
  const sorted = rows.map((row) => row.x!).sort((a, b) => a - b);
  if (kind === 'mean') return Math.round((sorted.reduce((sum, x) => sum + x, 0) * 10) / sorted.length);
  const middle = (sorted[Math.ceil(sorted.length / 2) - 1]! + sorted[Math.floor(sorted.length / 2)]!) / 2;
  return Math.round(middle / 3600);
}

type Computed = { value: number | null; numerator: number; denominator: number | null; hash: string };
function compare(figure: FigureValue, computed: Computed): Difference[] {
  const differences: Difference[] = [];
  const note = (what: Difference['what'], a: unknown, b: unknown) => {
    if (a !== b) differences.push({ code: figure.code, what, stored: String(a), computed: String(b) });
  };
  note('value', figure.value, computed.value);
  note('numerator', figure.numerator, computed.numerator);
  note('denominator', figure.denominator, computed.denominator);
  note('rows', figure.rowSetHash, computed.hash);
  return differences;
}
