// What people may submit about evaluations and findings.
import * as v from 'valibot';
import { isDate } from '../calendar.ts';
import { RESULTS } from './score.ts';

const text = (what: string, max = 4000) =>
  v.pipe(
    v.string(`Isi ${what}.`),
    v.trim(),
    v.nonEmpty(`Isi ${what}.`),
    v.maxLength(max, `Paling panjang ${max} huruf.`),
  );
const optional = (max = 4000) =>
  v.optional(v.pipe(v.string(), v.trim(), v.maxLength(max, `Paling panjang ${max} huruf.`)), '');
const date = (what: string) =>
  v.pipe(v.string(`Isi ${what}.`), v.trim(), v.check(isDate, `Isi ${what} sebagai tanggal.`));
const evidence = v.optional(
  v.object({ sha256: v.string(), size: v.number(), name: v.string(), mediaType: v.string() }),
);

export const incidentalInput = v.object({
  reason: text('alasan evaluasi insidentil', 500),
  agencies: v.pipe(v.array(v.string()), v.minLength(1, 'Pilih sedikitnya satu Perangkat Daerah.')),
});

export const answerInput = v.object({
  answers: v.pipe(
    v.array(
      v.pipe(
        v.object({ criterion: v.string(), agrees: v.boolean(), text: optional(2000), evidence }),
        v.check((a) => a.agrees || a.text !== '', 'Tulis alasan keberatan.'),
      ),
    ),
    v.minLength(1, 'Jawab sedikitnya satu kriteria.'),
  ),
});

export const judgeInput = v.object({
  result: v.picklist(RESULTS, 'Pilih hasil.'),
  remark: text('alasan penilaian', 2000),
});

export const replyInput = v.pipe(
  v.object({ accepts: v.boolean(), text: optional(4000) }),
  v.forward(
    v.check((r) => r.accepts || r.text !== '', 'Tulis apa yang tidak disetujui.'),
    ['text'],
  ),
);

export const reasonInput = v.object({ reason: text('alasan', 1000) });

export const findingInput = v.object({
  title: text('judul temuan', 200),
  standard: text('kriteria', 1000),
  condition: text('kondisi'),
  cause: optional(),
  effect: text('akibat'),
  risk: v.picklist(['low', 'medium', 'high'], 'Pilih tingkat risiko.'),
  recommendation: text('rekomendasi'),
  successMeasure: text('ukuran keberhasilan', 1000),
  dueOn: date('tenggat'),
});

export const planInput = v.object({
  text: text('rencana tindak lanjut'),
  dueOn: date('tanggal selesai rencana'),
  cause: optional(),
});
export const progressInput = v.object({ text: text('uraian kemajuan'), evidence });
export const submitInput = v.object({ text: text('uraian tindak lanjut'), evidence });
export const extensionInput = v.object({ dueOn: date('tenggat baru'), text: text('alasan perpanjangan', 1000) });
export const verifyInput = v.pipe(
  v.object({
    code: v.picklist([1, 2, 3, 4], 'Pilih tingkat tindak lanjut.'),
    text: text('hasil pemeriksaan'),
    ground: v.optional(v.picklist(['force_majeure', 'court', 'not_effective'], 'Pilih dasar.')),
    evidence,
  }),
  v.forward(
    v.check((i) => i.code !== 4 || i.ground !== undefined, 'Kode 4 perlu dasar yang sah.'),
    ['ground'],
  ),
  v.forward(
    v.check((i) => i.code !== 4 || i.evidence !== undefined, 'Kode 4 perlu bukti yang dilampirkan.'),
    ['evidence'],
  ),
);
export const effectInput = v.object({ effective: v.boolean(), text: text('hasil pemeriksaan efektivitas') });

export type AnswerInput = v.InferInput<typeof answerInput>;
export type JudgeInput = v.InferInput<typeof judgeInput>;
export type ReplyInput = v.InferInput<typeof replyInput>;
export type FindingInput = v.InferInput<typeof findingInput>;
export type IncidentalInput = v.InferInput<typeof incidentalInput>;
export type PlanInput = v.InferInput<typeof planInput>;
export type ProgressInput = v.InferInput<typeof progressInput>;
export type ExtensionInput = v.InferInput<typeof extensionInput>;
export type VerifyInput = v.InferInput<typeof verifyInput>;
export type EffectInput = v.InferInput<typeof effectInput>;
