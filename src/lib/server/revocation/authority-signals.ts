// What people are told about a CA certificate, as about any certificate (certificate-status §2 no. 6, §3). A signal's columns
// name certificates of the office only; its detail names the CA certificates about which one object says the same.
import type { Context } from '../context.ts';
import type { Event } from './decide.ts';
import type { KnownIssuer } from './issuers.ts';
import { noteOf } from './raising.ts';
import { authoritiesIn, detailOf } from './signal-words.ts';
import * as store from './store.ts';

type Told = {
  kind: store.SignalRow['kind'];
  /** The object that says it. */
  evidenceId: string;
  sourceId?: string | null;
  facts: Record<string, unknown>;
};

/** Tells of it once; one whom the same object names later is put beside the first, and people are asked again. */
export function tellOf(tx: Context, { id, commonName: name, view }: KnownIssuer, told: Told): void {
  const { kind, evidenceId, sourceId = null, facts } = told;
  const about = { ...facts, id, name, serial: view.serial };
  const detail = JSON.stringify({ ...facts, authorities: [about] });
  const note = noteOf(tx, kind);
  if (store.addSignal(tx.db, { kind, sourceId, evidenceId, detail, at: tx.now(), ...note })) return;
  const before = store.signalsAbout(tx.db, kind, evidenceId).find(({ certificateId }) => certificateId === null)!;
  const named = authoritiesIn(before.detail);
  if (named.some((one) => one.id === id)) return;
  store.setSignal(tx.db, before.id, {
    detail: JSON.stringify({ ...detailOf(before.detail), authorities: [...named, about] }),
    settledAt: null,
    settledBy: null,
    settledWhy: null,
    ...note,
  });
}

/** What one decision about a CA certificate noticed. @param evidenceOf the object that an event is about */
export function raiseAbout(
  tx: Context,
  ca: KnownIssuer,
  events: readonly Event[],
  evidenceOf: (kind: Event['kind']) => string | null,
): void {
  for (const { kind, ...facts } of events) {
    if (kind !== 'early_removal' && kind !== 'reason_changed' && kind !== 'date_changed') continue;
    const evidenceId = evidenceOf(kind);
    if (evidenceId !== null) tellOf(tx, ca, { kind, evidenceId, facts });
  }
}

/** A hint that people were given, and what it said. */
export type Hint = { settledAt: number | null; said: Record<string, unknown> };

export const hintsAbout = (tx: Context, { id }: KnownIssuer): Hint[] =>
  store.unassigned(tx.db, 'hint').flatMap(({ settledAt, detail }) => {
    const said = authoritiesIn(detail).find((one) => one.id === id);
    return said ? [{ settledAt, said }] : [];
  });
