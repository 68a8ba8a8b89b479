// CA certificates whose hold a signer of lists or answers ended who is believed no more (withdrawing.ts): without that signer's
// word nothing newer than the hold said that it is over (certificate-status §2 no. 3, §4), so that the CA is on hold again.
import { setImmediate } from 'node:timers/promises';
import * as certificates from '../certificates/index.ts';
import { AnswerSigners } from './answer-signers.ts';
import { transact, type Context } from '../context.ts';
import type { Word } from './decide.ts';
import { Issuers, type KnownIssuer } from './issuers.ts';
import { isBelieved } from './list-lines.ts';
import { reportLost } from './lost.ts';
import { headOf, heldLists, momentNow, standingAt } from './standing.ts';
import * as store from './store.ts';
import { subjectOfView, wordOfLists } from './subject.ts';

/** Nothing to do, nearly always. Twice is as once. */
export async function holdAgain(ctx: Context, issuerKey: string, issuers: Issuers): Promise<void> {
  for (const ca of issuers.issuedBy(issuerKey)) {
    if (!isReleasedInVain(ctx, ca, issuers)) continue;
    const word = (await lastWord(ctx, ca, issuerKey, issuers)) ?? unended(ctx, ca);
    transact(ctx, (tx) => {
      // News may have come about it meanwhile.
      if (Issuers.read(tx.db).all.find(({ id }) => id === ca.id)?.evidenceId !== ca.evidenceId) return;
      // Nothing that is believed says that it is good; it was never on hold.
      if (!word) return certificates.recordAuthorityEvidence(tx, ca.id, null);
      const { evidenceId, revokedAt } = word;
      const status = word.status === 'on_hold' ? 'on_hold' : 'revoked';
      certificates.recordAuthorityRevocation(tx, ca.id, { status, revokedAt: revokedAt!, evidenceId });
    });
  }
}

/** Whether a CA is held no more, or good, by what is believed no more. */
function isReleasedInVain(ctx: Context, { revokedAt, evidenceId }: KnownIssuer, issuers: Issuers): boolean {
  const said = revokedAt === null && evidenceId !== null ? store.evidenceById(ctx.db, evidenceId) : undefined;
  if (!said) return false;
  return said.kind === 'ocsp'
    ? !new AnswerSigners(ctx, said.issuerKey, issuers).isBelieved(said)
    : !isBelieved(ctx, said, issuers);
}

/**
 * A hold that only a responder ended who is believed no more: no list may have known of it, so that none can tell that it is
 * over; it ends by what comes newer.
 */
function unended(ctx: Context, { id, evidenceId }: KnownIssuer): LastWord | null {
  const answer = evidenceId === null ? undefined : store.evidenceById(ctx.db, evidenceId);
  return answer?.kind === 'ocsp' && certificates.releasedAuthorities(ctx).has(id)
    ? { status: 'on_hold', evidenceId: answer.id, revokedAt: answer.thisUpdate }
    : null;
}

type LastWord = Pick<Word, 'status' | 'evidenceId' | 'revokedAt'>;

/** What the newest lists name a CA as, by whom is believed today; null: a list that counts says that it is good. */
async function lastWord(ctx: Context, ca: KnownIssuer, issuerKey: string, issuers: Issuers): Promise<LastWord | null> {
  const moment = momentNow(ctx, issuerKey);
  const wanted = new Set([ca.view.serial]);
  for (const { order } of store.acceptances(ctx.db, issuerKey).reverse()) {
    const then = standingAt(ctx, issuerKey, order);
    const gone: store.EvidenceRow[] = [];
    const lists = heldLists(ctx, then, wanted, moment, issuers, (each) => {
      reportLost(ctx, [each]);
      gone.push(headOf(each));
    });
    const { word } = wordOfLists(lists, subjectOfView(ca.view));
    if (word?.status === 'revoked' || word?.status === 'on_hold') return word;
    // Nobody can say any more that this was not the list that put it on hold.
    const [lost] = gone;
    if (lost) return { status: 'on_hold', evidenceId: lost.id, revokedAt: lost.thisUpdate };
    if (word?.status === 'good' && !word.quarantined && !word.doubtful) return null;
    await setImmediate();
  }
  return null;
}
