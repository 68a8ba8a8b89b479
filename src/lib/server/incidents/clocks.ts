// Every clock of an incident: what runs, since when, until when, and on what the budget rests. Nothing here is stored
// except an obligation's due time; "overdue" is always computed. Pure.
import { MINUTE } from '../calendar.ts';
import type { SettingValue } from '../settings/definitions.ts';
import { obligationStages, parties } from '#lib/terms.ts';
import { clockOf, knownAt, type Dossier, type Obligation } from './dossier.ts';
import { progressOf, type Progress } from './grades.ts';
import { types } from './kinds.ts';

export type Budgets = SettingValue<'incidentClocks'>;

export type Clock = {
  /** 'obligation:<id>', 'request:<incident id>', 'seen:<request id>'; the key of its ladder ledger. */
  key: string;
  title: string;
  startAt: number;
  dueAt: number;
  metAt: number | null;
  basis: string;
  href: string;
};

export const POLICY = 'kebijakan Dinas';

/** An obligation with how far it came. `settledAt`: met, or decided not to be reported. */
export type ObligationView = Obligation & {
  label: string;
  clock: { startAt: number; dueAt: number };
  progress: Progress;
  settledAt: number | null;
  waived: boolean;
  /** A proposal not to report waits for a second person. */
  proposal: Obligation['decisions'][number] | null;
};

export function viewOf(o: Obligation): ObligationView {
  const letters = o.letters.filter((letter) => letter.withdrawnAt === null);
  const progress = progressOf({
    preparedAt: letters.length ? Math.min(...letters.map((letter) => letter.createdAt)) : null,
    transmissions: o.transmissions,
    receipts: o.receipts,
  });
  const waiver = o.decisions.find((d) => d.outcome === 'confirmed');
  const proposal = o.decisions.find((d) => d.outcome === null) ?? null;
  return {
    ...o,
    label: `${obligationStages[o.stage]} ke ${parties[o.party]}`,
    clock: clockOf(o),
    progress,
    settledAt: progress.metAt ?? waiver?.decidedAt ?? null,
    waived: !!waiver && progress.metAt === null,
    proposal,
  };
}

/** All clocks of an incident that is not over; those that were met keep their row. */
export function clocksOf(dossier: Dossier, budgets: Budgets): Clock[] {
  const known = knownAt(dossier);
  const obligations = dossier.obligations.map(viewOf).map((o): Clock => ({
    key: `obligation:${o.id}`,
    title: o.label,
    ...o.clock,
    metAt: o.settledAt,
    basis: `${o.basis}; ${POLICY}`,
    href: `#kewajiban-${o.party}-${o.stage}`,
  }));
  if (types[dossier.type].course !== 'exposure' && dossier.requests.length === 0) return obligations;
  const due = (minutes: number) => known + minutes * MINUTE;
  const request: Clock = {
    key: `request:${dossier.id}`,
    title: 'Pencabutan diteruskan ke BSrE',
    startAt: known,
    dueAt: due(budgets.revocationRequest),
    metAt: forwardedAt(dossier),
    basis: `Pasal 12 huruf d; ${POLICY}`,
    href: '#pencabutan',
  };
  const seen = dossier.requests.map((r): Clock => ({
    key: `seen:${r.id}`,
    title: 'Pencabutan terlihat pada CRL',
    startAt: known,
    dueAt: due(budgets.revocationSeen),
    metAt: r.steps.find((s) => s.kind === 'seen' || s.kind === 'exception')?.at ?? null,
    basis: POLICY,
    href: '#pencabutan',
  }));
  return [request, ...obligations, ...seen];
}

/** When the last requested revocation had gone to BSrE (or was seen, or excepted); null while one has not. */
export function forwardedAt(dossier: Pick<Dossier, 'requests'>): number | null {
  const each = dossier.requests.map((r) => {
    const gone = r.steps.filter((s) => s.kind === 'forwarded' || s.kind === 'seen' || s.kind === 'exception');
    return gone.length ? Math.min(...gone.map((s) => s.at)) : null;
  });
  return each.length === 0 || each.includes(null) ? null : Math.max(...(each as number[]));
}

/** The clock that ends soonest among those that still run, or null. */
export const shortest = (clocks: readonly Clock[]): Clock | null =>
  clocks.filter((clock) => clock.metAt === null).sort((a, b) => a.dueAt - b.dueAt)[0] ?? null;

/** Percent of a budget at which the ladder speaks (incident-escalation §7). */
const LADDER = [50, 80, 100] as const;

export const ladderOf = (clock: Clock): { at: number; step: number }[] =>
  LADDER.map((step) => ({ at: clock.startAt + Math.round(((clock.dueAt - clock.startAt) * step) / 100), step }));
