// A label as a condition an index can serve. The label itself is a CASE over six facets, which would be computed for every
// row; what a label needs at least (revoked: the revocation facet says so; expired: the end is past) is indexed. The CASE
// then decides among those few, so that both always agree.
import type { CertificateLabel } from '#lib/terms.ts';
import { DAY } from '../calendar.ts';
import { NEVER_CONFIRMED, notFreshSql } from './freshness-sql.ts';
import { chainIs, isUnheardSql, labelSql } from './label-sql.ts';
import type { LabelPolicy } from './label.ts';

/** What a row of this label has at least; null when that would be most rows anyway. */
function needed(label: CertificateLabel, now: number, policy: LabelPolicy): string | null {
  switch (label) {
    case 'ca_revoked':
    case 'untrusted':
      return chainIs(label, 'c');
    case 'bad_signature':
    case 'ca_expired':
    case 'incomplete':
      return `c.chain = '${label}'`;
    case 'invalid_path':
      return "c.chain in ('invalid_path', 'ca_not_yet_valid')";
    case 'revoked':
    case 'on_hold':
    case 'conflict':
    case 'undetermined':
    case 'unknown':
    case 'not_checkable':
      return `c.revocation = '${label}'`;
    case 'expired':
      return `c.not_after < ${now}`;
    case 'not_yet_valid':
      return `c.not_before > ${now}`;
    case 'data_only':
      return 'c.fingerprint is null';
    case 'never_checked':
      return NEVER_CONFIRMED;
    case 'ageing':
      return `c.rowid in (${notFreshSql(now)})`;
    case 'stale':
      return `(c.rowid in (${notFreshSql(now)}) or ${isUnheardSql(policy, 'c')})`;
    case 'superseded':
      return 'c.superseded_by_id is not null';
    case 'expiring':
      return `c.not_after between ${now} and ${now + policy.expiringDays * DAY}`;
    case 'valid':
      return null;
  }
}

/** Whether the row's label (alias c) is one of these. */
export function labelIn(labels: readonly CertificateLabel[], now: number, policy: LabelPolicy): string {
  if (!labels.length) return '0';
  const conditions = [...new Set(labels.map((label) => needed(label, now, policy)))];
  const exact = `(${labelSql(now, policy, 'c')}) in (${labels.map((label) => `'${label}'`).join(',')})`;
  return conditions.includes(null) ? exact : `(${conditions.join(' or ')}) and ${exact}`;
}
