// Why a certificate has the revocation status it has: facet by facet with clause, the evidence, the three times of a
// revocation, the line of time, what is asked next. Reading only.
import { dateTime, relative } from '#lib/format.ts';
import { chainWords } from '#lib/terms.ts';
import * as certificates from '../certificates/index.ts';
import type { Context } from '../context.ts';
import * as settings from '../settings/index.ts';
import { wordOfAnswer } from './words-of.ts';
import { freshUntil } from './decide.ts';
import { facetsOf, type FacetWords } from './facet-words.ts';
import { episodesOf, type Episode } from './episodes.ts';
import * as store from './store.ts';
import { stateOf, type SourceView } from './views.ts';
import { answerWords, crlNumber } from './views-decode.ts';

export type Explanation = {
  sentence: string;
  facets: FacetWords[];
  /** What it rests on: source, its time, when it was checked; null when there is no verified evidence yet. */
  evidence: { id: string; text: string; href: string } | null;
  /** When it is asked next, UTC ms; null when nothing is asked. */
  nextCheckAt: number | null;
  sources: { id: string; kind: 'crl' | 'ocsp'; url: string; state: SourceView['state']; href: string }[];
  /** The OCSP answer held besides, when the list is the evidence, or the other way round. */
  also: string | null;
  signals: { id: string; kind: store.SignalRow['kind']; at: number; settledAt: number | null }[];
  /** Spans of the revocation facet, oldest first. */
  episodes: Episode[];
};

/** Why a certificate has the revocation status it has. @throws AppError not_found, also outside the actor's scope */
export function explain(ctx: Context, certificateId: string): Explanation {
  const now = ctx.now();
  const row = certificates.get(ctx, certificateId);
  const held = row.evidenceId ? store.evidenceById(ctx.db, row.evidenceId) : undefined;
  const checked = store.checkedById(ctx.db, certificateId);
  const named = checked?.issuerKey
    ? store.sourcesOfIssuer(ctx.db, checked.issuerKey).filter((s) => s.retiredAt === null)
    : [];
  const own = named.filter((s) => (s.kind === 'crl' ? row.crlUrls : row.ocspUrls).includes(s.url));
  const lists = own.filter((s) => s.kind === 'crl');
  return {
    sentence: row.status.sentence,
    facets: facetsOf(row, now, chainWords[row.chain]),
    evidence: held ? { id: held.id, text: evidenceText(held, row.confirmedAt), href: `/evidence/${held.id}` } : null,
    nextCheckAt: lists.length ? Math.min(...lists.map((s) => s.dueAt)) : null,
    sources: own.map((s) => ({
      id: s.id,
      kind: s.kind,
      url: s.url,
      state: stateOf(s, s.evidenceId ? store.evidenceById(ctx.db, s.evidenceId) : undefined, now),
      href: `/sources/${s.id}`,
    })),
    also: alsoSaid(ctx, certificateId, held),
    signals: store.signalsOf(ctx.db, certificateId).map(({ id, kind, at, settledAt }) => ({ id, kind, at, settledAt })),
    episodes: episodesOf(
      row.events.filter((event) => event.facet === 'revocation'),
      { addedAt: row.addedAt, now },
    ),
  };
}

/** An evidence in a line: what it is, when it was issued, when it was checked. */
export function evidenceText(held: store.EvidenceRow, confirmedAt: number | null): string {
  const what =
    held.kind === 'crl'
      ? `CRL ${held.issuerName}${held.crlNumber === null ? '' : ` nomor ${crlNumber(held.crlNumber)}`}`
      : `Jawaban OCSP ${held.issuerName}`;
  const carried = held.origin === 'uploaded' ? ', diunggah petugas' : '';
  return `${what}, terbit ${dateTime(held.thisUpdate)}${carried}; diperiksa ${dateTime(confirmedAt ?? held.acceptedAt)}.`;
}

function alsoSaid(ctx: Context, certificateId: string, held: store.EvidenceRow | undefined): string | null {
  const answer = store.answerOf(ctx.db, certificateId);
  if (!answer || held?.kind === 'ocsp') return null;
  const word =
    answer.status === 'non_issued'
      ? 'tidak pernah diterbitkan'
      : answerWords[answer.status === 'on_hold' ? 'revoked' : answer.status];
  const until = freshUntil(wordOfAnswer(answer), settings.get(ctx, 'freshness'));
  const now = ctx.now();
  return `OCSP pada ${dateTime(answer.thisUpdate)}: ${word}${until < now ? `, lewat masa pakainya ${relative(until, now)}` : ''}.`;
}
