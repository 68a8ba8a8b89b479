// Reads incidents whole, many at a time: one query for each kind of fact, never one for each incident.
import { and, asc, desc, eq, gte, inArray, isNull, lte, sql, type SQL } from 'drizzle-orm';
import { agencyAbove } from '../agencies/above.ts';
import { agency, agencyName } from '../agencies/schema.ts';
import { user } from '../auth/schema.ts';
import type { Chain } from '../certificates/label.ts';
import { chainSql } from '../certificates/label-sql.ts';
import { certificate } from '../certificates/schema.ts';
import type { Context } from '../context.ts';
import type { Db } from '../db/index.ts';
import { file } from '../files/schema.ts';
import { message, messageAttempt } from '../notifications/schema.ts';
import { scope } from '../permission.ts';
import type { Dossier, LinkedCertificate, Move, Obligation, Transmission } from './dossier.ts';
import * as t from './schema.ts';

const CHUNK = 400;

/** Whether a certificate is another Perangkat Daerah's than the incident; one without an agency is nobody's. */
const FOREIGN_SQL = `(select count(*) from agency ca, agency ia where ca.id = certificate.agency_id and ia.id = incident.agency_id
  and ${agencyAbove('ca')} <> ${agencyAbove('ia')})`;

/** Only incidents of agencies the actor may see. */
function visible(ctx: Context): SQL | undefined {
  const seen = scope(ctx.actor);
  return seen === 'all' ? undefined : seen.length ? inArray(t.incident.agencyId, [...seen]) : sql`0`;
}

/** Kind of the newest verdict, or null. */
const lastVerdict = sql<string | null>`(select v.kind from incident_verdict v where v.incident_id = ${t.incident.id}
  order by v.at desc, v.id desc limit 1)`;
const isOpen = sql`coalesce(${lastVerdict}, 'reopened') = 'reopened'`;

export type Wanted = {
  open?: boolean;
  type?: Dossier['type'];
  agencyIds?: readonly string[];
  text?: string;
  /** Opened at or after / at or before. */
  since?: number;
  until?: number;
  ids?: readonly string[];
  certificateId?: string;
};

/** Ids of incidents the actor sees, newest first. */
export function find(ctx: Context, wanted: Wanted): string[] {
  const like = wanted.text ? `%${wanted.text.replace(/[\\%_]/g, (c) => `\\${c}`)}%` : null;
  return ctx.db
    .select({ id: t.incident.id })
    .from(t.incident)
    .where(
      and(
        visible(ctx),
        wanted.open === undefined ? undefined : wanted.open ? isOpen : sql`not ${isOpen}`,
        wanted.type ? eq(t.incident.type, wanted.type) : undefined,
        wanted.agencyIds ? inArray(t.incident.agencyId, [...wanted.agencyIds]) : undefined,
        wanted.since === undefined ? undefined : gte(t.incident.openedAt, wanted.since),
        wanted.until === undefined ? undefined : lte(t.incident.openedAt, wanted.until),
        wanted.ids ? inArray(t.incident.id, [...wanted.ids]) : undefined,
        wanted.certificateId
          ? sql`exists (select 1 from incident_certificate ic where ic.incident_id = ${t.incident.id}
              and ic.certificate_id = ${wanted.certificateId} and ic.unlinked_at is null)`
          : undefined,
        like
          ? sql`(${t.incident.number} like ${like} escape '\\' or ${t.incident.title} like ${like} escape '\\'
              or exists (select 1 from incident_certificate ic join certificate c on c.id = ic.certificate_id
                where ic.incident_id = ${t.incident.id} and ic.unlinked_at is null
                and (c.common_name like ${like} escape '\\' or c.serial like ${like} escape '\\')))`
          : undefined,
      ),
    )
    .orderBy(desc(t.incident.openedAt), desc(t.incident.id))
    .all()
    .map((row) => row.id);
}

export const idByNumber = (ctx: Context, number: string): string | null =>
  ctx.db
    .select({ id: t.incident.id })
    .from(t.incident)
    .where(and(eq(t.incident.number, number), visible(ctx)))
    .get()?.id ?? null;

/** Which incident a row below it belongs to, if the actor sees it. */
export function ownerOf(
  ctx: Context,
  of: { obligation?: string; letter?: string; request?: string; evidence?: string },
): string | null {
  const { db } = ctx;
  const id = of.obligation
    ? db.select({ id: t.obligation.incidentId }).from(t.obligation).where(eq(t.obligation.id, of.obligation)).get()?.id
    : of.letter
      ? db
          .select({ id: t.obligation.incidentId })
          .from(t.letter)
          .innerJoin(t.obligation, eq(t.obligation.id, t.letter.obligationId))
          .where(eq(t.letter.id, of.letter))
          .get()?.id
      : of.request
        ? db
            .select({ id: t.revocationRequest.incidentId })
            .from(t.revocationRequest)
            .where(eq(t.revocationRequest.id, of.request))
            .get()?.id
        : of.evidence
          ? db
              .select({ id: t.incidentEvidence.incidentId })
              .from(t.incidentEvidence)
              .where(eq(t.incidentEvidence.id, of.evidence))
              .get()?.id
          : undefined;
  return id && find(ctx, { ids: [id] }).length ? id : null;
}

/** Whole dossiers in the order of `ids`. */
export function dossiers(db: Db, ids: readonly string[]): Dossier[] {
  const found = new Map<string, Dossier>();
  for (let i = 0; i < ids.length; i += CHUNK) for (const d of chunk(db, ids.slice(i, i + CHUNK))) found.set(d.id, d);
  return ids.map((id) => found.get(id)!);
}

export const dossier = (db: Db, id: string): Dossier => dossiers(db, [id])[0]!;

function chunk(db: Db, ids: readonly string[]): Dossier[] {
  const list = [...ids];
  const heads = db
    .select({ i: t.incident, code: agency.code, name: agencyName.name, shortName: agencyName.shortName })
    .from(t.incident)
    .innerJoin(agency, eq(agency.id, t.incident.agencyId))
    .innerJoin(agencyName, and(eq(agencyName.agencyId, agency.id), isNull(agencyName.to)))
    .where(inArray(t.incident.id, list))
    .all();
  const stamps = byIncident(
    db
      .select()
      .from(t.incidentStamp)
      .where(inArray(t.incidentStamp.incidentId, list))
      .orderBy(asc(t.incidentStamp.enteredAt), asc(t.incidentStamp.id))
      .all(),
  );
  const occurrences = byIncident(
    db
      .select()
      .from(t.incidentOccurrence)
      .where(inArray(t.incidentOccurrence.incidentId, list))
      .orderBy(asc(t.incidentOccurrence.enteredAt), asc(t.incidentOccurrence.id))
      .all(),
  );
  const moves = movesOf(db, list);
  const assignments = byIncident(
    db
      .select({
        id: t.assignment.id,
        incidentId: t.assignment.incidentId,
        userId: t.assignment.userId,
        name: user.name,
        at: t.assignment.at,
        by: t.assignment.by,
      })
      .from(t.assignment)
      .innerJoin(user, eq(user.id, t.assignment.userId))
      .where(inArray(t.assignment.incidentId, list))
      .orderBy(asc(t.assignment.at), asc(t.assignment.id))
      .all(),
  );
  const assessments = byIncident(
    db
      .select()
      .from(t.assessment)
      .where(inArray(t.assessment.incidentId, list))
      .orderBy(asc(t.assessment.at), asc(t.assessment.id))
      .all(),
  );
  const notes = byIncident(
    db
      .select()
      .from(t.chronology)
      .where(inArray(t.chronology.incidentId, list))
      .orderBy(asc(t.chronology.at), asc(t.chronology.id))
      .all(),
  );
  const evidence = byIncident(
    db
      .select({ e: t.incidentEvidence, size: file.size, mediaType: file.mediaType })
      .from(t.incidentEvidence)
      .innerJoin(file, eq(file.sha256, t.incidentEvidence.sha256))
      .where(inArray(t.incidentEvidence.incidentId, list))
      .orderBy(asc(t.incidentEvidence.addedAt), asc(t.incidentEvidence.id))
      .all()
      .map((row) => ({ ...row.e, size: row.size, mediaType: row.mediaType })),
  );
  const reviews = byIncident(
    db.select().from(t.review).where(inArray(t.review.incidentId, list)).orderBy(asc(t.review.version)).all(),
  );
  const verdicts = byIncident(
    db
      .select()
      .from(t.verdict)
      .where(inArray(t.verdict.incidentId, list))
      .orderBy(asc(t.verdict.at), asc(t.verdict.id))
      .all(),
  );
  const intakes = byIncident(
    db
      .select({
        incidentId: t.intake.incidentId,
        id: t.intake.id,
        number: t.intake.number,
        receivedAt: t.intake.receivedAt,
        kind: t.intake.kind,
        channel: t.intake.channel,
      })
      .from(t.intake)
      .where(inArray(t.intake.incidentId, list))
      .orderBy(asc(t.intake.receivedAt))
      .all()
      .map((row) => ({ ...row, incidentId: row.incidentId! })),
  );
  const certificates = certificatesOf(db, list);
  const requests = requestsOf(db, list);
  const obligations = obligationsOf(db, list);
  return heads.map(({ i, code, name, shortName }) => ({
    id: i.id,
    number: i.number,
    title: i.title,
    type: i.type,
    clause: i.clause,
    description: i.description,
    openedAt: i.openedAt,
    openedBy: i.openedBy,
    agency: { id: i.agencyId, code, name, shortName },
    intakes: intakes(i.id),
    stamps: stamps(i.id),
    occurrences: occurrences(i.id),
    moves: moves(i.id),
    assignments: assignments(i.id),
    assessments: assessments(i.id),
    certificates: certificates(i.id),
    requests: requests(i.id),
    obligations: obligations(i.id),
    notes: notes(i.id),
    evidence: evidence(i.id),
    reviews: reviews(i.id),
    verdicts: verdicts(i.id),
  }));
}

/** Groups rows by a key; asking for a key without rows gives none. */
function grouped<R>(rows: readonly R[], key: (row: R) => string): (id: string) => R[] {
  const groups = new Map<string, R[]>();
  for (const row of rows) {
    const group = groups.get(key(row));
    if (group) group.push(row);
    else groups.set(key(row), [row]);
  }
  return (id) => groups.get(id) ?? [];
}
const byIncident = <R extends { incidentId: string }>(rows: readonly R[]) => grouped(rows, (row) => row.incidentId);

/** Names as they are today. */
function movesOf(db: Db, ids: string[]): (id: string) => (Move & { incidentId: string })[] {
  const name = (column: SQL) =>
    sql<string>`(select n.name from agency_name n where n.agency_id = ${column} and n."to" is null)`;
  return byIncident(
    db
      .select({
        incidentId: t.incidentMove.incidentId,
        from: name(sql`${t.incidentMove.fromId}`),
        to: name(sql`${t.incidentMove.toId}`),
        reason: t.incidentMove.reason,
        at: t.incidentMove.at,
        by: t.incidentMove.by,
      })
      .from(t.incidentMove)
      .where(inArray(t.incidentMove.incidentId, ids))
      .orderBy(asc(t.incidentMove.at), asc(t.incidentMove.id))
      .all(),
  );
}

function certificatesOf(db: Db, ids: string[]): (id: string) => LinkedCertificate[] {
  const rows = db
    .select({
      link: t.incidentCertificate,
      c: certificate,
      chain: sql<Chain>`${sql.raw(chainSql())}`,
      agencyName: agencyName.shortName,
      foreign: sql<number>`${sql.raw(FOREIGN_SQL)}`,
    })
    .from(t.incidentCertificate)
    .innerJoin(t.incident, eq(t.incident.id, t.incidentCertificate.incidentId))
    .innerJoin(certificate, eq(certificate.id, t.incidentCertificate.certificateId))
    .leftJoin(agencyName, and(eq(agencyName.agencyId, certificate.agencyId), isNull(agencyName.to)))
    .where(and(inArray(t.incidentCertificate.incidentId, ids), isNull(t.incidentCertificate.unlinkedAt)))
    .orderBy(asc(t.incidentCertificate.linkedAt))
    .all();
  const group = byIncident(
    rows.map(({ link, c, chain, agencyName: name, foreign }) => ({
      incidentId: link.incidentId,
      id: c.id,
      commonName: c.commonName,
      serial: c.serial,
      agencyName: name,
      foreign: foreign === 1,
      linkedAt: link.linkedAt,
      facets: { ...c, chain },
      revocation: c.revocation,
      revocationSource: c.revocationSource,
      revokedAt: c.revokedAt,
      revocationReason: c.revocationReason,
      revocationSeenAt: c.revocationSeenAt,
      evidenceId: c.evidenceId,
    })),
  );
  return group;
}

function requestsOf(db: Db, ids: string[]) {
  const rows = db
    .select()
    .from(t.revocationRequest)
    .where(inArray(t.revocationRequest.incidentId, ids))
    .orderBy(asc(t.revocationRequest.createdAt))
    .all();
  const steps = grouped(
    rows.length
      ? db
          .select()
          .from(t.revocationStep)
          .where(
            inArray(
              t.revocationStep.requestId,
              rows.map((row) => row.id),
            ),
          )
          .orderBy(asc(t.revocationStep.at))
          .all()
      : [],
    (row) => row.requestId,
  );
  return byIncident(rows.map((row) => ({ ...row, steps: steps(row.id) })));
}

function obligationsOf(db: Db, ids: string[]): (id: string) => (Obligation & { incidentId: string })[] {
  const rows = db
    .select()
    .from(t.obligation)
    .where(inArray(t.obligation.incidentId, ids))
    .orderBy(desc(t.obligation.party), asc(t.obligation.stage))
    .all();
  if (rows.length === 0) return () => [];
  const keys = rows.map((row) => row.id);
  const of = <R extends { obligationId: string }>(list: readonly R[]) => grouped(list, (row) => row.obligationId);
  const rebases = of(
    db
      .select()
      .from(t.obligationRebase)
      .where(inArray(t.obligationRebase.obligationId, keys))
      .orderBy(asc(t.obligationRebase.at), asc(t.obligationRebase.id))
      .all(),
  );
  const decisions = of(
    db
      .select()
      .from(t.obligationDecision)
      .where(inArray(t.obligationDecision.obligationId, keys))
      .orderBy(asc(t.obligationDecision.proposedAt))
      .all(),
  );
  const letters = of(
    db.select().from(t.letter).where(inArray(t.letter.obligationId, keys)).orderBy(asc(t.letter.version)).all(),
  );
  const receipts = of(
    db
      .select()
      .from(t.receipt)
      .where(inArray(t.receipt.obligationId, keys))
      .orderBy(asc(t.receipt.at), asc(t.receipt.id))
      .all(),
  );
  const transmissions = of(transmissionsOf(db, keys));
  return byIncident(
    // Early notices first (BSSN, BSrE), then the request for help.
    [...rows.filter((row) => row.stage === 'early_notice'), ...rows.filter((row) => row.stage !== 'early_notice')].map(
      (row) => ({
        ...row,
        rebases: rebases(row.id),
        decisions: decisions(row.id),
        letters: letters(row.id),
        transmissions: transmissions(row.id),
        receipts: receipts(row.id),
      }),
    ),
  );
}

function transmissionsOf(db: Db, keys: string[]): (Transmission & { obligationId: string })[] {
  const rows = db
    .select({ s: t.transmission, m: message })
    .from(t.transmission)
    .leftJoin(message, eq(message.id, t.transmission.messageId))
    .where(inArray(t.transmission.obligationId, keys))
    .orderBy(asc(t.transmission.at), asc(t.transmission.id))
    .all();
  const mails = rows.flatMap((row) => (row.m ? [row.m.id] : []));
  const tries = grouped(
    mails.length
      ? db
          .select()
          .from(messageAttempt)
          .where(inArray(messageAttempt.messageId, mails))
          .orderBy(asc(messageAttempt.at), asc(messageAttempt.id))
          .all()
      : [],
    (row) => row.messageId,
  );
  return rows.map(({ s, m }) => {
    const made = m ? tries(m.id) : [];
    return {
      ...s,
      mail: m && {
        id: m.id,
        state: m.state,
        sentAt: m.sentAt,
        lastAt: made.at(-1)?.at ?? null,
        lastReply: made.at(-1)?.reply ?? null,
        nextAt: m.nextAt,
        tries: made.length,
        uncertain: made.some((attempt) => attempt.result === 'uncertain'),
      },
    };
  });
}
