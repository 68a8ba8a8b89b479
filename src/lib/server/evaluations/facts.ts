// What each criterion counts, one row at a time. Pure: the facts of a row and the instant in, a verdict out.
// 'skip': the row is not of the kind that is counted; 'unknown': it is, but the fact it needs is missing.
import { HOUR, MINUTE } from '../calendar.ts';
import { endsWithin, isInUse, isUsable as usable, type Validity } from '../certificates/label.ts';

export type Verdict = 'met' | 'missed' | 'unknown' | 'skip';

export type CertificateFacts = Validity & {
  hasFile: boolean;
  freshUntil: number | null;
  superseded: boolean;
  retired: boolean;
  archived: boolean;
  /** null: no owner is known. */
  holderKind: 'person' | 'entity' | 'system' | null;
  holderStatus: string | null;
  /** The person stands in the personnel list: has a NIP or an open position. */
  inPersonnel: boolean;
};

/** Dapat dipakai, and still in the inventory. */
export const isUsable = (c: CertificateFacts, at: number): boolean => !c.archived && usable(c, at);

/** Usable and still meant to be used: the office has not declared it out of use. */
export const isActive = (c: CertificateFacts, at: number): boolean => !c.archived && isInUse(c, at);

const RENEWAL_DAYS = 30;

/** Verdict of every certificate criterion for one row, by criterion code. */
export const certificateRules: Record<string, (c: CertificateFacts, at: number) => Verdict> = {
  /** An entity or a system is its own owner; a person must stand in the personnel list. Pasal 12 a. */
  verified_holder: (c, at) => {
    if (!isActive(c, at)) return 'skip';
    if (c.holderKind === null) return 'missed';
    return c.holderKind !== 'person' || c.inPersonnel ? 'met' : 'missed';
  },
  /** Ends within 30 days: a newer certificate must stand ready. Pasal 12 g. */
  renewal: (c, at) => {
    if (c.archived || !endsWithin(c, at, RENEWAL_DAYS)) return 'skip';
    return c.superseded ? 'met' : 'missed';
  },
  /** Usable by somebody who left; being declared out of use does not help, only revocation does. Pasal 12 d, g. */
  leavers: (c, at) => {
    if (!isUsable(c, at) || (c.holderKind !== null && c.holderKind !== 'person')) return 'skip';
    if (c.holderKind === null) return 'unknown';
    return c.holderStatus === 'active' ? 'met' : 'missed';
  },
  /** Confirmed at its source within the freshness limit, or needing none. certificate-status §1. */
  freshness: (c, at) => {
    if (!isActive(c, at)) return 'skip';
    return c.revocation === 'not_applicable' || (c.freshUntil !== null && c.freshUntil >= at) ? 'met' : 'missed';
  },
  /** Has its file; and, once ended, is no longer marked as in use. Pasal 12 g. */
  records: (c, at) => {
    if (c.archived) return 'skip';
    if (!c.hasFile) return 'missed';
    const ended = (c.notAfter !== null && at > c.notAfter) || c.revocation === 'revoked';
    return ended && !c.retired && !c.superseded ? 'missed' : 'met';
  },
};

export type RevocationFacts = { requestedAt: number | null; seenAt: number | null; excepted: boolean };

/** Seen on verified evidence within the limit after it was requested; one still inside the limit is not judged yet. */
export function revocationSeen(r: RevocationFacts, limitMinutes: number, at: number): Verdict {
  if (r.excepted || r.requestedAt === null) return 'skip';
  const due = r.requestedAt + limitMinutes * MINUTE;
  if (r.seenAt !== null) return r.seenAt <= due ? 'met' : 'missed';
  return at > due ? 'missed' : 'skip';
}

export type ObligationFacts = { dueAt: number; metAt: number | null; released: boolean };

/** Met by its due time; one that was released by two people, or is not due yet, is not judged. Pasal 19(1). */
export function obligationOnTime(o: ObligationFacts, at: number): Verdict {
  if (o.released) return 'skip';
  if (o.metAt !== null) return o.metAt <= o.dueAt ? 'met' : 'missed';
  return at > o.dueAt ? 'missed' : 'skip';
}

/** The owner's report reached the office within a day of noticing (kebijakan Dinas; Pasal 20(1) names no time). */
export const REPORT_WITHIN = 24 * HOUR;
export function reportedOnTime(detectedAt: number | null, reportedAt: number | null): Verdict {
  if (reportedAt === null) return 'skip';
  if (detectedAt === null) return 'unknown';
  return reportedAt - detectedAt <= REPORT_WITHIN ? 'met' : 'missed';
}
