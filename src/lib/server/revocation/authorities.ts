// What lists say about the CA certificates that a key issued (certificate-status §4, as for any certificate): a revoked one,
// or one on hold, makes every path through it `ca_revoked`; a revocation is for ever, a hold ends by newer evidence.
import * as certificates from '../certificates/index.ts';
import type { Context } from '../context.ts';
import * as settings from '../settings/index.ts';
import { raiseAbout } from './authority-signals.ts';
import { decide, NOTHING_KNOWN, type State, type Word } from './decide.ts';
import type { Issuers, KnownIssuer } from './issuers.ts';
import * as store from './store.ts';
import { subjectOfView, wordOfLists, type Held } from './subject.ts';
import { remember, type Memory } from './words-of.ts';

/** Judges the CA certificates of an issuer key by its lists, records what changed and tells people what is odd. */
export function applyAuthorities(tx: Context, run: Memory, issuers: Issuers): void {
  const policy = { ...settings.get(tx, 'freshness'), authority: true };
  for (const ca of issuers.issuedBy(run.issuerKey)) {
    const { serial, notAfter } = ca.view;
    const listing = ({ scope }: Held) => run.listings.get(`${scope} ${serial}`);
    const said = wordOfLists(run.lists, subjectOfView(ca.view), listing);
    if (!said.word) continue;
    const present = recorded(tx, ca);
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
  }
}

/** The record of a CA certificate keeps a date and an object; whether it is a hold the trail says, whatever became of the object. */
function recorded(ctx: Context, ca: KnownIssuer): State {
  const evidence = ca.evidenceId === null ? undefined : store.evidenceById(ctx.db, ca.evidenceId);
  const { revokedAt } = ca;
  if (!evidence) return revokedAt === null ? NOTHING_KNOWN : { ...NOTHING_KNOWN, status: 'revoked', revokedAt };
  const { id: evidenceId, thisUpdate, nextUpdate } = evidence;
  const state: State = { ...NOTHING_KNOWN, source: 'crl', evidenceId, thisUpdate, nextUpdate, revokedAt };
  if (revokedAt === null) return { ...state, status: 'released' };
  return { ...state, status: certificates.heldAuthorities(ctx).has(ca.id) ? 'on_hold' : 'revoked' };
}
