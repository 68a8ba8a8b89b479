// Queries over who is to be told, was told, and does not know yet that it is over.
import { and, asc, eq, inArray, isNull, lt, or, sql, type SQL } from 'drizzle-orm';
import { usableSql } from '../certificates/index.ts';
import { holder } from '../certificates/schema-holder.ts';
import { authority, certificate, DISOWNED } from '../certificates/schema.ts';
import { connection, newId, type Db } from '../db/index.ts';
import { evidenceName } from '../revocation/index.ts';
import { revocationEvidence, revocationSignal, revocationSource, signalObject } from '../revocation/schema.ts';
import { alert, alertNotice } from './schema.ts';
import { listed, type ListedAlert } from './store.ts';

export type Pending = ListedAlert & {
  holderId: string | null;
  holderEmail: string | null;
  holderName: string | null;
  /** Of the certificate: what the issuer said. */
  revokedAt: number | null;
  issuer: string | null;
  /** The object of evidence behind it, and what it is called. */
  evidenceId: string | null;
  evidence: string | null;
};

/** What raised it: the signal's object; of a revocation or a hold, that on which the certificate's status rests. */
const evidenceBehind = sql<
  string | null
>`coalesce(${signalObject}, case when ${alert.kind} in ('revoked', 'on_hold') then ${certificate.evidenceId} end)`;

const pendingWhere = (db: Db, where: SQL | undefined): Pending[] =>
  db
    .select({
      ...listed,
      holderId: holder.id,
      holderEmail: holder.email,
      holderName: holder.name,
      revokedAt: certificate.revokedAt,
      issuer: sql<
        string | null
      >`(select i.common_name from ${authority} i where i.id = ${certificate.authorityId} limit 1)`,
      evidence: revocationEvidence,
    })
    .from(alert)
    .leftJoin(certificate, eq(certificate.id, alert.certificateId))
    .leftJoin(holder, eq(holder.id, certificate.holderId))
    .leftJoin(revocationSignal, eq(revocationSignal.id, alert.signalId))
    .leftJoin(revocationEvidence, eq(revocationEvidence.id, evidenceBehind))
    .leftJoin(authority, eq(authority.id, alert.authorityId))
    .leftJoin(revocationSource, eq(revocationSource.id, alert.sourceId))
    .where(where)
    .orderBy(asc(certificate.notAfter), asc(alert.raisedAt))
    .all()
    .map(({ alert: row, evidence: held, ...joined }) => ({
      ...row,
      ...joined,
      evidenceId: held?.id ?? null,
      evidence: held && evidenceName(held),
    }));

/** Open alerts that may be told: not acknowledged, not snoozed. */
export const tellable = (db: Db, now: number, urgency: 'immediate' | null): Pending[] =>
  pendingWhere(
    db,
    and(
      isNull(alert.settledAt),
      isNull(alert.acknowledgedAt),
      or(isNull(alert.snoozedUntil), lt(alert.snoozedUntil, now)),
      urgency ? eq(alert.urgency, urgency) : undefined,
    ),
  );

/** Whether a person was told of an alert since its last renewal. */
export function toldOf(db: Db): Set<string> {
  return new Set(
    db
      .select({ alertId: alertNotice.alertId, renewal: alertNotice.renewal, person: alertNotice.person })
      .from(alertNotice)
      .innerJoin(alert, and(eq(alert.id, alertNotice.alertId), eq(alert.renewedAt, alertNotice.renewal)))
      .where(isNull(alert.settledAt))
      .all()
      .map((row) => `${row.alertId} ${row.renewal} ${row.person}`),
  );
}

/** What is over, with whom it was told to and who does not know yet that it is over. */
export type Over = Pending & {
  /** When it ended; of a hold, when we saw it released. */
  over: number;
  people: string[];
  /** Of a certificate: nothing that we know forbids its use. */
  usable: boolean;
  /** The hold was that of another CA's certificate. */
  disowned: boolean;
};

/**
 * How what an alert says of a certificate ended: the CA put it on hold (or never issued it), and says so no more. The last end
 * counts, for a hold may begin again before anybody looks; what another alert told of ends with that one.
 */
const FREED = `(select e.id from status_event e
                 where e.certificate_id = a.certificate_id and e.facet = 'revocation' and e."from" = 'on_hold' and e."to" <> 'on_hold'
                   and e.at >= a.raised_at and (a.settled_why is not 'released' or e.at <= a.settled_at)
                   and not exists (select 1 from alert n where n.certificate_id = a.certificate_id and n.kind = a.kind
                                      and n.raised_at > a.raised_at and n.raised_at <= e.at)
                 order by e.at desc, e.id desc limit 1)`;

/**
 * What ended since an instant and was told to somebody who was not told that it is over: end-points, the clock and CAs,
 * certificates that are on hold no more, whoever closed the alert meanwhile, and those that only seemed to be revoked, when
 * the person who judged it says so.
 */
export function over(db: Db, since: { recovered: number; freed: number }, now: number): Over[] {
  const rows = connection(db)
    .prepare(
      `select o.id, o.over, o.usable, o.disowned,
              (select json_group_array(json_array(n.person, n.renewal)) from alert_notice n where n.alert_id = o.id) as notices
         from (select a.id, a.settled_at as over, 0 as usable, 0 as disowned from alert a
                where a.settled_why in ('recovered', 'released') and a.certificate_id is null and a.settled_at >= @recovered
               union all
               -- Of those that were alerted about, not of every certificate (cross join: in this order).
               select a.id, ended.at as over, ${usableSql(now, 'c')} as usable,
                      coalesce(json_extract(ended.detail, '$.why') = @disowned, 0) as disowned
                 from alert a cross join certificate c on c.id = a.certificate_id join status_event ended on ended.id = ${FREED}
                where a.kind in ('on_hold', 'non_issued') and c.revocation not in ('on_hold', 'revoked', 'conflict')
               union all
               select a.id, s.settled_at as over, ${usableSql(now, 'c')} as usable, 0 as disowned
                 from alert a join certificate c on c.id = a.certificate_id join revocation_signal s on s.id = a.signal_id
                where s.kind = 'hint' and s.settled_at is not null and json_extract(s.detail, '$.cleared')
                  and c.revocation not in ('on_hold', 'revoked', 'conflict')
                  -- Another that is open, or that a person answered otherwise since: the certificate stays out of use.
                  and not exists (select 1 from revocation_signal o
                                   where o.certificate_id = c.id and o.kind = 'hint'
                                     and (o.settled_at is null
                                          or o.settled_at >= s.at and o.settled_by <> 'system'
                                             and not coalesce(json_extract(o.detail, '$.cleared'), 0)))) o
        where o.over >= @freed
          and exists (select 1 from alert_notice n where n.alert_id = o.id)`,
    )
    .all({ ...since, disowned: DISOWNED }) as {
    id: string;
    over: number;
    usable: 0 | 1;
    disowned: 0 | 1;
    notices: string;
  }[];
  const told = rows.flatMap(({ id, over: at, usable, disowned, notices }) => {
    const all = JSON.parse(notices) as [string, number][];
    const known = new Set(all.filter(([, renewal]) => renewal === at).map(([person]) => person));
    const people = [...new Set(all.map(([person]) => person))].filter((person) => !known.has(person));
    return people.length ? [[id, { over: at, usable: usable === 1, disowned: disowned === 1, people }] as const] : [];
  });
  const ends = new Map(told);
  const named = pendingWhere(
    db,
    inArray(alert.id, sql`(select value from json_each(${JSON.stringify([...ends.keys()])}))`),
  );
  return named.map((row) => ({ ...row, ...ends.get(row.id)! }));
}

/** Whoever is told as owner, whether or not the same person has an account. */
export const ownerKey = (holderId: string | null): string => `${OWNER}${holderId}`;
export const isOwner = (key: string): boolean => key.startsWith(OWNER);
const OWNER = 'holder:';

/** Addresses of owners, by their keys. */
export const ownersBy = (db: Db, keys: readonly string[]): Map<string, { name: string; email: string | null }> =>
  new Map(
    db
      .select({ id: holder.id, name: holder.name, email: holder.email })
      .from(holder)
      .where(
        inArray(holder.id, sql`(select substr(value, ${OWNER.length + 1}) from json_each(${JSON.stringify(keys)}))`),
      )
      .all()
      .map(({ id, ...person }) => [ownerKey(id), person]),
  );

export const addNotice = (db: Db, row: Omit<typeof alertNotice.$inferInsert, 'id'>): void =>
  void db
    .insert(alertNotice)
    .values({ id: newId(row.at), ...row })
    .onConflictDoNothing()
    .run();
