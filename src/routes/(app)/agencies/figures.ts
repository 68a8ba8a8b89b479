// Figures of agencies as their pages and the export show them: own certificates by tab, without those below.
import * as agencies from '#lib/server/agencies/index.ts';
import * as certificates from '#lib/server/certificates/index.ts';
import type { Context } from '#lib/server/context.ts';
import { agencyKinds, type CertificateLabel } from '#lib/terms.ts';

export type AgencyFigures = agencies.Agency & { total: number; inForce: number; expiring: number; attention: number };

const groups = certificates.labelGroups;

/** @param params `q`: words in name, short name or code; `kind` */
export function agencyFigures(ctx: Context, params: URLSearchParams): AgencyFigures[] {
  const words = (params.get('q') ?? '').toLowerCase().split(/\s+/).filter(Boolean);
  const kind = params.get('kind') ?? '';
  const counts = certificates.agencyCounts(ctx);
  return agencies
    .list(ctx)
    .filter((a) => !Object.hasOwn(agencyKinds, kind) || a.kind === kind)
    .filter((a) => words.every((word) => `${a.name} ${a.shortName} ${a.code}`.toLowerCase().includes(word)))
    .map((agency) => ({ ...agency, ...figuresOf(counts.get(agency.id)) }));
}

/** What no fresh proof calls in force though it has not ended: aged evidence, an issuer that is not trusted, … */
const ATTENTION = [...groups.recheck, ...groups.other];
/** The list that holds exactly those. */
export const attentionStatus = ATTENTION.join(',');

export function figuresOf(counts: ReadonlyMap<CertificateLabel, number> | undefined) {
  const of = (labels: readonly CertificateLabel[]) => labels.reduce((sum, label) => sum + (counts?.get(label) ?? 0), 0);
  return {
    total: [...(counts?.values() ?? [])].reduce((sum, n) => sum + n, 0),
    inForce: of(certificates.IN_FORCE),
    expiring: of(groups.expiring),
    attention: of(ATTENTION),
  };
}
