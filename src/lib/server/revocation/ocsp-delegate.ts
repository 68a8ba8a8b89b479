// Whether a delegate of a responder was itself revoked, by the lists of the CA that certified it and never by its own
// OCSP (RFC 6960 §4.2.2.2.1, certificate-status §5 no. 5). Pure.
import type { CertificateView } from '../x509/types.ts';
import { crossLine } from './delta.ts';
import { subjectOfView, wordOfLists, type Held, type ListsWord } from './subject.ts';

/** @param lists accepted lists of the delegate's CA */
export function wordAboutDelegate(lists: readonly Held[], delegate: CertificateView): ListsWord['word'] {
  const wanted = new Set([delegate.serial]);
  const crossed = lists.map((held) => ({ ...held, ...crossLine(held.crl, held.delta ?? null, wanted) }));
  return wordOfLists(crossed, subjectOfView(delegate)).word;
}

/** Absence proves something only while the list is current, and not where many vanished at once (§3). */
export function isListed(word: ListsWord['word'], now: number): boolean | null {
  if (word?.status === 'revoked' || word?.status === 'on_hold') return true;
  return word?.status === 'good' && !word.quarantined && word.nextUpdate !== null && now <= word.nextUpdate
    ? false
    : null;
}

/** @returns true: listed; false: all current lists together prove that it is not; null: nobody can say */
export const delegateListed = (lists: readonly Held[], delegate: CertificateView, now: number): boolean | null =>
  isListed(wordAboutDelegate(lists, delegate), now);
