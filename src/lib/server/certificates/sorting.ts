// The orders of the list. An order is a row of segments, each walked along one index: "by Perangkat Daerah" is the
// agencies by name, in each the certificates by name; "by end" is those that have one, then those whose end is not known.
// So any page of any order starts where the last one stopped, without sorting a hundred thousand rows.
import { connection, type Db } from '../db/index.ts';
import { certificateLabels, certificateSources, uses, type CertificateLabel } from '#lib/terms.ts';
import type { Sort } from './filter.ts';
import { NEVER_CONFIRMED } from './freshness-sql.ts';
import { labelIn } from './label-where.ts';
import type { Clause, View } from './where.ts';

export type Walk = {
  column: 'name_key' | 'not_before' | 'not_after' | 'confirmed_at' | 'serial' | 'added_at';
  index: string;
};
export type Segment = Clause & {
  key: string;
  walk: Walk;
  /** The walk's own direction; names stay from A to Z inside an order that runs the other way. */
  descending: boolean;
};

const walks = {
  name: { column: 'name_key', index: 'certificate_by_name' },
  start: { column: 'not_before', index: 'certificate_by_start' },
  end: { column: 'not_after', index: 'certificate_by_end' },
  evidence: { column: 'confirmed_at', index: 'certificate_by_confirmation' },
  serial: { column: 'serial', index: 'certificate_by_serial' },
  added: { column: 'added_at', index: 'certificate_by_addition' },
} as const satisfies Partial<Record<Sort, Walk>>;

/** Newest first is what people mean by these. */
const NEWEST_FIRST: readonly Sort[] = ['evidence', 'added'];

/** The segments of an order, in the order they are shown. @param reversed the other way round than natural */
export function segmentsOf(db: Db, sort: Sort, reversed: boolean, view: View): Segment[] {
  const walk = walks[sort as keyof typeof walks];
  if (walk) {
    const descending = NEWEST_FIRST.includes(sort) !== reversed;
    if (sort === 'evidence') return byConfirmation(db, descending);
    const known: Segment = { key: '', sql: `c.${walk.column} is not null`, args: [], walk, descending };
    if (sort === 'name' || sort === 'added') return [{ ...known, sql: '1' }];
    return [known, unknown(walk)];
  }
  const groups = groupsOf(db, sort, view);
  if (reversed) groups.reverse();
  return groups.map((group) => ({ ...group, walk: walks.name, descending: false }));
}

/**
 * By the last confirmation. What rests on an object that was confirmed since stands together, where the object's confirmation
 * puts it; between those objects stands what has an instant of its own.
 */
function byConfirmation(db: Db, descending: boolean): Segment[] {
  const objects = connection(db)
    .prepare(
      'select evidence_id as id, confirmed_at as at from evidence_freshness order by confirmed_at desc, evidence_id',
    )
    .all() as { id: string; at: number }[];
  const own = (key: string, from: number, to = Number.MAX_SAFE_INTEGER): Segment => ({
    key,
    sql: `c.confirmed_at >= ? and c.confirmed_at < ?
      and coalesce(c.evidence_id not in (select evidence_id from evidence_freshness where confirmed_at >= ?), true)`,
    args: [from, to, to],
    walk: walks.evidence,
    descending,
  });
  const on = ({ id, at }: { id: string; at: number }): Segment => ({
    key: `on ${id}`,
    sql: 'c.evidence_id = ? and c.confirmed_at < ?',
    args: [id, at],
    walk: { column: 'confirmed_at', index: 'certificate_by_evidence' },
    descending,
  });
  const known = objects.flatMap((object, i) => [own(`before ${object.id}`, object.at, objects[i - 1]?.at), on(object)]);
  known.push(own('', Number.MIN_SAFE_INTEGER, objects.at(-1)?.at));
  return [...(descending ? known : known.reverse()), { ...unknown(walks.evidence), sql: NEVER_CONFIRMED }];
}

const unknown = ({ column }: Walk): Segment => ({
  key: 'none',
  sql: `c.${column} is null`,
  args: [],
  walk: walks.name,
  descending: false,
});

type Group = Clause & { key: string };
const equal = (column: string, key: string): Group => ({ key, sql: `c.${column} = ?`, args: [key] });
const without = (column: string): Group => ({ key: 'none', sql: `c.${column} is null`, args: [] });

function groupsOf(db: Db, sort: Sort, view: View): Group[] {
  const ids = (sql: string) => connection(db).prepare(sql).pluck().all() as string[];
  const byWord = (words: Record<string, string>) =>
    Object.keys(words).sort((a, b) => words[a]!.localeCompare(words[b]!, 'id'));
  switch (sort) {
    case 'agency':
      return [
        ...ids('select agency_id from agency_name where "to" is null order by name, agency_id').map((id) =>
          equal('agency_id', id),
        ),
        without('agency_id'),
      ];
    case 'issuer':
      return [
        ...ids('select id from authority order by common_name, id').map((id) => equal('authority_id', id)),
        without('authority_id'),
      ];
    case 'status':
      return (Object.keys(certificateLabels) as CertificateLabel[]).map((label) => ({
        key: label,
        sql: labelIn([label], view.now, view.policy),
        args: [],
      }));
    case 'use':
      return byWord(uses).map((use) => equal('use', use));
    case 'source':
      return byWord(certificateSources).map((source) => equal('source', source));
    default:
      return [...keyKinds(db), without('key_algorithm')];
  }
}

/** The few pairs of algorithm and size, found by leaps through their index. */
function keyKinds(db: Db): Group[] {
  const leap = (sql: string, ...args: (string | number)[]) =>
    connection(db)
      .prepare(sql)
      .pluck()
      .get(...args) as string | number | null;
  const groups: Group[] = [];
  for (let algorithm = leap('select min(key_algorithm) from certificate'); algorithm !== null;) {
    const own = 'from certificate where key_algorithm = ?';
    if (leap(`select exists (select 1 ${own} and key_bits is null)`, algorithm)) {
      groups.push({ key: `${algorithm}`, sql: 'c.key_algorithm = ? and c.key_bits is null', args: [algorithm] });
    }
    for (let bits = leap(`select min(key_bits) ${own}`, algorithm); bits !== null;) {
      groups.push({
        key: `${algorithm}-${bits}`,
        sql: 'c.key_algorithm = ? and c.key_bits = ?',
        args: [algorithm, bits],
      });
      bits = leap(`select min(key_bits) ${own} and key_bits > ?`, algorithm, bits);
    }
    algorithm = leap('select min(key_algorithm) from certificate where key_algorithm > ?', algorithm);
  }
  return groups;
}
