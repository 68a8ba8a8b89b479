// The counted tables behind the charts and tables of a report. Pure functions of the stored rows.
import { DAY, HOUR, startOfDay, wibDate } from '../calendar.ts';
import { criteriaSet } from '../evaluations/criteria.ts';
import { agencyKinds, incidentTypes, obligationStages, parties, risks } from '#lib/terms.ts';
import { month, shortDate } from '#lib/format.ts';
import type { AttentionRow, Breakdown, KindRow, LateRow, TypeRow } from '#reports/report-data.ts';
import type { Facts, ObligationFact } from './facts.ts';
import { evaluationHistory, incidentHistory } from './past.ts';
import { countedSheets, isEnding, isEvaluated, isReport, isWeak, median, usable } from './figures.ts';

export const LABELS = {
  inForce: ['valid', 'superseded'],
  expiring: ['expiring'],
  expired: ['expired'],
  gone: ['revoked', 'ca_revoked', 'on_hold'],
} as const;
const CLAUSES: Record<string, string> = {
  key_lost: 'a',
  passphrase_leaked: 'a',
  key_damaged: 'a',
  key_inaccessible: 'a',
  misuse: 'b',
  authentication_dispute: 'b',
  authenticity_dispute: 'b',
  repudiation: 'b',
};

export function breakdownOf(facts: Facts): Breakdown {
  const counted = countedSheets(facts);
  const names = agencyNames(facts);
  const open = facts.findings.filter((f) => f.state !== 'closed');
  return {
    byKind: byKind(facts),
    byUse: tally(facts.certificates.map((c) => c.use)).map(([use, count]) => ({ use, count })),
    byIssuer: tally(facts.certificates.map((c) => c.issuer)).map(([issuer, count]) => ({ issuer, count })),
    byKey: keys(facts),
    bySignature: signatures(facts),
    expiry: expiry(facts),
    movements: movements(facts),
    trend: trend(facts),
    incidents: incidents(facts).map((i) => ({
      number: i.number,
      title: i.title,
      agency: names(i.agencyId),
      type: incidentTypes[i.type as keyof typeof incidentTypes] ?? i.type,
      occurredAt: i.occurredAt,
      knownAt: i.knownAt,
      closedAt: i.closedAt,
    })),
    incidentsByType: incidentsByType(facts),
    obligations: obligations(facts),
    late: lateReports(facts, names),
    scoresByKind: scoresByKind(facts, counted),
    scores: counted.map((s) => s.score!),
    lowest: ranking(facts, counted).slice(0, 8),
    highest: ranking(facts, counted).reverse().slice(0, 5),
    round: counted[0]?.round ?? null,
    criteria: criteria(counted),
    findings: [...open]
      .sort((a, b) => (a.dueOn < b.dueOn ? -1 : 1))
      .slice(0, 20)
      .map((f) => ({
        number: f.number,
        agency: names(f.agencyId),
        title: f.title,
        risk: risks[f.risk as keyof typeof risks] ?? f.risk,
        dueOn: f.dueOn,
        state: f.state,
        overdue: f.overdue,
      })),
    findingAges: open.map((f) => Math.max(0, Math.floor((facts.stateAt - f.adoptedAt) / DAY))),
    attention: attention(facts, counted),
    evaluationHistory: evaluationHistory(facts),
    incidentHistory: incidentHistory(facts),
  };
}

/** Short name by id; a record without an agency says so. */
export const agencyNames = (facts: Facts): ((id: string | null) => string) => {
  const names = new Map(facts.agencies.map((a) => [a.id, a.shortName || a.name]));
  return (id) => (id === null ? 'Belum ditetapkan' : (names.get(id) ?? 'Perangkat Daerah lama'));
};
const kindsById = (facts: Facts) => new Map(facts.agencies.map((a) => [a.id, a.kind]));

/** Counted values, most frequent first. */
function tally(values: string[]): [string, number][] {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
}

function byKind(facts: Facts): KindRow[] {
  const kinds = kindsById(facts);
  const rows = new Map<string, KindRow>();
  const row = (kind: string, name: string): KindRow => {
    let found = rows.get(kind);
    if (!found)
      rows.set(
        kind,
        (found = {
          kind,
          name,
          agencies: 0,
          inForce: 0,
          expiring: 0,
          expired: 0,
          lapsed: 0,
          gone: 0,
          other: 0,
          total: 0,
        }),
      );
    return found;
  };
  for (const [kind, name] of Object.entries(agencyKinds)) row(kind, name);
  for (const agency of facts.agencies) row(agency.kind, agency.kind).agencies += 1;
  for (const c of facts.certificates) {
    const kind = (c.agencyId && kinds.get(c.agencyId)) ?? '';
    const at = row(kind, 'Belum ditetapkan');
    const group = Object.entries(LABELS).find(([, labels]) => (labels as readonly string[]).includes(c.label))?.[0];
    at[(group ?? 'other') as 'inForce' | 'expiring' | 'expired' | 'gone' | 'other'] += 1;
    if (group === 'expired' && !c.successor) at.lapsed += 1;
    at.total += 1;
  }
  return [...rows.values()].filter((r) => r.agencies > 0 || r.total > 0);
}

/** Keys of certificates that can be used and whose file is there. */
function keys(facts: Facts) {
  const counts = new Map<string, { name: string; count: number; weak: boolean }>();
  for (const c of facts.certificates) {
    if (!usable(c) || c.fingerprint === null) continue;
    const name = `${c.keyAlgorithm || 'tidak dikenal'}${c.keyBits ? ` ${c.keyBits} bit` : ''}`;
    const weak = isWeak({ ...c, signatureAlgorithm: '' });
    counts.set(name, { name, weak, count: (counts.get(name)?.count ?? 0) + 1 });
  }
  return [...counts.values()].sort((a, b) => b.count - a.count);
}

/** As people name them; certificates name them by object identifier. */
const signatureNames: Record<string, string> = {
  '1.2.840.113549.1.1.4': 'MD5 dengan RSA',
  '1.2.840.113549.1.1.5': 'SHA-1 dengan RSA',
  '1.2.840.113549.1.1.10': 'RSA-PSS',
  '1.2.840.113549.1.1.11': 'SHA-256 dengan RSA',
  '1.2.840.113549.1.1.12': 'SHA-384 dengan RSA',
  '1.2.840.113549.1.1.13': 'SHA-512 dengan RSA',
  '1.2.840.10045.4.1': 'SHA-1 dengan ECDSA',
  '1.2.840.10045.4.3.2': 'SHA-256 dengan ECDSA',
  '1.2.840.10045.4.3.3': 'SHA-384 dengan ECDSA',
  '1.2.840.10045.4.3.4': 'SHA-512 dengan ECDSA',
  '1.3.101.112': 'Ed25519',
};

function signatures(facts: Facts) {
  const counts = new Map<string, { name: string; count: number; weak: boolean }>();
  for (const c of facts.certificates) {
    if (!usable(c) || c.fingerprint === null) continue;
    const name = signatureNames[c.signatureAlgorithm] ?? (c.signatureAlgorithm || 'tidak dikenal');
    counts.set(name, { name, weak: isWeak({ ...c, keyBits: null }), count: (counts.get(name)?.count ?? 0) + 1 });
  }
  return [...counts.values()].sort((a, b) => b.count - a.count);
}

/** Twelve months from a day: first instants of each and of the next, with the short name. */
function months(from: string, count: number) {
  const [year, first] = from.split('-').map(Number) as [number, number];
  return Array.from({ length: count }, (_, i) => {
    const at = (offset: number) => new Date(Date.UTC(year, first - 1 + i + offset, 1)).toISOString().slice(0, 10);
    const start = startOfDay(at(0));
    return { start, end: startOfDay(at(1)) - 1, key: at(0).slice(0, 7), name: month(start) };
  });
}

const expiry = (facts: Facts) =>
  months(wibDate(facts.stateAt), 12).map((m) => {
    const ending = facts.certificates.filter(
      (c) =>
        usable(c) && c.notAfter !== null && c.notAfter > facts.stateAt && c.notAfter >= m.start && c.notAfter <= m.end,
    );
    return {
      month: m.name,
      without: ending.filter((c) => !c.successor).length,
      with: ending.filter((c) => c.successor).length,
    };
  });

const movements = (facts: Facts) =>
  months(facts.period.from, Math.round((facts.period.end - facts.period.start) / (30.4 * DAY)))
    .filter((m) => m.start <= facts.stateAt)
    .map((m) => {
      const inMonth = (at: number | null) => at !== null && at >= m.start && at <= Math.min(m.end, facts.stateAt);
      const issued = facts.certificates.filter((c) => inMonth(c.notBefore));
      return {
        month: m.name,
        issued: issued.filter((c) => !c.renewal).length,
        renewed: issued.filter((c) => c.renewal).length,
        revoked: facts.certificates.filter((c) => inMonth(c.revokedAt)).length,
      };
    });

/** The last recorded day of each of the last twelve months. */
function trend(facts: Facts) {
  const last = wibDate(facts.stateAt);
  const [year, m] = last.split('-').map(Number) as [number, number];
  const first = new Date(Date.UTC(year, m - 12, 1)).toISOString().slice(0, 10);
  return months(first, 12).map(({ key, name }) => {
    const day = facts.days.filter((d) => d.day.startsWith(key)).at(-1)?.day;
    const count = (labels: readonly string[]) =>
      day === undefined
        ? null
        : facts.days.filter((d) => d.day === day && labels.includes(d.label)).reduce((sum, d) => sum + d.count, 0);
    return {
      month: name,
      valid: count([...LABELS.inForce, 'stale', 'ageing']),
      expiring: count(LABELS.expiring),
      expired: count(LABELS.expired),
    };
  });
}

/** Incidents that happened in the period. */
export const incidents = (facts: Facts) =>
  facts.incidents.filter(
    (i) =>
      i.occurredAt >= facts.period.start &&
      i.occurredAt <= Math.min(facts.period.end, facts.stateAt) &&
      i.ended !== 'not_incident' &&
      i.ended !== 'duplicate',
  );

const judgedAt = (facts: Facts, o: ObligationFact) => {
  const at = o.metAt !== null && o.metAt < o.dueAt ? o.metAt : o.dueAt;
  return !o.released && at >= facts.period.start && at <= Math.min(facts.period.end, facts.stateAt);
};

function incidentsByType(facts: Facts): TypeRow[] {
  const found = incidents(facts);
  return tally(found.map((i) => i.type)).map(([type, count]) => {
    const ids = new Set(found.filter((i) => i.type === type).map((i) => i.id));
    const judged = facts.obligations.filter((o) => isReport(o) && ids.has(o.incidentId) && judgedAt(facts, o));
    const spans = judged.filter((o) => o.metAt !== null).map((o) => o.metAt! - o.startAt);
    const middle = median(spans);
    return {
      name: incidentTypes[type as keyof typeof incidentTypes] ?? type,
      clause: CLAUSES[type] ? `Pasal 19 ayat (2) huruf ${CLAUSES[type]}` : 'Pasal 19 ayat (1)',
      count,
      inTime: judged.filter((o) => o.metAt !== null && o.metAt <= o.dueAt).length,
      judged: judged.length,
      medianHours: middle === null ? null : middle / HOUR,
    };
  });
}

function obligations(facts: Facts) {
  const end = Math.min(facts.period.end, facts.stateAt);
  const rows = facts.obligations.filter((o) => !o.released && o.startAt >= facts.period.start && o.startAt <= end);
  const name = (o: ObligationFact) =>
    `${obligationStages[o.stage as keyof typeof obligationStages] ?? o.stage}, ${(parties[o.party as keyof typeof parties] ?? o.party).replace('Kepala ', '')}`;
  return tally(rows.map(name)).map(([label]) => {
    const of = rows.filter((o) => name(o) === label);
    const inTime = of.filter((o) => o.metAt !== null && o.metAt <= o.dueAt).length;
    const late = of.filter(
      (o) => (o.metAt !== null && o.metAt > o.dueAt) || (o.metAt === null && o.dueAt <= end),
    ).length;
    return { name: label, inTime, late, open: of.length - inTime - late };
  });
}

/** The reports of F-13 that were not sent in time, those still missing first, then the longest overdue. */
function lateReports(facts: Facts, names: (id: string | null) => string): LateRow[] {
  const byId = new Map(facts.incidents.map((i) => [i.id, i]));
  const end = Math.min(facts.period.end, facts.stateAt);
  return facts.obligations
    .filter((o) => isReport(o) && judgedAt(facts, o) && (o.metAt === null || o.metAt > o.dueAt))
    .map((o) => ({
      incident: byId.get(o.incidentId)?.number ?? '—',
      agency: names(byId.get(o.incidentId)?.agencyId ?? null),
      party: (parties[o.party as keyof typeof parties] ?? o.party).replace('Kepala ', ''),
      dueAt: o.dueAt,
      metAt: o.metAt,
      lateBy: (o.metAt ?? end) - o.dueAt,
    }))
    .sort((a, b) => Number(a.metAt !== null) - Number(b.metAt !== null) || b.lateBy - a.lateBy);
}

/** The next report that is owed about it; without one it has no clock of its own. */
function incidentDue(facts: Facts, incidentId: string, words: (at: number) => string): string {
  const open = facts.obligations.filter((o) => o.incidentId === incidentId && !o.released && o.metAt === null);
  if (open.length === 0) return '—';
  const first = Math.min(...open.map((o) => o.dueAt));
  return first < facts.stateAt ? `lewat ${words(first)}` : words(first);
}

type Counted = ReturnType<typeof countedSheets>;

function scoresByKind(facts: Facts, counted: Counted) {
  const kinds = kindsById(facts);
  return tally(counted.map((s) => kinds.get(s.agencyId) ?? '')).map(([kind, agencies]) => {
    const of = counted.filter((s) => (kinds.get(s.agencyId) ?? '') === kind);
    return {
      name: agencyKinds[kind as keyof typeof agencyKinds] ?? 'Lainnya',
      score: of.reduce((sum, s) => sum + s.score!, 0) / of.length / 100,
      agencies,
    };
  });
}

/** Lowest first, with the score of the round before. */
function ranking(facts: Facts, counted: Counted) {
  const names = agencyNames(facts);
  const round = counted[0]?.round ?? '';
  const earlier = [...new Set(facts.sheets.map((s) => s.round))]
    .filter((code) => code < round && !code.includes('-I'))
    .sort()
    .at(-1);
  const before = new Map(
    facts.sheets.filter((s) => s.round === earlier && isEvaluated(s)).map((s) => [s.agencyId, s.score]),
  );
  return counted
    .map((s) => ({
      agency: names(s.agencyId),
      score: s.score!,
      coverage: s.coverage,
      before: before.get(s.agencyId) ?? null,
    }))
    .sort((a, b) => a.score - b.score || (a.agency < b.agency ? -1 : 1));
}

function criteria(counted: Counted) {
  return criteriaSet(1)
    .map((criterion) => {
      const results = counted.flatMap((s) =>
        s.items.filter((i) => i.criterion === criterion.code).map((i) => i.result),
      );
      const n = (result: string) => results.filter((r) => r === result).length;
      return {
        title: criterion.title,
        basis: criterion.basis,
        conform: n('conform'),
        partial: n('partial'),
        nonconform: n('nonconform'),
        unknown: n('unknown'),
      };
    })
    .filter((row) => row.conform + row.partial + row.nonconform + row.unknown > 0);
}

/** Agencies that stand out, worst first: open incidents, ends near without successor, overdue findings, low scores. */
function attention(facts: Facts, counted: Counted): AttentionRow[] {
  const names = agencyNames(facts);
  const due = (at: number) => shortDate(at).replace(/ \d{4}$/, '');
  const points = new Map<string, { weight: number; row: AttentionRow }>();
  const put = (agencyId: string | null, weight: number, row: Omit<AttentionRow, 'agency'>) => {
    if (agencyId === null) return;
    const found = points.get(agencyId);
    if (!found || found.weight < weight)
      points.set(agencyId, { weight: weight + (found?.weight ?? 0) / 10, row: { agency: names(agencyId), ...row } });
    else found.weight += weight / 10;
  };
  for (const i of facts.incidents.filter((x) => x.closedAt === null)) {
    put(i.agencyId, 50, {
      condition: `Insiden ${i.number} terbuka`,
      next: facts.obligations.some((o) => o.incidentId === i.id && isReport(o) && !o.released && o.metAt === null)
        ? 'Mengirim laporan ke BSSN dan BSrE'
        : 'Menyelesaikan penanganan insiden',
      due: incidentDue(facts, i.id, due),
    });
  }
  const ends = facts.certificates.filter((c) => c.agencyId && isEnding(c, facts.stateAt));
  for (const [id, n] of tally(ends.map((c) => c.agencyId!))) {
    const first = Math.min(...ends.filter((c) => c.agencyId === id).map((c) => c.notAfter!));
    put(id, 5 + n, {
      condition: `${n} sertifikat habis dalam 30 hari tanpa pengganti`,
      next: 'Mengajukan pembaruan',
      due: due(first),
    });
  }
  const overdue = tally(facts.findings.filter((f) => f.overdue).map((f) => f.agencyId));
  for (const [id, n] of overdue)
    put(id, 12 + 3 * n, { condition: `${n} temuan lewat tenggat`, next: 'Menyampaikan tindak lanjut', due: 'lewat' });
  const expired = tally(
    facts.certificates.filter((c) => c.agencyId && c.label === 'expired' && !c.successor).map((c) => c.agencyId!),
  );
  for (const [id, n] of expired)
    put(id, n, {
      condition: `${n} sertifikat kedaluwarsa belum diperbarui`,
      next: 'Menetapkan jadwal pembaruan',
      due: due(facts.stateAt + 14 * DAY),
    });
  for (const s of counted.filter((x) => x.score! < 6000))
    put(s.agencyId, 8, {
      condition: 'Nilai evaluasi di bawah 60',
      next: 'Pembinaan oleh Dinas',
      due: due(facts.stateAt + 30 * DAY),
    });
  return [...points.values()]
    .sort((a, b) => b.weight - a.weight || (a.row.agency < b.row.agency ? -1 : 1))
    .slice(0, 5)
    .map((p) => p.row);
}
