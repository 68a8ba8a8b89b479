import * as reports from '#lib/server/reports/index.ts';
import { guarded } from '#lib/server/web.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = ({ locals: { ctx }, params }) =>
  guarded(() => ({ drill: reports.briefFigure(ctx, params.code) }));
