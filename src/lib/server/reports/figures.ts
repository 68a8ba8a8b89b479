// The figures of a report, as data: what each means in words, its clock, its unit, and the rows it is counted from.
// Pure functions of the stored rows. A change of meaning is a new version. Attribution (design §11.8): incidence by
// when it happened, timeliness by the due time, follow-up and states as of the state time.
import { DAY, HOUR } from '../calendar.ts';
import * as labels from '../certificates/label.ts';
import { rowSetHash, canonical, sha256, type RowRef } from './canonical.ts';
import type { CertificateFact, Facts, ObligationFact, SheetFact, TableName } from './facts.ts';

/** count: n · share: n of m · mean and median: over the rows · hours are thousandths of an hour. */
export type Unit = 'sertifikat' | 'Perangkat Daerah' | 'insiden' | 'laporan' | 'temuan' | 'jam' | 'nilai' | '%';
export type FigureDefinition = {
  code: string;
  version: number;
  words: string;
  /** Which instant decides whether a row belongs to the figure. */
  clock: string;
  unit: Unit;
  /** 'count' shows the numerator; 'share' the percentage; 'measure' a value computed from the rows. */
  kind: 'count' | 'share' | 'measure';
  count: (facts: Facts) => Counted;
};
type Counted = { table: TableName; rows: { id: string }[]; of?: number | null; value?: number | null };

/** A figure as stored and printed. `value` in thousandths of the unit; null: nothing to count from. */
export type FigureValue = {
  code: string;
  version: number;
  value: number | null;
  numerator: number | null;
  denominator: number | null;
  rowCount: number;
  rowSetHash: string;
};

const IN_FORCE: readonly string[] = labels.IN_FORCE;
/** Under these labels the first release counted a certificate as not usable. */
const OVER_V1: readonly string[] = ['revoked', 'ca_revoked', 'on_hold', 'expired', 'not_yet_valid'];
const GONE: readonly string[] = labels.labelGroups.revoked;
const within = (facts: Facts, at: number | null) =>
  at !== null && at >= facts.period.start && at <= Math.min(facts.period.end, facts.stateAt);
const certificates = (facts: Facts, test: (c: CertificateFact) => boolean) => ({
  table: 'certificates' as const,
  rows: facts.certificates.filter(test),
});

/** Dapat dipakai, as the certificates room defined it when the rows were read. */
export const usable = (c: CertificateFact): boolean => c.usable ?? !OVER_V1.includes(c.label);
/** Habis dalam 30 hari tanpa pengganti (`certificates.isEnding`), of stored rows. */
export const isEnding = (c: CertificateFact, at: number): boolean =>
  usable(c) && !c.retired && !c.successor && c.notAfter !== null && c.notAfter - at <= 30 * DAY;
/** MD5 and SHA-1 with RSA, DSA and ECDSA, by object identifier as a certificate names them. */
const WEAK_SIGNATURES: readonly string[] = [
  '1.2.840.113549.1.1.4',
  '1.2.840.113549.1.1.5',
  '1.3.14.3.2.29',
  '1.2.840.10045.4.1',
  '1.2.840.10040.4.3',
];

/** RSA below 2048 bits, EC below 224, or a signature with SHA-1 or MD5 (NIST SP 800-131A; BSSN follows it). */
export const isWeak = (c: CertificateFact): boolean =>
  (c.keyBits !== null &&
    ((/^RSA/.test(c.keyAlgorithm) && c.keyBits < 2048) || (/^EC/.test(c.keyAlgorithm) && c.keyBits < 224))) ||
  WEAK_SIGNATURES.includes(c.signatureAlgorithm);

/** Incidents that happened in the period and are incidents. */
const incidents = (facts: Facts) =>
  facts.incidents.filter((i) => within(facts, i.occurredAt) && i.ended !== 'not_incident' && i.ended !== 'duplicate');
/** A report by Pasal 19(1); a request for technical help (Pasal 20(2)) is none. */
export const isReport = (o: Pick<ObligationFact, 'stage'>): boolean => o.stage === 'early_notice';
/** Reports whose time ran out in the period, or that were met in it, and that were not released by two persons. */
const judged = (facts: Facts) =>
  facts.obligations.filter(
    (o) => isReport(o) && !o.released && within(facts, o.metAt !== null && o.metAt < o.dueAt ? o.metAt : o.dueAt),
  );
const early = (facts: Facts): ObligationFact[] => judged(facts).filter((o) => o.metAt !== null);

/** An agency is evaluated once the round of its sheet is closed: until then it may still answer. */
export const isEvaluated = (s: Pick<SheetFact, 'reviewedAt' | 'closedAt'>): boolean =>
  s.reviewedAt !== null && s.closedAt !== null;
/** Sheets that count for the period: of the newest closed routine round in it, one for each agency. */
export function countedSheets(facts: Facts) {
  const rounds = [...new Set(facts.sheets.filter((s) => inPeriod(facts, s.period)).map((s) => s.round))].sort();
  const reviewed = (round: string) =>
    facts.sheets.filter((s) => s.round === round && isEvaluated(s) && s.score !== null);
  const round = rounds.reverse().find((code) => !code.includes('-I') && reviewed(code).length > 0);
  return round ? reviewed(round) : [];
}
const inPeriod = (facts: Facts, period: string) =>
  period === facts.period.code || period.slice(0, 4) === facts.period.code;
const evaluated = (facts: Facts) => {
  const ids = new Set(facts.sheets.filter((s) => isEvaluated(s) && inPeriod(facts, s.period)).map((s) => s.agencyId));
  return facts.agencies.filter((a) => ids.has(a.id));
};
const adopted = (facts: Facts) => facts.findings.filter((f) => within(facts, f.adoptedAt));

/** Mean of basis points as thousandths of a point of 100. */
const mean = (values: number[]) =>
  values.length ? Math.round((values.reduce((a, b) => a + b, 0) * 10) / values.length) : null;
/** The middle value; between two, their mean. */
export function median(values: number[]): number | null {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length === 0 ? null : sorted.length % 2 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
}
const hours = (spans: number[]) => {
  const middle = median(spans);
  return middle === null ? null : Math.round(middle / (HOUR / 1000));
};

const STATE = 'waktu acuan laporan';
const all = (facts: Facts) => facts.certificates.length;
export const definitions: readonly FigureDefinition[] = [
  {
    code: 'F-01',
    version: 1,
    words: 'Sertifikat yang tercatat, semua status',
    clock: STATE,
    unit: 'sertifikat',
    kind: 'count',
    count: (f) => certificates(f, () => true),
  },
  {
    code: 'F-02',
    version: 1,
    words: 'Berlaku menurut bukti pencabutan yang segar, termasuk yang akan kedaluwarsa',
    clock: STATE,
    unit: '%',
    kind: 'share',
    count: (f) => ({ ...certificates(f, (c) => IN_FORCE.includes(c.label)), of: all(f) }),
  },
  {
    code: 'F-03',
    version: 1,
    words: 'Akan kedaluwarsa menurut tangga peringatan, belum ada pengganti',
    clock: STATE,
    unit: 'sertifikat',
    kind: 'count',
    count: (f) => certificates(f, (c) => c.label === 'expiring'),
  },
  {
    code: 'F-04',
    version: 1,
    words: 'Masa berlaku telah lewat dan belum ada pengganti',
    clock: STATE,
    unit: '%',
    kind: 'share',
    count: (f) => ({ ...certificates(f, (c) => c.label === 'expired' && !c.successor), of: all(f) }),
  },
  {
    code: 'F-05',
    version: 2,
    words: 'Habis dalam 30 hari dan belum ada pengganti',
    clock: STATE,
    unit: 'sertifikat',
    kind: 'count',
    count: (f) => certificates(f, (c) => isEnding(c, f.stateAt)),
  },
  {
    code: 'F-06',
    version: 1,
    words: 'Dicabut atau ditangguhkan, juga melalui penerbitnya',
    clock: STATE,
    unit: 'sertifikat',
    kind: 'count',
    count: (f) => certificates(f, (c) => GONE.includes(c.label)),
  },
  {
    code: 'F-07',
    version: 1,
    words: 'Status belum dapat dipastikan (bukti tidak segar, rantai belum lengkap, berkas belum ada)',
    clock: STATE,
    unit: 'sertifikat',
    kind: 'count',
    count: (f) =>
      certificates(f, (c) => !IN_FORCE.includes(c.label) && !GONE.includes(c.label) && c.label !== 'expired'),
  },
  {
    code: 'F-08',
    version: 1,
    words: 'Diterbitkan dalam periode, bukan pembaruan',
    clock: 'awal masa berlaku',
    unit: 'sertifikat',
    kind: 'count',
    count: (f) => certificates(f, (c) => within(f, c.notBefore) && !c.renewal),
  },
  {
    code: 'F-09',
    version: 1,
    words: 'Diterbitkan dalam periode sebagai pembaruan',
    clock: 'awal masa berlaku',
    unit: 'sertifikat',
    kind: 'count',
    count: (f) => certificates(f, (c) => within(f, c.notBefore) && c.renewal),
  },
  {
    code: 'F-10',
    version: 1,
    words: 'Dicabut dalam periode',
    clock: 'waktu pencabutan',
    unit: 'sertifikat',
    kind: 'count',
    count: (f) => certificates(f, (c) => within(f, c.revokedAt)),
  },
  {
    code: 'F-11',
    version: 2,
    words: 'Insiden yang ditetapkan; bila waktu terjadi belum diketahui, menurut waktu diketahui Dinas',
    clock: 'waktu terjadi',
    unit: 'insiden',
    kind: 'count',
    count: (f) => ({ table: 'incidents', rows: incidents(f) }),
  },
  {
    code: 'F-12',
    version: 1,
    words: 'Insiden dalam periode yang masih terbuka',
    clock: STATE,
    unit: 'insiden',
    kind: 'count',
    count: (f) => ({ table: 'incidents', rows: incidents(f).filter((i) => i.closedAt === null) }),
  },
  {
    code: 'F-13',
    version: 3,
    words: 'Laporan insiden kepada BSSN dan BSrE yang terkirim dalam target internal',
    clock: 'tenggat kewajiban',
    unit: '%',
    kind: 'share',
    count: (f) => ({
      table: 'obligations',
      rows: judged(f).filter((o) => o.metAt !== null && o.metAt <= o.dueAt),
      of: judged(f).length,
    }),
  },
  {
    code: 'F-14',
    version: 2,
    words: 'Median waktu dari insiden diketahui sampai laporan awal terkirim',
    clock: 'tenggat kewajiban',
    unit: 'jam',
    kind: 'measure',
    count: (f) => ({ table: 'obligations', rows: early(f), value: hours(early(f).map((o) => o.metAt! - o.startAt)) }),
  },
  {
    code: 'F-15',
    version: 2,
    words: 'Median waktu dari permohonan pencabutan sampai pencabutan terlihat pada sumber resmi',
    clock: 'waktu permohonan',
    unit: 'jam',
    kind: 'measure',
    count: (f) => {
      const rows = f.revocations.filter((r) => within(f, r.requestedAt) && r.seenAt !== null);
      return { table: 'revocations', rows, value: hours(rows.map((r) => r.seenAt! - r.requestedAt)) };
    },
  },
  {
    code: 'F-16',
    version: 2,
    words: 'Perangkat Daerah yang evaluasinya ditutup dalam periode',
    clock: 'waktu penutupan putaran',
    unit: 'Perangkat Daerah',
    kind: 'count',
    count: (f) => ({ table: 'agencies', rows: evaluated(f), of: f.agencies.length }),
  },
  {
    code: 'F-17',
    version: 2,
    words: 'Rata-rata nilai Perangkat Daerah pada putaran rutin terakhir',
    clock: 'waktu penutupan putaran',
    unit: 'nilai',
    kind: 'measure',
    count: (f) => {
      const rows = countedSheets(f);
      return { table: 'sheets', rows, value: mean(rows.map((s) => s.score!)) };
    },
  },
  {
    code: 'F-18',
    version: 2,
    words: 'Rata-rata cakupan penilaian (bobot kriteria yang diketahui)',
    clock: 'waktu penutupan putaran',
    unit: '%',
    kind: 'measure',
    count: (f) => {
      const rows = countedSheets(f);
      return { table: 'sheets', rows, value: mean(rows.map((s) => s.coverage ?? 0)) };
    },
  },
  {
    code: 'F-19',
    version: 2,
    words: 'Perangkat Daerah dengan nilai di bawah 70',
    clock: 'waktu penutupan putaran',
    unit: 'Perangkat Daerah',
    kind: 'count',
    count: (f) => ({
      table: 'sheets',
      rows: countedSheets(f).filter((s) => s.score! < 7000),
      of: countedSheets(f).length,
    }),
  },
  {
    code: 'F-20',
    version: 1,
    words: 'Temuan yang ditetapkan',
    clock: 'waktu penetapan',
    unit: 'temuan',
    kind: 'count',
    count: (f) => ({ table: 'findings', rows: adopted(f) }),
  },
  {
    code: 'F-21',
    version: 1,
    words: 'Temuan dalam periode yang selesai ditindaklanjuti',
    clock: STATE,
    unit: '%',
    kind: 'share',
    count: (f) => ({ table: 'findings', rows: adopted(f).filter((x) => x.state === 'closed'), of: adopted(f).length }),
  },
  {
    code: 'F-22',
    version: 1,
    words: 'Temuan lewat tenggat, dari semua periode',
    clock: STATE,
    unit: 'temuan',
    kind: 'count',
    count: (f) => ({ table: 'findings', rows: f.findings.filter((x) => x.overdue) }),
  },
  {
    code: 'F-23',
    version: 2,
    words: 'Sertifikat yang dapat dipakai dan tercatat pemiliknya',
    clock: STATE,
    unit: '%',
    kind: 'share',
    count: (f) => ({ ...certificates(f, (c) => usable(c) && c.holder), of: f.certificates.filter(usable).length }),
  },
  {
    code: 'F-24',
    version: 1,
    words: 'Perangkat Daerah yang memiliki sedikitnya satu sertifikat',
    clock: STATE,
    unit: 'Perangkat Daerah',
    kind: 'count',
    count: (f) => {
      const owners = new Set(f.certificates.map((c) => c.agencyId));
      return { table: 'agencies', rows: f.agencies.filter((a) => owners.has(a.id)), of: f.agencies.length };
    },
  },
  {
    code: 'F-25',
    version: 2,
    words: 'Dapat dipakai, dengan kunci atau algoritme yang lemah (RSA < 2048, EC < 224, SHA-1, MD5)',
    clock: STATE,
    unit: 'sertifikat',
    kind: 'count',
    count: (f) => certificates(f, (c) => usable(c) && isWeak(c)),
  },
  {
    code: 'F-26',
    version: 2,
    words: 'Dikonfirmasi ke CRL atau OCSP dalam 24 jam terakhir, dari yang dapat dipakai',
    clock: STATE,
    unit: '%',
    kind: 'share',
    count: (f) => ({
      ...certificates(f, (c) => usable(c) && c.confirmedAt !== null && c.confirmedAt > f.stateAt - DAY),
      of: f.certificates.filter(usable).length,
    }),
  },
];

export const definitionOf = (code: string): FigureDefinition | undefined => definitions.find((d) => d.code === code);

/** Hash of one stored row. */
export const rowRef = (table: string, row: { id: string }): RowRef => ({
  table,
  id: row.id,
  hash: sha256(canonical(row)),
});

/** Computes every figure from the stored rows. */
export const figuresOf = (facts: Facts): FigureValue[] =>
  definitions.map((definition) => {
    const counted = definition.count(facts);
    return {
      code: definition.code,
      version: definition.version,
      ...valueOf(definition, counted),
      rowCount: counted.rows.length,
      rowSetHash: rowSetHash(counted.rows.map((row) => rowRef(counted.table, row))),
    };
  });

/** One figure for a screen: the same numbers without the hash over their rows, which is what takes the time. */
export function figureOf(facts: Facts, code: string): Pick<FigureValue, 'value' | 'numerator' | 'denominator'> {
  const definition = definitionOf(code)!;
  return valueOf(definition, definition.count(facts));
}

function valueOf(definition: FigureDefinition, counted: Counted) {
  const numerator = counted.rows.length;
  const denominator = counted.of ?? null;
  const share = denominator ? Math.round((numerator * 100_000) / denominator) : null;
  const value =
    definition.kind === 'measure' ? (counted.value ?? null) : definition.kind === 'count' ? numerator * 1000 : share;
  return { value, numerator, denominator };
}
