// What people may submit about the time before Siaga.
import * as v from 'valibot';
import { incidentTypes } from '#lib/terms.ts';
import { isDate, period as periodOf, wibDate } from '../calendar.ts';
import { invalid, type FieldErrors } from '../errors.ts';

const text = (max: number) => v.pipe(v.string(), v.trim(), v.maxLength(max, `Paling panjang ${max} huruf.`));
/** A count as it is typed; nothing typed is not known, which is not the same as none. */
const count = v.pipe(
  v.optional(v.string(), ''),
  v.transform((raw) => raw.trim().replace(/\.(?=\d{3}\b)/g, '')),
  v.regex(/^\d{0,5}$/, 'Isi dengan bilangan bulat, 0 sampai 99.999; kosongkan bila tidak diketahui.'),
  v.transform((raw) => (raw === '' ? null : Number(raw))),
);
/** "82,45" → 8245 */
const score = v.pipe(
  v.optional(v.string(), ''),
  v.trim(),
  v.regex(/^(\d{1,3}([.,]\d{1,2})?)?$/, 'Isi nilai 0 sampai 100, mis. 82,45.'),
  v.transform((raw) => (raw === '' ? null : Math.round(Number(raw.replace(',', '.')) * 100))),
  v.check((value) => value === null || value <= 10_000, 'Nilai paling tinggi 100.'),
);

const common = {
  period: v.pipe(
    v.string(),
    v.trim(),
    v.check((code) => /^\d{4}(-S[12])?$/.test(code) && periodOf(code) !== null, 'Pilih tahun atau semester.'),
  ),
  reportedTo: v.optional(text(200), ''),
  reportedOn: v.pipe(
    v.optional(v.string(), ''),
    v.trim(),
    v.check((day) => day === '' || isDate(day), 'Isi tanggal penyampaian, atau kosongkan.'),
    v.transform((day) => day || null),
  ),
  reference: v.pipe(text(300), v.nonEmpty('Sebut dokumennya: nomor dan tanggal surat, atau tempat arsipnya.')),
  evidence: v.optional(v.object({ sha256: v.string(), size: v.number(), name: v.string(), mediaType: v.string() })),
};
const evaluation = v.object({ ...common, agencies: count, findings: count, closed: count, score });
const incidents = v.object({
  ...common,
  types: v.object(
    Object.fromEntries(Object.keys(incidentTypes).map((type) => [type, count])) as Record<
      keyof typeof incidentTypes,
      typeof count
    >,
  ),
});

export type EvaluationInput = { kind: 'evaluation' } & v.InferInput<typeof evaluation>;
export type IncidentsInput = { kind: 'incidents' } & v.InferInput<typeof incidents>;
export type SummaryInput = EvaluationInput | IncidentsInput;
/** null: the archive does not tell. */
export type Counts = Record<string, number | null>;
export type Summary = {
  kind: 'evaluation' | 'incidents';
  period: string;
  counts: Counts;
  score: number | null;
  reportedTo: string;
  reportedOn: string | null;
  reference: string;
  evidence?: { sha256: string; size: number; name: string; mediaType: string } | undefined;
};

/** @throws AppError invalid, with a message at each field */
export function readSummary(input: SummaryInput, now: number): Summary {
  const parsed = v.safeParse(input.kind === 'evaluation' ? evaluation : incidents, input);
  const fields: FieldErrors = Object.fromEntries(
    (parsed.issues ?? []).map((issue) => [String(issue.path?.at(-1)?.key ?? ''), issue.message]),
  );
  if (!parsed.success) throw invalid('Riwayat belum dicatat; periksa isian yang ditandai.', fields);
  const given = parsed.output;
  if (periodOf(given.period)!.start > now) fields.period = 'Periode itu belum dimulai.';
  if (given.reportedOn !== null && given.reportedOn > wibDate(now)) fields.reportedOn = 'Tanggal itu belum tiba.';
  if (given.reportedOn !== null && given.reportedTo === '') fields.reportedTo = 'Isi kepada siapa disampaikan.';
  const counts =
    'types' in given
      ? (given.types as Counts)
      : { agencies: given.agencies, findings: given.findings, closed: given.closed };
  if ('agencies' in given && !given.agencies) fields.agencies = 'Isi berapa Perangkat Daerah dievaluasi.';
  if ('closed' in given && given.closed !== null && given.findings !== null && given.closed > given.findings)
    fields.closed = 'Tidak mungkin lebih banyak dari temuannya.';
  if ('types' in given && Object.values(counts).every((n) => n === null))
    fields[Object.keys(counts)[0]!] = 'Isi paling sedikit satu jumlah; tulis 0 bila memang tidak ada kejadian.';
  if (Object.keys(fields).length) throw invalid('Riwayat belum dicatat; periksa isian yang ditandai.', fields);
  const { period, reportedTo, reportedOn, reference, evidence } = given;
  return {
    kind: input.kind,
    period,
    counts,
    score: 'score' in given ? given.score : null,
    reportedTo,
    reportedOn,
    reference,
    evidence,
  };
}
