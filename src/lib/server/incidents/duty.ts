// Piket: who answers the telephone, from when to when. Shown on the receipt of a report and on the home pages.
import { and, asc, desc, eq, gt, isNull, lte } from 'drizzle-orm';
import * as audit from '../audit/index.ts';
import { transact, type Context } from '../context.ts';
import { newId } from '../db/index.ts';
import { accept, conflict, invalid, notFound } from '../errors.ts';
import { demand } from '../permission.ts';
import * as settings from '../settings/index.ts';
import { dutyInput, type DutyInput } from './input.ts';
import { instantOf } from './moment.ts';
import { dutyShift } from './schema.ts';

export type Shift = typeof dutyShift.$inferSelect;
export type OnDuty = { name: string | null; phone: string; until: number | null; userId: string | null };

/** Who is on duty now; without a roster the office's own telephone. Public: the reporter of a lost phone must see it. */
export function onDuty(ctx: Context): OnDuty {
  const now = ctx.now();
  const shift = ctx.db
    .select()
    .from(dutyShift)
    .where(and(lte(dutyShift.from, now), gt(dutyShift.to, now), isNull(dutyShift.cancelledAt)))
    .orderBy(desc(dutyShift.from))
    .get();
  if (shift) return { name: shift.name, phone: shift.phone, until: shift.to, userId: shift.userId };
  return { name: null, phone: settings.get(ctx, 'office').phone, until: null, userId: null };
}

/** Shifts that run or are to come, and the last ones gone. */
export function roster(ctx: Context): Shift[] {
  demand(ctx.actor, 'incidents.triage');
  return ctx.db
    .select()
    .from(dutyShift)
    .where(and(isNull(dutyShift.cancelledAt), gt(dutyShift.to, ctx.now() - 7 * 86_400_000)))
    .orderBy(asc(dutyShift.from))
    .all();
}

export function setDuty(ctx: Context, input: DutyInput): string {
  demand(ctx.actor, 'incidents.triage');
  const given = accept(dutyInput, input, 'Jadwal piket belum dapat disimpan; periksa isian yang ditandai.');
  const [from, to] = [instantOf(given.from), instantOf(given.to)];
  if (from === null) throw invalid('Jadwal piket belum benar.', { from: 'Tulis tanggal dan jam mulai.' });
  if (to === null || to <= from) throw invalid('Jadwal piket belum benar.', { to: 'Akhir tugas harus sesudah mulai.' });
  const now = ctx.now();
  return transact(ctx, (tx) => {
    const id = newId(now);
    const enteredBy = audit.actorKey(ctx.actor);
    tx.db
      .insert(dutyShift)
      .values({
        id,
        name: given.name,
        phone: given.phone,
        userId: given.userId || null,
        from,
        to,
        enteredBy,
        enteredAt: now,
      })
      .run();
    audit.record(tx, {
      action: 'duty.set',
      targets: [['duty', id]],
      details: { from, to },
      personal: { name: given.name, phone: given.phone },
    });
    return id;
  });
}

export function cancelDuty(ctx: Context, id: string): void {
  demand(ctx.actor, 'incidents.triage');
  transact(ctx, (tx) => {
    const row = tx.db.select().from(dutyShift).where(eq(dutyShift.id, id)).get();
    if (!row) throw notFound('Jadwal piket ini tidak ada.');
    if (row.cancelledAt !== null) throw conflict('Jadwal piket ini sudah dibatalkan.');
    tx.db.update(dutyShift).set({ cancelledAt: tx.now() }).where(eq(dutyShift.id, id)).run();
    audit.record(tx, { action: 'duty.cancelled', targets: [['duty', id]], personal: { name: row.name } });
  });
}
