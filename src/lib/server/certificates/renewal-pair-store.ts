// Queries for pairs of certificates that are, or may be, a renewal.
import { DAY } from '../calendar.ts';
import { connection, type Db } from '../db/index.ts';
import { kept } from './kept.ts';
import { doubts, type Compared } from './renewal-pair.ts';
import { ENDED_DAYS } from './renewal-store.ts';

type View = { now: number; scope: 'all' | readonly string[] };
export type PairIds = { id: string; successorId: string };
/** With the agencies of both sides: whoever may not see one of them sees no pair. */
type Proposed = PairIds & { agencyId: string | null; successorAgencyId: string | null };
export type Pairs = { doubtful: Proposed[]; clear: Proposed[] };

/** Older certificates that are usable or ended less than 30 days ago, each with its proposed successor, undecided. */
const PROPOSED = `from certificate c join certificate o on o.id = c.superseded_by_id
  where c.superseded_by_id is not null and c.archived_at is null and c.retired_at is null and c.revocation <> 'revoked'
    and c.not_after >= :since
    and not exists (select 1 from renewal_decision d where d.certificate_id = c.id and d.successor_id = o.id)`;
/** What `doubts` (renewal-pair.ts) surely objects to: the same key, a shorter key, a gap of a day. */
const CERTAIN = `coalesce(c.key_sha256 = o.key_sha256 or (c.key_algorithm = o.key_algorithm and o.key_bits < c.key_bits)
  or o.not_before - c.not_after >= ${DAY}, 0)`;
/** What it may object to besides; it judges exactly. */
const POSSIBLE = `(c.common_name <> o.common_name collate nocase or c.key_usage is not o.key_usage or c.eku is not o.eku
  or c.san is not o.san)`;

/** Proposed pairs, those that end first first; `doubtful` when something differs that a person should look at. */
export function takePairs(db: Db, now: number): Pairs {
  const client = connection(db);
  const since = now - ENDED_DAYS * DAY;
  const rows = client
    .prepare(
      `select c.id, o.id as successorId, c.agency_id as agencyId, o.agency_id as successorAgencyId, ${CERTAIN} as certain
         ${PROPOSED} order by c.not_after, c.id`,
    )
    .all({ since }) as (Proposed & { certain: 0 | 1 })[];
  const odd = new Set(possible(db, since).flatMap((pair) => (doubts(pair.older, pair.newer).length ? [pair.id] : [])));
  const of = (kind: (row: Proposed & { certain: 0 | 1 }) => boolean) =>
    rows.filter(kind).map(({ certain: _, ...pair }) => pair);
  return {
    doubtful: [...of((row) => row.certain === 1), ...of((row) => row.certain === 0 && odd.has(row.id))],
    clear: of((row) => row.certain === 0 && !odd.has(row.id)),
  };
}

/**
 * Pairs that both wait for a decision and are seen whole: of a large estate as jobs took them last, less what was decided
 * since; else live.
 */
export function pairs(db: Db, view: View): Pairs {
  const last = kept<Pairs>(db, 'renewals');
  const { doubtful, clear } = last?.rows ?? takePairs(db, view.now);
  const decidedSince = new Set(
    last
      ? (connection(db)
          .prepare('select distinct certificate_id from renewal_decision where at >= ?')
          .pluck()
          .all(last.takenAt) as string[])
      : [],
  );
  const { scope } = view;
  const seen = (id: string | null) => scope === 'all' || scope.includes(id ?? '');
  const shown = (pair: Proposed) => seen(pair.agencyId) && seen(pair.successorAgencyId) && !decidedSince.has(pair.id);
  return { doubtful: doubtful.filter(shown), clear: clear.filter(shown) };
}

/** Pairs to look at closer, with what is compared. */
function possible(db: Db, since: number): (PairIds & { older: Compared; newer: Compared })[] {
  const side = (alias: string) =>
    ['common_name', 'not_before', 'not_after', 'key_sha256', 'key_algorithm', 'key_bits', 'key_usage', 'eku', 'san']
      .map((column) => `${alias}.${column}`)
      .join(', ');
  const rows = connection(db)
    .prepare(
      `select c.id, o.id, ${side('c')}, ${side('o')} ${PROPOSED} and not ${CERTAIN} and ${POSSIBLE}
        order by c.not_after, c.id`,
    )
    .raw()
    .all({ since }) as [string, string, ...unknown[]][];
  return rows.map(([id, successorId, ...columns]) => ({
    id,
    successorId,
    older: compared(columns.slice(0, 9)),
    newer: compared(columns.slice(9)),
  }));
}

function compared(columns: unknown[]): Compared {
  type Facts = [string, number | null, number | null, string | null, string | null, number | null];
  const [commonName, notBefore, notAfter, keySha256, keyAlgorithm, keyBits] = columns as Facts;
  const list = (text: unknown) => (text === null ? null : (JSON.parse(text as string) as string[]));
  const [keyUsage, eku, san] = columns.slice(6);
  const facts = { commonName, notBefore, notAfter, keySha256, keyAlgorithm, keyBits };
  return { ...facts, keyUsage: list(keyUsage), eku: list(eku), san: list(san) ?? [] };
}

const within = (scope: View['scope']): string =>
  scope === 'all'
    ? ''
    : 'and c.agency_id in (select value from json_each(:scope)) and o.agency_id in (select value from json_each(:scope))';

/** Pairs a person decided, by their newest decision, newest first. */
export function decided(db: Db, view: View): (PairIds & { decision: 'confirmed' | 'rejected' })[] {
  return connection(db)
    .prepare(
      `select d.certificate_id as id, d.successor_id as successorId, d.decision from renewal_decision d
         cross join certificate c on c.id = d.certificate_id cross join certificate o on o.id = d.successor_id
        where c.archived_at is null ${within(view.scope)} and not exists (
          select 1 from renewal_decision n where n.certificate_id = d.certificate_id and n.successor_id = d.successor_id
             and (n.at > d.at or (n.at = d.at and n.rowid > d.rowid)))
        order by d.at desc, d.id desc`,
    )
    .all(view.scope === 'all' ? {} : { scope: JSON.stringify(view.scope) }) as (PairIds & {
    decision: 'confirmed' | 'rejected';
  })[];
}
