// The rows a report is made from, read in one read transaction across the rooms to the right, in a fixed order and in
// integers and text only. What is read here is what is stored with the snapshot; figures are counted from nothing else.
// No names of persons, no NIP: a report counts, it does not list people.
import { agencyAbove } from '../agencies/above.ts';
import { period as periodOf, wibDate, type Period } from '../calendar.ts';
import * as inventory from '../certificates/index.ts';
import { confirmedAtSql, freshUntilSql } from '../certificates/freshness-sql.ts';
import { isUsable, labelOf, type Facets, type LabelPolicy } from '../certificates/label.ts';
import { chainSql } from '../certificates/label-sql.ts';
import { as, type Context } from '../context.ts';
import { connection, type Db } from '../db/index.ts';
import { invalid } from '../errors.ts';
import { DUE_SQL, MET_SQL, OCCURRED_SQL, RELEASED_SQL, stampSql, START_SQL } from '../incidents/sql.ts';
import { applies, criteriaSet, type AgencyKind } from '../evaluations/criteria.ts';
import { standing, type Step } from '../evaluations/follow-up.ts';
import * as revocation from '../revocation/index.ts';
import { effective, scoreOf, type Result } from '../evaluations/score.ts';
import * as settings from '../settings/index.ts';

type Row = Record<string, unknown>;
export type AgencyFact = { id: string; code: string; kind: string; name: string; shortName: string };
export type CertificateFact = {
  id: string;
  agencyId: string | null;
  use: string;
  issuer: string;
  fingerprint: string | null;
  serial: string | null;
  notBefore: number | null;
  notAfter: number | null;
  revokedAt: number | null;
  confirmedAt: number | null;
  label: string;
  /** Dapat dipakai at the state time. Absent in the rows of the first release, which counted it from the label. */
  usable?: boolean;
  /** Declared out of use by the office. */
  retired?: boolean;
  successor: boolean;
  /** When the successor's validity begins. */
  successorFrom: number | null;
  renewal: boolean;
  holder: boolean;
  keyAlgorithm: string;
  keyBits: number | null;
  signatureAlgorithm: string;
};
export type DayFact = { id: string; day: string; label: string; count: number };
export type IncidentFact = {
  id: string;
  number: string;
  title: string;
  type: string;
  agencyId: string;
  /** When it happened, else when the office knew. */
  occurredAt: number;
  /** Whether it is known when it happened. Absent in the rows of the first release, which counted by the owner's notice. */
  occurredKnown?: boolean;
  knownAt: number;
  closedAt: number | null;
  ended: string | null;
  causeKind: string | null;
};
export type ObligationFact = {
  id: string;
  incidentId: string;
  party: string;
  stage: string;
  startAt: number;
  dueAt: number;
  metAt: number | null;
  receipt: string | null;
  released: boolean;
};
export type RevocationFact = { id: string; incidentId: string; requestedAt: number; seenAt: number | null };
export type SheetFact = {
  id: string;
  round: string;
  period: string;
  agencyId: string;
  reviewedAt: number | null;
  /** When its round was closed. Absent in the rows of the first release, which counted a sheet once it was reviewed. */
  closedAt?: number | null;
  score: number | null;
  coverage: number | null;
  items: { criterion: string; weight: number; result: string; value: number | null }[];
};
export type FindingFact = {
  id: string;
  number: string;
  agencyId: string;
  criterion: string | null;
  title: string;
  cause: string;
  risk: string;
  recommendation: string;
  adoptedAt: number;
  dueOn: string;
  state: string;
  overdue: boolean;
  closedAt: number | null;
  code: number | null;
};

/** A summary of the time before Siaga; in no figure, shown beside them as "dari arsip". */
export type PastFact = {
  id: string;
  kind: 'evaluation' | 'incidents';
  period: string;
  /** null: the archive does not tell. */
  counts: Record<string, number | null>;
  score: number | null;
  reportedTo: string;
  reportedOn: string | null;
  reference: string;
};

export type Facts = {
  v: 1;
  period: Period;
  stateAt: number;
  takenAt: number;
  expiringDays: number;
  agencies: AgencyFact[];
  certificates: CertificateFact[];
  days: DayFact[];
  incidents: IncidentFact[];
  obligations: ObligationFact[];
  revocations: RevocationFact[];
  sheets: SheetFact[];
  findings: FindingFact[];
  /** Absent in the rows of the first release. */
  past?: PastFact[];
  /** Said when kept evidence took certificates out of use that our wrong clock lets read well; absent: nothing waited. */
  waiting?: string;
};
export const TABLES = [
  'agencies',
  'certificates',
  'days',
  'incidents',
  'obligations',
  'revocations',
  'sheets',
  'findings',
] as const;
export type TableName = (typeof TABLES)[number];

/** Reads everything for a period, as known now. @throws AppError invalid for a period that is none or has not begun */
export function readFacts(ctx: Context, code: string): Facts {
  const now = ctx.now();
  const period = periodOf(code);
  if (!period) throw invalid('Periode tidak dikenal. Tulis tahun (2026) atau semester (2026-S1).');
  if (period.start > now) throw invalid('Periode itu belum dimulai.');
  const stateAt = Math.min(period.end, now);
  const { expiringDays } = settings.get(ctx, 'ladders');
  const { text: waiting } = revocation.waitingRevocations(as(ctx, { kind: 'system', name: 'jobs' }));
  return ctx.db.transaction((tx) => ({
    v: 1 as const,
    period,
    stateAt,
    takenAt: now,
    expiringDays,
    agencies: agencies(tx, stateAt),
    certificates: certificates(tx, { at: stateAt, now, policy: inventory.policy(ctx, stateAt) }),
    days: days(tx, stateAt),
    incidents: incidents(tx, stateAt),
    obligations: obligations(tx, stateAt),
    revocations: revocations(tx, stateAt),
    // A round measures its period and is reviewed after it ends: what is known now counts.
    sheets: sheets(tx, period, now),
    findings: findings(tx, stateAt),
    past: past(tx, period),
    ...(waiting === null ? {} : { waiting }),
  }));
}

const all = <T>(db: Db, sql: string, ...values: unknown[]): T[] =>
  connection(db)
    .prepare(sql)
    .all(...values) as T[];

/** Perangkat Daerah in force on the day, without the units below them. */
const agencies = (db: Db, at: number): AgencyFact[] =>
  all(
    db,
    `select a.id, a.code, a.kind, n.name, n.short_name as shortName from agency a
       join agency_name n on n.agency_id = a.id and n."from" <= :day and (n."to" is null or n."to" >= :day)
     where a.level = 'agency' and a.valid_from <= :day and (a.valid_to is null or a.valid_to >= :day) order by a.code`,
    { day: wibDate(at) },
  );

/** Records that existed at `at`; what was revoked later counts as it was then. */
function certificates(
  db: Db,
  { at, now, policy }: { at: number; now: number; policy: LabelPolicy },
): CertificateFact[] {
  const rows = all<Row & Facets>(
    db,
    `select c.id, ${agencyAbove('a')} as agencyId, c.use, c.issuer, c.fingerprint, c.serial, c.not_before as notBefore,
       c.not_after as notAfter, c.revoked_at as revokedAt, ${confirmedAtSql('c')} as confirmedAt, c.next_update as nextUpdate,
       ${freshUntilSql('c')} as freshUntil, ${chainSql('c')} as chain, c.revocation, c.superseded_by_id as supersededById,
       c.authority_id as authorityId, c.holder_id is not null as holder, c.retired_at as retiredAt, c.key_algorithm as keyAlgorithm, c.key_bits as keyBits,
       c.signature_algorithm as signatureAlgorithm,
       exists (select 1 from certificate o where o.superseded_by_id = c.id) as renewal,
       (select s.not_before from certificate s where s.id = c.superseded_by_id) as successorFrom,
       (select u.common_name from authority u where u.id = c.authority_id) as authority
     from certificate c left join agency a on a.id = c.agency_id
     where coalesce(c.not_before, c.added_at) <= ? and (c.archived_at is null or c.archived_at > ?) order by c.id`,
    at,
    at,
  );
  return rows.map((row) => {
    const later = row.revokedAt !== null && (row.revokedAt as number) > at;
    const successorFrom = row.successorFrom as number | null;
    // Of a time gone by, a successor counts from when it began; now, once it is there.
    const successor = row.supersededById !== null && (at >= now || successorFrom === null || successorFrom <= at);
    const facets: Facets = {
      ...row,
      ...(later ? { revocation: 'good' as const } : {}),
      ...(successor ? {} : { supersededById: null }),
    };
    return {
      id: row.id as string,
      agencyId: row.agencyId as string | null,
      use: row.use as string,
      issuer: (row.authority as string | null) ?? commonName(row.issuer as string),
      fingerprint: row.fingerprint,
      serial: row.serial as string | null,
      notBefore: row.notBefore,
      notAfter: row.notAfter,
      revokedAt: later ? null : (row.revokedAt as number | null),
      confirmedAt: row.confirmedAt,
      label: labelOf(facets, at, policy),
      usable: isUsable(facets, at),
      retired: row.retiredAt !== null && (row.retiredAt as number) <= at,
      successor,
      successorFrom: successor ? successorFrom : null,
      renewal: !!row.renewal,
      holder: !!row.holder,
      keyAlgorithm: (row.keyAlgorithm as string | null) ?? '',
      keyBits: row.keyBits as number | null,
      signatureAlgorithm: (row.signatureAlgorithm as string | null) ?? '',
    };
  });
}

/** The CN of an RFC 4514 name, or the whole name. */
const commonName = (name: string): string =>
  /(?:^|,)CN=((?:\\.|[^,\\])+)/i.exec(name)?.[1]?.replace(/\\(.)/g, '$1') ?? name;

/** Counts of the city at the end of each recorded day of the last 13 months. */
const days = (db: Db, at: number): DayFact[] =>
  all<Omit<DayFact, 'id'>>(
    db,
    `select day, label, sum(count) as count from daily_count where day <= ? and day >= date(?, '-13 months')
     group by day, label order by day, label`,
    wibDate(at),
    wibDate(at),
  ).map((row) => ({ id: `${row.day} ${row.label}`, ...row }));

const incidents = (db: Db, at: number): IncidentFact[] => {
  const verdict = (column: string) =>
    `(select v.${column} from incident_verdict v where v.incident_id = i.id and v.at <= :at order by v.at desc, v.id desc limit 1)`;
  return all<IncidentFact & { verdictAt: number | null }>(
    db,
    `select i.id, i.number, i.title, i.type, ${agencyAbove('a')} as agencyId,
       coalesce(${OCCURRED_SQL}, ${stampSql('known')}, i.opened_at) as occurredAt, ${OCCURRED_SQL} is not null as occurredKnown,
       coalesce(${stampSql('known')}, i.opened_at) as knownAt,
       ${verdict('kind')} as ended, ${verdict('at')} as verdictAt,
       (select r.cause_kind from incident_review r where r.incident_id = i.id and r.approved_at is not null
          order by r.version desc limit 1) as causeKind
     from incident i join agency a on a.id = i.agency_id where i.opened_at <= :at order by i.number`,
    { at },
  ).map(({ verdictAt, ...row }) => {
    const ended = row.ended === 'reopened' ? null : row.ended;
    return { ...row, occurredKnown: !!row.occurredKnown, ended, closedAt: ended ? verdictAt : null };
  });
};

/** A receipt is the authority's number. */
const obligations = (db: Db, at: number): ObligationFact[] =>
  all<ObligationFact>(
    db,
    `select o.id, o.incident_id as incidentId, o.party, o.stage,
       ${START_SQL} as startAt, ${DUE_SQL} as dueAt, ${MET_SQL} as metAt,
       (select r.authority_number from receipt r where r.obligation_id = o.id order by r.at desc, r.id desc limit 1) as receipt,
       ${RELEASED_SQL} as released
     from obligation o where o.born_at <= ? order by o.id`,
    at,
  ).map((row) => ({
    ...row,
    metAt: row.metAt !== null && row.metAt <= at ? row.metAt : null,
    released: !!row.released,
  }));

/** One that was seen before it was asked for was seen at once: a span is never less than nothing. */
const revocations = (db: Db, at: number): RevocationFact[] =>
  all<RevocationFact>(
    db,
    `select r.id, r.incident_id as incidentId,
       coalesce((select s.at from revocation_step s where s.request_id = r.id and s.kind = 'requested'), r.created_at) as requestedAt,
       (select s.at from revocation_step s where s.request_id = r.id and s.kind = 'seen' and s.at <= ?) as seenAt
     from revocation_request r where r.created_at <= ? order by r.id`,
    at,
    at,
  ).map((row) => ({ ...row, seenAt: row.seenAt === null ? null : Math.max(row.seenAt, row.requestedAt) }));

type SheetRow = {
  id: string;
  round: string;
  period: string;
  agencyId: string;
  kind: AgencyKind;
  reviewedAt: number | null;
  closedAt: number | null;
  set: number;
};
type MeasureRow = { sheetId: string; criterion: string; result: Result; value: number | null; rowsHash: string };
type JudgementRow = { sheetId: string; criterion: string; result: Result; basisHash: string };

/** Sheets of the rounds of this period and the one before, with each criterion's effective result. */
function sheets(db: Db, period: Period, at: number): SheetFact[] {
  const year = Number(period.code.slice(0, 4));
  const rows = all<SheetRow>(
    db,
    `select s.id, r.code as round, r.period, s.agency_id as agencyId, a.kind, r.criteria_version as "set",
       case when s.reviewed_at <= :at then s.reviewed_at end as reviewedAt,
       case when r.closed_at <= :at then r.closed_at end as closedAt
     from evaluation_sheet s join evaluation_round r on r.id = s.round_id join agency a on a.id = s.agency_id
     where r.opened_at <= :at and substr(r.period, 1, 4) in (:year, :before) order by r.code, s.id`,
    { at, year: String(year), before: String(year - 1) },
  );
  const measures = group(
    all<MeasureRow>(
      db,
      `select sheet_id as sheetId, criterion, result, value, rows_hash as rowsHash from evaluation_measure where ended_at is null`,
    ),
  );
  const judgements = group(
    all<JudgementRow>(
      db,
      `select sheet_id as sheetId, criterion, result, basis_hash as basisHash from evaluation_judgement where ended_at is null`,
    ),
  );
  return rows.map(({ kind, set, ...row }) => {
    const items = criteriaSet(set).map((criterion) => {
      const outcome = applies(criterion, kind)
        ? effective(
            measures.get(row.id)?.get(criterion.code) ?? null,
            judgements.get(row.id)?.get(criterion.code) ?? null,
          )
        : { result: 'not_applicable' as Result, value: null };
      return { criterion: criterion.code, weight: criterion.weight, result: outcome.result, value: outcome.value };
    });
    const { score, coverage } = scoreOf(items);
    return { ...row, score, coverage, items };
  });
}

function group<T extends { sheetId: string; criterion: string }>(rows: T[]): Map<string, Map<string, T>> {
  const result = new Map<string, Map<string, T>>();
  for (const row of rows) {
    let sheet = result.get(row.sheetId);
    if (!sheet) result.set(row.sheetId, (sheet = new Map()));
    sheet.set(row.criterion, row);
  }
  return result;
}

/** Of the year of the period and the four before it, oldest first. */
const past = (db: Db, period: Period): PastFact[] => {
  const year = Number(period.code.slice(0, 4));
  return all<Omit<PastFact, 'counts'> & { counts: string }>(
    db,
    `select id, kind, period, counts, score, reported_to as reportedTo, reported_on as reportedOn, reference
       from past_summary
      where withdrawn_at is null and cast(substr(period, 1, 4) as integer) between ? and ? order by period, kind`,
    year - 4,
    year,
  ).map((row) => ({ ...row, counts: JSON.parse(row.counts) as PastFact['counts'] }));
};

function findings(db: Db, at: number): FindingFact[] {
  const steps = new Map<string, Step[]>();
  const found = all<Step & { findingId: string }>(
    db,
    `select finding_id as findingId, kind, at, by, due_on as dueOn, code from finding_step where at <= ? order by finding_id, seq`,
    at,
  );
  for (const { findingId, ...step } of found) steps.set(findingId, [...(steps.get(findingId) ?? []), step]);
  return all<Omit<FindingFact, 'state' | 'overdue' | 'closedAt' | 'code'>>(
    db,
    `select id, number, agency_id as agencyId, criterion, title, cause, risk, recommendation, adopted_at as adoptedAt, due_on as dueOn
     from finding where adopted_at <= ? order by number`,
    at,
  ).map((row) => {
    const now = standing(row.dueOn, steps.get(row.id) ?? [], at);
    return { ...row, dueOn: now.dueOn, state: now.state, overdue: now.overdue, closedAt: now.closedAt, code: now.code };
  });
}
