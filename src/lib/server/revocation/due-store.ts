// Queries over whom a responder is to be asked about, and who hurries (certificate-status §6).
import { HOUR } from '../calendar.ts';
import { confirmedAtSql, freshUntilSql, isNotFreshSql } from '../certificates/freshness-sql.ts';
import { INCIDENT_MARKS } from '../certificates/schema.ts';
import { prepared } from '../db/bulk.ts';
import { connection, type Db } from '../db/index.ts';
import { ASKING, LONGEST_PAUSE, URGENT } from './circuit.ts';

/** Never, or so long ago; an instant that is still to come was written while our clock ran ahead. */
const ago = (instant: string, pause: string): string =>
  `coalesce(${instant} < @now - ${pause} or ${instant} > @now, true)`;

/** Between two questions: an hour once the last answer is about to end. */
const UNTIL_ASKED = `(case when coalesce(${freshUntilSql('c')}, 0) < @now + @poll then @poll else @asking end)`;

/** The lists were crossed with the certificate and say nothing about it: not yet, or not since the answer that it rests on. */
const UNSPOKEN = `((c.revocation in ('undetermined', 'unknown') or c.revocation_source = 'ocsp') and exists (
                     select 1 from authority a join revocation_line l on l.issuer_key = a.key_sha256
                       join revocation_evidence e on e.id = l.applied_evidence_id
                      where a.id = c.authority_id and l.applied_at >= coalesce(c.chain_checked_at, c.added_at)
                        and (c.revocation_source <> 'ocsp' or e.this_update > c.this_update)))`;

/**
 * What the certificate's lists said is past its time, they say nothing, or none of them answers: its responder speaks instead
 * (§6).
 */
const UNHEARD = `(c.crl_urls <> '[]' and ((c.fresh_until is not null and ${isNotFreshSql('@now', 'c')}) or ${UNSPOKEN}
                   or ((c.fresh_until is null or c.revocation_source = 'ocsp') and not exists (
                     select 1 from authority a, json_each(c.crl_urls) j
                       join revocation_source s on s.kind = 'crl' and s.issuer_key = a.key_sha256 and s.url = j.value
                      where a.id = c.authority_id and (s.failures = 0 or s.attempted_at is null)))))`;

/** Certificates about which a responder may be asked, and an answer could change something. */
const ASKABLE = `c.chain in ('anchored', 'ca_expired') and c.ocsp_urls <> '[]' and c.serial is not null and c.archived_at is null
          and c.revocation <> 'revoked' and coalesce(c.not_after, @now) >= @now`;

/** Only OCSP can speak about it, also because it denied it, and its answer is due. */
const DUE = `${ASKABLE}
          and ((c.crl_urls = '[]' and ${ago(confirmedAtSql('c'), UNTIL_ASKED)})
            or (${UNHEARD} and ${ago('(select confirmed_at from revocation_answer r where r.certificate_id = c.id)', UNTIL_ASKED)})
            or (c.revocation = 'on_hold' and c.revocation_source = 'ocsp' and ${ago('c.confirmed_at', '@poll')}))`;

/** Certificates whose answer is due; last those asked in vain. */
export const dueForOcsp = (db: Db, now: number, limit: number): string[] =>
  connection(db)
    .prepare(
      `select c.id from certificate c left join revocation_unanswered u on u.certificate_id = c.id
        where ${DUE}
          and exists (select 1 from json_each(c.ocsp_urls) j
                       where not exists (select 1 from revocation_source s where s.kind = 'ocsp' and s.url = j.value and s.failures > 0
                                          and s.due_at > @now and s.due_at <= @now + @longest))
          and (u.due_at is null or u.due_at <= @now or u.due_at > @now + @longest)
        order by coalesce(u.due_at, 0), coalesce(${freshUntilSql('c')}, 0), c.id limit @limit`,
    )
    .pluck()
    .all({ now, limit, poll: HOUR, asking: ASKING, longest: LONGEST_PAUSE }) as string[];

/** Of certificates just answered about those that are due all the same: the answer does not tell what they rest on. */
export const stillDue = (db: Db, now: number, ids: readonly string[]): string[] =>
  connection(db)
    .prepare(`select c.id from certificate c where c.id in (select value from json_each(@ids)) and ${DUE}`)
    .pluck()
    .all({ now, ids: JSON.stringify(ids), poll: HOUR, asking: ASKING }) as string[];

export type HurriedRow = {
  id: string;
  issuerKey: string;
  ocspUrls: string;
  refusals: number | null;
  dueAt: number | null;
};

/** Certificates of open incidents whose answer is older than five minutes (§6), with the pause of what was asked in vain. */
export function hurriedForOcsp(db: Db, now: number): HurriedRow[] {
  return connection(db)
    .prepare(
      `select c.id, a.key_sha256 as issuerKey, c.ocsp_urls as ocspUrls, u.refusals, u.due_at as dueAt
         from certificate c join authority a on a.id = c.authority_id left join revocation_unanswered u on u.certificate_id = c.id
        where ${ASKABLE}
          and c.id in (select certificate_id from certificate_mark where ended_at is null and kind in ${INCIDENT_MARKS})
          and ${ago('(select confirmed_at from revocation_answer r where r.certificate_id = c.id)', '@urgent')}
        order by coalesce(${freshUntilSql('c')}, 0), c.id`,
    )
    .all({ now, urgent: URGENT }) as HurriedRow[];
}

/** Whether an open incident or a revocation that was asked for waits for news about it. */
export const isHurried = (db: Db, id: string): boolean =>
  prepared(
    db,
    `select 1 from certificate_mark where certificate_id = ? and ended_at is null and kind in ${INCIDENT_MARKS}`,
  ).get(id) !== undefined;

/** A certificate about which a responder can be asked: the one that it answered last. */
export const anyWithResponder = (db: Db, now: number): string | undefined =>
  connection(db)
    .prepare(
      `select c.id from certificate c left join revocation_answer r on r.certificate_id = c.id
        where c.chain = 'anchored' and c.ocsp_urls <> '[]' and c.serial is not null and c.archived_at is null
          and coalesce(c.not_after, @now) >= @now
        order by coalesce(r.confirmed_at, 0) desc, c.id limit 1`,
    )
    .pluck()
    .get({ now }) as string | undefined;
