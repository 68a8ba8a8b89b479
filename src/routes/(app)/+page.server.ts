import * as home from '#lib/server/compliance/home.ts';
import * as start from '#lib/server/compliance/start.ts';
import { dueCounts } from '#lib/server/compliance/work.ts';
import { can, type Role } from '#lib/server/permission.ts';
import * as reports from '#lib/server/reports/index.ts';
import { guarded } from '#lib/server/web.ts';
import { health } from './system/health.ts';
import { waiting } from './waiting.ts';
import type { PageServerLoad } from './$types';

/** Somebody with several roles sees the home of the first of these. */
const order: Role[] = ['supervisor', 'handler', 'head', 'leader', 'verifier', 'administrator', 'auditor', 'officer'];

export const load: PageServerLoad = ({ locals }) =>
  guarded(async () => {
    const { ctx, user } = locals;
    const now = ctx.now();
    const held = user?.roles ?? [];
    const role = order.find((wanted) => held.includes(wanted)) ?? 'officer';
    const tasks = waiting(locals);
    const opening = start.isOpen(ctx);
    // Until the first hour is over, its steps come first for everyone of the office.
    const steps = opening && can(ctx.actor, 'start.view') ? start.steps(ctx) : null;
    const common = {
      now,
      tasks: tasks.slice(0, 7),
      total: tasks.length,
      due: dueCounts(tasks, now),
      steps,
      opening,
    };
    // With nothing to supervise yet they are the whole page: the home of a role would be figures of nothing.
    if (steps && role !== 'administrator' && start.isEmpty(ctx)) return { ...common, role: 'start' as const, steps };
    switch (role) {
      case 'supervisor': {
        const view = {
          estate: home.estate(ctx),
          duties: home.duties(ctx),
          charts: home.charts(ctx),
          attention: home.attention(ctx),
        };
        return { ...common, role, home: view };
      }
      case 'handler':
        return { ...common, role, home: home.handler(ctx, tasks) };
      case 'head':
      case 'leader':
        return { ...common, role, home: reports.leaderHome(ctx) };
      case 'verifier': {
        const of = (...kinds: string[]) => tasks.filter((task) => kinds.includes(task.kind));
        return {
          ...common,
          role,
          home: {
            estate: home.estate(ctx),
            revocations: of('revocation', 'incident'),
            matching: of('matching', 'mismatch', 'conflict'),
          },
        };
      }
      case 'administrator':
        return { ...common, role, home: { health: await health(ctx) } };
      case 'auditor':
        return { ...common, role, home: home.auditor(ctx) };
      case 'officer':
        return { ...common, role, home: { ...home.officer(ctx), estate: home.estate(ctx) } };
    }
  });
