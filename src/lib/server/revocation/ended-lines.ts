// Lines that are over: past the nextUpdate of their last object, which nothing follows. What they name counts for ever, but
// nobody reads them to the end at each crossing: what they named of ours is remembered while a process lives, and they are
// read again only about certificates that came since. How many lines an issuer may have that go on is limited.
import { DAY } from '../calendar.ts';
import type { Context } from '../context.ts';
import { fromKept, keptOf, type Crossed, type Kept } from './held-object.ts';
import * as store from './store.ts';

/** A list may come late. */
const LATE = DAY;
export const isOver = ({ nextUpdate, thisUpdate }: Pick<store.EvidenceRow, 'nextUpdate' | 'thisUpdate'>, now: number) =>
  (nextUpdate ?? thisUpdate) + LATE < now;

/**
 * Scopes of a CA in which lists go on at the same time, besides one for each address that certificates of ours name (public
 * CAs divide their list among hundreds), and the bytes of these lists together: more no CA needs.
 */
export const MOST_LINES = 100;
export const MOST_BYTES = 512 * 1024 * 1024;

/** Whether an issuer's lines have no room for one more list. */
export function areFull(ctx: Context, issuerKey: string, size: number): boolean {
  const now = ctx.now();
  const goOn = store.completeOf(ctx.db, issuerKey).filter((row) => !isOver(row, now));
  if (goOn.reduce((sum, row) => sum + row.size, size) > MOST_BYTES) return true;
  return goOn.length >= MOST_LINES && goOn.length >= MOST_LINES + store.listAddressesOf(ctx.db, issuerKey);
}

type Remembered = Kept & { serials: ReadonlySet<string> };
/** Objects remembered; beyond, those that were read first are forgotten. */
const MOST_REMEMBERED = 2000;
const remembered = new Map<string, Remembered>();
/** Whether a set of serials is contained in another one: asked of the same two for every line of an issuer. */
const contained = new WeakMap<ReadonlySet<string>, WeakMap<ReadonlySet<string>, boolean>>();

/** An object of a line that is over, as `heldList` reads it. */
export function endedList(ctx: Context, row: store.EvidenceRow, wanted: ReadonlySet<string>): Crossed {
  const known = remembered.get(row.id);
  if (known && isWithin(wanted, known.serials)) return fromKept(row, known, wanted);
  const kept = { ...keptOf(ctx, row, wanted), serials: wanted };
  remembered.delete(row.id);
  remembered.set(row.id, kept);
  if (remembered.size > MOST_REMEMBERED) remembered.delete(remembered.keys().next().value!);
  return fromKept(row, kept, wanted);
}

function isWithin(wanted: ReadonlySet<string>, serials: ReadonlySet<string>): boolean {
  if (wanted === serials) return true;
  const known = contained.get(wanted) ?? new WeakMap<ReadonlySet<string>, boolean>();
  contained.set(wanted, known);
  const before = known.get(serials);
  if (before !== undefined) return before;
  const is = wanted.size <= serials.size && [...wanted].every((serial) => serials.has(serial));
  known.set(serials, is);
  return is;
}
