// By what evidence was confirmed last: the address that publishes it, or a file that somebody carried here. Both count the
// same (certificate-status §6), but nobody is told that a source was asked when it was not.
import type { Context } from '../context.ts';
import * as store from './store.ts';

type Confirmed = Pick<store.EvidenceRow, 'id' | 'kind' | 'origin' | 'acceptedAt'>;

/**
 * Whether the last confirmation came with a file. A list that a server serves is confirmed there as often as it is asked; what
 * is later than its last answer came by hand. Of answers each is made for one question, so that where it came from is all.
 */
export function isCarried(ctx: Context, held: Confirmed, confirmedAt: number): boolean {
  const sources = held.kind === 'crl' ? store.sourcesHolding(ctx.db, held.id) : [];
  if (sources.length === 0) return held.origin === 'uploaded';
  const asked = Math.max(...sources.map((source) => source.confirmedAt ?? 0));
  return confirmedAt > (held.origin === 'fetched' ? Math.max(asked, held.acceptedAt) : asked);
}
