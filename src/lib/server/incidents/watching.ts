// Reminders of the clocks: at 50, 80 and 100 percent of a budget the handler and the supervisors are told. Crossing is
// the shared rule of ladder.ts, the ledger makes each step speak once, and what an outage missed becomes one message.
import { eq } from 'drizzle-orm';
import { transact, type Context } from '../context.ts';
import { isBusy, newId } from '../db/index.ts';
import { crossed } from '../ladder.ts';
import * as notifications from '../notifications/index.ts';
import { demand } from '../permission.ts';
import * as settings from '../settings/index.ts';
import { dateTime, remaining } from '#lib/format.ts';
import { clocksOf, ladderOf, type Clock } from './clocks.ts';
import { trace } from './desk.ts';
import { handlerOf, type Dossier } from './dossier.ts';
import { peopleWith, personById } from './people.ts';
import { clockStep } from './schema.ts';
import * as store from './store.ts';

/** A job: twice gives the same. @returns how many steps spoke @throws after all others were reminded, naming those that failed */
export function remind(ctx: Context): number {
  demand(ctx.actor, 'incidents.handle');
  const budgets = settings.get(ctx, 'incidentClocks');
  let fired = 0;
  const failed: string[] = [];
  for (const dossier of store.dossiers(ctx.db, store.find(ctx, { open: true }))) {
    try {
      const running = clocksOf(dossier, budgets).filter((clock) => clock.metAt === null);
      if (running.some((clock) => due(ctx, dossier, clock).fire !== null)) {
        fired += transact(ctx, (tx) => running.filter((clock) => speak(tx, dossier, clock)).length);
      }
    } catch (error) {
      // A busy database stops the run, which comes again; what is wrong with one incident silences no other.
      if (isBusy(error)) throw error;
      failed.push(`${dossier.number}: ${(error as Error).message}`);
    }
  }
  if (failed.length) throw new Error(`pengingat gagal untuk ${failed.length} insiden (${failed.join('; ')})`);
  return fired;
}

/**
 * A corrected time starts the ladder anew: the ledger's key holds the start, so that a clock that was moved speaks
 * again and one that was not stays silent.
 */
const ledgerKey = (clock: Clock): string => `${clock.key}@${clock.startAt}`;

function due(ctx: Context, dossier: Dossier, clock: Clock) {
  const key = ledgerKey(clock);
  const done = ctx.db
    .select({ clock: clockStep.clock, step: clockStep.step })
    .from(clockStep)
    .where(eq(clockStep.incidentId, dossier.id))
    .all()
    .filter((row) => row.clock === key)
    .map((row) => row.step);
  return crossed(ladderOf(clock), (step) => done.includes(step), ctx.now());
}

function speak(ctx: Context, dossier: Dossier, clock: Clock): boolean {
  const { fire, collapsed } = due(ctx, dossier, clock);
  if (fire === null) return false;
  const row = (step: number, isCollapsed: boolean) =>
    ctx.db
      .insert(clockStep)
      .values({
        id: newId(ctx.now()),
        incidentId: dossier.id,
        clock: ledgerKey(clock),
        step,
        collapsed: isCollapsed,
        firedAt: ctx.now(),
      })
      .run();
  for (const step of collapsed) row(step, true);
  row(fire, false);
  const late = collapsed.length ? `Terlambat diproses; langkah ${collapsed.join(', ')} persen terlewati.\n` : '';
  for (const person of recipients(ctx, dossier, fire)) {
    notifications.queue(ctx, {
      key: `clock:${ledgerKey(clock)}:${fire}:${person.id}`,
      subject: `${dossier.number}: ${clock.title}, ${remaining(clock.dueAt, ctx.now())}`,
      recipient: person.email,
      body: `${dossier.number} (${dossier.agency.shortName})\n${clock.title}\nPaling lambat ${dateTime(clock.dueAt)} (${clock.basis}).\n${late}\nBuka Siaga, menu Insiden.\n`,
      about: ['incident', dossier.id],
      lane: 'alert',
    });
  }
  trace(ctx, dossier, { action: 'incident.reminded', details: { step: fire, clock: clock.title } });
  return true;
}

/** The handler first; from 80 percent the supervisors too, at the end also the head of the office. */
function recipients(ctx: Context, dossier: Dossier, step: number) {
  const handler = handlerOf(dossier);
  const own = handler ? personById(ctx.db, handler.userId) : null;
  const others = peopleWith(ctx.db, step >= 100 ? ['supervisor', 'head'] : step >= 80 || !own ? ['supervisor'] : []);
  return [...(own ? [own] : []), ...others.filter((person) => person.id !== own?.id)];
}
