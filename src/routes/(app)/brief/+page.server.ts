import * as reports from '#lib/server/reports/index.ts';
import { guarded } from '#lib/server/web.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = ({ locals: { ctx } }) => guarded(() => ({ home: reports.leaderHome(ctx) }));
