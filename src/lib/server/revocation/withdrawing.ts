// Takes back what a signer of lists or of answers said who is believed no more: rejected by a person, revoked, taken back by
// the office, or cut off from every anchor. Who is good by it is derived again without it; what it revoked or put on hold stays
// (certificate-status §4: `revoked` is terminal, a hold ends by newer evidence only).
import { transact, type Context } from '../context.ts';
import { system } from './applying.ts';
import { nothing, tally, write, type Applied } from './believing.ts';
import { AnswerSigners } from './answer-signers.ts';
import { isFrozen } from './clock.ts';
import { inChunks } from './confirming.ts';
import { holdAgain } from './holding-again.ts';
import { Issuers } from './issuers.ts';
import { isBelieved } from './list-lines.ts';
import { derive } from './rederiving.ts';
import { isLineSound } from './standing.ts';
import * as store from './store.ts';

/**
 * Certificates of the first piece; each piece walks the issuer's past once and is twice as large as the one before, so that the
 * first are soon written down, a death loses half at most, and all together take little longer than one walk.
 */
const FIRST = 100;

/** Certificates of an issuer, and the CAs it certified; nothing to do, nearly always. Twice is as once. */
export async function withdraw(ctx: Context, issuerKey: string): Promise<Applied> {
  const total = nothing();
  const issuers = Issuers.read(ctx.db);
  if (isFrozen(ctx)) return total;
  const own = system(ctx);
  await holdAgain(own, issuerKey, issuers);
  const ids = [...leaning(ctx, issuerKey, issuers), ...(await leaningOnAnswers(own, issuerKey, issuers))];
  if (ids.length === 0) return total;
  // Its last list waits for the day on which its signer is believed again.
  transact(own, (tx) => {
    for (const line of store.linesOf(tx.db, issuerKey))
      if (line.appliedAt !== null && !isLineSound(tx, line, issuers)) store.crossAgain(tx.db, issuerKey, line.scope);
  });
  const issuerName = issuers.nameOf(issuerKey);
  for (let piece = FIRST, at = 0; at < ids.length; at += piece, piece *= 2)
    await deriveAgain(own, { issuerKey, issuerName }, ids.slice(at, at + piece), total);
  return total;
}

type Issuer = { issuerKey: string; issuerName: string };

/** Derives a piece, and writes it in short transactions. */
async function deriveAgain(own: Context, issuer: Issuer, ids: readonly string[], total: Applied): Promise<void> {
  const order = store.lastOrder(own.db);
  const rows = ids.flatMap((id) => store.checkedById(own.db, id) ?? []);
  const derived = await derive(own, issuer.issuerKey, rows);
  // News may have come about one of them meanwhile.
  const stands = (tx: Context, { row }: (typeof derived)[number]) =>
    store.checkedById(tx.db, row.id)?.state.evidenceId === row.state.evidenceId;
  const put = (some: typeof derived) =>
    transact(own, (tx) =>
      write(
        tx,
        some.filter((one) => stands(tx, one)),
        { issuerName: issuer.issuerName, order },
      ),
    );
  await inChunks({ items: derived, write: (some) => tally(total, put(some)) });
}

/** Who is good by a list whose silence means nothing any more. */
function leaning(ctx: Context, issuerKey: string, issuers: Issuers): string[] {
  const byList = Map.groupBy(store.goodByOthers(ctx.db, issuerKey), ({ evidenceId }) => evidenceId);
  return [...byList].flatMap(([evidenceId, own]) => {
    const list = store.evidenceById(ctx.db, evidenceId)!;
    return isBelieved(ctx, list, issuers) ? [] : own.map(({ id }) => id);
  });
}

/**
 * Answers of signers who are believed no more are nobody's newest word any longer. @returns who was good by such an answer,
 * also by one that a run forgot that was killed before it got further
 */
async function leaningOnAnswers(ctx: Context, issuerKey: string, issuers: Issuers): Promise<string[]> {
  const signers = store.answerSigners(ctx.db, issuerKey);
  if (signers.length === 0) return [];
  const known = new AnswerSigners(ctx, issuerKey, issuers);
  const inVain = <T extends Parameters<AnswerSigners['isBelieved']>[0]>(answers: readonly T[]): T[] =>
    answers.filter((answer) => !known.isBelieved(answer));
  const doubted = signers.filter((signer) => !known.isAlwaysBelieved(signer));
  const vain = doubted.flatMap((signer) => inVain(store.mildAnswersOf(ctx.db, issuerKey, signer)));
  const drop = (some: typeof vain) =>
    transact(ctx, (tx) => {
      for (const { id, certificateId } of some) store.dropAnswer(tx.db, certificateId, id);
    });
  await inChunks({ items: vain, write: drop });
  return doubted
    .flatMap((signer) => inVain(store.restingOnAnswers(ctx.db, issuerKey, signer)))
    .map(({ certificateId }) => certificateId);
}
