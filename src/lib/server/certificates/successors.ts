// Which certificate succeeds which: proposed from the records, confirmed or rejected by a person. A label "sudah ada
// pengganti" is not a revocation: the older one stays usable until it ends or is revoked (certificate-status §1).
import { prepared } from '../db/bulk.ts';
import { connection, newId, type Db } from '../db/index.ts';

export type Change = { id: string; from: string | null; to: string | null };
/** Only these holders' certificates, or those of a subject that has no holder; null: all. */
export type Whose = readonly string[] | { subject: string } | null;

/**
 * Successors: of the certificates of one holder (else one subject) for one use, the one a person confirmed, else the
 * newest that is not revoked and that nobody rejected for this certificate, succeeds the older ones.
 * @returns certificates whose successor changed
 */
export function refreshSuccessors(db: Db, whose: Whose): Change[] {
  const scope =
    whose === null ? '' : 'subject' in whose ? 'where subject = ? and holder_id is null' : 'where holder_id = ?';
  const keys = whose === null ? [[]] : 'subject' in whose ? [[whose.subject]] : whose.map((id) => [id]);
  const read = prepared(
    db,
    `select id, coalesce(holder_id, '') as holder, case when holder_id is null then subject else '' end as subject, use,
            not_before is not null as dated, superseded_by_id as "from",
            not_before is not null and fingerprint is not null and revocation not in ('revoked', 'on_hold')
              and chain <> 'bad_signature' and archived_at is null as able
       from certificate ${scope} order by holder, subject, use, not_before desc, id desc`,
  );
  const changed = keys.flatMap((key) => {
    const decided = decisionsAmong(db, scope, key);
    return [...peers(read.iterate(...key) as Iterable<Peer>)].flatMap((group) => changesIn(group, decided));
  });
  const write = prepared(db, 'update certificate set superseded_by_id = ? where id = ?');
  for (const row of changed) write.run(row.to, row.id);
  return changed;
}

type Peer = {
  id: string;
  holder: string;
  subject: string;
  use: string;
  /** Its begin is known. */
  dated: 0 | 1;
  from: string | null;
  /** May succeed an older one. */
  able: 0 | 1;
};

/** Runs of rows that may succeed one another, newest first. */
function* peers(rows: Iterable<Peer>): Generator<Peer[]> {
  let group: Peer[] = [];
  for (const row of rows) {
    const first = group[0];
    if (first && (row.holder !== first.holder || row.subject !== first.subject || row.use !== first.use)) {
      yield group;
      group = [];
    }
    group.push(row);
  }
  if (group.length) yield group;
}

type Decided = ReadonlyMap<string, ReadonlyMap<string, Decision['decision']>>;

/** Of every certificate, its successors that a person decided about; the newest decision of a pair counts. */
function decisionsAmong(db: Db, scope: string, key: readonly string[]): Decided {
  const among = scope && `where certificate_id in (select id from certificate ${scope})`;
  const decided = new Map<string, Map<string, Decision['decision']>>();
  const rows = prepared(
    db,
    `select certificate_id as older, successor_id as newer, decision from renewal_decision ${among} order by at, rowid`,
  ).iterate(...key) as Iterable<{ older: string; newer: string; decision: Decision['decision'] }>;
  for (const { older, newer, decision } of rows) {
    const pairs = decided.get(older) ?? new Map<string, Decision['decision']>();
    decided.set(older, pairs.set(newer, decision));
  }
  return decided;
}

/** One look at each certificate and each decision, however many share a subject. @param group newest first */
function changesIn(group: readonly Peer[], decided: Decided): Change[] {
  // Without holder and subject nobody knows whose they are.
  const anyone = group[0]!.holder !== '' || group[0]!.subject !== '';
  const newer: string[] = [];
  const places = new Map<string, number>();
  const changed: Change[] = [];
  for (const { id, dated, able, from } of group) {
    const to = anyone && dated ? successorOf(decided.get(id), newer, places) : null;
    if (to !== from) changed.push({ id, from, to });
    if (able) places.set(id, newer.push(id));
  }
  return changed;
}

/** @param newer those that may succeed, newest first. @param places where each stands among them */
function successorOf(
  decisions: ReadonlyMap<string, Decision['decision']> | undefined,
  newer: readonly string[],
  places: ReadonlyMap<string, number>,
): string | null {
  if (!decisions) return newer[0] ?? null;
  const confirmed = [...decisions].filter(([id, decision]) => decision === 'confirmed' && places.has(id));
  confirmed.sort(([a], [b]) => places.get(a)! - places.get(b)!);
  return confirmed[0]?.[0] ?? newer.find((id) => decisions.get(id) !== 'rejected') ?? null;
}

/** Whose certificates may succeed one another with this one. */
export const peersOf = (row: { holderId: string | null; subject: string }) =>
  row.holderId === null ? { subject: row.subject } : [row.holderId];

export type Decision = { decision: 'confirmed' | 'rejected'; why: string; by: string; at: number };

/** What was decided about a pair, newest first. */
export const decisionsOf = (db: Db, certificateId: string, successorId: string): Decision[] =>
  connection(db)
    .prepare(
      'select decision, why, by, at from renewal_decision where certificate_id = ? and successor_id = ? order by at desc, rowid desc',
    )
    .all(certificateId, successorId) as Decision[];

export const recordDecision = (db: Db, row: Decision & { certificateId: string; successorId: string }): void =>
  void connection(db)
    .prepare(
      'insert into renewal_decision (id, certificate_id, successor_id, decision, why, by, at) values (?, ?, ?, ?, ?, ?, ?)',
    )
    .run(newId(row.at), row.certificateId, row.successorId, row.decision, row.why, row.by, row.at);
