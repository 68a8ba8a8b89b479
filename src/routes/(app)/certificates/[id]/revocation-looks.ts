// How each value of the revocation facet looks on a line of time. Pure.
import type { IconName } from '#lib/components/icons.ts';
import type { Episode } from '#lib/server/revocation/index.ts';
import { capital, dateTime, shortDate } from '#lib/format.ts';
import { isNeverIssued, reasonWord, revocationWord, revokedSince } from '#lib/status-words.ts';
import { neverIssued, type Tone } from '#lib/terms.ts';

const looks: Record<Episode['status'], { tone: Tone; icon: IconName }> = {
  good: { tone: 'ok', icon: 'circle-check' },
  released: { tone: 'ok', icon: 'undo-2' },
  revoked: { tone: 'bad', icon: 'ban' },
  on_hold: { tone: 'bad', icon: 'circle-pause' },
  conflict: { tone: 'bad', icon: 'git-compare' },
  unknown: { tone: 'mute', icon: 'circle-question-mark' },
  undetermined: { tone: 'mute', icon: 'circle-dashed' },
  not_checkable: { tone: 'mute', icon: 'circle-slash' },
  not_applicable: { tone: 'off', icon: 'circle-check' },
};

/** Badge of a span: word with a capital, colour, icon. */
export function lookOf(episode: Pick<Episode, 'status' | 'source' | 'revokedAt'>) {
  const word = revocationWord(episode);
  const { tone, icon } = isNeverIssued(episode) ? neverIssued : looks[episode.status];
  return { tone, icon, text: capital(word) };
}

/** What the CA changed of what it had said, in a span that has the status of the one before; '' where that changed. */
export function changeOf(episode: Episode, before: Episode | undefined): string {
  if (before?.status !== episode.status) return '';
  const [now, then] = [revokedSince(episode), revokedSince(before)];
  return [
    ...(isNeverIssued(episode) || (episode.reason ?? 0) === (before.reason ?? 0)
      ? []
      : [`alasan: ${reasonWord(episode.reason)}`]),
    ...(now === null || now === then ? [] : [`tanggal: ${shortDate(now)}`]),
    ...(episode.invalidityAt === before.invalidityAt
      ? []
      : [
          episode.invalidityAt === null
            ? 'tanpa tanggal diragukan'
            : `diragukan sejak ${shortDate(episode.invalidityAt)}`,
        ]),
  ].join(', ');
}

/** How far the last span reaches: what is not proved until now is said as of when. */
export const until = (provedUntil: number | null): string =>
  provedUntil === null ? ', sekarang' : `, menurut bukti ${dateTime(provedUntil)}`;
