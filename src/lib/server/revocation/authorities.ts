// What lists say about the CA certificates that a key issued (certificate-status §4, as for any certificate): a revoked one,
// or one on hold, makes every path through it `ca_revoked`; a revocation is for ever, a hold ends by newer evidence.
import * as certificates from '../certificates/index.ts';
import type { Context } from '../context.ts';
import * as settings from '../settings/index.ts';
import { decide, NOTHING_KNOWN, type State } from './decide.ts';
import type { Issuers, KnownIssuer } from './issuers.ts';
import { reportLost } from './lost.ts';
import { heldLists, standingAt, type Moment } from './standing.ts';
import * as store from './store.ts';
import { subjectOfView, wordOfLists, type Held } from './subject.ts';

/** Judges the CA certificates of an issuer key by its lists and records what changed. */
export function applyAuthorities(
  ctx: Context,
  run: { issuerKey: string; lists: readonly Held[] },
  issuers: Issuers,
): void {
  const policy = { ...settings.get(ctx, 'freshness'), authority: true };
  for (const ca of issuers.issuedBy(run.issuerKey)) {
    const { word } = wordOfLists(run.lists, subjectOfView(ca.view));
    if (word) record(ctx, ca, issuers, (present) => decide(present, [word], policy, ca.view.notAfter.ms).state);
  }
}

function record(ctx: Context, ca: KnownIssuer, issuers: Issuers, next: (present: State) => State): void {
  const present = recorded(ctx, ca, issuers);
  const { status, revokedAt, evidenceId } = next(present);
  if (status === 'revoked' || status === 'on_hold') {
    // The newest list that holds is the one that a release must outdate.
    if (status !== present.status || (status === 'on_hold' && evidenceId !== present.evidenceId))
      certificates.recordAuthorityRevocation(ctx, ca.id, { status, revokedAt: revokedAt!, evidenceId });
  } else if (status === 'released' && present.status === 'on_hold') {
    certificates.recordAuthorityRelease(ctx, ca.id, { evidenceId: evidenceId! });
    store.askUntrusted(ctx.db, ctx.now());
  }
}

const LONG_AGO: Moment = { quarantined: () => false, confirmedAt: ({ acceptedAt }) => acceptedAt };

/**
 * The record of a CA certificate knows a date and an object; whether it was a hold is read from that object again; when
 * that is lost it counts as revoked, so that nothing releases it.
 */
function recorded(ctx: Context, ca: KnownIssuer, issuers: Issuers): State {
  const evidence = ca.evidenceId === null ? undefined : store.evidenceById(ctx.db, ca.evidenceId);
  const { revokedAt } = ca;
  if (!evidence) return revokedAt === null ? NOTHING_KNOWN : { ...NOTHING_KNOWN, status: 'revoked', revokedAt };
  const { id: evidenceId, issuerKey, thisUpdate, nextUpdate } = evidence;
  const state: State = { ...NOTHING_KNOWN, source: 'crl', evidenceId, thisUpdate, nextUpdate, revokedAt };
  if (revokedAt === null) return { ...state, status: 'released' };
  const then = standingAt(ctx, issuerKey, store.orderOf(ctx.db, evidenceId));
  const lists = heldLists(ctx, then, new Set([ca.view.serial]), LONG_AGO, issuers, (each) => reportLost(ctx, [each]));
  const { word } = wordOfLists(lists, subjectOfView(ca.view));
  return { ...state, status: word?.status === 'on_hold' ? 'on_hold' : 'revoked' };
}
