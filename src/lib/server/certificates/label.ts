// One label from six facets (certificate-status §1). Pure: the row's facts, the instant of judgement, the policy.
// `label-sql.ts` says the same in SQL; a test holds the two equal over many rows.
import { DAY } from '../calendar.ts';
import { certificateLabels, type CertificateLabel } from '#lib/terms.ts';

export type Chain =
  | 'anchored'
  | 'incomplete'
  | 'untrusted'
  | 'bad_signature'
  | 'ca_revoked'
  | 'ca_expired'
  | 'ca_not_yet_valid'
  | 'invalid_path';
export type Revocation =
  | 'good'
  | 'revoked'
  | 'on_hold'
  | 'released'
  | 'unknown'
  | 'undetermined'
  | 'not_checkable'
  | 'not_applicable'
  | 'conflict';

/** What anchored chains count as from a decision against their issuer until jobs judged them anew. */
export type Doubt = Extract<Chain, 'untrusted' | 'ca_revoked'>;
/** The rule such a chain is said to fail. */
export const TAKEN_DOWN = 'taken_down';

/** The facts a label rests on; instants in UTC ms, null = not known. */
export type Facets = {
  /** null: data saja. */
  fingerprint: string | null;
  notBefore: number | null;
  notAfter: number | null;
  chain: Chain;
  revocation: Revocation;
  /** Our last verified confirmation of the revocation facet. */
  confirmedAt: number | null;
  nextUpdate: number | null;
  /** min(nextUpdate, confirmedAt + policy maximum). */
  freshUntil: number | null;
  /** Its verified issuer. */
  authorityId: string | null;
  supersededById: string | null;
};

/**
 * @property expiringDays a certificate is "akan kedaluwarsa" this many days before its end
 * @property unheard issuers whose own revocation is not known freshly (issuer-status.ts)
 */
export type LabelPolicy = { expiringDays: number; unheard: ReadonlySet<string> };

export type TimeFacet = 'not_yet_valid' | 'in_validity' | 'expired' | 'no_expiry';
export type Freshness = 'fresh' | 'ageing' | 'stale' | 'never' | 'frozen';

/** 9999-12-31T23:59:59Z: "no well-defined expiration date" (RFC 5280 §4.1.2.5). */
export const NO_EXPIRY = 253_402_300_799_000;

/** Validity includes both ends (RFC 5280 §4.1.2.5). Unknown ends limit nothing. */
export function timeFacet(row: Pick<Facets, 'notBefore' | 'notAfter'>, now: number): TimeFacet {
  if (row.notAfter !== null && now > row.notAfter) return 'expired';
  if (row.notBefore !== null && now < row.notBefore) return 'not_yet_valid';
  return row.notAfter === NO_EXPIRY ? 'no_expiry' : 'in_validity';
}

/** Freshness of the revocation evidence; after the certificate's end it is kept as it was (`frozen`). */
export function freshness(row: Facets, now: number): Freshness {
  if (row.confirmedAt === null) return 'never';
  if (timeFacet(row, now) === 'expired') return 'frozen';
  if (row.freshUntil !== null && now <= row.freshUntil) return 'fresh';
  return row.nextUpdate !== null && now <= row.nextUpdate ? 'ageing' : 'stale';
}

/**
 * The label, by precedence (certificate-status §1). Revoked outranks expired; `valid` needs an anchored chain, the
 * validity period, and good, released or not applicable by fresh evidence. Data saja is never more than that unless
 * verified evidence or its dates say so.
 */
export function labelOf(row: Facets, now: number, policy: LabelPolicy): CertificateLabel {
  if (row.chain === 'bad_signature') return 'bad_signature';
  if (row.revocation === 'revoked') return 'revoked';
  if (row.chain === 'ca_revoked') return 'ca_revoked';
  if (row.revocation === 'on_hold') return 'on_hold';
  const time = timeFacet(row, now);
  if (time === 'expired' || time === 'not_yet_valid') return time;
  if (row.revocation === 'conflict') return 'conflict';
  if (row.fingerprint === null) return 'data_only';
  const doubt = chainLabel(row.chain) ?? evidenceLabel(row, now);
  if (doubt) return doubt;
  // Nobody said freshly that its issuer is not revoked: to be checked again, whatever is known of itself.
  if (row.authorityId !== null && policy.unheard.has(row.authorityId)) return 'stale';
  return lifecycleLabel(row, now, policy);
}

function chainLabel(chain: Chain): CertificateLabel | null {
  if (chain === 'invalid_path' || chain === 'ca_not_yet_valid') return 'invalid_path';
  if (chain === 'ca_expired' || chain === 'untrusted' || chain === 'incomplete') return chain;
  return null;
}

function evidenceLabel(row: Facets, now: number): CertificateLabel | null {
  if (row.revocation === 'not_applicable') return null;
  if (row.revocation === 'undetermined' && row.confirmedAt !== null) return 'undetermined';
  if (row.revocation === 'unknown' || row.revocation === 'not_checkable') return row.revocation;
  const age = freshness(row, now);
  if (age === 'never') return 'never_checked';
  return age === 'stale' || age === 'ageing' ? age : null;
}

function lifecycleLabel(row: Facets, now: number, policy: LabelPolicy): CertificateLabel {
  if (row.supersededById !== null) return 'superseded';
  if (row.notAfter !== null && row.notAfter - now <= policy.expiringDays * DAY) return 'expiring';
  return 'valid';
}

/**
 * In force by fresh evidence, those about to end included: what "sertifikat berlaku" counts on every page and in every
 * report. A status whose evidence has aged is not among them; it is to be looked at (`labelGroups.recheck`).
 */
export const IN_FORCE = ['valid', 'superseded', 'expiring'] as const satisfies CertificateLabel[];

const OVER: readonly CertificateLabel[] = [
  'bad_signature',
  'revoked',
  'ca_revoked',
  'on_hold',
  'expired',
  'not_yet_valid',
];
/** The labels of `isUsable`, whatever the evidence says: of these, how many were confirmed? */
export const USABLE = (Object.keys(certificateLabels) as CertificateLabel[]).filter((label) => !OVER.includes(label));

/** Tabs of the list: each label stands in one; those about to end are in force too, and have a tab of their own besides. */
export const labelGroups = {
  in_force: IN_FORCE,
  expiring: ['expiring'],
  /**
   * For somebody to look at: evidence has aged or contradicts itself, a signature is not its issuer's, or a path breaks a rule
   * of RFC 5280 §6.1, often by its CA.
   */
  recheck: ['bad_signature', 'conflict', 'invalid_path', 'stale', 'ageing', 'never_checked'],
  /** Until the administrator decided about the issuers, that is nearly everything. */
  unproven: ['untrusted', 'incomplete'],
  expired: ['expired'],
  revoked: ['revoked', 'ca_revoked', 'on_hold'],
  data_only: ['data_only'],
  other: ['not_yet_valid', 'ca_expired', 'undetermined', 'unknown', 'not_checkable'],
} as const satisfies Record<string, readonly CertificateLabel[]>;
export type LabelGroup = keyof typeof labelGroups;

/** What "dapat dipakai" rests on. */
export type Validity = Pick<Facets, 'notBefore' | 'notAfter' | 'chain' | 'revocation'>;
const DEAD_CHAINS: readonly Chain[] = ['bad_signature', 'ca_revoked'];

/**
 * Dapat dipakai: somebody can sign with it at `now`. Within its dates (RFC 5280 §4.1.2.5: both ends count, an unknown
 * end limits nothing), issued by who it says, and neither it nor its issuer known to be revoked or on hold. How fresh
 * the evidence is does not matter. The same as: its label is in `USABLE`.
 */
export function isUsable(row: Validity, now: number): boolean {
  const time = timeFacet(row, now);
  if (time === 'expired' || time === 'not_yet_valid') return false;
  return row.revocation !== 'revoked' && row.revocation !== 'on_hold' && !DEAD_CHAINS.includes(row.chain);
}

/** Usable, and the office has not declared it out of use. */
export const isInUse = (row: Validity & { retired: boolean }, now: number): boolean =>
  !row.retired && isUsable(row, now);

/** In use and over within so many days: a newer one must stand ready (Pasal 12 huruf g). */
export const endsWithin = (row: Validity & { retired: boolean }, now: number, days: number): boolean =>
  row.notAfter !== null && row.notAfter - now <= days * DAY && isInUse(row, now);

/** "Habis ≤ … hari tanpa pengganti", on every page and in every report. */
export const isEnding = (
  row: Validity & { retired: boolean; successor: boolean },
  now: number,
  days: number,
): boolean => !row.successor && endsWithin(row, now, days);
