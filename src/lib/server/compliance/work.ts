// Pekerjaan: everything that waits for this person, computed from the rows of all rooms. Nothing is stored, so a task
// disappears when its cause does.
import * as agencies from '../agencies/index.ts';
import { DAY, endOfDay, wibDate } from '../calendar.ts';
import * as certificates from '../certificates/index.ts';
import type { Context } from '../context.ts';
import * as evaluations from '../evaluations/index.ts';
import * as incidents from '../incidents/index.ts';
import * as monitoring from '../monitoring/index.ts';
import * as notifications from '../notifications/index.ts';
import * as reports from '../reports/index.ts';
import * as revocation from '../revocation/index.ts';
import { forActor, type Task } from '../work.ts';

/** Rooms that know of work, each through its door. */
const rooms: ((ctx: Context) => Task[])[] = [
  incidents.tasks,
  revocation.tasks,
  monitoring.tasks,
  certificates.tasks,
  evaluations.tasks,
  reports.tasks,
  notifications.tasks,
  agencies.contacts.contactTasks,
];

/** Everything that waits for the actor, soonest first. */
export const work = (ctx: Context): Task[] =>
  forActor(
    rooms.flatMap((tasks) => tasks(ctx)),
    ctx.actor,
  );

export type DueGroup = 'late' | 'today' | 'week' | 'later' | 'none';

/** When a task is due, by WIB calendar days: late, today, within seven days, later, or without a deadline. */
export function dueGroup(dueAt: number | null, now: number): DueGroup {
  if (dueAt === null) return 'none';
  if (dueAt < now) return 'late';
  const today = endOfDay(wibDate(now));
  if (dueAt <= today) return 'today';
  return dueAt <= today + 7 * DAY ? 'week' : 'later';
}

/** Late, and due before this WIB day ends, apart. */
export function dueCounts(tasks: readonly Task[], now: number): { late: number; today: number } {
  const count = (group: DueGroup) => tasks.filter((task) => dueGroup(task.dueAt, now) === group).length;
  return { late: count('late'), today: count('today') };
}

/** How many tasks are late or due before this WIB day ends: the number at the bell. */
export const dueToday = (tasks: readonly Task[], now: number): Task[] =>
  tasks.filter((task) => ['late', 'today'].includes(dueGroup(task.dueAt, now)));
