// Why a certificate has the revocation status it has: facet by facet with clause, the evidence, the three times of a
// revocation, the line of time, what is asked next. Reading only.
import { capital, dateTime, relative } from '#lib/format.ts';
import { chainWords } from '#lib/terms.ts';
import { HOUR } from '../calendar.ts';
import * as certificates from '../certificates/index.ts';
import { freshness } from '../certificates/label.ts';
import type { Context } from '../context.ts';
import * as settings from '../settings/index.ts';
import { wordOfAnswer } from './words-of.ts';
import { basisOf, type Basis } from './basis.ts';
import { isFrozen } from './clock.ts';
import { isCarried } from './confirmed-by.ts';
import { freshUntil } from './decide.ts';
import { evidenceName } from './evidence-name.ts';
import { facetsOf, type FacetWords } from './facet-words.ts';
import { issuersFacet } from './issuer-words.ts';
import { episodesOf, lastRun, type Episode } from './episodes.ts';
import { asksIssuer, storyOf } from './signal-words.ts';
import * as store from './store.ts';
import { stateOf, type SourceView } from './views.ts';
import { answerWords } from './views-decode.ts';
import { waitingFor, type Waiting } from './waiting.ts';

export type Explanation = {
  sentence: string;
  /** The answer in a few sentences, for the first screen. */
  basis: Basis;
  facets: FacetWords[];
  /** What was kept while our clock is doubted and will change the status; null: nothing. */
  /** An unusable list names it and nobody judged that yet: its owner is asked to stop, nobody is told that it is fit for use. */
  hinted: boolean;
  waiting: Waiting | null;
  /** What it rests on: source, its time, when it was checked; null when there is no verified evidence yet. */
  evidence: { id: string; text: string; href: string } | null;
  /** The last confirmation came with a file that somebody carried here. */
  carried: boolean;
  /** When it is asked next, UTC ms; null when nothing is asked. */
  nextCheckAt: number | null;
  sources: { id: string; kind: 'crl' | 'ocsp'; url: string; state: SourceView['state']; href: string }[];
  /** The OCSP answer held besides, when the list is the evidence, or the other way round. */
  also: string | null;
  signals: { id: string; kind: store.SignalRow['kind']; at: number; settledAt: number | null; what: string }[];
  /** Spans of the revocation facet, oldest first. */
  episodes: Episode[];
  /** How far the last span is proved, where that is not until now: its evidence grows old, or our clock is doubted. */
  provedUntil: number | null;
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
  const carried = held !== undefined && row.confirmedAt !== null && isCarried(ctx, held, row.confirmedAt);
  const above = issuersFacet(row.path, certificates.issuerStatuses(ctx, now));
  const facets = [...facetsOf(row, now, chainWords[row.chain], carried), ...(above ? [above] : [])];
  const signals = store.signalsOf(ctx.db, certificateId);
  const episodes = episodesOf(
    row.events.filter((event) => event.facet === 'revocation'),
    { addedAt: row.addedAt, now },
  );
  return {
    sentence: row.status.sentence,
    basis: basisOf(row, facets, {
      held: held ? { ...held, name: evidenceName(held) } : null,
      since: lastRun(episodes),
      asked: signals.some((signal) => signal.settledAt === null && asksIssuer(signal)),
    }),
    facets,
    hinted: row.revocation === 'good' && signals.some(({ kind, settledAt }) => kind === 'hint' && settledAt === null),
    waiting: waitingFor(ctx, certificateId),
    carried,
    evidence: held
      ? { id: held.id, text: evidenceText(ctx, held, row.confirmedAt), href: `/evidence/${held.id}` }
      : null,
    nextCheckAt: lists.length ? Math.min(...lists.map((s) => s.dueAt)) : askedAgainAt(row),
    sources: own.map((s) => ({
      id: s.id,
      kind: s.kind,
      url: s.url,
      state: stateOf(s, s.evidenceId ? store.evidenceById(ctx.db, s.evidenceId) : undefined, now),
      href: `/sources/${s.id}`,
    })),
    also: alsoSaid(ctx, certificateId, held),
    signals: signals.map(({ id, kind, at, settledAt, detail }) => ({
      id,
      kind,
      at,
      settledAt,
      what: storyOf({ kind, detail }).what,
    })),
    episodes,
    provedUntil: isProvedNow(ctx, row) ? null : row.confirmedAt,
  };
}

/** A revocation is final; anything else holds as far as fresh evidence says so by a clock that can be believed. */
const isProvedNow = (ctx: Context, row: ReturnType<typeof certificates.get>): boolean =>
  row.revocation === 'revoked' || (freshness(row, ctx.now()) === 'fresh' && !isFrozen(ctx));

/** Where no list speaks, the responder is asked an hour before its answer grows old, and never twice in an hour. */
function askedAgainAt(row: ReturnType<typeof certificates.get>): number | null {
  if (row.crlUrls.length || !row.ocspUrls.length || row.revocation === 'revoked' || row.confirmedAt === null)
    return null;
  return Math.max((row.freshUntil ?? 0) - HOUR, row.confirmedAt + HOUR);
}

/** An evidence in a line: what it is, when it was issued, when it was checked. */
export function evidenceText(ctx: Context, held: store.EvidenceRow, confirmedAt: number | null): string {
  const carried = confirmedAt === null ? held.origin === 'uploaded' : isCarried(ctx, held, confirmedAt);
  const name = evidenceName(held);
  const how = carried ? 'dikonfirmasi oleh berkas yang dibawa petugas' : 'diperiksa ke sumbernya';
  return `${capital(name)}, terbit ${dateTime(held.thisUpdate)}; ${how} ${dateTime(confirmedAt ?? held.acceptedAt)}.`;
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
