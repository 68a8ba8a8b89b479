// From a dossier to what the state rules ask for. Pure.
import { viewOf } from './clocks.ts';
import { stampOf, type Dossier } from './dossier.ts';
import { types } from './kinds.ts';
import { severityOf, type Level } from './severity.ts';
import type { StateFacts } from './states.ts';

export function stateFacts(dossier: Dossier): StateFacts {
  return {
    course: types[dossier.type].course,
    openedAt: dossier.openedAt,
    assignedAt: dossier.assignments[0]?.at ?? null,
    assessedAt: dossier.assessments[0]?.at ?? null,
    preservedAt: stampOf(dossier, 'preserved')?.at ?? null,
    recoveredAt: stampOf(dossier, 'recovered')?.at ?? null,
    revocations: dossier.requests.map((request) => {
      const step = (kind: string) => request.steps.find((s) => s.kind === kind)?.at ?? null;
      return { forwardedAt: step('forwarded'), seenAt: step('seen'), exceptionAt: step('exception') };
    }),
    obligations: dossier.obligations.map((o) => ({ settledAt: viewOf(o).settledAt })),
    verdicts: dossier.verdicts,
  };
}

/** Current severity, or null before the first assessment. */
export const levelOf = (dossier: Pick<Dossier, 'assessments'>): Level | null => {
  const last = dossier.assessments.at(-1);
  return last ? severityOf(last) : null;
};
