import * as agencies from '#lib/server/agencies/index.ts';
import { expiryByMonth } from '#lib/charts/index.ts';
import { startOfDay } from '#lib/server/calendar.ts';
import * as certificates from '#lib/server/certificates/index.ts';
import { can } from '#lib/server/permission.ts';
import { guarded } from '#lib/server/web.ts';
import { month as monthName } from '#lib/format.ts';
import { calendarFilterOf } from './filter.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = ({ locals, url }) =>
  guarded(() => {
    const { ctx } = locals;
    const filter = calendarFilterOf(url.searchParams);
    const matrix = certificates.expiryMatrix(ctx, filter);
    const month = certificates.readMonth(url.searchParams.get('month'));
    const span = month ? certificates.daysOf(month) : null;
    const mine = (id: string) =>
      ctx.actor.kind !== 'user' || ctx.actor.agencies === 'all' || ctx.actor.agencies.includes(id);
    return {
      ...matrix,
      month,
      days: span ? certificates.expiryDays(ctx, filter, span.first, span.last) : null,
      chart: expiryByMonth(
        matrix.totals.map((total, i) => ({ month: monthName(startOfDay(`${matrix.months[i]!}-01`)), ...total })),
      ),
      agencies: agencies
        .choices(ctx)
        .filter(({ id }) => mine(id))
        .map(({ code, name }) => ({ value: code, label: name })),
      may: { export: can(ctx.actor, 'certificates.export') },
    };
  });
