// Whose name is it? The rule that turns people of one name into a proposal or into a decision for a person. Pure.

/** Somebody who bears the certificate's name, under the record's own name or another one. */
export type Bearer = {
  holderId: string;
  agencyId: string | null;
  /** Last day of service in WIB of somebody who left; null: in service, or not known since when. */
  leftOn: string | null;
};

export type Named = {
  /** Agency of the import or the sheet; null: not known. */
  agencyId: string | null;
  /** First day of validity in WIB; null: not known. */
  begins: string | null;
};

export type Verdict =
  | { kind: 'proposal'; holderId: string; why: 'name' | 'agency' | 'tenure' }
  | { kind: 'namesakes'; holderIds: string[] }
  | { kind: 'unknown' };

/**
 * Exactly one bearer is a proposal. Somebody who had left before the certificate began cannot be whom it was issued to
 * (Pasal 8: an applicant is in service). Of several, the agency the certificate came from decides, when exactly one
 * serves there; else a person decides. O = the city tells nothing and is not asked.
 * @param refused holders a person has already said no to, for this certificate
 */
export function verdictOf(certificate: Named, bearers: readonly Bearer[], refused: ReadonlySet<string>): Verdict {
  const asked = bearers.filter((bearer) => !refused.has(bearer.holderId));
  const inTime = asked.filter((b) => !b.leftOn || !certificate.begins || b.leftOn >= certificate.begins);
  if (inTime.length === 1) {
    return { kind: 'proposal', holderId: inTime[0]!.holderId, why: asked.length === 1 ? 'name' : 'tenure' };
  }
  if (inTime.length === 0) return { kind: 'unknown' };
  const here = certificate.agencyId ? inTime.filter((bearer) => bearer.agencyId === certificate.agencyId) : [];
  if (here.length === 1) return { kind: 'proposal', holderId: here[0]!.holderId, why: 'agency' };
  return { kind: 'namesakes', holderIds: inTime.map((bearer) => bearer.holderId) };
}
