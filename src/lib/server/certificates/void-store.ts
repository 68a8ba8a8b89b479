// Queries for taking an import back: what it made, what was built on that, what stands otherwise by now.
import { connection, type Db } from '../db/index.ts';
import { INCIDENT_MARKS } from './schema.ts';
import { isTaken } from './contested.ts';
import { STANDS } from './holder-sql.ts';
import type { Change } from './sheet.ts';

const CERTIFICATES = 'select id from certificate where import_id = :id and archived_at is null';
const HOLDERS = 'select id from holder where import_id = :id and archived_at is null';

const count = (db: Db, sql: string, id: string): number => connection(db).prepare(sql).pluck().get({ id }) as number;

export const certificateIds = (db: Db, id: string): string[] =>
  connection(db).prepare(`${CERTIFICATES} order by id`).pluck().all({ id }) as string[];

export const holderIds = (db: Db, id: string): string[] =>
  connection(db).prepare(`${HOLDERS} order by id`).pluck().all({ id }) as string[];

/** Certificates that are not of this import and belong to somebody it entered: they lose the owner, archived ones too. */
export const orphaned = (db: Db, id: string) =>
  connection(db)
    .prepare(
      `select id, agency_id as agencyId, archived_at as archivedAt from certificate
        where holder_id in (${HOLDERS}) and import_id is not :id order by id`,
    )
    .all({ id }) as { id: string; agencyId: string | null; archivedAt: number | null }[];

/** CA certificates that came with it for the first time (`originOf` of import-files): a void leaves them as they are. */
export const authorities = (db: Db, number: string): number =>
  connection(db)
    .prepare("select count(*) from authority where substr(origin, 1, length(:number) + 2) = :number || ', '")
    .pluck()
    .get({ number }) as number;

export type ChangedEntry = { certificateId: string | null; holderId: string | null; changes: Change[] };

/** What the import changed in records that were there before. */
export const changedEntries = (db: Db, id: string): ChangedEntry[] =>
  (
    connection(db)
      .prepare(
        `select certificate_id as certificateId, holder_id as holderId, changes from import_entry
          where import_id = :id and changes is not null order by seq desc`,
      )
      .all({ id }) as (Omit<ChangedEntry, 'changes'> & { changes: string })[]
  )
    .map((row) => ({ ...row, changes: (JSON.parse(row.changes) as Change[]).filter(isTaken) }))
    .filter((row) => row.changes.length);

/** What a later import did stands in nobody's way once that was taken back itself. */
const TAKEN_BACK = `select id from import_run where state = 'voided'`;
const LATER = `select o.certificate_id as ref, exists (select 1 from ownership b
        where b.certificate_id = o.certificate_id and b.rowid < o.rowid and b.holder_id is o.holder_id
          and b.rowid = (select max(x.rowid) from ownership x where x.certificate_id = o.certificate_id and x.rowid < o.rowid)
      ) as kept from ownership o
      where (o.certificate_id in (${CERTIFICATES}) or o.holder_id in (${HOLDERS}))
        and o.certificate_id in (select id from certificate where archived_at is null)
        and o.import_id is not :id and (o.by like 'user:%' or o.import_id is not null)
        and (o.import_id is null or o.import_id not in (${TAKEN_BACK}))`;
/** Its certificates whose owner was named after it, by a person or another import. */
const OWNED = `select distinct ref from (${LATER}) where not kept`;
/** Those that kept their owner and went to another agency. */
const MOVED = `select distinct ref from (${LATER}) where kept and ref not in (${OWNED})`;
/** Its certificates and holders with whom people did anything else. */
const ACTED = `select distinct t.ref as ref from audit_target t join audit_entry e on e.seq = t.seq
      where ((t.kind = 'holder' and t.ref in (${HOLDERS})) or (t.kind = 'certificate' and t.ref in (${CERTIFICATES})))
        and e.actor like 'user:%' and e.action <> 'certificate.downloaded'
        and t.ref not in (${OWNED}) and t.ref not in (${MOVED})`;
/** Acts on many certificates at once that moved some of them. */
const ACTS = `select distinct b.id, b.number from bulk_item i join bulk_act b on b.id = i.bulk_id
      where b.kind = 'transfer' and i.outcome = 'changed' and i.certificate_id in (${MOVED}) order by b.number desc limit :some`;

/** A record that stands in the way, to be looked at. */
export type Which = { kind: 'certificate' | 'holder' | 'bulk'; id: string; name: string };
const SOME = 5;
const some = (db: Db, sql: string, id: string): Which[] =>
  connection(db)
    .prepare(
      `with found(ref) as (${sql}) select * from (
         select 'certificate' as kind, id, common_name as name from certificate where id in (select ref from found)
         union all select 'holder', id, name from holder where id in (select ref from found)) order by name, id limit ${SOME}`,
    )
    .all({ id }) as Which[];

/** The first of those that `builtOn` counts as `owners` and `acts`. */
export const standing = (db: Db, id: string) => ({
  owners: some(db, OWNED, id),
  moved: movedBy(db, id) ?? some(db, MOVED, id),
  acts: some(db, ACTED, id),
});

/** The acts that moved them, rather than thousands of certificates; null: they were moved one by one. */
function movedBy(db: Db, id: string): Which[] | null {
  const acts = connection(db).prepare(ACTS).all({ id, some: SOME }) as { id: string; number: string }[];
  return acts.length ? acts.map((act) => ({ kind: 'bulk', id: act.id, name: act.number })) : null;
}

/** What stands on the import inside this room, by what it is. Trail entries tell what people did with a record. */
export const builtOn = (db: Db, id: string) => ({
  files: count(
    db,
    `select count(*) from certificate where id in (${CERTIFICATES}) and source = 'sheet' and fingerprint is not null`,
    id,
  ),
  completed: count(
    db,
    `select count(*) from import_entry e join import_run r on r.id = e.import_id
      where e.import_id = :id and e.outcome = 'completed' and r.kind = 'certificates'`,
    id,
  ),
  marks: count(
    db,
    `select count(distinct certificate_id) from certificate_mark
      where certificate_id in (${CERTIFICATES}) and kind in ${INCIDENT_MARKS}`,
    id,
  ),
  owners: count(db, `select count(*) from (${OWNED})`, id),
  moved: count(db, `select count(*) from (${MOVED})`, id),
  later: count(
    db,
    `select count(*) from (select coalesce(holder_id, certificate_id) as ref from import_entry
      where import_id <> :id and changes is not null and import_id not in (${TAKEN_BACK})
        and (holder_id in (${HOLDERS}) or certificate_id in (${CERTIFICATES})) group by ref)`,
    id,
  ),
  merges: count(db, `select count(*) from holder_merge where holder_id in (${HOLDERS}) or into_id in (${HOLDERS})`, id),
  renewals: count(
    db,
    `select count(*) from renewal_decision where certificate_id in (${CERTIFICATES}) or successor_id in (${CERTIFICATES})`,
    id,
  ),
  acts: count(db, `select count(*) from (${ACTED})`, id),
});

/** Under which agency an import put a certificate, and under which it was before; null: it gave it no owner. */
export const agencyMove = (db: Db, importId: string, certificateId: string) =>
  (connection(db)
    .prepare(
      `select n.agency_id as wrote, (select b.agency_id from ownership b
          where b.certificate_id = n.certificate_id and b.rowid < n.rowid order by b.rowid desc limit 1) as before
         from ownership n where n.certificate_id = ? and n.import_id = ? order by n.rowid limit 1`,
    )
    .get(certificateId, importId) ?? null) as { wrote: string | null; before: string | null } | null;

/** The voided import with which a certificate was archived; null: it was archived by a decision about it. */
export const voidedWith = (db: Db, certificateId: string) =>
  (connection(db)
    .prepare(
      `select r.id, r.number from certificate c join import_run r on r.id = c.import_id
        where c.id = ? and c.archived_at is not null and r.state = 'voided'`,
    )
    .get(certificateId) ?? null) as { id: string; number: string } | null;

/** The position the import opened for a holder, and the one that ended for it. */
export const positionsOf = (db: Db, importId: string, holderId: string) => {
  const client = connection(db);
  const opened = client
    .prepare(
      `select id, "from", "to" from position where holder_id = ? and import_id = ? order by "from" desc, id desc limit 1`,
    )
    .get(holderId, importId) as { id: string; from: string; to: string | null } | undefined;
  const before = client
    .prepare(
      `select id, "from" from position where holder_id = ? and import_id is not ? and "to" is not null and ${STANDS}
        order by "to" desc, "from" desc limit 1`,
    )
    .get(holderId, importId) as { id: string; from: string } | undefined;
  return { opened, before };
};

export const endPosition = (db: Db, id: string, day: string): void =>
  void connection(db)
    .prepare(`update position set "to" = max("from", ?), source = source || ' (dibatalkan)' where id = ?`)
    .run(day, id);

export const reopenPosition = (db: Db, id: string): void =>
  void connection(db).prepare('update position set "to" = null where id = ?').run(id);

/** The people an import entered: their positions end, nobody finds them any more. */
export function archiveHolders(db: Db, importId: string, act: { now: number; today: string }): void {
  const client = connection(db);
  client
    .prepare(`update position set "to" = max("from", :today) where "to" is null and holder_id in (${HOLDERS})`)
    .run({ id: importId, today: act.today });
  client
    .prepare('update holder set archived_at = ? where import_id = ? and archived_at is null')
    .run(act.now, importId);
}

/** Voided records show nowhere; their marks and problems end with them. */
export function archiveCertificates(db: Db, importId: string, now: number): void {
  const client = connection(db);
  for (const table of ['certificate_mark', 'problem']) {
    client
      .prepare(`update ${table} set ended_at = :now where ended_at is null and certificate_id in (${CERTIFICATES})`)
      .run({ id: importId, now });
  }
  client
    .prepare('update certificate set archived_at = ?, updated_at = ? where import_id = ? and archived_at is null')
    .run(now, now, importId);
}
