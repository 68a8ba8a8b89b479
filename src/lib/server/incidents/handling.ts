// From a report to an incident, and the facts its handler records on the way.
import { and, eq, isNull } from 'drizzle-orm';
import * as agencies from '../agencies/index.ts';
import { MINUTE } from '../calendar.ts';
import * as certificates from '../certificates/index.ts';
import { transact, type Context } from '../context.ts';
import { newId } from '../db/index.ts';
import { accept, conflict, invalid, notFound } from '../errors.ts';
import { can, demand } from '../permission.ts';
import * as settings from '../settings/index.ts';
import { incidentSeverities, incidentStamps } from '#lib/terms.ts';
import { occurrenceFrom, occurrenceRow } from './correcting.ts';
import { by, demandRunning, moment, open, trace } from './desk.ts';
import { clockOf, stampOf, type Dossier, type StampKind } from './dossier.ts';
import { levelOf } from './facts.ts';
import {
  assessInput,
  correctInput,
  noteInput,
  promoteInput,
  reasonInput,
  stampInput,
  type AssessInput,
  type CorrectInput,
  type NoteInput,
  type PromoteInput,
  type ReasonInput,
  type StampInput,
} from './input.ts';
import { settleIntake, undecided } from './intakes.ts';
import { types, type IncidentType } from './kinds.ts';
import { BUDGET_SOURCE, owedFor } from './legal.ts';
import { certificateIfVisible, foreignCertificates } from './lookup.ts';
import { instantOf } from './moment.ts';
import { peopleWith, personById } from './people.ts';
import * as t from './schema.ts';
import { isHigher, severityOf } from './severity.ts';
import * as store from './store.ts';

/**
 * Makes a report an incident: its obligations are born with their legal text and clocks, and whoever did it handles it.
 * Nothing of the report is copied silently: title, agency, description and times are what the person confirmed.
 * @returns the incident's number
 */
export function promote(ctx: Context, intakeNumber: string, input: PromoteInput): string {
  demand(ctx.actor, 'incidents.triage');
  const given = accept(promoteInput, input, 'Laporan belum dijadikan insiden; periksa isian yang ditandai.');
  const agency = agencies.byId(ctx, given.agencyId);
  if (!agency) throw invalid('Laporan belum dijadikan insiden.', { agencyId: 'Pilih Perangkat Daerah dari daftar.' });
  const now = ctx.now();
  return transact(ctx, (tx) => {
    const intake = undecided(tx, intakeNumber);
    const known = knownTime(tx, intake.receivedAt, given);
    const id = newId(now);
    const number = settings.allot(tx, 'INS');
    const { clause } = types[given.type];
    tx.db
      .insert(t.incident)
      .values({
        id,
        number,
        title: given.title,
        type: given.type,
        clause,
        agencyId: agency.id,
        description: given.description,
        openedAt: now,
        openedBy: by(tx),
      })
      .run();
    const occurred = occurrenceFrom(tx, given, intake.detectedAt);
    stampRow(tx, id, {
      kind: 'detected',
      at: intake.detectedAt,
      precision: intake.precision,
      source: 'document',
      note: intake.number,
    });
    stampRow(tx, id, { kind: 'reported', at: intake.receivedAt, source: 'system', note: intake.number });
    stampRow(tx, id, { kind: 'known', at: known.at, source: known.typed ? 'typed' : 'system', reason: known.reason });
    settleIntake(tx, intake.id, { outcome: 'promoted', reason: '', incidentId: id });
    trace(
      tx,
      { id, number },
      { action: 'incident.opened', also: [['intake', intake.id]], details: { intake: intakeNumber } },
    );
    if (occurred) occurrenceRow(tx, { id, number }, occurred, null);
    bear(tx, { id, number }, given.type, known.at);
    if (tx.actor.kind === 'user') assignRow(tx, { id, number }, tx.actor.id, tx.actor.name);
    if (intake.certificateId) linkRows(tx, { id, number }, [intake.certificateId]);
    return number;
  });
}

/** When the Dinas knew: with the report, unless something earlier is typed with its reason. */
function knownTime(ctx: Context, receivedAt: number, given: { knownAt: string; knownReason: string }) {
  const typed = given.knownAt ? instantOf(given.knownAt) : receivedAt;
  if (typed === null || typed > ctx.now())
    throw invalid('Laporan belum dijadikan insiden.', { knownAt: 'Tulis waktu yang sudah lewat.' });
  // The form shows the time without seconds; the same minute is the report's own time.
  if (Math.abs(typed - receivedAt) < MINUTE) return { at: receivedAt, typed: false, reason: null };
  if (given.knownReason.length < 5) {
    throw invalid('Laporan belum dijadikan insiden.', {
      knownReason: 'Waktunya berbeda dari waktu laporan: tulis alasannya.',
    });
  }
  return { at: typed, typed: true, reason: given.knownReason };
}

/** The obligations of a type, with text and due time as they are today. */
function bear(ctx: Context, dossier: { id: string; number: string }, type: IncidentType, startAt: number): void {
  const budgets = settings.get(ctx, 'incidentClocks');
  const owed = owedFor(type);
  for (const { budget: name, ...rest } of owed) {
    const budget = budgets[name];
    ctx.db
      .insert(t.obligation)
      .values({
        id: newId(ctx.now()),
        incidentId: dossier.id,
        ...rest,
        budget,
        budgetSource: BUDGET_SOURCE,
        startAt,
        dueAt: startAt + budget * MINUTE,
        bornAt: ctx.now(),
      })
      .run();
  }
  trace(ctx, dossier, { action: 'obligation.born', details: { count: owed.length } });
}

/** Names who handles it from now on. */
export function assign(ctx: Context, number: string, userId: string): void {
  demand(ctx.actor, 'incidents.triage');
  transact(ctx, (tx) => {
    const dossier = demandRunning(open(tx, number));
    const person = peopleWith(tx.db, ['handler', 'supervisor']).find((p) => p.id === userId);
    if (!person) throw invalid('Penangan belum ditunjuk.', { userId: 'Pilih Penangan Insiden atau Pengawas.' });
    if (dossier.assignments.at(-1)?.userId === userId) return;
    assignRow(tx, dossier, userId, person.name);
  });
}

function assignRow(ctx: Context, dossier: { id: string; number: string }, userId: string, name: string): void {
  ctx.db
    .insert(t.assignment)
    .values({ id: newId(ctx.now()), incidentId: dossier.id, userId, at: ctx.now(), by: by(ctx) })
    .run();
  trace(ctx, dossier, { action: 'incident.assigned', personal: { handler: name } });
}

/** Judges severity. Raising is free; lowering has a reason, and either stays in the history. */
export function assess(ctx: Context, number: string, input: AssessInput): void {
  demand(ctx.actor, 'incidents.handle');
  const given = accept(assessInput, input, 'Tingkat risiko belum disimpan.');
  transact(ctx, (tx) => {
    const dossier = demandRunning(open(tx, number));
    const before = levelOf(dossier);
    const level = severityOf(given);
    if (before && isHigher(before, level) && given.reason.length < 10) {
      throw invalid('Menurunkan tingkat risiko memerlukan alasan.', { reason: 'Tulis mengapa tingkatnya turun.' });
    }
    const { reason, ...facts } = given;
    tx.db
      .insert(t.assessment)
      .values({
        id: newId(tx.now()),
        incidentId: dossier.id,
        ...facts,
        reason: reason || null,
        at: tx.now(),
        by: by(tx),
      })
      .run();
    trace(tx, dossier, {
      action: 'incident.assessed',
      details: { level: incidentSeverities[level].word },
      ...(reason ? { reason } : {}),
    });
  });
}

/**
 * Ties certificates to the incident; their lists show it until it is closed.
 * @param foreign said on purpose that certificates of another Perangkat Daerah are meant
 * @throws AppError invalid naming them, until it was said
 */
export function linkCertificates(ctx: Context, number: string, ids: readonly string[], foreign = false): void {
  demand(ctx.actor, 'incidents.handle');
  if (ids.length === 0) throw invalid('Pilih sertifikat yang terdampak.');
  transact(ctx, (tx) => {
    const dossier = demandRunning(open(tx, number));
    const known = new Set(dossier.certificates.map((c) => c.id));
    const wanted = [...new Set(ids)].filter((id) => !known.has(id));
    if (wanted.some((id) => certificateIfVisible(tx, id) === null))
      throw notFound('Sertifikat yang dipilih tidak ada.');
    const others = foreign ? [] : foreignCertificates(tx, wanted, dossier.agency.id);
    if (others.length)
      throw invalid(
        `${others.map((c) => `${c.commonName} milik ${c.agencyName}`).join('; ')}, sedangkan insiden ini pada ${dossier.agency.shortName}.`,
        { foreign: 'Centang bila memang dimaksud, atau perbaiki Perangkat Daerah insiden.' },
      );
    if (wanted.length) linkRows(tx, dossier, wanted);
  });
}

export const linkCertificate = (ctx: Context, number: string, id: string, foreign = false): void =>
  linkCertificates(ctx, number, [id], foreign);

function linkRows(ctx: Context, dossier: { id: string; number: string }, ids: readonly string[]): void {
  for (const certificateId of ids) {
    ctx.db
      .insert(t.incidentCertificate)
      .values({ id: newId(ctx.now()), incidentId: dossier.id, certificateId, linkedAt: ctx.now(), linkedBy: by(ctx) })
      .run();
    certificates.mark(ctx, certificateId, 'open_incident', dossier.number);
  }
  const also = ids.map((id) => ['certificate', id] as const);
  trace(ctx, dossier, { action: 'incident.linked', also, details: { count: ids.length } });
}

/** Unties a certificate that was linked by mistake; not one whose revocation was asked for. */
export function unlinkCertificate(ctx: Context, number: string, certificateId: string, input: ReasonInput): void {
  demand(ctx.actor, 'incidents.handle');
  const { reason } = accept(reasonInput, input, 'Sertifikat belum dilepas.');
  transact(ctx, (tx) => {
    const dossier = demandRunning(open(tx, number));
    if (!dossier.certificates.some((c) => c.id === certificateId))
      throw notFound('Sertifikat ini tidak terkait dengan insiden.');
    if (dossier.requests.some((r) => r.certificateId === certificateId))
      throw conflict('Pencabutannya sudah diminta pada insiden ini; sertifikat tetap terkait.');
    tx.db
      .update(t.incidentCertificate)
      .set({ unlinkedAt: tx.now(), unlinkReason: reason })
      .where(
        and(
          eq(t.incidentCertificate.incidentId, dossier.id),
          eq(t.incidentCertificate.certificateId, certificateId),
          isNull(t.incidentCertificate.unlinkedAt),
        ),
      )
      .run();
    certificates.unmark(tx, certificateId, 'open_incident', dossier.number);
    trace(tx, dossier, { action: 'incident.unlinked', also: [['certificate', certificateId]], reason });
  });
}

/** Facts a handler ticks off; the times of the report itself are corrected, not ticked. */
const TICKS = ['owner_called', 'account_held', 'preserved', 'recovered', 'reporter_informed'] as const;
export type Tick = (typeof TICKS)[number];

/** Records that something was done, "sekarang" or at a typed time. */
export function tick(ctx: Context, number: string, kind: Tick, input: StampInput = {}): void {
  demand(ctx.actor, 'incidents.handle');
  if (!TICKS.includes(kind)) throw invalid('Langkah ini tidak dikenal.');
  const given = accept(stampInput, input, 'Langkah belum dicatat.');
  transact(ctx, (tx) => {
    const dossier = demandRunning(open(tx, number));
    if (stampOf(dossier, kind)) throw conflict('Langkah ini sudah dicatat; muat ulang halaman.');
    const { at, reason } = moment(tx, given, {
      at: stampOf(dossier, 'detected')?.at ?? 0,
      what: 'insiden diketahui pemilik',
    });
    stampRow(tx, dossier.id, { kind, at, source: given.at ? 'typed' : 'system', note: given.note, reason });
    trace(tx, dossier, {
      action: 'incident.stamped',
      details: { what: incidentStamps[kind], at },
      ...(reason ? { reason } : {}),
    });
  });
}

/** Corrects a recorded time with a reason; a changed `known` moves every legal clock visibly. */
export function correct(ctx: Context, number: string, kind: StampKind, input: CorrectInput): void {
  demand(ctx.actor, 'incidents.handle');
  const given = accept(correctInput, input, 'Koreksi belum disimpan.');
  const at = instantOf(given.at);
  if (at === null || at > ctx.now()) throw invalid('Koreksi belum disimpan.', { at: 'Tulis waktu yang sudah lewat.' });
  transact(ctx, (tx) => {
    const dossier = demandRunning(open(tx, number));
    const old = stampOf(dossier, kind);
    if (!old) throw notFound('Waktu ini belum pernah dicatat.');
    if (old.at === at) return;
    stampRow(tx, dossier.id, {
      kind,
      at,
      precision: given.precision,
      source: 'typed',
      note: old.note,
      reason: given.reason,
      corrects: old.id,
    });
    trace(tx, dossier, {
      action: 'incident.corrected',
      details: { what: incidentStamps[kind], from: old.at, to: at },
      reason: given.reason,
    });
    if (kind === 'known') rebase(tx, dossier, at, given.reason);
  });
}

function rebase(ctx: Context, dossier: Dossier, startAt: number, reason: string): void {
  for (const o of dossier.obligations) {
    const clock = clockOf(o);
    ctx.db
      .insert(t.obligationRebase)
      .values({
        id: newId(ctx.now()),
        obligationId: o.id,
        oldStart: clock.startAt,
        oldDue: clock.dueAt,
        newStart: startAt,
        newDue: startAt + o.budget * MINUTE,
        reason,
        at: ctx.now(),
        by: by(ctx),
      })
      .run();
  }
  trace(ctx, dossier, { action: 'incident.rebased', details: { count: dossier.obligations.length } });
}

type StampRow = Omit<
  typeof t.incidentStamp.$inferInsert,
  'id' | 'incidentId' | 'enteredBy' | 'enteredAt' | 'precision'
> & { precision?: 'minute' | 'hour' | 'day' };
function stampRow(ctx: Context, incidentId: string, row: StampRow): void {
  ctx.db
    .insert(t.incidentStamp)
    .values({ id: newId(ctx.now()), incidentId, precision: 'minute', ...row, enteredBy: by(ctx), enteredAt: ctx.now() })
    .run();
}

/** Adds an entry to the story; a correction names the entry it corrects. An officer may add to own incidents. */
export function note(ctx: Context, number: string, input: NoteInput): void {
  demand(ctx.actor, 'incidents.note');
  const given = accept(noteInput, input, 'Catatan belum disimpan.');
  transact(ctx, (tx) => {
    const dossier = demandRunning(open(tx, number));
    const { at, reason } = moment(tx, given);
    const corrects = given.corrects || null;
    if (corrects && !dossier.notes.some((n) => n.id === corrects)) throw notFound('Catatan yang dikoreksi tidak ada.');
    const id = newId(tx.now());
    tx.db
      .insert(t.chronology)
      .values({
        id,
        incidentId: dossier.id,
        at,
        precision: 'minute',
        text: given.text,
        corrects,
        reason,
        enteredBy: by(tx),
        enteredAt: tx.now(),
      })
      .run();
    trace(tx, dossier, { action: 'incident.noted', also: [['note', id]], ...(reason ? { reason } : {}) });
  });
}

/** People an incident may be given to. */
export function handlers(ctx: Context): { id: string; name: string }[] {
  demand(ctx.actor, 'incidents.view');
  return peopleWith(ctx.db, ['handler', 'supervisor']).map(({ id, name }) => ({ id, name }));
}

/** Whoever handles an incident, for letters and reminders. */
export const handlerPerson = (ctx: Context, dossier: Dossier) => {
  const last = dossier.assignments.at(-1);
  return last ? personById(ctx.db, last.userId) : null;
};

/** Incidents, open or closed, that a certificate belongs to. */
export function ofCertificate(
  ctx: Context,
  certificateId: string,
): { number: string; title: string; openedAt: number }[] {
  if (!can(ctx.actor, 'incidents.view')) return [];
  const ids = store.find(ctx, { certificateId });
  return store.dossiers(ctx.db, ids).map(({ number, title, openedAt }) => ({ number, title, openedAt }));
}
