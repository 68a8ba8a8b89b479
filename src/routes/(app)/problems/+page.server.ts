import * as certificates from '#lib/server/certificates/index.ts';
import { can } from '#lib/server/permission.ts';
import { guarded } from '#lib/server/web.ts';
import { fixers } from '#lib/terms.ts';
import type { PageServerLoad } from './$types';

type Fixer = keyof typeof fixers;

export const load: PageServerLoad = ({ locals, url }) =>
  guarded(() => {
    const { ctx } = locals;
    const { rows, cliffs, at } = certificates.problemOverview(ctx);
    const asked = url.searchParams.get('fixer') ?? '';
    const fixer = Object.hasOwn(fixers, asked) ? (asked as Fixer) : null;
    const maySeeIssuers = can(ctx.actor, 'trust.view');
    const names = new Map(maySeeIssuers ? certificates.authorities(ctx).map((row) => [row.id, row.commonName]) : []);
    return {
      fixer,
      at,
      all: rows.length,
      byFixer: Object.keys(fixers).map((key) => ({
        fixer: key as Fixer,
        n: rows.filter((row) => row.fixer === key).length,
      })),
      rows: fixer ? rows.filter((row) => row.fixer === fixer) : rows,
      cliffs: fixer && fixer !== 'agency' ? [] : cliffs,
      traits: maySeeIssuers
        ? certificates.traits(ctx).map((trait) => ({ ...trait, issuer: names.get(trait.authorityId) ?? '' }))
        : [],
      may: { export: can(ctx.actor, 'certificates.export') },
    };
  });
