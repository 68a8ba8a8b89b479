// What lists say about the CA certificates that a key issued (certificate-status §4, as for any certificate): a revoked one,
// or one on hold, makes every path through it `ca_revoked`; a revocation is for ever, a hold ends by newer evidence.
import { isNeverIssued } from '#lib/status-words.ts';
import * as certificates from '../certificates/index.ts';
import type { Context } from '../context.ts';
import * as settings from '../settings/index.ts';
import { raiseAbout, tellOf } from './authority-signals.ts';
import { decide, freshUntil, NOTHING_KNOWN, type State, type Word } from './decide.ts';
import { Issuers, type KnownIssuer } from './issuers.ts';
import * as store from './store.ts';
import { subjectOfView, wordOfLists, type Held } from './subject.ts';
import { remember, wordOfAnswer, type Memory } from './words-of.ts';

/** Judges the CA certificates of an issuer key by its lists, records what changed and tells people what is odd. */
export function applyAuthorities(tx: Context, run: Memory, issuers: Issuers): void {
  const policy = { ...settings.get(tx, 'freshness'), authority: true };
  for (const ca of issuers.issuedBy(run.issuerKey)) {
    const { serial, notAfter } = ca.view;
    const listing = ({ scope }: Held) => run.listings.get(`${scope} ${serial}`);
    const said = wordOfLists(run.lists, subjectOfView(ca.view), listing);
    if (!said.word) continue;
    const present = recorded(tx, ca);
    // Of whom nothing certain was known, a list that lost its entries proves nothing by not naming it (words-of.ts).
    if (said.word.quarantined && said.word.status === 'good' && present.evidenceId === null) continue;
    const speaks = run.lists.find(({ evidenceId }) => evidenceId === said.word!.evidenceId)!;
    const known = { ...present, ...saidOf(present, listing(speaks) ?? said.word) };
    remember(tx, serial, said, run);
    const { state, events } = decide(known, [withRemoval(said.word, present)], policy, notAfter.ms);
    record(tx, ca, present, state);
    raiseAbout(tx, ca, events, (kind) =>
      kind === 'early_removal' ? removedBy(run, serial, present) : state.evidenceId,
    );
  }
}

/** Judges a CA certificate by what its responder answered just now (asking-authorities.ts). */
export function applyAnswer(tx: Context, known: KnownIssuer, answer: Omit<store.AnswerRow, 'certificateId'>): void {
  const ca = Issuers.read(tx.db).all.find(({ id }) => id === known.id);
  if (!ca) return;
  const present = recorded(tx, ca);
  const policy = { ...settings.get(tx, 'freshness'), authority: true };
  const { state } = decide(present, [wordOfAnswer(answer)], policy, ca.view.notAfter.ms);
  record(tx, ca, present, state);
  // Each answer is an object of its own: what it said before is no news.
  if (answer.status === 'non_issued' && !isNeverIssued(present))
    tellOf(tx, ca, { kind: 'non_issued', evidenceId: answer.evidenceId, facts: {} });
}

/** The record of a CA certificate keeps a date only; why it is revoked, and since when, is what lists said of it last. */
const saidOf = (
  { status }: State,
  { reason, revokedAt, invalidityAt }: Pick<State, 'reason' | 'revokedAt' | 'invalidityAt'>,
): Partial<State> => (status === 'revoked' ? { reason, revokedAt, invalidityAt } : {});

/** What vanished from a list under quarantine vanished with many others: nobody is asked about each. */
const withRemoval = (word: Word, { status }: State): Word => ({
  ...word,
  removed: !word.quarantined && (word.removed === true || (word.status === 'good' && status === 'revoked')),
});

/** The list that left it out first; of one that was revoked before anybody kept that, what its revocation rests on. */
const removedBy = ({ listings }: Memory, serial: string, present: State): string | null =>
  [...listings.values()].find((one) => one.serial === serial && one.removedEvidenceId)?.removedEvidenceId ??
  present.evidenceId;

function record(ctx: Context, ca: KnownIssuer, present: State, { status, revokedAt, evidenceId }: State): void {
  if (status === 'revoked' || status === 'on_hold') {
    // The newest list that holds is the one that a release must outdate.
    if (status !== present.status || (status === 'on_hold' && evidenceId !== present.evidenceId))
      certificates.recordAuthorityRevocation(ctx, ca.id, { status, revokedAt: revokedAt!, evidenceId });
  } else if (status === 'released' && present.status === 'on_hold') {
    certificates.recordAuthorityRelease(ctx, ca.id, { evidenceId: evidenceId! });
    store.askUntrusted(ctx.db, ctx.now());
  } else if (status === 'good' || status === 'released') {
    if (evidenceId !== present.evidenceId) certificates.recordAuthorityEvidence(ctx, ca.id, evidenceId);
  }
}

/**
 * The record of a CA certificate keeps a date and an object; whether it is a hold, or was one, the trail says, whatever became
 * of the object.
 */
function recorded(ctx: Context, ca: KnownIssuer): State {
  const evidence = ca.evidenceId === null ? undefined : store.evidenceById(ctx.db, ca.evidenceId);
  const { revokedAt } = ca;
  if (!evidence) return revokedAt === null ? NOTHING_KNOWN : { ...NOTHING_KNOWN, status: 'revoked', revokedAt };
  const { id: evidenceId, kind: source, thisUpdate, nextUpdate, acceptedAt: confirmedAt } = evidence;
  const word = { source, thisUpdate, nextUpdate, confirmedAt };
  const until = freshUntil(word, { ...settings.get(ctx, 'freshness'), authority: true });
  const state: State = { ...NOTHING_KNOWN, ...word, evidenceId, revokedAt, freshUntil: until };
  if (revokedAt === null)
    return { ...state, status: certificates.releasedAuthorities(ctx).has(ca.id) ? 'released' : 'good' };
  return { ...state, status: certificates.heldAuthorities(ctx).has(ca.id) ? 'on_hold' : 'revoked' };
}
