// Findings that stand as long as two verified sources contradict each other (certificate-status §6), by one rule: an episode is
// told once, however often a source repeats itself and whoever settled it; it ends by itself when newer words of the sources
// contradict each other no more, and what contradicts again after that is told anew. Silence and stale evidence end nothing.
// What happened once (early removal, a reason that changed, numbers of lists, a list that shrank) is no such finding: it stays
// until a person judged it. A hint ("may be revoked") is moot when the revocation is proved.
import { isNeverIssued } from '#lib/status-words.ts';
import type { Context } from '../context.ts';
import type { Event, State, Word } from './decide.ts';
import { detailOf, isUnknown, sidesOf, type SignalKind } from './signal-words.ts';
import * as store from './store.ts';

type Finding = Pick<store.SignalRow, 'kind' | 'detail'>;

/**
 * What contradicts what; two of one shape are one finding. null: nothing that stands. A conflict that names no sides was
 * raised before they were kept.
 */
export function shapeOf(finding: Finding): string | null {
  if (finding.kind === 'non_issued' || finding.kind === 'hint') return finding.kind;
  if (finding.kind === 'lag') return isUnknown(finding) ? 'unknown' : null;
  if (finding.kind !== 'conflict') return null;
  const detail = detailOf(finding.detail);
  const sides = sidesOf(detail);
  return `conflict ${sides?.revoking.source} ${sides?.good.source} ${detail['hold'] === true}`;
}

/** A decision's event as the finding that it would be. */
export const findingOf = (event: Event): Finding => ({ kind: event.kind as SignalKind, detail: JSON.stringify(event) });

/** Whether an episode of this shape goes on: it needs no second finding. */
export const goesOn = (episodes: readonly Finding[], shape: string): boolean =>
  episodes.some((one) => shapeOf(one) === shape && detailOf(one.detail)['over'] === undefined);

/** Ends the episodes of one certificate that its words contradict no more. */
export function endEpisodes(
  tx: Context,
  episodes: readonly store.SignalRow[],
  now: { state: State; words: readonly Word[]; events: readonly Event[] },
): void {
  const shapes = new Set(now.events.map((event) => shapeOf(findingOf(event))));
  for (const { id, kind, detail, settledAt } of episodes) {
    const why = shapes.has(shapeOf({ kind, detail })) ? null : endOf({ kind, detail }, now.state, now.words);
    if (why === null) continue;
    const over = JSON.stringify({ ...detailOf(detail), over: tx.now() });
    const settled = settledAt === null ? { settledAt: tx.now(), settledBy: 'system', settledWhy: why } : {};
    store.setSignal(tx.db, id, { detail: over, ...settled });
  }
}

/** Why a contradiction is over by what the sources say now; null: they do not say so. */
export function endOf(finding: Finding, state: State, words: readonly Word[]): string | null {
  const said = (source: unknown) => words.find((word) => word.source === source);
  const revokes = (source: unknown) => ['revoked', 'on_hold'].includes(said(source)?.status ?? '');
  const isGood = (source: unknown) => said(source)?.status === 'good';
  if (finding.kind === 'hint')
    return state.status === 'revoked' ? 'Berakhir sendiri: pencabutannya kini terbukti oleh bukti yang sah.' : null;
  if (finding.kind === 'non_issued') {
    const answer = said('ocsp');
    const knows = answer && (isGood('ocsp') || revokes('ocsp')) && !isNeverIssued(answer);
    return knows ? 'Berakhir sendiri: responder OCSP penerbit kini mengenal sertifikat ini.' : null;
  }
  if (finding.kind === 'lag') {
    if (isGood('ocsp') || revokes('ocsp')) return 'Berakhir sendiri: responder OCSP kini mengenal sertifikat ini.';
    return revokes('crl') ? 'Berakhir sendiri: CRL kini mencantumkan sertifikat ini; statusnya mengikuti CRL.' : null;
  }
  const sides = sidesOf(detailOf(finding.detail));
  const follows = sides ? revokes(sides.good.source) : revokes('crl') && revokes('ocsp');
  if (follows)
    return 'Berakhir sendiri: sumber yang tadinya mengatakan tidak dicabut kini ikut mengatakan dicabut atau ditangguhkan.';
  // Revoked is terminal: that whoever revoked is silent now ends no question about it.
  const isBack = state.status !== 'revoked' && isGood('crl') && isGood('ocsp');
  return isBack ? 'Berakhir sendiri: penangguhannya dilepas; kedua sumber kini mengatakan tidak dicabut.' : null;
}
