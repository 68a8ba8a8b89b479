// Takes back what a signer of lists or of answers said who is believed no more: rejected by a person, revoked, taken back by
// the office, or cut off from every anchor. Who is good by it is derived again without it; what it revoked or put on hold stays
// (certificate-status §4: `revoked` is terminal, a hold ends by newer evidence only).
import { transact, type Context } from '../context.ts';
import { Pace } from '../db/pace.ts';
import { system } from './applying.ts';
import { tally, write, type Applied } from './believing.ts';
import { AnswerSigners } from './answer-signers.ts';
import { isFrozen } from './clock.ts';
import { holdAgain } from './holding-again.ts';
import { Issuers } from './issuers.ts';
import { isBelieved } from './list-lines.ts';
import { derive } from './rederiving.ts';
import { isLineSound } from './standing.ts';
import * as store from './store.ts';

/** Certificates of an issuer, and the CAs it certified; nothing to do, nearly always. Twice is as once. */
export async function withdraw(ctx: Context, issuerKey: string): Promise<Applied> {
  const total: Applied = { checked: 0, changed: 0, revoked: 0 };
  const issuers = Issuers.read(ctx.db);
  if (isFrozen(ctx)) return total;
  const own = system(ctx);
  await holdAgain(own, issuerKey, issuers);
  const rows = [...leaning(ctx, issuerKey, issuers), ...leaningOnAnswers(own, issuerKey, issuers)];
  if (rows.length === 0) return total;
  const order = store.lastOrder(ctx.db);
  const issuerName = issuers.nameOf(issuerKey);
  const derived = await derive(own, issuerKey, rows);
  const pace = new Pace();
  while (derived.length > 0) {
    const some = derived.splice(0, pace.rows);
    const taken = pace.take(() =>
      transact(own, (tx) => {
        // News may have come about one of them meanwhile.
        const same = some.filter(
          ({ row }) => store.checkedById(tx.db, row.id)?.state.evidenceId === row.state.evidenceId,
        );
        return write(tx, same, { issuerName, order });
      }),
    );
    tally(total, taken);
    await pace.rest();
  }
  // Its last list waits for the day on which its signer is believed again.
  transact(own, (tx) => {
    for (const line of store.linesOf(tx.db, issuerKey))
      if (line.appliedAt !== null && !isLineSound(tx, line, issuers)) store.crossAgain(tx.db, issuerKey, line.scope);
  });
  return total;
}

/** Who is good by a list whose silence means nothing any more. */
function leaning(ctx: Context, issuerKey: string, issuers: Issuers): store.Checked[] {
  const byList = Map.groupBy(store.goodByOthers(ctx.db, issuerKey), ({ evidenceId }) => evidenceId);
  return [...byList].flatMap(([evidenceId, own]) => {
    const list = store.evidenceById(ctx.db, evidenceId)!;
    return isBelieved(ctx, list, issuers) ? [] : own.flatMap(({ id }) => store.checkedById(ctx.db, id) ?? []);
  });
}

/**
 * Answers of signers who are believed no more are nobody's newest word any longer. @returns who was good by such an answer,
 * also by one that a run forgot that was killed before it got further
 */
function leaningOnAnswers(ctx: Context, issuerKey: string, issuers: Issuers): store.Checked[] {
  const signers = store.answerSigners(ctx.db, issuerKey);
  if (signers.length === 0) return [];
  const known = new AnswerSigners(ctx, issuerKey, issuers);
  const inVain = <T extends Parameters<AnswerSigners['isBelieved']>[0]>(answers: readonly T[]): T[] =>
    answers.filter((answer) => !known.isBelieved(answer));
  const doubted = signers.filter((signer) => !known.isAlwaysBelieved(signer));
  const vain = doubted.flatMap((signer) => inVain(store.mildAnswersOf(ctx.db, issuerKey, signer)));
  if (vain.length > 0)
    transact(ctx, (tx) => {
      for (const { id, certificateId } of vain) store.dropAnswer(tx.db, certificateId, id);
    });
  return doubted
    .flatMap((signer) => inVain(store.restingOnAnswers(ctx.db, issuerKey, signer)))
    .flatMap(({ certificateId }) => store.checkedById(ctx.db, certificateId) ?? []);
}
