// Rules over several certificates or other facts (certificate-status §9, estate rules and same key). Each rule is one
// query that gives the certificates it fires on; what no longer fires ends. After an import or an edit only what was
// touched is looked at, with everything that shares its holder, key or serial; the whole estate once a day.
import { calendarDate } from '#lib/format.ts';
import { holderStatuses } from '#lib/terms.ts';
import { connection, newId, type Db } from '../db/index.ts';
import { isNeverIssuedSql, usableSql } from './label-sql.ts';
import { estateRules, type EstateRule } from './lint.ts';
import { likeness } from './name-likeness.ts';
import { nameKey } from './names.ts';

type Fired = { id: string; detail: string };
/** `only`: a condition on `c` that narrows the query to what was touched. */
type Finder = (db: Db, now: number, only: string) => Fired[];

const query =
  (sql: (now: number, only: string) => string): Finder =>
  (db, now, only) =>
    connection(db).prepare(sql(now, only)).all() as Fired[];

const SERVICE =
  /\b(?:server|sistem|system|aplikasi|application|service|admin(?:istrator)?|api|bot|gateway|e-?office|srikandi|e-?segel|segel elektronik)\b/i;
const HOST = /^(?:\*\.)?(?:[a-z0-9-]+\.)+[a-z]{2,}$/i;
/** A host name or the name of an application, not of a person. */
const isServiceName = (commonName: string): boolean => HOST.test(commonName.trim()) || SERVICE.test(commonName);

/**
 * Who uses each key of those asked for, in one pass: a thousand records of one key must not be compared each with each.
 * Two records speak for different holders by record when both have one, else by subject.
 */
const keyUsers = (only: string) => `
    wanted as (select distinct c.key_sha256 as k from certificate c where c.key_sha256 is not null ${only}),
    used as (select o.key_sha256 as k, o.holder_id as h, o.subject as s, o.not_before as since
               from wanted w cross join certificate o on o.key_sha256 = w.k where o.archived_at is null)`;

const finders: Partial<Record<EstateRule, Finder>> = {
  leaver_usable: (db, now, only) =>
    (
      connection(db)
        .prepare(
          `select c.id, h.status, h.status_since as since from certificate c join holder h on h.id = c.holder_id
            where h.status <> 'active' and h.kind = 'person' and ${usableSql(now, 'c')} ${only}`,
        )
        .all() as { id: string; status: keyof typeof holderStatuses; since: string | null }[]
    ).map(({ id, status, since }) => ({
      id,
      detail: `Status pegawai: ${holderStatuses[status].toLowerCase()}${since ? ` sejak ${calendarDate(since)}` : ''}.`,
    })),
  // The plus keeps the planner away from the index on use, which is half of the estate.
  several_current: query(
    (now, only) => `
    select c.id, (count(*) over (partition by c.holder_id, c.use)) || ' sertifikat masih dapat dipakai.' as detail
      from certificate c join holder h on h.id = c.holder_id
     where h.kind = 'person' and +c.use = 'signature' and c.fingerprint is not null and ${usableSql(now, 'c')} ${only}
       and exists (select 1 from certificate o where o.holder_id = c.holder_id and o.use = c.use and o.id <> c.id and o.archived_at is null
                      and o.fingerprint is not null and ${usableSql(now, 'o')})`,
  ),
  same_key_two_holders: query(
    (_, only) => `
    with ${keyUsers(only)},
      spread as (select k, min(h) as h1, max(h) as h2, min(s) as s1, max(s) as s2,
                        min(case when h is null then s end) as n1, max(case when h is null then s end) as n2 from used group by k)
    select c.id, 'Kunci publik sama dengan sertifikat milik pemilik lain.' as detail
      from certificate c join spread x on x.k = c.key_sha256
     where c.key_sha256 is not null ${only} and case when c.holder_id is null then x.s1 <> c.subject or x.s2 <> c.subject
           else x.h1 <> c.holder_id or x.h2 <> c.holder_id or coalesce(x.n1 <> c.subject or x.n2 <> c.subject, 0) end`,
  ),
  same_key_renewed: query(
    (_, only) => `
    with ${keyUsers(only)},
      by_holder as materialized (select k, h, min(since) as since from used where h is not null group by k, h),
      by_subject as materialized (select k, s, min(since) as since, min(case when h is null then since end) as alone
                                    from used group by k, s)
    select c.id, 'Kunci publik sama dengan sertifikat sebelumnya.' as detail
      from certificate c left join by_holder x on x.k = c.key_sha256 and x.h = c.holder_id
        join by_subject y on y.k = c.key_sha256 and y.s = c.subject
     where c.key_sha256 is not null ${only} and case when c.holder_id is null then y.since < c.not_before
           else coalesce(x.since < c.not_before, 0) or coalesce(y.alone < c.not_before, 0) end`,
  ),
  serial_clash: query(
    (_, only) => `
    select c.id, 'Dua sertifikat berbeda dengan penerbit dan nomor seri yang sama.' as detail
      from certificate c
     where c.fingerprint is not null ${only} and exists (select 1 from certificate o where o.serial = c.serial
              and o.issuer = c.issuer and o.id <> c.id and o.archived_at is null and o.fingerprint is not null)`,
  ),
  service_on_person: (db, _, only) =>
    ofPersons(db, only)
      .filter((row) => row.use === 'tls_server' || row.san.includes('"dns:') || isServiceName(row.commonName))
      .map(({ id }) => ({ id, detail: 'Nama atau kegunaannya menunjuk server atau aplikasi.' })),
  // What was never issued is another matter (RFC 6960 §2.2).
  tls_on_hold: query(
    (_, only) => `
    select c.id, 'Ditangguhkan menurut ' || case c.revocation_source when 'ocsp' then 'jawaban OCSP.' else 'CRL.' end as detail
      from certificate c
     where c.use = 'tls_server' and c.revocation = 'on_hold' and not ${isNeverIssuedSql('c')} ${only}`,
  ),
  name_differs: (db, _, only) =>
    ofPersons(db, only)
      .filter((row) => row.use !== 'tls_server' && !isServiceName(row.commonName))
      .filter((row) => likeness(nameKey(row.commonName), nameKey(row.holderName)) === null)
      .map(({ id }) => ({ id, detail: 'CN bukan nama pemilik yang tercatat.' })),
};

type PersonRow = { id: string; commonName: string; holderName: string; use: string; san: string };
const ofPersons = (db: Db, only: string): PersonRow[] =>
  connection(db)
    .prepare(
      `select c.id, c.common_name as commonName, h.name as holderName, c.use, c.san
         from certificate c join holder h on h.id = c.holder_id
        where h.kind = 'person' and c.fingerprint is not null ${only}`,
    )
    .all() as PersonRow[];

/** What changed: these records, and all records of these holders. */
export type Touched = { certificates?: readonly string[]; holders?: readonly string[] };

const ONLY = 'and c.id in (select id from temp.touched)';

/**
 * Brings the problems of the estate rules up to date, for what was touched or, without it, for everything. Idempotent.
 * @returns how many started and ended
 */
export function refreshEstate(db: Db, now: number, touched: Touched | null = null): { started: number; ended: number } {
  if (touched) collectTouched(db, touched);
  const result = { started: 0, ended: 0 };
  for (const rule of Object.keys(finders) as EstateRule[]) {
    const { started, ended } = refreshRule(db, rule, now, touched ? ONLY : '');
    result.started += started;
    result.ended += ended;
  }
  return result;
}

export const estateRuleIds = Object.keys(finders) as EstateRule[];

/** One rule over the whole estate, or over what `only` says; by itself a short transaction. */
export function refreshRule(db: Db, rule: EstateRule, now: number, only = ''): { started: number; ended: number } {
  const client = connection(db);
  const shown = `${only} and c.archived_at is null`;
  const fired = new Map(finders[rule]!(db, now, shown).map((row) => [row.id, row.detail]));
  const open = client
    .prepare(
      `select c.id, c.certificate_id as certificateId, c.detail, c.severity from problem c where c.rule = ? and c.ended_at is null
        ${only.replace('c.id in', 'c.certificate_id in')}`,
    )
    .all(rule) as { id: string; certificateId: string; detail: string; severity: string }[];
  const end = client.prepare('update problem set ended_at = ? where id = ?');
  const reword = client.prepare('update problem set detail = ?, severity = ? where id = ?');
  const start = client.prepare(
    'insert into problem (id, certificate_id, rule, severity, detail, first_seen_at) values (?, ?, ?, ?, ?, ?)',
  );
  const { severity } = estateRules[rule];
  let ended = 0;
  for (const row of open) {
    const detail = fired.get(row.certificateId);
    if (detail === undefined) ended += end.run(now, row.id).changes;
    else if (detail !== row.detail || severity !== row.severity) reword.run(detail, severity, row.id);
    fired.delete(row.certificateId);
  }
  for (const [id, detail] of fired) start.run(newId(now), id, rule, severity, detail, now);
  return { started: fired.size, ended };
}

/** The records named, and all that share a holder, a key or a serial with them, in a table of this connection. */
function collectTouched(db: Db, { certificates = [], holders = [] }: Touched): void {
  const client = connection(db);
  client.exec('create temp table if not exists touched (id text primary key); delete from temp.touched');
  const add = (select: string, ...args: string[]) =>
    client.prepare(`insert or ignore into temp.touched ${select}`).run(...args);
  add('select value from json_each(?)', JSON.stringify(certificates));
  add('select id from certificate where holder_id in (select value from json_each(?))', JSON.stringify(holders));
  for (const column of ['holder_id', 'key_sha256', 'serial']) {
    add(
      `select o.id from (select distinct c.${column} as v from temp.touched t join certificate c on c.id = t.id where c.${column} is not null) w
         cross join certificate o on o.${column} = w.v`,
    );
  }
}
