// Writes down what is believed now: a change of belief for each certificate, the same belief on other evidence for all that
// share it. Called inside a transaction.
import { createHash } from 'node:crypto';
import { isNeverIssued } from '#lib/status-words.ts';
import * as audit from '../audit/index.ts';
import * as certificates from '../certificates/index.ts';
import type { Context } from '../context.ts';
import type { State } from './decide.ts';
import type * as store from './store.ts';
import type { Run } from './words-of.ts';

/** Certificates crossed, whose belief changed, and of those the newly revoked, put on hold and released. */
export type Applied = { checked: number; changed: number; revoked: number; held: number; released: number };

export const nothing = (): Applied => ({ checked: 0, changed: 0, revoked: 0, held: 0, released: 0 });

/** Adds what a part of the work did to what was done so far. */
export function tally(total: Applied, part: Applied): void {
  for (const what of Object.keys(nothing()) as (keyof Applied)[]) total[what] += part[what];
}

export type Decided = { row: store.Checked; state: State };

/** Writes what is believed now: a change of belief for each, the same belief on other evidence for all that share it. */
export function write(tx: Context, decided: readonly Decided[], run: Pick<Run, 'issuerName' | 'order'>): Applied {
  const confirmed = new Confirmed();
  const changes: certificates.StatusChange[] = [];
  const ledger: string[] = [];
  const done = nothing();
  for (const { row, state } of decided) {
    if (sameBelief(row.state, state)) {
      if (!sameEvidence(row.state, state)) confirmed.add(row.id, state);
      continue;
    }
    changes.push({ ...changeOf(row.id, state), order: run.order });
    ledger.push(`${row.id} ${row.state.status} ${state.status} ${state.evidenceId}`);
    const became = state.status !== row.state.status && WHAT[state.status];
    if (became && !isNeverIssued(state)) done[became] += 1;
  }
  confirmed.write(tx);
  certificates.recordStatuses(tx, changes);
  if (ledger.length) {
    const sha256 = createHash('sha256').update(ledger.join('\n')).digest('hex');
    audit.record(tx, {
      action: 'statuses.swept',
      targets: [],
      details: { count: ledger.length, issuer: run.issuerName, sha256 },
    });
  }
  return { ...done, checked: decided.length, changed: ledger.length };
}

/** Changes that are counted by what they are; "never issued" is kept as on hold and is none. */
const WHAT: Partial<Record<State['status'], keyof Applied>> = {
  revoked: 'revoked',
  on_hold: 'held',
  released: 'released',
};

const sameBelief = (a: State, b: State): boolean =>
  a.status === b.status &&
  a.reason === b.reason &&
  a.revokedAt === b.revokedAt &&
  a.invalidityAt === b.invalidityAt &&
  a.confirmedAt !== null;
const sameEvidence = (a: State, b: State): boolean =>
  a.evidenceId === b.evidenceId &&
  a.confirmedAt === b.confirmedAt &&
  a.freshUntil === b.freshUntil &&
  a.source === b.source;

const changeOf = (id: string, { status, ...facts }: State): certificates.StatusChange => ({
  id,
  revocation: status,
  ...facts,
});

/** Certificates whose belief stands on new evidence, gathered by what they share: one list confirms thousands alike. */
class Confirmed {
  private readonly groups = new Map<string, { ids: string[]; by: certificates.Confirmation }>();

  add(id: string, state: State): void {
    const key = `${state.evidenceId} ${state.confirmedAt} ${state.freshUntil}`;
    const group = this.groups.get(key);
    if (group) group.ids.push(id);
    else this.groups.set(key, { ids: [id], by: confirmation(state) });
  }

  write(tx: Context): void {
    for (const { ids, by } of this.groups.values()) certificates.confirmStatus(tx, ids, by);
  }
}

function confirmation(state: State): certificates.Confirmation {
  const { evidenceId, thisUpdate, nextUpdate, confirmedAt, freshUntil: until, source } = state;
  return {
    source: source as 'crl' | 'ocsp',
    evidenceId: evidenceId!,
    thisUpdate: thisUpdate!,
    nextUpdate,
    confirmedAt: confirmedAt!,
    freshUntil: until!,
  };
}
