// Which agencies need a look first, and why, in words. Pure. The order is this page’s own: an open incident
// before a late finding, a late finding before certificates about to end, those before an evaluation not begun.

export type AgencyFacts = {
  code: string;
  name: string;
  inForce: number;
  /** Ends within 30 days, no successor. */
  ending: number;
  confirmedAt: number | null;
  openIncidents: string[];
  lateFindings: string[];
  /** Semesters of the last two in which the agency was not evaluated. */
  notEvaluated: string[];
};
export type Attention = Omit<AgencyFacts, 'openIncidents' | 'lateFindings' | 'notEvaluated'> & { reason: string };

const weight = (a: AgencyFacts): number =>
  a.openIncidents.length * 1000 + a.lateFindings.length * 100 + a.ending * 10 + Number(a.notEvaluated.length > 1);

/** @returns the agencies with a reason, most pressing first, `limit` at most */
export function needingAttention(agencies: readonly AgencyFacts[], limit: number): Attention[] {
  return agencies
    .filter((agency) => weight(agency) > 0)
    .sort((a, b) => weight(b) - weight(a) || a.name.localeCompare(b.name, 'id'))
    .slice(0, limit)
    .map((agency) => ({
      code: agency.code,
      name: agency.name,
      inForce: agency.inForce,
      ending: agency.ending,
      confirmedAt: agency.confirmedAt,
      reason: reasonOf(agency),
    }));
}

function reasonOf(agency: AgencyFacts): string {
  const { openIncidents, lateFindings, ending, notEvaluated } = agency;
  const several = (list: readonly string[], one: string, many: string) =>
    list.length === 1 ? `${one} ${list[0]}` : list.length ? `${list.length} ${many}` : '';
  return [
    several(openIncidents, 'insiden terbuka', 'insiden terbuka'),
    several(lateFindings, 'temuan lewat tenggat', 'temuan lewat tenggat'),
    ending ? `${ending} sertifikat habis ≤ 30 hari tanpa pengganti` : '',
    notEvaluated.length > 1 ? `belum dievaluasi ${notEvaluated.length} semester` : '',
  ]
    .filter(Boolean)
    .join('; ');
}
