// One report by id or number, and who made it.
import * as audit from '../audit/index.ts';
import type { Context } from '../context.ts';
import { notFound } from '../errors.ts';
import * as store from './store.ts';

/** @throws AppError not_found */
export function existing(ctx: Context, id: string): store.Report {
  const row = store.reportById(ctx.db, id) ?? store.reportByNumber(ctx.db, id);
  if (!row) throw notFound('Laporan tidak ditemukan.');
  return row;
}

/** Whether the actor asked for this version or changed it, whoever did so last. */
export function madeBy(ctx: Context, row: store.Report): boolean {
  const makers = audit.doers(ctx, ['report', row.id], ['report.requested', 'report.edited', 'report.refreshed']);
  return [row.requestedBy, row.editedBy, ...makers].includes(audit.actorKey(ctx.actor));
}
