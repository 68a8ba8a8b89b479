// The confirmation of a list (304, or the same bytes again) holds for all that rests on it: one row for each list, not one
// for each certificate. Only lists that may speak together with others are left to a decision about each certificate.
import * as certificates from '../certificates/index.ts';
import { transact, type Context } from '../context.ts';
import { Pace } from '../db/pace.ts';
import * as settings from '../settings/index.ts';
import { freshUntil } from './decide.ts';
import { heldList, unlessLost } from './held-object.ts';
import { confirmedAt, headOf, standingNow, type Standing } from './standing.ts';
import * as store from './store.ts';
import { mayBePart } from './subject.ts';

/** Certificates that have to be written one by one after all, and how. */
export type Remaining = Work<string>;
type Work<T> = { items: T[]; write: (some: T[]) => void };

/** In short transactions, so that others can write meanwhile. */
export async function inChunks<T>({ items, write }: Work<T>): Promise<void> {
  const pace = new Pace();
  while (items.length > 0) {
    const some = items.splice(0, pace.rows);
    pace.take(() => write(some));
    await pace.rest();
  }
}

/**
 * Confirms what rests on each list of an issuer that speaks alone. Certificates that were not crossed yet with the newest
 * list rest on the one before, and have no part in its confirmation. Yields what cannot be done at once, nearly always nothing;
 * a run that was killed is completed by the next.
 * @param decide decides about certificates that rest on lists which may be parts of a whole; absent: they wait
 */
export function* confirmLists(ctx: Context, issuerKey: string, decide?: Remaining['write']): Generator<Remaining> {
  const standing = standingNow(ctx, issuerKey);
  let parts: ReadonlySet<string> | undefined;
  for (const each of standing) {
    const by = confirmationOf(ctx, headOf(each));
    const { evidenceId } = by;
    const write = (some: readonly string[]) =>
      transact(ctx, (tx) => certificates.confirmStatus(tx, store.stillOn(tx.db, evidenceId, some), by));
    const ahead = store.confirmedAhead(ctx.db, evidenceId, ctx.now());
    const last = certificates.lastConfirmation(ctx, evidenceId);
    const moved = last
      ? last.confirmedAt !== by.confirmedAt || last.freshUntil !== by.freshUntil
      : store.anyUnconfirmed(ctx.db, evidenceId, by.confirmedAt);
    if (!moved && ahead.length === 0) continue;
    parts ??= partsOf(ctx, standing);
    if (parts.has(evidenceId)) {
      if (decide) yield { items: [...ahead, ...store.unconfirmed(ctx.db, evidenceId, by.confirmedAt)], write: decide };
      continue;
    }
    if (ahead.length > 0) yield { items: ahead, write };
    // A policy made stricter: what would outlast the confirmation is written before it.
    const longer = last && last.freshUntil <= by.freshUntil ? [] : store.freshForLonger(ctx.db, by);
    if (longer.length > 0) yield { items: longer, write };
    transact(ctx, (tx) => certificates.confirmObject(tx, by));
  }
}

/** Lists that spoke alone until another came that may be a part too: before that is crossed, so that it decides. */
export function* settleParts(ctx: Context, issuerKey: string): Generator<Remaining> {
  const confirmed = store.reconfirmed(ctx.db, issuerKey);
  if (confirmed.length === 0) return;
  const parts = partsOf(ctx, standingNow(ctx, issuerKey));
  for (const evidenceId of confirmed) if (parts.has(evidenceId)) yield* settled(ctx, evidenceId);
}

/** Lists that the issuer's lines went on from, once all is crossed: what rests on them still keeps its instants itself. */
export function* settlePast(ctx: Context, issuerKey: string): Generator<Remaining> {
  const heads = new Set(standingNow(ctx, issuerKey).map((each) => headOf(each).id));
  for (const evidenceId of store.reconfirmed(ctx.db, issuerKey)) {
    if (!heads.has(evidenceId)) yield* settled(ctx, evidenceId);
  }
}

function* settled(ctx: Context, evidenceId: string): Generator<Remaining> {
  const { confirmedAt: at } = certificates.lastConfirmation(ctx, evidenceId)!;
  yield {
    items: store.unconfirmed(ctx.db, evidenceId, at),
    write: (some) => transact(ctx, (tx) => certificates.keepConfirmation(tx, some)),
  };
  transact(ctx, (tx) => certificates.endConfirmation(tx, evidenceId));
}

function confirmationOf(ctx: Context, head: store.EvidenceRow): certificates.Confirmation {
  const { id: evidenceId, thisUpdate, nextUpdate } = head;
  const word = { source: 'crl' as const, thisUpdate, nextUpdate, confirmedAt: confirmedAt(ctx, head) };
  return { ...word, evidenceId, freshUntil: freshUntil(word, settings.get(ctx, 'freshness')) };
}

/** Lists that may speak only together with another: the confirmation of one alone confirms nothing. */
function partsOf(ctx: Context, standing: readonly Standing[]): ReadonlySet<string> {
  if (standing.length < 2) return new Set();
  const parts = standing.filter(
    ({ complete }) =>
      // Of a list that cannot be read nobody knows.
      unlessLost(() => mayBePart(heldList(ctx, complete, new Set()).crl)) ?? true,
  );
  return new Set(parts.length < 2 ? [] : parts.map((each) => headOf(each).id));
}
