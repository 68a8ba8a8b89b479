// The same label as `labelOf`, as one SQL expression, so that lists filter and count without reading every row.
import { DAY } from '../calendar.ts';
import { isNotFreshSql } from './freshness-sql.ts';
import type { Doubt, LabelPolicy } from './label.ts';

const whole = (value: number): number => {
  if (!Number.isSafeInteger(value)) throw new TypeError('an instant is a whole number of milliseconds');
  return value;
};

/** Anchored as last judged, under an issuer that lost its trust since. */
const inDoubt = (alias: string, as: Doubt): string =>
  `(+${alias}.chain = 'anchored' and ${alias}.authority_id in (select authority_id from chain_doubt where chain = '${as}'))`;

/** Chains that are this one as things stand, by judgement or by doubt. */
export const chainIs = (chain: Doubt, alias = 'certificate'): string =>
  `(${alias}.chain = '${chain}' or ${inDoubt(alias, chain)})`;

/** The chain facet as things stand. Nothing else may be shown or judged by; `certificate.chain` is the last judgement. */
export const chainSql = (alias = 'certificate'): string =>
  `case when ${inDoubt(alias, 'ca_revoked')} then 'ca_revoked' when ${inDoubt(alias, 'untrusted')} then 'untrusted' else ${alias}.chain end`;

/** @param alias the table's name in the query, e.g. 'c' */
export function labelSql(now: number, policy: LabelPolicy, alias = 'certificate'): string {
  const t = whole(now);
  const c = alias;
  return `case
    when ${c}.chain = 'bad_signature' then 'bad_signature'
    when ${c}.revocation = 'revoked' then 'revoked'
    when ${chainIs('ca_revoked', c)} then 'ca_revoked'
    when ${c}.revocation = 'on_hold' then 'on_hold'
    when ${c}.not_after < ${t} then 'expired'
    when ${c}.not_before > ${t} then 'not_yet_valid'
    when ${c}.revocation = 'conflict' then 'conflict'
    when ${c}.fingerprint is null then 'data_only'
    when ${c}.chain in ('invalid_path', 'ca_not_yet_valid') then 'invalid_path'
    when ${c}.chain in ('ca_expired', 'incomplete') then ${c}.chain
    when ${chainIs('untrusted', c)} then 'untrusted'
    when ${c}.revocation = 'undetermined' and ${c}.confirmed_at is not null then 'undetermined'
    when ${c}.revocation in ('unknown', 'not_checkable') then ${c}.revocation
    when ${c}.revocation <> 'not_applicable' and ${c}.confirmed_at is null then 'never_checked'
    when ${c}.revocation <> 'not_applicable' and ${isNotFreshSql(t, c)}
      then case when ${c}.next_update >= ${t} then 'ageing' else 'stale' end
    when ${isUnheardSql(policy, c)} then 'stale'
    when ${c}.superseded_by_id is not null then 'superseded'
    when ${c}.not_after - ${t} <= ${whole(policy.expiringDays * DAY)} then 'expiring'
    else 'valid' end`;
}

/** Certificates of issuers about which nothing fresh is known. */
export const isUnheardSql = ({ unheard }: LabelPolicy, alias = 'certificate'): string =>
  unheard.size === 0 ? 'false' : `${alias}.authority_id in (${[...unheard].map(quoted).join(', ')})`;

const quoted = (id: string): string => `'${id.replaceAll("'", "''")}'`;

/** `isNeverIssued` of status-words in SQL. */
export const isNeverIssuedSql = (alias = 'certificate'): string =>
  `(${alias}.revocation = 'on_hold' and ${alias}.revocation_source is 'ocsp' and ${alias}.revoked_at is 0)`;

/** `isUsable` in SQL. */
export const usableSql = (now: number, alias = 'certificate'): string =>
  `((${alias}.not_after is null or ${alias}.not_after >= ${whole(now)}) and (${alias}.not_before is null or ${alias}.not_before <= ${whole(now)})
    and ${alias}.revocation not in ('revoked', 'on_hold') and ${alias}.chain <> 'bad_signature' and not ${chainIs('ca_revoked', alias)})`;

/** `isInUse` in SQL. */
export const inUseSql = (now: number, alias = 'certificate'): string =>
  `(${alias}.retired_at is null and ${usableSql(now, alias)})`;

/** `endsWithin` in SQL. */
export const endsWithinSql = (now: number, days: number, alias = 'certificate'): string =>
  `(${alias}.not_after <= ${whole(now + days * DAY)} and ${inUseSql(now, alias)})`;

/** `isEnding` in SQL. */
export const endingSql = (now: number, days: number, alias = 'certificate'): string =>
  `(${alias}.superseded_by_id is null and ${endsWithinSql(now, days, alias)})`;
