import * as certificates from '#lib/server/certificates/index.ts';
import type { Context } from '#lib/server/context.ts';
import * as incidents from '#lib/server/incidents/index.ts';
import { can } from '#lib/server/permission.ts';
import { guarded } from '#lib/server/web.ts';
import { date, fullName, nip } from '#lib/format.ts';
import { agencyKinds, certificateLabels, holderStatuses, uses } from '#lib/terms.ts';
import type { PageServerLoad } from './$types';

export type Hit = { href: string; title: string; sub: string; kind: string };

/** One list for the page and for the search in the top bar (`hits`). */
export const load: PageServerLoad = ({ locals, url }) =>
  guarded(() => {
    const { ctx } = locals;
    const q = (url.searchParams.get('q') ?? '').trim().slice(0, 200);
    const found = certificates.search(ctx, q);
    const hits: Hit[] = [
      ...incidentHits(ctx, q),
      ...found.holders.map((row) => ({
        href: `/holders/${row.id}`,
        title: fullName(row),
        sub: [row.nip && nip(row.nip), row.agencyName, row.status === 'active' ? '' : holderStatuses[row.status]]
          .filter(Boolean)
          .join(' · '),
        kind: 'Pemilik',
      })),
      ...found.certificates.map((row) => ({
        href: `/certificates/${row.id}`,
        title: row.name,
        sub: [
          uses[row.use],
          certificateLabels[row.label].word,
          row.notAfter === null ? '' : `sampai ${date(row.notAfter)}`,
        ]
          .filter(Boolean)
          .join(' · '),
        kind: 'Sertifikat',
      })),
      ...found.agencies.map((row) => ({
        href: `/agencies/${row.code}`,
        title: row.name,
        sub: agencyKinds[row.kind],
        kind: 'Perangkat Daerah',
      })),
    ];
    return { q, hits };
  });

function incidentHits(ctx: Context, q: string): Hit[] {
  if (q.length < 2 || !can(ctx.actor, 'incidents.view')) return [];
  return incidents.list(ctx, { tab: 'all', text: q, limit: 6 }).rows.map((row) => ({
    href: `/incidents/${row.number}`,
    title: row.number,
    sub: row.title,
    kind: 'Insiden',
  }));
}
