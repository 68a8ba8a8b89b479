// What was wrong or unknown when an incident was opened: its agency, and when it happened. The old stays written.
import { eq } from 'drizzle-orm';
import * as agencies from '../agencies/index.ts';
import { HOUR, startOfDay, wibDate } from '../calendar.ts';
import { transact, type Context } from '../context.ts';
import { newId } from '../db/index.ts';
import { accept, conflict, invalid } from '../errors.ts';
import { demand } from '../permission.ts';
import { by, demandRunning, open, trace } from './desk.ts';
import { occurrenceOf, stampOf, type Dossier } from './dossier.ts';
import { moveInput, occurrenceInput, type MoveInput, type OccurrenceInput } from './input.ts';
import type { Precision } from './kinds.ts';
import { instantOf } from './moment.ts';
import * as t from './schema.ts';
import { occurredText } from './timeline.ts';

/** Gives the incident to the agency it concerns. Letters that were locked keep the agency they named. */
export function moveAgency(ctx: Context, number: string, input: MoveInput): void {
  demand(ctx.actor, 'incidents.triage');
  const refused = 'Perangkat Daerah belum diperbaiki.';
  const { agencyId, reason } = accept(moveInput, input, refused);
  const agency = agencies.byId(ctx, agencyId);
  if (!agency) throw invalid(refused, { agencyId: 'Pilih Perangkat Daerah dari daftar.' });
  transact(ctx, (tx) => {
    const dossier = demandRunning(open(tx, number));
    if (dossier.agency.id === agency.id) throw conflict(`${dossier.number} sudah tercatat pada ${agency.name}.`);
    tx.db
      .insert(t.incidentMove)
      .values({
        id: newId(tx.now()),
        incidentId: dossier.id,
        fromId: dossier.agency.id,
        toId: agency.id,
        reason,
        at: tx.now(),
        by: by(tx),
      })
      .run();
    tx.db.update(t.incident).set({ agencyId: agency.id }).where(eq(t.incident.id, dossier.id)).run();
    trace(tx, dossier, { action: 'incident.moved', details: { from: dossier.agency.name, to: agency.name }, reason });
  });
}

/** Records when it happened, or that this is not known after all; a second word on it has a reason. */
export function setOccurrence(ctx: Context, number: string, input: OccurrenceInput): void {
  demand(ctx.actor, 'incidents.handle');
  const given = accept(occurrenceInput, input, REFUSED);
  transact(ctx, (tx) => {
    const dossier = demandRunning(open(tx, number));
    const known = occurrenceOf(dossier);
    const said = occurrenceFrom(tx, given, stampOf(dossier, 'detected')?.at ?? tx.now());
    if ((said?.at ?? null) === (known?.at ?? null) && said?.precision === known?.precision) return;
    if (known && given.reason.length < 10)
      throw invalid(REFUSED, {
        reason: 'Waktu kejadian sudah pernah dicatat: tulis mengapa berubah, paling sedikit 10 huruf.',
      });
    occurrenceRow(tx, dossier, said, given.reason || null);
  });
}

const REFUSED = 'Waktu kejadian belum dicatat; periksa isian yang ditandai.';
type Said = { at: number; precision: Precision };

/**
 * What was typed about when it happened; null: not known.
 * @param detectedAt it cannot have happened after the owner noticed it, as far as the precision goes
 */
export function occurrenceFrom(
  ctx: Context,
  given: { occurred: Precision | 'unknown'; occurredAt: string },
  detectedAt: number,
): Said | null {
  if (given.occurred === 'unknown') {
    if (given.occurredAt) throw invalid(REFUSED, { occurred: 'Pilih seberapa pasti waktu kejadiannya.' });
    return null;
  }
  const typed = instantOf(given.occurredAt);
  if (typed === null)
    throw invalid(REFUSED, { occurredAt: 'Isi tanggal dan jam kejadian, atau pilih Belum diketahui.' });
  const at = given.occurred === 'day' ? startOfDay(wibDate(typed)) : typed;
  const slack = given.occurred === 'hour' ? HOUR : 0;
  if (at - slack > ctx.now()) throw invalid(REFUSED, { occurredAt: 'Waktu ini belum terjadi.' });
  if (at - slack > detectedAt)
    throw invalid(REFUSED, { occurredAt: 'Tidak mungkin sesudah pemilik mengetahui kejadiannya.' });
  return { at, precision: given.occurred };
}

/** Appends what is known about the time now, with its trace. */
export function occurrenceRow(
  ctx: Context,
  dossier: Pick<Dossier, 'id' | 'number'>,
  said: Said | null,
  reason: string | null,
): void {
  ctx.db
    .insert(t.incidentOccurrence)
    .values({
      id: newId(ctx.now()),
      incidentId: dossier.id,
      at: said?.at ?? null,
      precision: said?.precision ?? 'minute',
      reason,
      enteredBy: by(ctx),
      enteredAt: ctx.now(),
    })
    .run();
  trace(ctx, dossier, {
    action: 'incident.occurred',
    details: { when: occurredText(said) },
    ...(reason ? { reason } : {}),
  });
}
