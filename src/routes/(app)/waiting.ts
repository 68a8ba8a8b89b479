// Pekerjaan of one request: the frame and the page both need it, and every room is asked only once.
import { work } from '#lib/server/compliance/work.ts';
import type { Task } from '#lib/server/work.ts';

const asked = new WeakMap<App.Locals, Task[]>();

/** Everything that waits for the person of this request; read after its action, if it had one. */
export function waiting(locals: App.Locals): Task[] {
  let tasks = asked.get(locals);
  if (!tasks) asked.set(locals, (tasks = work(locals.ctx)));
  return tasks;
}
