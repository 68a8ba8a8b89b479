// Langkah Awal, as each person of the office sees it: how far the first hour is, which step is theirs, and who does the
// others. Until it is over, it stands on everyone's home page; what the steps are stands in `start-steps.ts`.
import * as auth from '../auth/index.ts';
import type { Context } from '../context.ts';
import { can, demand, mayOpen, rolesFor, type Act } from '../permission.ts';
import { roles } from '#lib/terms.ts';
import { certificates, STEPS, type Told } from './start-steps.ts';

export type Step = Told & {
  label: string;
  done: boolean;
  /** Whether the page behind it is open to the person, and whether its work is theirs to do. */
  open: boolean;
  may: boolean;
  /** Whose work it is, in words: "Rina Contoh (Administrator)". */
  by: string;
};

/** The steps in their order with what each has brought so far; links only where the person may go. */
export function steps(ctx: Context): Step[] {
  demand(ctx.actor, 'start.view');
  const colleagues = auth.people(ctx);
  return STEPS.map(({ label, act, done: isDone, tell }) => {
    const done = isDone(ctx);
    const told = tell(ctx, done);
    return {
      ...told,
      label,
      done,
      open: mayOpen(ctx.actor, told.href),
      may: can(ctx.actor, act),
      by: whose(act, colleagues),
      links: told.links.filter(({ href }) => mayOpen(ctx.actor, href)),
    };
  });
}

/** Whether the first hour goes on. */
export const isOpen = (ctx: Context): boolean => STEPS.some((step) => !step.done(ctx));

/** Whether there is nothing to supervise yet: a home page would be a page of zeros. */
export const isEmpty = (ctx: Context): boolean => !certificates.done(ctx);

/** With more people than this the roles are enough. */
const FEW = 3;

function whose(act: Act, colleagues: ReturnType<typeof auth.people>): string {
  const wanted = rolesFor(act);
  const able = colleagues.flatMap(({ name, roles: held }) => {
    const role = wanted.find((one) => held.includes(one));
    return role ? [`${name} (${roles[role]})`] : [];
  });
  return either(able.length > 0 && able.length <= FEW ? able : wanted.map((role) => roles[role]));
}

const either = (names: readonly string[]): string =>
  new Intl.ListFormat('id-ID', { type: 'disjunction' }).format(names);
