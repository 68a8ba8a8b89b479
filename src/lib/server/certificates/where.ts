// The list's filter as SQL: one condition over `certificate c`, within what the actor may see.
import { DAY, HOUR } from '../calendar.ts';
import { connection, type Db } from '../db/index.ts';
import type { ListFilter } from './filter.ts';
import { isConfirmedAfterSql, NEVER_CONFIRMED } from './freshness-sql.ts';
import { inUseSql } from './label-sql.ts';
import { labelIn } from './label-where.ts';
import type { LabelPolicy } from './label.ts';
import { mismatchSql } from './portal-word.ts';
import { notTrait } from './traits.ts';
import { FOUND_CERTIFICATES, matchOf, wordsOf } from './search.ts';

/** What a query rests on: where in time, whose eyes. */
export type View = {
  now: number;
  policy: LabelPolicy;
  scope: 'all' | readonly string[];
  /** Rows of the full-text index that the filter's words match, when they were looked up already. */
  found?: readonly number[];
};
export type Clause = { sql: string; args: (string | number)[] };

/** Of few rows found each is fetched; of many each row of a walk is asked whether it is among them. */
const MANY = 3000;
const FOUND = 'c.id in (select certificate_id from certificate_search where docid in (select value from json_each(?)))';
const AMONG =
  '(select s.docid from certificate_search s where s.certificate_id = c.id) in (select value from json_each(?))';
/** Code of an agency → ids of it and everything below. */
export const BELOW =
  'with recursive below(id) as (select id from agency where code = ? union select x.id from agency x join below on x.parent_id = below.id) select id from below';
/** The few distinct sets of extended key usages, found by leaps through their index. */
const EKU_SETS =
  'with recursive kinds(v) as (select min(eku) from certificate union all select (select min(eku) from certificate where eku > v) from kinds where v is not null) select v from kinds';

/** Ids of the agencies the filter asks for; null: it asks for none in particular. */
export function agencyIds(db: Db, filter: Pick<ListFilter, 'agency' | 'exact'>): ReadonlySet<string> | 'none' | null {
  if (!filter.agency) return null;
  if (filter.agency === 'none') return 'none';
  const sql = filter.exact ? 'select id from agency where code = ?' : BELOW;
  return new Set(connection(db).prepare(sql).pluck().all(filter.agency) as string[]);
}

export function whereOf(filter: ListFilter, view: View): Clause {
  const parts = [filter.archived ? 'c.archived_at is not null' : 'c.archived_at is null'];
  const args: (string | number)[] = [];
  const add = (sql: string, ...values: (string | number)[]) => {
    parts.push(sql);
    args.push(...values);
  };
  if (view.scope !== 'all') add(`c.agency_id in (${view.scope.map(() => '?').join(',') || 'null'})`, ...view.scope);
  if (filter.q?.trim() && view.found) add(view.found.length > MANY ? AMONG : FOUND, JSON.stringify(view.found));
  else if (filter.q?.trim()) add(`c.id in (${FOUND_CERTIFICATES})`, matchOf(wordsOf(filter.q)));
  if (filter.labels) add(labelIn(filter.labels, view.now, view.policy));
  if (filter.agency === 'none') add('c.agency_id is null');
  else if (filter.agency) {
    add(`c.agency_id in (${filter.exact ? 'select id from agency where code = ?' : BELOW})`, filter.agency);
  }
  if (filter.use) add('c.use = ?', filter.use);
  if (filter.expiring) add('c.not_after between ? and ?', view.now, view.now + filter.expiring * DAY);
  if (filter.withoutSuccessor) add(`c.superseded_by_id is null and ${inUseSql(view.now, 'c')}`);
  if (filter.confirmed === 'none') add(NEVER_CONFIRMED);
  else if (filter.confirmed) add(isConfirmedAfterSql(view.now - filter.confirmed * HOUR, 'c'));
  // Where an agency tells few of them apart: without the `+` SQLite would read all who have no owner.
  if (filter.holder === 'none') add(`${filter.agency || view.scope !== 'all' ? '+' : ''}c.holder_id is null`);
  else if (filter.holder === 'any') add('c.holder_id is not null');
  else if (filter.holder) add('c.holder_id = ?', filter.holder);
  if (filter.issuer === 'none') add('c.authority_id is null');
  else if (filter.issuer) add('c.authority_id = ?', filter.issuer);
  if (filter.key) {
    const [, algorithm = '', bits] = /^(.*?)(?:-(\d+))?$/.exec(filter.key) ?? [];
    add('c.key_algorithm = ?', algorithm);
    if (bits) add('c.key_bits = ?', Number(bits));
  }
  if (filter.eku)
    add(`c.eku in (${EKU_SETS} where v like ? escape '\\')`, `%"${filter.eku.replace(/[\\%_]/g, '\\$&')}"%`);
  if (filter.source) add('c.source = ?', filter.source);
  if (filter.mark) add(has('certificate_mark', 'kind'), filter.mark);
  if (filter.portal === 'mismatch') add(differs(view.now));
  else if (filter.portal) add(has('portal_said', 'word'), filter.portal);
  if (filter.problem) add(hasProblem('rule'), filter.problem, filter.problem);
  if (filter.severity) add(hasProblem('severity'), filter.severity, filter.severity);
  if (filter.importId) add('c.import_id = ?', filter.importId);
  if (filter.crl) add('instr(c.crl_urls, ?) > 0', JSON.stringify(filter.crl));
  if (filter.ocsp) add('instr(c.ocsp_urls, ?) > 0', JSON.stringify(filter.ocsp));
  if (filter.evidence) add('c.evidence_id = ?', filter.evidence);
  return { sql: parts.join(' and '), args };
}

const differs = (now: number) =>
  `c.id in (select x.certificate_id from portal_said x join certificate k on k.id = x.certificate_id where x.ended_at is null and ${mismatchSql(now, 'x', 'k')})`;

/** Traits of the issuer are no problem of the certificate (§9). */
const hasProblem = (column: string) =>
  `${has('problem', column)} and exists (select 1 from problem p where p.certificate_id = c.id and p.ended_at is null and p.${column} = ? and ${notTrait('p')})`;
const has = (table: string, column: string) =>
  `c.id in (select x.certificate_id from ${table} x where x.${column} = ? and x.ended_at is null)`;
