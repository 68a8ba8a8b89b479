// The revocation facet of a certificate as spans of time: what we believed, since when, on what evidence. Pure.
import type { RevocationStatus } from './decide.ts';

type Event = {
  at: number;
  from: string;
  to: string;
  detail: Record<string, string | number>;
  evidenceId: string | null;
};

export type Episode = {
  status: RevocationStatus;
  /** When we learned it; the span ends where the next begins. */
  from: number;
  until: number;
  /** The last span reaches to now. */
  open: boolean;
  evidenceId: string | null;
  reason: number | null;
  /** What the CA says: when it revoked, since when the key is suspect. */
  revokedAt: number | null;
  invalidityAt: number | null;
  source: 'crl' | 'ocsp' | 'none';
};

/** @param events those of the revocation facet, newest first */
export function episodesOf(events: readonly Event[], life: { addedAt: number; now: number }): Episode[] {
  const ordered = events.toReversed().sort((a, b) => a.at - b.at);
  const first = ordered[0];
  const begin = Math.min(life.addedAt, first?.at ?? life.addedAt);
  const spans: Omit<Episode, 'until' | 'open'>[] = [
    { ...NOTHING, status: (first?.from ?? 'undetermined') as RevocationStatus, from: begin },
    ...ordered.map((event) => ({
      status: event.to as RevocationStatus,
      from: event.at,
      evidenceId: event.evidenceId,
      ...saidIn(event.detail),
      source: sourceOf(event.detail.source),
    })),
  ];
  return spans
    .map((span, i) => ({ ...span, until: spans[i + 1]?.from ?? life.now, open: i === spans.length - 1 }))
    .filter((span) => span.open || span.until > span.from);
}

/**
 * Where the present status began, whatever was said about its reason and dates since: `firstSeenByUs` of a revocation, which
 * a CA may correct later (certificate-status §1).
 */
export const lastRun = (episodes: readonly Episode[]): Episode | null =>
  episodes[episodes.findLastIndex(({ status }) => status !== episodes.at(-1)!.status) + 1] ?? null;

const NOTHING = { evidenceId: null, reason: null, revokedAt: null, invalidityAt: null, source: 'none' as const };
/** Reason and dates as a change of status wrote them down. */
export const saidIn = ({ reason, revokedAt, invalidityAt }: Event['detail']) => ({
  reason: numberOf(reason),
  revokedAt: numberOf(revokedAt),
  invalidityAt: numberOf(invalidityAt),
});
const numberOf = (value: unknown): number | null => (typeof value === 'number' ? value : null);
const sourceOf = (value: unknown): Episode['source'] => (value === 'crl' || value === 'ocsp' ? value : 'none');
