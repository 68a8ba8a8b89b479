// One finding: reading it with where its follow-up stands, and writing a new one.
import * as audit from '../audit/index.ts';
import type { Context } from '../context.ts';
import { newId } from '../db/index.ts';
import { notFound } from '../errors.ts';
import { scope } from '../permission.ts';
import * as settings from '../settings/index.ts';
import { standing, type Standing } from './follow-up.ts';
import * as rows from './finding-store.ts';

export type Finding = rows.Named<rows.FindingRow> & { standing: Standing };

/** @throws AppError not_found, also outside the actor's scope */
export function load(ctx: Context, number: string): Finding {
  const row = rows.findingByNumber(ctx.db, number, scope(ctx.actor));
  if (!row) throw notFound('Temuan ini tidak ada dalam daftar yang dapat Anda lihat.');
  return { ...row, standing: standing(row.dueOn, rows.stepsBy(ctx.db, row.id).get(row.id) ?? [], ctx.now()) };
}

/** What a person wrote of it. */
export type Content = Pick<
  rows.FindingRow,
  'title' | 'standard' | 'condition' | 'cause' | 'effect' | 'risk' | 'recommendation' | 'successMeasure' | 'dueOn'
>;
/** What it came from. */
export type Link = Pick<rows.FindingRow, 'agencyId' | 'roundId' | 'proposalId' | 'criterion' | 'rows' | 'regressionOf'>;
/** @returns its number */
export function insert(tx: Context, content: Content, link: Link, agency: string): string {
  const now = tx.now();
  const id = newId(now);
  const number = settings.allot(tx, 'T');
  rows.insertFinding(tx.db, { id, number, ...link, ...content, adoptedAt: now, adoptedBy: audit.actorKey(tx.actor) });
  audit.record(tx, {
    action: 'finding.adopted',
    targets: [
      ['finding', id],
      ['agency', link.agencyId],
    ],
    details: { number, agency },
  });
  return number;
}
