// The rows that criteria count, read across the rooms in a fixed order: one query for each kind of row, over all
// agencies at once. Units below an agency count for the agency. Records without an agency belong to nobody's sheet.
import { agencyAbove } from '../agencies/above.ts';
import { freshUntilSql } from '../certificates/freshness-sql.ts';
import { chainSql } from '../certificates/label-sql.ts';
import type { Actor } from '../context.ts';
import { connection, type Db } from '../db/index.ts';
import { DUE_SQL, MET_SQL, RELEASED_SQL, stampSql, VOID_SQL } from '../incidents/sql.ts';
import { can, mayOpen } from '../permission.ts';
import type { CertificateFacts, ObligationFacts, RevocationFacts } from './facts.ts';

type Owned = { id: string; agencyId: string };

export function* certificates(db: Db): Generator<Owned & CertificateFacts> {
  const rows = connection(db)
    .prepare(
      `select c.id, ${agencyAbove('a')} as agencyId, c.not_before as notBefore, c.not_after as notAfter,
         c.fingerprint is not null as hasFile, ${chainSql('c')} as chain, c.revocation, ${freshUntilSql('c')} as freshUntil,
         c.superseded_by_id is not null as superseded, c.retired_at is not null as retired,
         c.archived_at is not null as archived, h.kind as holderKind, h.status as holderStatus,
         (h.nip is not null or exists (select 1 from position p where p.holder_id = h.id and p."to" is null)) as inPersonnel
       from certificate c join agency a on a.id = c.agency_id left join holder h on h.id = c.holder_id
       order by c.id`,
    )
    .all() as (Owned & Record<string, unknown>)[];
  for (const row of rows) {
    yield {
      ...(row as unknown as Owned & CertificateFacts),
      hasFile: !!row.hasFile,
      superseded: !!row.superseded,
      retired: !!row.retired,
      archived: !!row.archived,
      inPersonnel: !!row.inPersonnel,
    };
  }
}

/** Agencies that have at least one certificate record: without any, an inventory question is unknown, not met. */
export const agenciesWithRecords = (db: Db): Set<string> =>
  new Set(
    connection(db)
      .prepare(`select distinct ${agencyAbove('a')} from certificate c join agency a on a.id = c.agency_id`)
      .pluck()
      .all() as string[],
  );

/** Revocations asked for in [from, to], for what turned out to be an incident. */
export const revocations = (db: Db, from: number, to: number): (Owned & RevocationFacts)[] =>
  (
    connection(db)
      .prepare(
        `select r.id, ${agencyAbove('a')} as agencyId,
           max(case when s.kind = 'requested' then s.at end) as requestedAt,
           max(case when s.kind = 'seen' then s.at end) as seenAt,
           max(s.kind = 'exception') as excepted
         from revocation_request r join incident i on i.id = r.incident_id join agency a on a.id = i.agency_id
           left join revocation_step s on s.request_id = r.id
         where r.created_at between ? and ? and not ${VOID_SQL} group by r.id order by r.id`,
      )
      .all(from, to) as (Owned & RevocationFacts)[]
  ).map((row) => ({ ...row, excepted: !!row.excepted }));

/** Early notices owed to BSSN and BSrE for incidents opened in [from, to]. */
export const obligations = (db: Db, from: number, to: number): (Owned & ObligationFacts)[] =>
  (
    connection(db)
      .prepare(
        `select o.id, ${agencyAbove('a')} as agencyId, ${DUE_SQL} as dueAt, ${MET_SQL} as metAt, ${RELEASED_SQL} as released
         from obligation o join incident i on i.id = o.incident_id join agency a on a.id = i.agency_id
         where o.stage = 'early_notice' and i.opened_at between ? and ? and not ${VOID_SQL} order by o.id`,
      )
      .all(from, to) as (Owned & ObligationFacts)[]
  ).map((row) => ({ ...row, released: !!row.released }));

export type IncidentTimes = Owned & { detectedAt: number | null; reportedAt: number | null };

/** When the owner noticed and when the office was told, for incidents opened in [from, to]; the newest stamp counts. */
export const incidentTimes = (db: Db, from: number, to: number): IncidentTimes[] =>
  connection(db)
    .prepare(
      `select i.id, ${agencyAbove('a')} as agencyId, ${stampSql('detected')} as detectedAt, ${stampSql('reported')} as reportedAt
       from incident i join agency a on a.id = i.agency_id where i.opened_at between ? and ? and not ${VOID_SQL} order by i.id`,
    )
    .all(from, to) as IncidentTimes[];

/** Certificates whose record is owned by two agencies at once (x-ray). */
export const doublyOwned = (db: Db): number =>
  connection(db)
    .prepare(
      `select count(*) from (select certificate_id from ownership where "to" is null group by certificate_id having count(distinct agency_id) > 1)`,
    )
    .pluck()
    .get() as number;

/** Addresses of those who must be told that nobody has checked since `since` (x-ray). */
export const uncheckedContacts = (db: Db, since: number): number =>
  connection(db)
    .prepare(
      `select count(*) from contact where valid_to is null and party in ('bssn','bsre','mayor','governor') and coalesce(verified_at, 0) < ?`,
    )
    .pluck()
    .get(since) as number;

export type RowLabel = { kind: string; id: string; label: string; href: string | null };

/** What the rows behind a count are called, without names for who may not see them, and where the reader may open them. */
export function labelsOf(db: Db, rows: readonly (readonly [string, string])[], reader: Actor): RowLabel[] {
  const named = can(reader, 'certificates.view');
  const client = connection(db);
  const incident = (table: string) =>
    client.prepare(`select i.number from ${table} x join incident i on i.id = x.incident_id where x.id = ?`).pluck();
  // Who may not see whose it is still sees which.
  const ofCertificate = client
    .prepare(
      `select ${named ? 'common_name' : "'Sertifikat seri ' || coalesce(serial, '–')"} from certificate where id = ?`,
    )
    .pluck();
  const ofIncident = client.prepare('select number from incident where id = ?').pluck();
  const [ofObligation, ofRevocation] = [incident('obligation'), incident('revocation_request')];
  return rows.map(([kind, id]) => {
    const at = (path: string, label: unknown) => ({
      kind,
      id,
      label: String(label ?? id),
      href: mayOpen(reader, `/${path}`) ? `/${path}` : null,
    });
    if (kind === 'certificate') return at(`certificates/${id}`, ofCertificate.get(id));
    if (kind === 'finding') return at(`findings/${id}`, id);
    const number = (kind === 'incident' ? ofIncident : kind === 'obligation' ? ofObligation : ofRevocation).get(id);
    const what = kind === 'obligation' ? 'kewajiban lapor' : kind === 'revocation' ? 'pencabutan' : 'laporan';
    return at(`incidents/${String(number)}`, `${String(number)}, ${what}`);
  });
}
