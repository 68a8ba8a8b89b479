// CA certificates whose hold a signer of lists ended who is believed no more (withdrawing.ts): without that signer's silence
// nothing newer than the hold said that it is over (certificate-status §2 no. 3, §4), so that the CA is on hold again.
import { setImmediate } from 'node:timers/promises';
import * as certificates from '../certificates/index.ts';
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
    const word = await lastWord(ctx, ca, issuerKey, issuers);
    if (!word) continue;
    transact(ctx, (tx) => {
      const { evidenceId, revokedAt } = word;
      const status = word.status === 'on_hold' ? 'on_hold' : 'revoked';
      // News may have come about it meanwhile.
      if (Issuers.read(tx.db).all.find(({ id }) => id === ca.id)?.evidenceId === ca.evidenceId)
        certificates.recordAuthorityRevocation(tx, ca.id, { status, revokedAt: revokedAt!, evidenceId });
    });
  }
}

/** Whether a CA is held no more because of a list whose silence means nothing. */
function isReleasedInVain(ctx: Context, { revokedAt, evidenceId }: KnownIssuer, issuers: Issuers): boolean {
  const list = revokedAt === null && evidenceId !== null ? store.evidenceById(ctx.db, evidenceId) : undefined;
  return list !== undefined && !isBelieved(ctx, list, issuers);
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
