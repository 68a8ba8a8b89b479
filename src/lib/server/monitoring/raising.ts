// Raises and ends alerts: one open alert for each subject and kind.
import type { Context } from '../context.ts';
import type { Severity } from './rungs.ts';
import * as store from './store.ts';

export type Note = (what: 'raised' | 'renewed' | 'settled', text: string) => void;

export type Weight = {
  severity: Severity;
  urgency: 'digest' | 'immediate';
  detail: Record<string, string | number>;
  signalId?: string;
};

/** Raises an alert, or makes the open one about the same thing speak again. */
export function raise(tx: Context, about: Parameters<typeof store.openAbout>[1], weight: Weight, note: Note): void {
  const now = tx.now();
  const open = store.openAbout(tx.db, about);
  const subject = about.certificateId ?? about.authorityId ?? about.sourceId ?? 'machine';
  if (!open) {
    if (store.insert(tx.db, { ...about, ...weight, raisedAt: now, renewedAt: now }))
      note('raised', `${about.kind} ${subject}`);
    return;
  }
  const { signalId: _, ...news } = weight;
  store.set(tx.db, open.id, {
    ...news,
    renewedAt: now,
    acknowledgedAt: null,
    acknowledgedBy: null,
    acknowledgedWhy: null,
  });
  note('renewed', `${about.kind} ${subject}`);
}

export function end(tx: Context, id: string, why: NonNullable<store.AlertRow['settledWhy']>, note: Note): void {
  store.set(tx.db, id, { settledAt: tx.now(), settledWhy: why });
  note('settled', `${why} ${id}`);
}
