// Rules over the whole estate (certificate-status §9, estate rules and same key), successors, and traits of an issuer.
// Each rule is one query that gives the certificates it fires on; what no longer fires ends.
import { connection, newId, type Db } from '../db/index.ts';
import { usableSql } from './label-sql.ts';
import { estateRules, isIssuerTrait, type EstateRule } from './lint.ts';

type Fired = { id: string; detail: string };

const queries: Partial<Record<EstateRule, (now: number) => string>> = {
  leaver_usable: (now) => `
    select c.id, 'Status pegawai: ' || case h.status when 'retired' then 'pensiun' when 'left' then 'berhenti'
        when 'deceased' then 'meninggal' else 'mutasi' end
        || coalesce(' sejak ' || h.status_since, '') || '.' as detail
      from certificate c join holder h on h.id = c.holder_id
     where h.status <> 'active' and h.kind = 'person' and ${usableSql(now, 'c')}`,
  several_current: (now) => `
    select c.id, (count(*) over (partition by c.holder_id, c.use)) || ' sertifikat masih dapat dipakai.' as detail
      from certificate c join holder h on h.id = c.holder_id
     where h.kind = 'person' and c.use = 'signature' and c.fingerprint is not null and ${usableSql(now, 'c')}
       and exists (select 1 from certificate o where o.holder_id = c.holder_id and o.use = c.use and o.id <> c.id
                      and o.fingerprint is not null and ${usableSql(now, 'o')})`,
  same_key_two_holders: () => `
    select c.id, 'Kunci publik sama dengan sertifikat milik pemilik lain.' as detail
      from certificate c
     where c.key_sha256 is not null and exists (select 1 from certificate o where o.key_sha256 = c.key_sha256 and o.id <> c.id
              and coalesce(o.holder_id, o.subject) <> coalesce(c.holder_id, c.subject))`,
  same_key_renewed: () => `
    select c.id, 'Kunci publik sama dengan sertifikat sebelumnya.' as detail
      from certificate c
     where c.key_sha256 is not null and exists (select 1 from certificate o where o.key_sha256 = c.key_sha256 and o.id <> c.id
              and coalesce(o.holder_id, o.subject) = coalesce(c.holder_id, c.subject) and o.not_before < c.not_before)`,
  serial_clash: () => `
    select c.id, 'Dua sertifikat berbeda dengan penerbit dan nomor seri yang sama.' as detail
      from certificate c
     where c.fingerprint is not null and exists (select 1 from certificate o where o.serial = c.serial and o.issuer = c.issuer
              and o.id <> c.id and o.fingerprint is not null)`,
};

/** Brings the problems of the estate rules up to date. Idempotent. @returns how many started and ended */
export function refreshEstate(db: Db, now: number): { started: number; ended: number } {
  const client = connection(db);
  let started = 0;
  let ended = 0;
  const open = client.prepare(
    'select id, certificate_id as certificateId from problem where rule = ? and ended_at is null',
  );
  const end = client.prepare('update problem set ended_at = ? where id = ?');
  const start = client.prepare(
    'insert into problem (id, certificate_id, rule, severity, detail, first_seen_at) values (?, ?, ?, ?, ?, ?)',
  );
  for (const [rule, query] of Object.entries(queries) as [EstateRule, (now: number) => string][]) {
    const fired = new Map((client.prepare(query(now)).all() as Fired[]).map((row) => [row.id, row.detail]));
    for (const row of open.all(rule) as { id: string; certificateId: string }[]) {
      if (fired.delete(row.certificateId)) continue;
      end.run(now, row.id);
      ended += 1;
    }
    for (const [id, detail] of fired) {
      start.run(newId(now), id, rule, estateRules[rule].severity, detail, now);
      started += 1;
    }
  }
  return { started, ended };
}

/**
 * Successors: of the certificates of one holder (else one subject) for one use, the newest that is not revoked succeeds
 * the older ones. @param holderIds only these holders' certificates; null: all. @returns certificates whose successor changed
 */
export function refreshSuccessors(
  db: Db,
  holderIds: readonly string[] | null,
): { id: string; from: string | null; to: string | null }[] {
  const client = connection(db);
  const wanted = `
    select c.id, c.superseded_by_id as "from",
      (select o.id from certificate o
        where ((c.holder_id is not null and o.holder_id = c.holder_id)
            or (c.holder_id is null and o.holder_id is null and c.subject <> '' and o.subject = c.subject))
          and o.use = c.use and o.id <> c.id and o.not_before is not null and c.not_before is not null
          and (o.not_before > c.not_before or (o.not_before = c.not_before and o.id > c.id))
          and o.fingerprint is not null and o.revocation not in ('revoked', 'on_hold') and o.chain <> 'bad_signature'
        order by o.not_before desc, o.id desc limit 1) as "to"
      from certificate c where ${holderIds ? 'c.holder_id = ?' : '1 = 1'}`;
  const read = client.prepare(`select * from (${wanted}) where "from" is not "to"`);
  const write = client.prepare('update certificate set superseded_by_id = ? where id = ?');
  const changed = (holderIds ? holderIds.flatMap((id) => read.all(id)) : read.all()) as ReturnType<
    typeof refreshSuccessors
  >;
  for (const row of changed) write.run(row.to, row.id);
  return changed;
}

export type Trait = { authorityId: string; rule: string; fired: number; total: number };

/** Rules that fire on nearly all certificates of an issuer: shown once, on the issuer, and counted nowhere else. */
export function issuerTraits(db: Db): Trait[] {
  const rows = connection(db)
    .prepare(
      `select c.authority_id as authorityId, p.rule, count(*) as fired,
              (select count(*) from certificate t where t.authority_id = c.authority_id) as total
         from problem p join certificate c on c.id = p.certificate_id
        where p.ended_at is null and c.authority_id is not null
        group by c.authority_id, p.rule`,
    )
    .all() as Trait[];
  return rows.filter((row) => isIssuerTrait(row.fired, row.total));
}

export type ProblemCount = { rule: string; severity: string; n: number };

/** Open problems by rule, without the traits of issuers. */
export function countProblems(db: Db, scope: 'all' | readonly string[]): ProblemCount[] {
  const traits = issuerTraits(db);
  const inScope = scope === 'all' ? '' : `and c.agency_id in (${scope.map(() => '?').join(',') || 'null'})`;
  const notTrait = traits.map(() => 'and not (c.authority_id = ? and p.rule = ?)').join(' ');
  return connection(db)
    .prepare(
      `select p.rule, max(p.severity) as severity, count(*) as n from problem p join certificate c on c.id = p.certificate_id
        where p.ended_at is null ${inScope} ${notTrait} group by p.rule order by n desc`,
    )
    .all(...(scope === 'all' ? [] : scope), ...traits.flatMap((t) => [t.authorityId, t.rule])) as ProblemCount[];
}
