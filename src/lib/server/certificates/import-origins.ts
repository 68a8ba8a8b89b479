// By which imports a record came to be what it is. An import writes one entry in the trail for all of its rows; this
// leads from a row to it.
import type { Context } from '../context.ts';
import { connection } from '../db/index.ts';
import { demand } from '../permission.ts';
import { visible } from './owners.ts';

const CERTIFICATE = `select import_id from certificate where id = :id union
  select import_id from ownership where certificate_id = :id union
  select import_id from portal_said where certificate_id = :id`;
const HOLDER = `select import_id from holder where id = :id union
  select import_id from position where holder_id = :id`;

export type Origin = { id: string; number: string };
const read = (ctx: Context, sql: string, id: string): Origin[] =>
  connection(ctx.db).prepare(`select id, number from import_run where id in (${sql})`).all({ id }) as Origin[];

/** Imports that entered a certificate, named its owner or what the portal says of it. @throws AppError not_found */
export function importsOfCertificate(ctx: Context, id: string): Origin[] {
  demand(ctx.actor, 'certificates.view');
  return read(ctx, CERTIFICATE, visible(ctx, id).id);
}

/** Imports that entered a holder or one of the positions. */
export function importsOfHolder(ctx: Context, id: string): Origin[] {
  demand(ctx.actor, 'holders.view');
  return read(ctx, HOLDER, id);
}
