// What the articles' states are computed from: a handful of counts over the rows of all rooms, read once a page.
import * as audit from '../audit/index.ts';
import { DAY, semesterOf, startOfDay, wibDate, wibYear } from '../calendar.ts';
import { endsWithinSql, isFreshSql, usableSql } from '../certificates/index.ts';
import { as, type Context } from '../context.ts';
import { connection } from '../db/index.ts';
import * as evaluations from '../evaluations/index.ts';
import * as settings from '../settings/index.ts';

/** A count and the newest instant among what was counted. */
export type Counted = { n: number; at: number | null };

export type Facts = {
  now: number;
  year: number;
  semester: string;
  agencies: number;
  units: number;
  active: number;
  withFile: number;
  verified: number;
  fresh: number;
  leavers: number;
  endingSoon: { n: number; ready: number };
  uses: Record<string, number>;
  holders: Record<string, number>;
  anchors: Counted;
  proposedAuthorities: number;
  rejectedKeys: number;
  users: number;
  roles: Record<string, number>;
  settings: Counted;
  intakes: Counted & { undecided: number };
  incidents: Counted & { open: number; a: number; b: number };
  obligations: Counted & { met: number; late: number; released: number };
  help: Counted & { met: number; late: number };
  revocations: Counted & { seen: number; late: number };
  letters: Counted & { answered: number };
  evaluated: { n: number; total: number; open: boolean; all: evaluations.EvaluationFigures };
  findings: evaluations.EvaluationFigures['findings'] & { all: number };
  /** Periods before Siaga that the archive tells. */
  archived: { evaluation: number; incidents: number };
  /** Recipients of last year's annual report that it was sent to, and until when it is due. */
  annual: Counted & { dueAt: number };
  utilisation: Counted & { dueAt: number };
  trail: { size: number; check: { at: number; ok: boolean } | null };
  backup: { at: number; result: string } | null;
};

/** Earliest instant a notice of an obligation left the office. */
const MET = `(select min(case when t.message_id is null then t.at else m.sent_at end)
  from transmission t left join message m on m.id = t.message_id where t.obligation_id = o.id)`;
const DUE = `coalesce((select b.new_due from obligation_rebase b where b.obligation_id = o.id order by b.at desc, b.id desc limit 1), o.due_at)`;
const RELEASED = `exists (select 1 from obligation_decision d where d.obligation_id = o.id and d.outcome = 'confirmed')`;

export function factsOf(ctx: Context): Facts {
  const now = ctx.now();
  const year = wibYear(now);
  const semester = semesterOf(now);
  const start = startOfDay(`${year}-01-01`);
  const read = reader(ctx, { now, start, today: wibDate(now), lastYear: String(year - 1) });
  const { annualReport, utilisationReport } = settings.get(ctx, 'deadlines');
  // The door asked for compliance.view; whoever reads the articles reads these totals, also without evaluations.view.
  const figures = evaluations.figures(as(ctx, { kind: 'system', name: 'jobs' }), semester);
  const backup = audit.last(ctx, 'backup.made');
  return {
    now,
    year,
    semester,
    ...read.one<{ agencies: number; units: number }>(
      `select coalesce(sum(level = 'agency'), 0) as agencies, coalesce(sum(level = 'unit'), 0) as units from agency where coalesce(valid_to, '9999') >= :today`,
    ),
    ...inventory(read, now),
    uses: read.map(
      `select use, count(*) from certificate c where ${usableSql(now, 'c')} and c.archived_at is null group by use`,
    ),
    holders: read.map('select kind, count(*) from holder where archived_at is null group by kind'),
    anchors: read.one(`select count(*) as n, max(decided_at) as at from authority where trust = 'anchor'`),
    proposedAuthorities: read.number(`select count(*) from authority where trust = 'proposed'`),
    rejectedKeys: read.number(
      `select count(*) from import_entry where outcome = 'rejected' and reason like '%kunci privat%'`,
    ),
    users: read.number('select count(*) from user where disabled_at is null'),
    roles: read.map(
      `select r.role, count(*) from user_role r join user u on u.id = r.user_id where r.ended_at is null and u.disabled_at is null group by r.role`,
    ),
    settings: read.one('select count(*) as n, max(set_at) as at from setting'),
    ...incidentFacts(read),
    evaluated: {
      n: figures.coverage.semesters[0]?.evaluated ?? 0,
      total: figures.coverage.total,
      open: figures.rounds.some((round) => round.kind === 'routine'),
      all: figures,
    },
    archived: read.one<Facts['archived']>(
      `select coalesce(sum(kind = 'evaluation'), 0) as evaluation, coalesce(sum(kind = 'incidents'), 0) as incidents
         from past_summary where withdrawn_at is null`,
    ),
    findings: { ...figures.findings, all: read.number('select count(*) from finding') },
    annual: {
      ...dispatched(read, 'annual-%', ['mayor', 'governor', 'bssn', 'bsre']),
      dueAt: startOfDay(`${year}-${annualReport}`) + DAY,
    },
    utilisation: {
      ...dispatched(read, 'utilisation', ['bsre']),
      dueAt: startOfDay(`${year}-${utilisationReport}`) + DAY,
    },
    trail: { size: audit.head(ctx).size, check: audit.lastCheck(ctx) },
    backup: backup && { at: backup.at, result: String(backup.details.result) },
  };
}

function inventory(read: Reader, now: number) {
  const soon = endsWithinSql(now, 30, 'c');
  const row = read.one<
    Pick<Facts, 'active' | 'withFile' | 'verified' | 'fresh' | 'leavers'> & { ending: number; ready: number }
  >(
    `select count(*) as active, coalesce(sum(c.fingerprint is not null), 0) as withFile,
       coalesce(sum(h.id is not null and (h.kind <> 'person' or h.nip is not null
         or exists (select 1 from position p where p.holder_id = h.id and p."to" is null))), 0) as verified,
       coalesce(sum(c.revocation = 'not_applicable' or ${isFreshSql(':now', 'c')}), 0) as fresh,
       coalesce(sum(h.kind = 'person' and h.status <> 'active'), 0) as leavers,
       coalesce(sum(${soon}), 0) as ending,
       coalesce(sum(c.superseded_by_id is not null and ${soon}), 0) as ready
     from certificate c left join holder h on h.id = c.holder_id where ${usableSql(now, 'c')} and c.archived_at is null`,
  );
  const { ending, ready, ...counts } = row;
  return { ...counts, endingSoon: { n: ending, ready } };
}

function incidentFacts(read: Reader) {
  const obligations = (stage: string) =>
    read.one<Facts['obligations']>(
      `select count(*) as n, max(${MET}) as at, coalesce(sum(${MET} is not null), 0) as met, coalesce(sum(${RELEASED}), 0) as released,
         coalesce(sum(not ${RELEASED} and coalesce(${MET}, :now) > ${DUE}), 0) as late
       from obligation o where o.stage = '${stage}' and o.born_at >= :start`,
    );
  return {
    intakes: read.one<Facts['intakes']>(
      `select count(*) as n, max(received_at) as at, coalesce(sum(outcome is null), 0) as undecided from intake where received_at >= :start`,
    ),
    incidents: read.one<Facts['incidents']>(
      `select count(*) as n, max(opened_at) as at, coalesce(sum(clause = 'a'), 0) as a, coalesce(sum(clause = 'b'), 0) as b,
         coalesce(sum(coalesce((select v.kind from incident_verdict v where v.incident_id = i.id order by v.at desc, v.id desc limit 1), 'reopened') = 'reopened'), 0) as open
       from incident i where opened_at >= :start`,
    ),
    obligations: obligations('early_notice'),
    help: obligations('technical_help'),
    revocations: read.one<Facts['revocations']>(
      `select count(*) as n, max(r.created_at) as at,
         coalesce(sum(exists (select 1 from revocation_step s where s.request_id = r.id and s.kind = 'seen')), 0) as seen,
         coalesce(sum(not exists (select 1 from revocation_step s where s.request_id = r.id and s.kind in ('seen', 'exception'))
           and r.created_at < :now - 86400000), 0) as late
       from revocation_request r where r.created_at >= :start`,
    ),
    letters: read.one<Facts['letters']>(
      `select count(*) as n, max(l.locked_at) as at, coalesce(sum(exists (select 1 from receipt p where p.letter_id = l.id)), 0) as answered
       from letter l where l.locked_at >= :start`,
    ),
  };
}

const dispatched = (read: Reader, kind: string, parties: readonly string[]): Counted =>
  read.one<Counted>(
    `select count(distinct d.party) as n, max(d.sent_at) as at from report_dispatch d join report r on r.id = d.report_id
     where r.kind like '${kind}' and r.period = :lastYear and d.party in (${parties.map((p) => `'${p}'`).join(', ')})`,
  );

type Reader = ReturnType<typeof reader>;
/** Prepared reads with the same named values; SQLite ignores those a statement does not name. */
function reader(ctx: Context, values: Record<string, number | string>) {
  const client = connection(ctx.db);
  const named = (sql: string) =>
    Object.fromEntries(Object.entries(values).filter(([name]) => sql.includes(`:${name}`)));
  return {
    one: <T>(sql: string): T => client.prepare(sql).get(named(sql)) as T,
    number: (sql: string): number => client.prepare(sql).pluck().get(named(sql)) as number,
    map: (sql: string): Record<string, number> =>
      Object.fromEntries(client.prepare(sql).raw().all(named(sql)) as [string, number][]),
  };
}
