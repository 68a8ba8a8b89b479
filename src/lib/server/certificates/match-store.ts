// Queries for matching: certificates without holder, the people who bear a name, and what was refused before.
import { wibDate } from '../calendar.ts';
import { prepared } from '../db/bulk.ts';
import { connection, newId, type Db } from '../db/index.ts';
import type { Use } from './facts.ts';
import { LAST_POSITION } from './holder-sql.ts';
import type { Bearer } from './match-verdict.ts';
import { nameKey } from './names.ts';

export type Waiting = {
  id: string;
  commonName: string;
  key: string;
  agencyId: string | null;
  begins: string | null;
  notBefore: number | null;
  notAfter: number | null;
  use: Use;
  serial: string | null;
  importId: string | null;
};

/** Which of those that wait; none: all. */
export type Only = { ids?: readonly string[]; importId?: string };
const WAITS = 'holder_id is null and archived_at is null and retired_at is null';
/** Where something tells few of them apart: without the `+` SQLite would read all who wait. */
const WAITS_AMONG = `+${WAITS}`;

export const waitingIds = (db: Db): Set<string> =>
  new Set(connection(db).prepare(`select id from certificate where ${WAITS}`).pluck().all() as string[]);

/** Whether there are more certificates than pages survey themselves. */
export const isLarge = (db: Db, live: number): boolean =>
  (prepared(db, 'select count(*) from (select 1 from certificate where archived_at is null limit ?)')
    .pluck()
    .get(live + 1) as number) > live;

export function countWaiting(db: Db, scope: 'all' | readonly string[], only: Only): number {
  const { where, args } = waits(scope, only);
  return connection(db).prepare(`select count(*) from certificate where ${where}`).pluck().get(args) as number;
}

function waits(scope: 'all' | readonly string[], only: Only): { where: string; args: string[] } {
  const parts: string[] = [];
  const args: string[] = [];
  if (scope !== 'all') {
    parts.push(`agency_id in (${scope.map(() => '?').join(',') || 'null'})`);
    args.push(...scope);
  }
  if (only.ids) {
    parts.push('id in (select value from json_each(?))');
    args.push(JSON.stringify(only.ids));
  }
  if (only.importId) {
    parts.push('import_id = ?');
    args.push(only.importId);
  }
  return { where: [parts.length ? WAITS_AMONG : WAITS, ...parts].join(' and '), args };
}

/** Certificates that wait for their holder, oldest record first. */
export function waiting(db: Db, scope: 'all' | readonly string[], only: Only = {}): Waiting[] {
  const { where, args } = waits(scope, only);
  const rows = connection(db)
    .prepare(
      `select id, common_name as commonName, agency_id as agencyId, not_before as notBefore, not_after as notAfter, use,
              serial, import_id as importId from certificate where ${where} order by id`,
    )
    .all(...args) as Omit<Waiting, 'key' | 'begins'>[];
  return rows.map((row) => ({
    ...row,
    key: nameKey(row.commonName),
    begins: row.notBefore === null ? null : wibDate(row.notBefore),
  }));
}

export type Owned = {
  id: string;
  holderId: string;
  why: string;
  by: string;
  agencyBefore: string | null;
  ownedBefore: 0 | 1;
};
const OWNED = `select c.id, o.holder_id as holderId, o.why, o.by, b.agency_id as agencyBefore, b.holder_id is not null as ownedBefore
   from ownership o join certificate c on c.id = o.certificate_id
   left join ownership b on b.id = (select l.id from ownership l where l.certificate_id = c.id and l."to" is not null
                                     order by l."to" desc, l.id desc limit 1)`;

/** A holder's certificates with why they became theirs, and what stood before. */
export const ownedBy = (db: Db, holderId: string) =>
  connection(db).prepare(`${OWNED} where o."to" is null and o.holder_id = ? order by c.id`).all(holderId) as Owned[];

/** The instant a row was written, as its key tells (UUIDv7: the first 48 bits). */
const BORN = (column: string) => `substr(${column}, 1, 13)`;

/**
 * The certificates that got their holder by the same act as this one, this one first; none: nobody has it now.
 * @returns also how many of that act have gone to somebody else since
 */
export function ownedTogether(db: Db, certificateId: string): { owned: Owned[]; gone: number } {
  const rows = connection(db)
    .prepare(
      `with act as (select holder_id, by, ${BORN('id')} as born from ownership where certificate_id = ? and "to" is null)
       ${OWNED.replace('select c.id', 'select o."to" is not null as gone, c.id')}
         join act on act.holder_id = o.holder_id and act.by = o.by and act.born = ${BORN('o.id')}
        order by c.id <> ?, c.id`,
    )
    .all(certificateId, certificateId) as (Owned & { gone: 0 | 1 })[];
  return { owned: rows.filter((row) => !row.gone), gone: rows.filter((row) => row.gone).length };
}

/** Forgets the other name that was remembered by the act that gave this certificate to its holder. */
export const dropAliasOf = (db: Db, certificateId: string): void =>
  void connection(db)
    .prepare(
      `delete from holder_alias where id in (
         select a.id from ownership o join holder_alias a on a.holder_id = o.holder_id and ${BORN('a.id')} = ${BORN('o.id')}
          where o.certificate_id = ? and o."to" is null)`,
    )
    .run(certificateId);

const LAST_POSITION_AGENCY =
  '(select p.agency_id from position p where p.holder_id = h.id order by p."to" is not null, p."from" desc limit 1)';

/** Who bears one of these names, as own or other name. Systems are found by host name, not here. */
export function bearers(db: Db, keys: Iterable<string>): Map<string, Bearer[]> {
  const rows = connection(db)
    .prepare(
      `with wanted(key) as (select value from json_each(?)),
         named(id, key) as (
           select h.id, w.key from wanted w join holder h on h.name_key = w.key
           union select a.holder_id, w.key from wanted w join holder_alias a on a.name_key = w.key)
       select n.key, h.id as holderId, case when h.status = 'active' then null else h.status_since end as leftOn,
              ${LAST_POSITION_AGENCY} as agencyId
         from named n join holder h on h.id = n.id where h.kind <> 'system' and h.archived_at is null order by h.id`,
    )
    .all(JSON.stringify([...new Set(keys)])) as (Bearer & { key: string })[];
  const byName = new Map<string, Bearer[]>();
  for (const { key, ...bearer } of rows) {
    const same = byName.get(key);
    if (same) same.push(bearer);
    else byName.set(key, [bearer]);
  }
  return byName;
}

/** All names and who bears them, for finding those that are like one. */
export function names(db: Db): Map<string, string[]> {
  const rows = connection(db)
    .prepare(
      `select name_key, id from holder where kind <> 'system' and archived_at is null
       union select a.name_key, a.holder_id from holder_alias a join holder h on h.id = a.holder_id
              where h.kind <> 'system' and h.archived_at is null`,
    )
    .raw()
    .all() as [string, string][];
  const byName = new Map<string, string[]>();
  for (const [key, id] of rows) {
    const same = byName.get(key);
    if (same) same.push(id);
    else byName.set(key, [id]);
  }
  return byName;
}

/** The names each person bears, from `names`. */
export function keysOf(byName: ReadonlyMap<string, readonly string[]>): (holderId: string) => readonly string[] {
  const keys = new Map<string, string[]>();
  for (const [key, ids] of byName) for (const id of ids) keys.set(id, [...(keys.get(id) ?? []), key]);
  return (holderId) => keys.get(holderId) ?? [];
}

/** People by id, as bearers. */
export function bearersById(db: Db, ids: readonly string[]): Map<string, Bearer> {
  const rows = connection(db)
    .prepare(
      `select h.id as holderId, case when h.status = 'active' then null else coalesce(h.status_since, '0000-01-01') end as leftOn,
              ${LAST_POSITION_AGENCY} as agencyId
         from holder h where h.id in (select value from json_each(?)) and h.kind = 'person' and h.archived_at is null`,
    )
    .all(JSON.stringify([...new Set(ids)])) as Bearer[];
  return new Map(rows.map((row) => [row.holderId, row]));
}

/** A certificate that somebody holds, or that waits and bears one of their names to the letter. */
export type Claim = { id: string; waits: 0 | 1; use: Use; notBefore: number | null; notAfter: number | null };

export function claims(db: Db, holderIds: Iterable<string>): Map<string, Claim[]> {
  const rows = prepared(
    db,
    `with wanted(id) as (select value from json_each(?)),
         named(id, key) as (
           select h.id, h.name_key from wanted w join holder h on h.id = w.id where h.name_key <> ''
           union select a.holder_id, a.name_key from wanted w join holder_alias a on a.holder_id = w.id)
       select w.id as holderId, c.id, 0 as waits, c.use, c.not_before as notBefore, c.not_after as notAfter
         from wanted w join certificate c on c.holder_id = w.id where c.archived_at is null
       union all
       select n.id, c.id, 1, c.use, c.not_before, c.not_after
         from named n join certificate c on c.name_key = n.key where ${WAITS_AMONG.replace('holder_id', 'c.holder_id')}`,
  ).all(JSON.stringify([...new Set(holderIds)])) as (Claim & { holderId: string })[];
  return Map.groupBy(rows, (row) => row.holderId);
}

/** The claims of whoever is asked for, read when they are. */
export function claimsOf(db: Db): (holderId: string) => readonly Claim[] {
  const known = new Map<string, readonly Claim[]>();
  return (holderId) => {
    const own = known.get(holderId) ?? claims(db, [holderId]).get(holderId) ?? [];
    known.set(holderId, own);
    return own;
  };
}

/** When and for what people hold certificates already, or would by these proposals. */
export function spansOf(
  db: Db,
  ids: readonly string[],
  proposals: readonly { holderId: string; certificate: Waiting }[],
): Map<string, Pick<Waiting, 'use' | 'notBefore' | 'notAfter'>[]> {
  const wanted = new Set(ids);
  const rows = connection(db)
    .prepare(
      `select holder_id as holderId, use, not_before as notBefore, not_after as notAfter from certificate
        where holder_id in (select value from json_each(?)) and archived_at is null`,
    )
    .all(JSON.stringify(ids)) as (Pick<Waiting, 'use' | 'notBefore' | 'notAfter'> & { holderId: string })[];
  const proposed = proposals
    .filter(({ holderId }) => wanted.has(holderId))
    .map(({ holderId, certificate }) => ({ ...certificate, holderId }));
  return Map.groupBy([...rows, ...proposed], (row) => row.holderId);
}

/** Certificates for which somebody was refused since. */
export const refusedSince = (db: Db, at: number): string[] =>
  connection(db).prepare('select distinct certificate_id from match_refusal where at >= ?').pluck().all(at) as string[];

/** Holders refused for certificates that still wait. */
export function refusals(db: Db): Map<string, Set<string>> {
  const rows = connection(db)
    .prepare(
      `select r.certificate_id as certificateId, r.holder_id as holderId
         from match_refusal r join certificate c on c.id = r.certificate_id where c.holder_id is null`,
    )
    .all() as { certificateId: string; holderId: string }[];
  const refused = new Map<string, Set<string>>();
  for (const row of rows) {
    refused.set(row.certificateId, (refused.get(row.certificateId) ?? new Set<string>()).add(row.holderId));
  }
  return refused;
}

export const refuse = (db: Db, row: { certificateId: string; holderId: string; by: string; now: number }): void =>
  void connection(db)
    .prepare(
      'insert into match_refusal (id, certificate_id, holder_id, by, at) values (?, ?, ?, ?, ?) on conflict do nothing',
    )
    .run(newId(row.now), row.certificateId, row.holderId, row.by, row.now);

export const addAlias = (db: Db, row: { holderId: string; name: string; by: string; now: number }): void =>
  void connection(db)
    .prepare(
      'insert into holder_alias (id, holder_id, name, name_key, by, at) values (?, ?, ?, ?, ?, ?) on conflict do nothing',
    )
    .run(newId(row.now), row.holderId, row.name, nameKey(row.name), row.by, row.now);

/** What a page says about a person who may be the owner. */
export type Candidate = {
  id: string;
  kind: 'person' | 'entity' | 'system';
  name: string;
  titleBefore: string;
  titleAfter: string;
  nip: string | null;
  status: 'active' | 'moved' | 'retired' | 'left' | 'deceased';
  statusSince: string | null;
  position: string | null;
  agencyId: string | null;
  agencyCode: string | null;
  agencyName: string | null;
  certificates: number;
};

export function candidates(db: Db, ids: readonly string[]): Map<string, Candidate> {
  const read = connection(db).prepare(
    `select h.id, h.kind, h.name, h.title_before as titleBefore, h.title_after as titleAfter, h.nip, h.status,
            h.status_since as statusSince, p.title as position, p.agency_id as agencyId, a.code as agencyCode, an.name as agencyName,
            (select count(*) from certificate c where c.holder_id = h.id and c.archived_at is null) as certificates
       from holder h
       ${LAST_POSITION}
       left join agency a on a.id = p.agency_id
       left join agency_name an on an.agency_id = a.id and an."to" is null
      where h.id = ?`,
  );
  const found = new Map<string, Candidate>();
  for (const id of new Set(ids)) {
    const row = read.get(id) as Candidate | undefined;
    if (row) found.set(id, row);
  }
  return found;
}
