// How fresh a certificate's evidence is, as SQL. A list that is confirmed (304, or the same bytes again) confirms every
// certificate that rests on it by one row of `evidence_freshness`; so what stands in the certificate is a lower bound, and
// nothing may read `confirmed_at` or `fresh_until` of a certificate but through these. The inner queries are about few rows
// and the same for every certificate: SQLite asks them once.
const since = (column: 'confirmed_at' | 'fresh_until', alias: string): string =>
  `max(${alias}.${column}, coalesce((select f.${column} from evidence_freshness f where f.evidence_id = ${alias}.evidence_id), 0))`;

/** The last verified confirmation; null: never. */
export const confirmedAtSql = (alias = 'certificate'): string => since('confirmed_at', alias);
/** Until when the evidence counts as fresh; null: never confirmed. */
export const freshUntilSql = (alias = 'certificate'): string => since('fresh_until', alias);

/** Never confirmed: both instants come with the first evidence and go with the last, and the index over `fresh_until` knows. */
export const NEVER_CONFIRMED = 'c.fresh_until is null';

const by = (condition: string, alias: string): string =>
  `${alias}.evidence_id in (select evidence_id from evidence_freshness where ${condition})`;

/** Whether the evidence is fresh at an instant: a number, or the name of a parameter. */
export const isFreshSql = (at: string | number, alias = 'certificate'): string =>
  `coalesce(${alias}.fresh_until >= ${at} or ${by(`fresh_until >= ${at}`, alias)}, false)`;

/** The contrary. */
export const isNotFreshSql = (at: string | number, alias = 'certificate'): string =>
  `(${alias}.fresh_until is null or (${alias}.fresh_until < ${at} and coalesce(not ${by(`fresh_until >= ${at}`, alias)}, true)))`;

/** The rows whose evidence is not fresh, told by the index over `fresh_until` alone. */
export const notFreshSql = (at: number): string =>
  `select rowid from certificate where fresh_until is null
    union all select rowid from certificate where fresh_until < ${at} and coalesce(not ${by(`fresh_until >= ${at}`, 'certificate')}, true)`;

/** Whether it was confirmed after an instant. */
export const isConfirmedAfterSql = (at: string | number, alias = 'certificate'): string =>
  `(${alias}.confirmed_at > ${at} or ${by(`confirmed_at > ${at}`, alias)})`;
