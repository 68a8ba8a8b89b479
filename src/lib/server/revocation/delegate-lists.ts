// What a CA's lists say about the delegate of its responder, asked for every answer that the delegate signs: the lists may be
// long, and are walked once for as long as the same ones hold.
import type { Context } from '../context.ts';
import type { CertificateView } from '../x509/types.ts';
import type { Issuers } from './issuers.ts';
import { hasSay } from './list-lines.ts';
import { isListed, wordAboutDelegate } from './ocsp-delegate.ts';
import { headOf, heldLists, isSound, momentNow, standingNow } from './standing.ts';
import type { ListsWord } from './subject.ts';

const MOST = 1000;
/** A delegate is none of ours: its list is read itself. */
const NOBODY: ReadonlySet<string> = new Set();
const words = new Map<string, ListsWord['word']>();

/** @returns true: listed; false: all current lists together prove that it is not; null: nobody can say */
export function delegateListedNow(
  ctx: Context,
  delegate: CertificateView,
  { issuerKey, issuers, now }: { issuerKey: string; issuers: Issuers; now: number },
): boolean | null {
  const moment = momentNow(ctx, issuerKey);
  const standing = standingNow(ctx, issuerKey).filter(({ complete }) => hasSay(ctx, complete, issuers));
  const marks = standing.map((each) =>
    [each.scope, each.complete.id, headOf(each).id, isSound(ctx, each, issuers), moment.quarantined(each.scope)].join(
      ' ',
    ),
  );
  const key = [delegate.fingerprint, issuerKey, ...marks].join('\n');
  const known = words.get(key);
  if (known !== undefined) return isListed(known, now);
  let complete = true;
  const lists = heldLists(ctx, standing, NOBODY, moment, issuers, () => (complete = false));
  const word = wordAboutDelegate(lists, delegate);
  // What is lost may come back any moment, as the same object.
  if (complete) remember(key, word);
  return isListed(word, now);
}

function remember(key: string, word: ListsWord['word']): void {
  if (words.size >= MOST) words.clear();
  words.set(key, word);
}
