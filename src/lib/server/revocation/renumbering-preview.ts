// What would change if the numbering of a line began anew with a list that was refused for its number (renumbering.ts).
import type { Context } from '../context.ts';
import type { Crl, Crossing } from './crl.ts';
import type { Renumbered } from './signal-words.ts';
import * as store from './store.ts';

/** So many serials of each kind are kept for the preview. */
const NAMED = 20;
/** removeFromCRL (RFC 5280 §5.3.1). */
const REMOVE = 8;

/**
 * A complete list takes away whom it does not name any more, a delta only whom it names for that. Who is revoked already is
 * not changed by being named.
 */
export function changesBy(
  { db, now }: Context,
  { crl, crossing, head }: { crl: Crl; crossing: Crossing; head: store.EvidenceRow },
): Pick<Renumbered, 'isDelta' | 'entries' | 'revoked' | 'held' | 'come'> {
  const isDelta = crl.deltaOf !== null;
  const named = store.namedByLine(db, head.issuerKey, head.scope, now());
  const before = new Set(named.map(({ serial }) => serial));
  const isRemoved = (serial: string) =>
    isDelta && crossing.found.get(serial)!.every((entry) => entry.reason === REMOVE);
  const isGone = (serial: string) => (crossing.found.has(serial) ? isRemoved(serial) : !isDelta);
  const gone = named.filter(({ serial, ended }) => !ended && isGone(serial));
  const added = [...crossing.found.keys()].filter((serial) => !before.has(serial) && !isRemoved(serial));
  const revoked = new Set(store.revokedAmong(db, head.issuerKey, added));
  const some = (status: string) => gone.filter((row) => row.status === status).map(({ serial }) => serial);
  const group = (serials: readonly string[]) => ({ count: serials.length, serials: serials.slice(0, NAMED) });
  return {
    isDelta,
    entries: { before: isDelta ? null : (head.entryCount ?? 0), after: crossing.count },
    revoked: group(some('revoked')),
    held: group(some('on_hold')),
    come: group(added.filter((serial) => !revoked.has(serial))),
  };
}
