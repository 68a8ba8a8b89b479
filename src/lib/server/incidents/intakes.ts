// Reports of trouble as they come in, from anybody, signed in or not, and what becomes of them: an incident, part of
// one, or none. The reporter's words stay as they are. Perwali 27/2020 Pasal 20(1).
import { createHash, randomBytes } from 'node:crypto';
import { and, desc, eq, inArray, isNull, lt, or, sql } from 'drizzle-orm';
import * as agencies from '../agencies/index.ts';
import * as audit from '../audit/index.ts';
import { MINUTE } from '../calendar.ts';
import { transact, type Context } from '../context.ts';
import { newId } from '../db/index.ts';
import { accept, conflict, invalid, notFound } from '../errors.ts';
import { wasCovered } from '../nik.ts';
import * as notifications from '../notifications/index.ts';
import { can, demand, scope } from '../permission.ts';
import * as settings from '../settings/index.ts';
import { intakeKinds } from '#lib/terms.ts';
import { demandRunning } from './desk.ts';
import { onDuty, type OnDuty } from './duty.ts';
import { reasonInput, mergeInput, reportInput, type MergeInput, type ReasonInput, type ReportInput } from './input.ts';
import { instantOf } from './moment.ts';
import { peopleWith } from './people.ts';
import { agencyNameById, certificateIfVisible } from './lookup.ts';
import { incident, intake } from './schema.ts';
import { alike, WINDOW } from './similar.ts';
import * as store from './store.ts';

export type Intake = typeof intake.$inferSelect & { agencyName: string | null };

const hashOf = (token: string): string => createHash('sha256').update(token).digest('hex');

/** Opens a receipt; the page of the form makes it beforehand, so that a form sent twice is one report. */
export const newToken = (): string => randomBytes(24).toString('base64url');

const byToken = (ctx: Context, token: string): typeof intake.$inferSelect | undefined =>
  ctx.db
    .select()
    .from(intake)
    .where(eq(intake.tokenHash, hashOf(token)))
    .get();

/**
 * Takes a report. The token opens the receipt and nothing else; only its hash is stored.
 * @throws AppError invalid with messages by field
 */
export function report(ctx: Context, input: ReportInput): { number: string; token: string } {
  demand(ctx.actor, 'incidents.report');
  const given = accept(reportInput, input, 'Laporan belum terkirim; periksa isian yang ditandai.');
  const now = ctx.now();
  const detectedAt = instantOf(given.detectedAt);
  if (detectedAt === null) throw invalid('Laporan belum terkirim.', { detectedAt: 'Tulis jamnya sebagai 20.30.' });
  if (detectedAt > now + 5 * MINUTE)
    throw invalid('Laporan belum terkirim.', { detectedAt: 'Waktu ini belum terjadi.' });
  const found = agencies.find(ctx)(given.agency);
  const channel =
    ctx.actor.kind === 'public'
      ? 'public'
      : given.channel === 'phone' && can(ctx.actor, 'incidents.triage')
        ? 'phone'
        : 'account';
  return transact(ctx, (tx) => {
    const sent = given.once ? byToken(tx, given.once) : undefined;
    const same =
      sent &&
      sent.kind === given.kind &&
      sent.ownerName === given.ownerName &&
      sent.phone === given.phone &&
      sent.story === given.story;
    if (same) return { number: sent.number, token: given.once };
    const token = given.once && !sent ? given.once : newToken();
    const id = newId(now);
    const number = settings.allot(tx, 'LAP');
    tx.db
      .insert(intake)
      .values({
        id,
        number,
        tokenHash: hashOf(token),
        kind: given.kind,
        ownerName: given.ownerName,
        agencyId: found?.id ?? null,
        agencyText: given.agency,
        reporterName: given.reporterName || (ctx.actor.kind === 'user' && channel === 'account' ? ctx.actor.name : ''),
        phone: given.phone,
        email: given.email,
        story: given.story,
        detectedAt: Math.min(detectedAt, now),
        precision: given.precision,
        receivedAt: now,
        channel,
        certificateId: given.certificateId ? certificateIfVisible(tx, given.certificateId) : null,
        enteredBy: audit.actorKey(ctx.actor),
      })
      .run();
    audit.record(tx, {
      action: 'intake.received',
      targets: [['intake', id]],
      details: { number, kind: intakeKinds[given.kind].word },
      personal: { owner: given.ownerName, phone: given.phone },
    });
    tellOffice(tx, { id, number, kind: given.kind, agency: found?.name ?? given.agency });
    return { number, token };
  });
}

/** A line to everybody who handles incidents; nothing personal leaves. */
function tellOffice(
  ctx: Context,
  report: { id: string; number: string; kind: keyof typeof intakeKinds; agency: string },
): void {
  const call = callBy(ctx, ctx.now());
  for (const person of peopleWith(ctx.db, ['handler'])) {
    notifications.queue(ctx, {
      key: `intake:${report.id}:${person.id}`,
      subject: `Laporan baru ${report.number}`,
      recipient: person.email,
      body: `${intakeKinds[report.kind].word} (${report.agency}).\nHubungi pelapor dalam ${call.minutes} menit. Buka Siaga, menu Insiden, Laporan Masuk.\n`,
      about: ['intake', report.id],
      lane: 'alert',
    });
  }
}

/** By when the reporter is called back: the budget "acknowledge", a policy of the Dinas. */
export function callBy(ctx: Context, receivedAt: number): { at: number; minutes: number } {
  const minutes = settings.get(ctx, 'incidentClocks').acknowledge;
  return { at: receivedAt + minutes * MINUTE, minutes };
}

export type Receipt = {
  number: string;
  receivedAt: number;
  kind: keyof typeof intakeKinds;
  ownerName: string;
  agency: string;
  /** Masked: the address may be on a screenshot. */
  phone: string;
  verified: boolean;
  callBy: number;
  duty: OnDuty;
  answered: boolean;
  /** A NIK in the story or a name was covered. */
  covered: boolean;
};

/** What the reporter may see again with the token. @throws AppError not_found for any other token */
export function receipt(ctx: Context, token: string): Receipt {
  demand(ctx.actor, 'incidents.report');
  const row = /^[\w-]{32}$/.test(token) ? byToken(ctx, token) : undefined;
  if (!row) throw notFound('Tanda terima ini tidak ditemukan. Periksa alamatnya, atau telepon petugas piket.');
  return {
    number: row.number,
    receivedAt: row.receivedAt,
    kind: row.kind,
    ownerName: row.ownerName,
    agency: agencyNameById(ctx, row.agencyId) ?? row.agencyText,
    phone: maskedPhone(row.phone),
    verified: row.channel !== 'public',
    callBy: callBy(ctx, row.receivedAt).at,
    duty: onDuty(ctx),
    answered: row.outcome !== null,
    covered: wasCovered(`${row.story} ${row.ownerName} ${row.agencyText} ${row.reporterName}`),
  };
}

/** "0812-••••-0134" */
function maskedPhone(phone: string): string {
  const digits = phone.replace(/\D/g, '');
  return `${digits.slice(0, 4)}-••••-${digits.slice(-4)}`;
}

/** Reports the actor may see: all, or those of own agencies and those entered by the actor. */
function seen(ctx: Context) {
  const ids = scope(ctx.actor);
  if (ids === 'all') return undefined;
  const own = eq(intake.enteredBy, audit.actorKey(ctx.actor));
  return ids.length ? or(inArray(intake.agencyId, [...ids]), own) : own;
}

export type IntakeFilter = { state?: 'new' | 'done'; text?: string; before?: string; limit?: number };

/** Reports, newest first; `new` are those nobody has decided about. */
export function intakes(
  ctx: Context,
  filter: IntakeFilter = {},
): { rows: Intake[]; next: string | null; counts: { new: number; done: number } } {
  demand(ctx.actor, 'incidents.view');
  const limit = Math.min(filter.limit ?? 50, 1000);
  const like = filter.text ? `%${filter.text.replace(/[\\%_]/g, (c) => `\\${c}`)}%` : null;
  const matches = and(
    seen(ctx),
    like
      ? sql`(${intake.number} like ${like} escape '\\' or ${intake.ownerName} like ${like} escape '\\' or ${intake.agencyText} like ${like} escape '\\')`
      : undefined,
  );
  const rows = ctx.db
    .select()
    .from(intake)
    .where(
      and(
        matches,
        filter.state === 'new'
          ? isNull(intake.outcome)
          : filter.state === 'done'
            ? sql`${intake.outcome} is not null`
            : undefined,
        filter.before ? lt(intake.id, filter.before) : undefined,
      ),
    )
    .orderBy(desc(intake.id))
    .limit(limit + 1)
    .all();
  const total = ctx.db
    .select({ open: sql<number>`coalesce(sum(${intake.outcome} is null), 0)`, all: sql<number>`count(*)` })
    .from(intake)
    .where(matches)
    .get()!;
  return {
    rows: rows.slice(0, limit).map((row) => ({ ...row, agencyName: agencyNameById(ctx, row.agencyId) })),
    next: rows.length > limit ? rows[limit - 1]!.id : null,
    counts: { new: total.open, done: total.all - total.open },
  };
}

/** @throws AppError not_found, also when the actor may not see it */
export function getIntake(ctx: Context, number: string): Intake & { incidentNumber: string | null } {
  demand(ctx.actor, 'incidents.view');
  const row = ctx.db
    .select()
    .from(intake)
    .where(and(eq(intake.number, number), seen(ctx)))
    .get();
  if (!row) throw notFound('Laporan ini tidak ada.');
  const into = row.incidentId
    ? ctx.db.select({ number: incident.number }).from(incident).where(eq(incident.id, row.incidentId)).get()
    : null;
  return { ...row, agencyName: agencyNameById(ctx, row.agencyId), incidentNumber: into?.number ?? null };
}

export type Similar = { kind: 'intake' | 'incident'; number: string; title: string; at: number; why: string };

/** Reports and open incidents of the last 30 days that may be the same; a person decides. */
export function similar(ctx: Context, number: string): Similar[] {
  const own = getIntake(ctx, number);
  const subject = (row: typeof intake.$inferSelect) => ({
    at: row.receivedAt,
    names: [row.ownerName],
    certificateIds: row.certificateId ? [row.certificateId] : [],
    text: row.story,
  });
  const others = ctx.db
    .select()
    .from(intake)
    .where(
      and(
        sql`${intake.id} <> ${own.id}`,
        sql`${intake.receivedAt} between ${own.receivedAt - WINDOW} and ${own.receivedAt + WINDOW}`,
        isNull(intake.outcome),
        seen(ctx),
      ),
    )
    .limit(500)
    .all();
  const ids = store.find(ctx, { open: true, since: own.receivedAt - WINDOW });
  const incidents = store.dossiers(ctx.db, ids.slice(0, 200));
  const mine = subject(own);
  return [
    ...incidents.flatMap((d): Similar[] => {
      const names = d.certificates.map((c) => c.commonName);
      const why = alike(mine, {
        at: d.openedAt,
        names,
        certificateIds: d.certificates.map((c) => c.id),
        text: d.description,
      });
      return why ? [{ kind: 'incident', number: d.number, title: d.title, at: d.openedAt, why }] : [];
    }),
    ...others.flatMap((row): Similar[] => {
      const why = alike(mine, subject(row));
      return why
        ? [{ kind: 'intake', number: row.number, title: intakeKinds[row.kind].word, at: row.receivedAt, why }]
        : [];
    }),
  ];
}

/** Closes a report as no incident (false, out of scope, test), with a reason. */
export function dismissIntake(ctx: Context, number: string, input: ReasonInput): void {
  demand(ctx.actor, 'incidents.triage');
  const { reason } = accept(reasonInput, input, 'Laporan belum ditutup.');
  transact(ctx, (tx) => {
    const row = undecided(tx, number);
    settleIntake(tx, row.id, { outcome: 'not_incident', reason, incidentId: null });
    audit.record(tx, { action: 'intake.dismissed', targets: [['intake', row.id]], details: { number }, reason });
  });
}

/** Makes a report part of an incident that is already open. */
export function mergeIntake(ctx: Context, number: string, input: MergeInput): void {
  demand(ctx.actor, 'incidents.triage');
  const given = accept(mergeInput, input, 'Laporan belum digabung.');
  transact(ctx, (tx) => {
    const row = undecided(tx, number);
    const incidentNumber = given.incident.toUpperCase();
    const id = store.idByNumber(tx, incidentNumber);
    if (!id) throw invalid('Laporan belum digabung.', { incident: 'Nomor insiden ini tidak ada.' });
    demandRunning(store.dossier(tx.db, id));
    settleIntake(tx, row.id, { outcome: 'merged', reason: given.reason, incidentId: id });
    audit.record(tx, {
      action: 'intake.merged',
      targets: [
        ['intake', row.id],
        ['incident', id],
      ],
      details: { number, incident: incidentNumber },
      reason: given.reason,
    });
  });
}

/** The report, if it still waits for a decision. @throws AppError not_found, conflict */
export function undecided(ctx: Context, number: string): typeof intake.$inferSelect {
  const row = getIntake(ctx, number);
  if (row.outcome !== null) throw conflict('Laporan ini sudah diputuskan; muat ulang halaman.');
  return row;
}

export function settleIntake(
  ctx: Context,
  id: string,
  to: { outcome: 'promoted' | 'merged' | 'not_incident'; reason: string; incidentId: string | null },
): void {
  ctx.db
    .update(intake)
    .set({
      outcome: to.outcome,
      outcomeAt: ctx.now(),
      outcomeBy: audit.actorKey(ctx.actor),
      outcomeReason: to.reason,
      incidentId: to.incidentId,
    })
    .where(eq(intake.id, id))
    .run();
}
