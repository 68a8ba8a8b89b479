// What every act on an incident needs: the incident by number, whether it is still worked on, and its trace.
import * as audit from '../audit/index.ts';
import type { Context } from '../context.ts';
import { conflict, invalid, notFound } from '../errors.ts';
import type { Dossier } from './dossier.ts';
import { stateFacts } from './facts.ts';
import { momentOf, type Moment, type When } from './moment.ts';
import { isOver, stateOf } from './states.ts';
import * as store from './store.ts';

/** The whole incident. @throws AppError not_found, also when the actor may not see it */
export function open(ctx: Context, number: string): Dossier {
  const id = store.idByNumber(ctx, number.toUpperCase());
  if (!id) throw notFound('Insiden ini tidak ada, atau bukan milik Perangkat Daerah Anda.');
  return store.dossier(ctx.db, id);
}

/** The incident of a row below it. */
export function openOf(ctx: Context, of: Parameters<typeof store.ownerOf>[1]): Dossier {
  const id = store.ownerOf(ctx, of);
  if (!id) throw notFound('Catatan ini tidak ada, atau bukan milik Perangkat Daerah Anda.');
  return store.dossier(ctx.db, id);
}

/** @throws AppError conflict when the incident is closed: it is re-opened first */
export function demandRunning(dossier: Dossier): Dossier {
  if (isOver(stateOf(stateFacts(dossier))))
    throw conflict(`${dossier.number} sudah ditutup. Buka kembali dengan alasan bila ada yang baru.`);
  return dossier;
}

/** A typed time as a moment. @throws AppError invalid with messages by field */
export function moment(ctx: Context, when: When, notBefore?: { at: number; what: string }): Moment {
  const result = momentOf(when, ctx.now(), notBefore);
  if ('fields' in result) throw invalid('Waktunya perlu diperiksa.', result.fields);
  return result;
}

/** One audit entry about an incident. */
export function trace(
  ctx: Context,
  dossier: Pick<Dossier, 'id' | 'number'>,
  entry: Omit<audit.Entry, 'targets'> & { also?: (readonly [string, string])[] },
): void {
  const { also = [], ...rest } = entry;
  audit.record(ctx, {
    ...rest,
    targets: [['incident', dossier.id], ...also],
    details: { number: dossier.number, ...rest.details },
  });
}

export const by = (ctx: Context): string => audit.actorKey(ctx.actor);
