// What waits for the server's clock, as the page and its file show it: filtered by agency, read once.
import { withCount } from '#lib/format.ts';
import * as agencies from '#lib/server/agencies/index.ts';
import * as certificates from '#lib/server/certificates/index.ts';
import type { Context } from '#lib/server/context.ts';
import { demand } from '#lib/server/permission.ts';
import * as revocation from '#lib/server/revocation/index.ts';

type Waiting = ReturnType<typeof revocation.waitingRevocations>['certificates'][number];

/** Not under any agency yet. */
export const NONE = 'none';

/** @property agency whose code the address asks for, '' for all */
export function waiting(ctx: Context, asked: URLSearchParams) {
  demand(ctx.actor, 'certificates.view');
  const agency = asked.get('agency')?.slice(0, 40) ?? '';
  const { certificates: all, unread } = revocation.waitingRevocations(ctx);
  const known = new Map(
    [...new Set(all.map(({ agencyId }) => agencyId))].map((id) => [id, id ? agencies.byId(ctx, id) : null] as const),
  );
  const groups = Map.groupBy(all, ({ agencyId }) => known.get(agencyId)?.code ?? NONE);
  const choices = [...groups]
    .map(([value, some]) => ({
      value,
      label: withCount(known.get(some[0]!.agencyId)?.name ?? 'Belum jelas Perangkat Daerahnya', some.length),
    }))
    .sort((a, b) => a.label.localeCompare(b.label, 'id'));
  return { agency, all: agency ? (groups.get(agency) ?? []) : all, choices, unread };
}

/** A certificate with what it is recorded as and what the evidence says. */
export function rowOf(ctx: Context, { id, status, evidenceId }: Waiting) {
  const { holder, commonName, agency, label, serial, issuer } = certificates.get(ctx, id);
  return {
    ...{ id, label, status, serial, issuer },
    name: holder?.name ?? commonName,
    agency: agency && { code: agency.code, name: agency.name },
    evidence: { id: evidenceId, name: revocation.nameOfEvidence(ctx, evidenceId) },
  };
}
export type WaitingRow = ReturnType<typeof rowOf>;
