import { guarded } from '#lib/server/web.ts';
import { agencyFigures } from './figures.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = ({ locals, url }) =>
  guarded(() => ({ rows: agencyFigures(locals.ctx, url.searchParams) }));
