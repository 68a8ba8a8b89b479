import { dueGroup } from '#lib/server/compliance/work.ts';
import { guarded } from '#lib/server/web.ts';
import { waiting } from '../waiting.ts';
import { groups, isAboutIncidents, isDue, isKind, kinds } from './kinds.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = ({ locals, url }) =>
  guarded(() => {
    const now = locals.ctx.now();
    const all = waiting(locals).map((task) => ({ ...task, group: dueGroup(task.dueAt, now) }));
    const kind = url.searchParams.get('kind') ?? '';
    const due = url.searchParams.get('due') ?? '';
    const about = url.searchParams.get('about') === 'incidents' ? ('incidents' as const) : null;
    const inDue = all.filter(
      (task) =>
        (about === null || isAboutIncidents(task)) &&
        (!isDue(due) || task.group === due || (due === 'now' && (task.group === 'late' || task.group === 'today'))),
    );
    const shown = inDue.filter((task) => !isKind(kind) || task.kind === kind);
    return {
      now,
      total: all.length,
      due: isDue(due) ? due : null,
      about,
      kind: isKind(kind) ? kind : null,
      kinds: Object.entries(kinds)
        .map(([key, label]) => ({ key, label, count: inDue.filter((task) => task.kind === key).length }))
        .filter((entry) => entry.count > 0 || entry.key === kind),
      inDue: inDue.length,
      shown: shown.length,
      groups: Object.entries(groups)
        .map(([key, label]) => ({ key, label, rows: shown.filter((task) => task.group === key) }))
        .filter((group) => group.rows.length > 0),
    };
  });
