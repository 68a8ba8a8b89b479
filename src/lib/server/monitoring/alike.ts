// Alerts of one kind that one object of evidence raised are one thing to be told, with a number. Pure.
import type { Pending } from './notice-store.ts';

/** More than so many of one kind from one object are one item; as few as these are told by name (revocation/signals.ts). */
const FEW = 3;

/** Each group in the place of its first; what stands alone is a group of one. */
export function alike(alerts: readonly Pending[]): Pending[][] {
  const keyOf = (a: Pending) => (a.certificateId && a.evidenceId ? `${a.kind} ${a.evidenceId}` : a.id);
  const groups = Map.groupBy(alerts, keyOf);
  return [...groups.values()].flatMap((group) => (group.length > FEW ? [group] : group.map((one) => [one])));
}
