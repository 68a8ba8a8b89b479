// Closing a round, by two people: the first hands it over once the x-ray is clean or waived, the second confirms.
import * as audit from '../audit/index.ts';
import { transact, type Context } from '../context.ts';
import { accept, conflict, forbidden } from '../errors.ts';
import { demand } from '../permission.ts';
import { xrayRules } from '../../terms.ts';
import * as input from './input.ts';
import * as store from './store.ts';
import { demandOpen, roundOf, xrayOf, type Round } from './views.ts';
import { standing, UNWAIVABLE, type XrayRule } from './x-ray.ts';

/** Lets an x-ray rule through with a reason. Some rules nobody can waive. */
export function waive(ctx: Context, code: string, rule: XrayRule, reasonText: string): void {
  demand(ctx.actor, 'evaluations.close');
  const { reason } = accept(input.reasonInput, { reason: reasonText }, 'Alasan belum diisi.');
  const round = demandOpen(roundOf(ctx, code));
  const issue = xrayOf(ctx, round).find((i) => i.rule === rule);
  if (!issue) throw conflict('Pemeriksaan ini sudah bersih.');
  if (UNWAIVABLE.includes(rule)) throw forbidden('Pemeriksaan ini tidak dapat dilewatkan; selesaikan dulu.');
  transact(ctx, (tx) => {
    const by = audit.actorKey(ctx.actor);
    store.upsertWaiver(tx.db, { roundId: round.id, rule, count: issue.count, reason, by, at: ctx.now() });
    audit.record(tx, {
      action: 'evaluation.waived',
      targets: [['round', round.id]],
      details: { code, rule: xrayRules[rule], count: issue.count },
      reason,
    });
  });
}

/** First person: hands the round over for closing. Measures freeze here. @throws AppError conflict while the x-ray is not clean */
export function proposeClose(ctx: Context, code: string): void {
  demand(ctx.actor, 'evaluations.close');
  const round = demandOpen(roundOf(ctx, code));
  demandClean(ctx, round);
  transact(ctx, (tx) => {
    store.updateRound(tx.db, round.id, { closeProposedAt: ctx.now(), closeProposedBy: audit.actorKey(ctx.actor) });
    audit.record(tx, { action: 'evaluation.close_proposed', targets: [['round', round.id]], details: { code } });
  });
}

function demandClean(ctx: Context, round: Round): void {
  const waived = new Map(store.waiversOf(ctx.db, round.id).map((w) => [w.rule, w.count]));
  const left = standing(xrayOf(ctx, round), waived);
  if (left.length)
    throw conflict(`Belum dapat ditutup: ${left.map((issue) => xrayRules[issue.rule].toLowerCase()).join('; ')}.`);
}

/** Second person: closes for good. @throws AppError forbidden for the one who proposed it */
export function close(ctx: Context, code: string): void {
  demand(ctx.actor, 'evaluations.second');
  const round = demandProposed(ctx, code);
  if (round.closeProposedBy === audit.actorKey(ctx.actor)) {
    throw forbidden('Penutupan disahkan oleh orang kedua, bukan oleh yang mengusulkannya.');
  }
  demandClean(ctx, round);
  transact(ctx, (tx) => {
    store.updateRound(tx.db, round.id, { closedAt: ctx.now(), closedBy: audit.actorKey(ctx.actor) });
    audit.record(tx, { action: 'evaluation.closed', targets: [['round', round.id]], details: { code } });
  });
}

/** Second person (or the proposer): back to work, with the reason. */
export function returnClose(ctx: Context, code: string, reasonText: string): void {
  demand(ctx.actor, 'evaluations.second');
  const { reason } = accept(input.reasonInput, { reason: reasonText }, 'Alasan belum diisi.');
  const round = demandProposed(ctx, code);
  transact(ctx, (tx) => {
    store.updateRound(tx.db, round.id, { closeProposedAt: null, closeProposedBy: null });
    audit.record(tx, {
      action: 'evaluation.close_returned',
      targets: [['round', round.id]],
      details: { code },
      reason,
    });
  });
}

function demandProposed(ctx: Context, code: string): Round {
  const round = roundOf(ctx, code);
  if (round.closedAt !== null) throw conflict('Evaluasi ini sudah ditutup.');
  if (round.closeProposedAt === null) throw conflict('Penutupan evaluasi ini belum diusulkan.');
  return round;
}
