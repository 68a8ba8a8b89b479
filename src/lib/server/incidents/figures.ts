// Figures of a period about incidents, for reports and evaluations; every ratio with its denominator. Pasal 18 and 19.
import { sql } from 'drizzle-orm';
import { MINUTE, type Period } from '../calendar.ts';
import type { Context } from '../context.ts';
import { viewOf } from './clocks.ts';
import { knownAt } from './dossier.ts';
import { stateFacts } from './facts.ts';
import type { IncidentType } from './kinds.ts';
import * as t from './schema.ts';
import { isOver, stateOf } from './states.ts';
import * as store from './store.ts';

export type Figures = {
  /** Incidents that the Dinas came to know in the period, without those found to be none or the same as another. */
  total: number;
  open: number;
  closed: number;
  byType: { type: IncidentType; count: number }[];
  byAgency: { agencyId: string; name: string; count: number }[];
  /**
   * Pasal 19(1): letters owed to BSSN and BSrE that fall into the period by their due time, or by their sending when
   * that came first; without those that two people decided not to send. The same rows as F-13 of the reports.
   */
  reportedOnTime: { met: number; of: number };
  waived: number;
  /** Minutes, median; null: none yet. */
  knownToReported: { median: number | null; of: number };
  requestedToSeen: { median: number | null; of: number };
  intakes: { received: number; promoted: number; merged: number; dismissed: number; waiting: number };
};

/** Figures of a period by the time the Dinas knew. */
export function figures(ctx: Context, period: Pick<Period, 'start' | 'end'>): Figures {
  const now = ctx.now();
  const ids = store.find(ctx, {});
  const inPeriod = (at: number) => at >= period.start && at <= period.end;
  const dossiers = store.dossiers(ctx.db, ids);
  const counted = dossiers
    .map((dossier) => ({ dossier, state: stateOf(stateFacts(dossier)) }))
    .filter(({ dossier, state }) => inPeriod(knownAt(dossier)) && state !== 'not_incident' && state !== 'duplicate');
  const notices = counted.flatMap(({ dossier }) =>
    dossier.obligations.map(viewOf).filter((o) => o.stage === 'early_notice'),
  );
  const judged = dossiers
    .flatMap((dossier) => dossier.obligations.map(viewOf))
    .filter((o) => {
      const { metAt } = o.progress;
      const at = metAt !== null && metAt < o.clock.dueAt ? metAt : o.clock.dueAt;
      return (
        o.stage === 'early_notice' && !o.decisions.some((d) => d.outcome === 'confirmed') && inPeriod(at) && at <= now
      );
    });
  const met = judged.filter((o) => o.progress.metAt !== null && o.progress.metAt <= o.clock.dueAt);
  const reported = notices.flatMap((o) =>
    o.progress.metAt === null ? [] : [(o.progress.metAt - o.clock.startAt) / MINUTE],
  );
  const seen = counted.flatMap(({ dossier }) =>
    dossier.requests.flatMap((r) => {
      const [asked, shown] = [r.steps.find((s) => s.kind === 'requested'), r.steps.find((s) => s.kind === 'seen')];
      return asked && shown ? [Math.max(0, shown.at - asked.at) / MINUTE] : [];
    }),
  );
  return {
    total: counted.length,
    open: counted.filter(({ state }) => !isOver(state)).length,
    closed: counted.filter(({ state }) => state === 'closed').length,
    byType: tally(counted, ({ dossier }) => dossier.type).map(([type, rows]) => ({ type, count: rows.length })),
    byAgency: tally(counted, ({ dossier }) => dossier.agency.id).map(([agencyId, rows]) => ({
      agencyId,
      name: rows[0]!.dossier.agency.name,
      count: rows.length,
    })),
    reportedOnTime: { met: met.length, of: judged.length },
    waived: notices.filter((o) => o.waived).length,
    knownToReported: { median: median(reported), of: reported.length },
    requestedToSeen: { median: median(seen), of: seen.length },
    intakes: intakeFigures(ctx, period),
  };
}

function intakeFigures(ctx: Context, period: Pick<Period, 'start' | 'end'>): Figures['intakes'] {
  const rows = ctx.db
    .select({ outcome: t.intake.outcome, n: sql<number>`count(*)` })
    .from(t.intake)
    .where(sql`${t.intake.receivedAt} between ${period.start} and ${period.end}`)
    .groupBy(t.intake.outcome)
    .all();
  const of = (outcome: string | null) => rows.find((row) => row.outcome === outcome)?.n ?? 0;
  return {
    received: rows.reduce((sum, row) => sum + row.n, 0),
    promoted: of('promoted'),
    merged: of('merged'),
    dismissed: of('not_incident'),
    waiting: of(null),
  };
}

/** Groups, largest first. */
function tally<R, K extends string>(rows: readonly R[], key: (row: R) => K): [K, R[]][] {
  const groups = Map.groupBy(rows, key);
  return [...groups].sort((a, b) => b[1].length - a[1].length || (a[0] < b[0] ? -1 : 1));
}

/** Middle value, rounded to whole minutes. */
function median(values: readonly number[]): number | null {
  if (values.length === 0) return null;
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return Math.round(sorted.length % 2 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2);
}
