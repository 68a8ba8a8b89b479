import * as certificates from '#lib/server/certificates/index.ts';
import * as incidents from '#lib/server/incidents/index.ts';
import * as revocation from '#lib/server/revocation/index.ts';
import { guarded } from '#lib/server/web.ts';
import { date, fullName, nip } from '#lib/format.ts';
import { labelTerm } from '#lib/status-words.ts';
import { agencyKinds, holderStatuses, parties, uses } from '#lib/terms.ts';
import type { PageServerLoad } from './$types';

export type Hit = { href: string; title: string; sub: string; kind: string };

/** Of each kind so many stand among the first, so that none hides the others. */
const FIRST = 3;

/** One list for the page and for the search in the top bar (`hits`), best first. */
export const load: PageServerLoad = ({ locals, url }) =>
  guarded(() => {
    const { ctx } = locals;
    const q = (url.searchParams.get('q') ?? '').trim().slice(0, 200);
    const found = certificates.search(ctx, q);
    const cases = incidents.search(ctx, q);
    const joined = (...parts: (string | null | false)[]) => parts.filter(Boolean).join(' · ');
    const kinds: Hit[][] = [
      cases.incidents.map((row) => ({
        href: `/incidents/${row.number}`,
        title: row.number,
        sub: row.title,
        kind: 'Insiden',
      })),
      found.holders.map((row) => ({
        href: `/holders/${row.id}`,
        title: fullName(row),
        sub: joined(row.nip && nip(row.nip), row.agencyName, row.status !== 'active' && holderStatuses[row.status]),
        kind: 'Pemilik',
      })),
      found.certificates.map((row) => ({
        href: `/certificates/${row.id}`,
        title: row.name,
        sub: joined(
          uses[row.use],
          labelTerm(row.label, row).word,
          row.notAfter !== null && `sampai ${date(row.notAfter)}`,
        ),
        kind: 'Sertifikat',
      })),
      found.agencies.map((row) => ({
        href: `/agencies/${row.code}`,
        title: row.name,
        sub: agencyKinds[row.kind],
        kind: 'Perangkat Daerah',
      })),
      cases.letters.map((row) => ({
        href: `/letters/${row.id}`,
        title: row.number || `Surat kepada ${parties[row.party]}`,
        sub: joined(parties[row.party], row.incident, row.title),
        kind: 'Surat',
      })),
      revocation.search(ctx, q),
    ];
    const exact = (hit: Hit) => hit.title.toLowerCase() === q.toLowerCase();
    const first = kinds.flatMap((hits) => hits.slice(0, FIRST));
    const rest = kinds.flatMap((hits) => hits.slice(FIRST));
    return { q, hits: [...first, ...rest].sort((a, b) => Number(exact(b)) - Number(exact(a))) };
  });
