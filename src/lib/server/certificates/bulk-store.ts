// Queries over acts on many certificates: the act, its items, the facts its rules look at.
import { createHash } from 'node:crypto';
import { count as counted, desc, eq, lt } from 'drizzle-orm';
import { connection, newId, type Db } from '../db/index.ts';
import type { BulkRow } from './bulk-rules.ts';
import { bulkAct } from './schema-list.ts';
import { INCIDENT_MARKS } from './schema.ts';

export type ActRow = typeof bulkAct.$inferSelect;
export type Item = {
  seq: number;
  id: string;
  name: string;
  outcome: 'waiting' | 'changed' | 'skipped';
  reason: string | null;
};

/** What is confirmed, and what the trail commits to when an act begins: the ids in order. */
export function hashOf(ids: readonly string[]): string {
  const hash = createHash('sha256');
  for (const id of ids) hash.update(`${id}\n`);
  return hash.digest('hex');
}

const FACTS = `c.id, c.agency_id as agencyId, c.holder_id as holderId, c.not_after as notAfter, c.revocation, c.retired_at as retiredAt,
  c.archived_at as archivedAt, exists (select 1 from certificate_mark m where m.certificate_id = c.id and m.ended_at is null
    and m.kind in ${INCIDENT_MARKS}) as busy,
  exists (select 1 from import_run r where r.id = c.import_id and r.state = 'voided') as voided`;
export type Facts = Omit<BulkRow, 'busy' | 'voided'> & {
  id: string;
  holderId: string | null;
  busy: 0 | 1;
  voided: 0 | 1;
};

/** Facts of certificates, in chunks, so that nothing large is held. */
export function* facts(db: Db, ids: readonly string[]): Generator<Facts> {
  const read = connection(db).prepare(
    `select ${FACTS} from certificate c where c.id in (select value from json_each(?))`,
  );
  for (let i = 0; i < ids.length; i += 1000) yield* read.all(JSON.stringify(ids.slice(i, i + 1000))) as Facts[];
}

export function insert(db: Db, act: Omit<ActRow, 'id' | 'done' | 'finishedAt'>, ids: readonly string[]): string {
  const id = newId(act.requestedAt);
  db.insert(bulkAct)
    .values({ id, ...act })
    .run();
  connection(db)
    .prepare(
      `insert into bulk_item (bulk_id, seq, certificate_id, outcome) select ?, key + 1, value, 'waiting' from json_each(?)`,
    )
    .run(id, JSON.stringify(ids));
  return id;
}

export const byId = (db: Db, id: string): ActRow | undefined =>
  db.select().from(bulkAct).where(eq(bulkAct.id, id)).get();

export const page = (db: Db, before: string | undefined, limit: number): ActRow[] =>
  db
    .select()
    .from(bulkAct)
    .where(before ? lt(bulkAct.id, before) : undefined)
    .orderBy(desc(bulkAct.id))
    .limit(limit)
    .all();

export const count = (db: Db): number => db.select({ n: counted() }).from(bulkAct).get()?.n ?? 0;

export const set = (db: Db, id: string, values: Partial<ActRow>): void =>
  void db.update(bulkAct).set(values).where(eq(bulkAct.id, id)).run();

/** The oldest act that is not done. */
export const next = (db: Db): string | null =>
  (connection(db)
    .prepare("select id from bulk_act where state in ('requested', 'running') order by requested_at, id limit 1")
    .pluck()
    .get() as string | undefined) ?? null;

/** The next items that wait, with the facts of their certificates. */
export const waiting = (db: Db, id: string, limit: number): (Facts & { seq: number })[] =>
  connection(db)
    .prepare(
      `select i.seq, ${FACTS} from bulk_item i join certificate c on c.id = i.certificate_id
        where i.bulk_id = ? and i.outcome = 'waiting' order by i.seq limit ?`,
    )
    .all(id, limit) as (Facts & { seq: number })[];

export function settle(db: Db, id: string, seq: number, reason: string | null): void {
  connection(db)
    .prepare('update bulk_item set outcome = ?, reason = ? where bulk_id = ? and seq = ?')
    .run(reason === null ? 'changed' : 'skipped', reason, id, seq);
}

/** SHA-256 over what became of each certificate, in order: what the trail commits to when the act is done. */
export function ledgerHash(db: Db, id: string): string {
  const hash = createHash('sha256');
  const rows = connection(db)
    .prepare('select seq, certificate_id, outcome, reason from bulk_item where bulk_id = ? order by seq')
    .raw()
    .iterate(id);
  for (const row of rows) hash.update(`${JSON.stringify(row)}\n`);
  return hash.digest('hex');
}

/** How many were changed, and how many left for each reason. */
export function outcomes(db: Db, id: string): { changed: number; skipped: { reason: string; count: number }[] } {
  const rows = connection(db)
    .prepare('select outcome, reason, count(*) as count from bulk_item where bulk_id = ? group by 1, 2')
    .all(id) as { outcome: Item['outcome']; reason: string; count: number }[];
  return {
    changed: rows.find((row) => row.outcome === 'changed')?.count ?? 0,
    skipped: rows.filter((row) => row.outcome === 'skipped').map(({ reason, count }) => ({ reason, count })),
  };
}

/** Which certificates of an act are asked for: all, those it changes, those it leaves, those left for one reason. */
export type Shown = { fate?: 'changed' | 'skipped'; because?: string };

const SHOWN = `i.bulk_id = @id and (@fate is null or i.outcome = @fate) and (@because is null or i.reason = @because)`;
const shownArgs = (id: string, { fate, because }: Shown) => ({ id, fate: fate ?? null, because: because ?? null });

export const items = (db: Db, id: string, shown: Shown, after: number, limit: number): Item[] =>
  connection(db)
    .prepare(
      `select i.seq, c.id, coalesce(h.name, c.common_name) as name, i.outcome, i.reason from bulk_item i
         join certificate c on c.id = i.certificate_id left join holder h on h.id = c.holder_id
        where ${SHOWN} and i.seq > @after order by i.seq limit @limit`,
    )
    .all({ ...shownArgs(id, shown), after, limit }) as Item[];

export const countItems = (db: Db, id: string, shown: Shown): number =>
  connection(db).prepare(`select count(*) from bulk_item i where ${SHOWN}`).pluck().get(shownArgs(id, shown)) as number;

export const changedBy = (db: Db, id: string): string[] =>
  connection(db)
    .prepare("select certificate_id from bulk_item where bulk_id = ? and outcome = 'changed'")
    .pluck()
    .all(id) as string[];

export const stillArchived = (db: Db, id: string): number =>
  connection(db)
    .prepare(
      `select count(*) from bulk_item i join certificate c on c.id = i.certificate_id
        where i.bulk_id = ? and i.outcome = 'changed' and c.archived_at is not null`,
    )
    .pluck()
    .get(id) as number;

/** Those of the ids that exist within the scope, oldest record first. */
export function visible(db: Db, ids: readonly string[], scope: 'all' | readonly string[]): string[] {
  const own = scope === 'all' ? '' : 'and agency_id in (select value from json_each(?))';
  return connection(db)
    .prepare(`select id from certificate where id in (select value from json_each(?)) ${own} order by id`)
    .pluck()
    .all(JSON.stringify(ids), ...(scope === 'all' ? [] : [JSON.stringify(scope)])) as string[];
}

export const withFile = (db: Db, ids: readonly string[]): string[] =>
  connection(db)
    .prepare(
      'select id from certificate where id in (select value from json_each(?)) and fingerprint is not null order by id',
    )
    .pluck()
    .all(JSON.stringify(ids)) as string[];

export const ders = (db: Db, ids: readonly string[]) =>
  connection(db)
    .prepare(
      `select coalesce(h.name, c.common_name) as name, c.serial, c.fingerprint, d.der from certificate c
         join certificate_der d on d.fingerprint = c.fingerprint left join holder h on h.id = c.holder_id
        where c.id in (select value from json_each(?)) order by c.id`,
    )
    .all(JSON.stringify(ids)) as { name: string; serial: string | null; fingerprint: string; der: Buffer }[];
