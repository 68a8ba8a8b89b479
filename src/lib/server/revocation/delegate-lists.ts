// What a CA's lists say about the delegate of its responder, asked for every answer that the delegate signs: the lists may be
// long, and are walked once for as long as the same ones hold.
import type { Context } from '../context.ts';
import type { CertificateView } from '../x509/types.ts';
import type { Issuers } from './issuers.ts';
import { isListed, wordAboutDelegate } from './ocsp-delegate.ts';
import { currentLists, headOf, isSound, momentNow, standingNow } from './standing.ts';
import type { ListsWord } from './subject.ts';

const MOST = 1000;
const words = new Map<string, ListsWord['word']>();

/** @returns true: listed; false: all current lists together prove that it is not; null: nobody can say */
export function delegateListedNow(
  ctx: Context,
  delegate: CertificateView,
  { issuerKey, issuers, now }: { issuerKey: string; issuers: Issuers; now: number },
): boolean | null {
  const { quarantined } = momentNow(ctx, issuerKey);
  const standing = standingNow(ctx, issuerKey).map((each) =>
    [each.scope, each.complete.id, headOf(each).id, isSound(ctx, each, issuers), quarantined(each.scope)].join(' '),
  );
  const key = [delegate.fingerprint, issuerKey, ...standing].join('\n');
  let word = words.get(key);
  if (word === undefined) {
    word = wordAboutDelegate(currentLists(ctx, issuerKey, issuers), delegate);
    if (words.size >= MOST) words.clear();
    words.set(key, word);
  }
  return isListed(word, now);
}
