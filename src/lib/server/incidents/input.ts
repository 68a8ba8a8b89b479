// What people may submit, with messages in Indonesian. Text is made well-formed and loses control characters first, so
// that nothing typed at the open door can break the trail, a letter or a screen. A NIK is refused everywhere, since all
// of it may end in a letter; in a report of trouble it is covered instead, so that no report is lost over it.
import * as v from 'valibot';
import { hasNik, NO_NIK, withoutNik } from '../nik.ts';
import { isAddress } from '../notifications/lane.ts';
import { CHANNELS, INTAKE_KINDS, OUTCOMES, PRECISIONS, REVOCATION_REASONS, ROOT_CAUSES, TYPES } from './kinds.ts';

const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\u0080-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;
const clean = v.pipe(
  v.string(),
  v.transform((text) => text.toWellFormed().replace(/\r\n?/g, '\n').replace(CONTROL, '').trim()),
);
type Text = v.GenericSchema<string, string>;
const withoutAny = v.pipe(
  clean,
  v.check((text) => !hasNik(text), NO_NIK),
);
const covered = v.pipe(clean, v.transform(withoutNik));
/** One line. */
const line = (max: number, text: Text = withoutAny) =>
  v.pipe(
    text,
    v.transform((value) => value.replace(/\s+/g, ' ')),
    v.maxLength(max, `Paling panjang ${max} huruf.`),
  );
const filled = (max: number, message: string, min = 2, text: Text = withoutAny) =>
  v.pipe(line(max, text), v.minLength(min, message));
/** Several lines. */
const prose = (max: number, text: Text = withoutAny) => v.pipe(text, v.maxLength(max, `Paling panjang ${max} huruf.`));
/** Several lines that say something; the message names how much. */
const said = (max: number, message: string, min = 5) =>
  v.pipe(prose(max), v.minLength(min, `${message.replace(/\.$/, '')}, paling sedikit ${min} huruf.`));
const optional = <S extends Text>(schema: S) => v.optional(schema, '');

const phone = v.pipe(
  line(40),
  v.regex(/^\+?[\d\s().-]+$/, 'Isi dengan angka, mis. 0812-5550-0134.'),
  v.check((text) => text.replace(/\D/g, '').length >= 9, 'Nomor HP terlalu pendek. Contoh: 0812-5550-0134.'),
);
const email = v.pipe(
  line(254),
  v.toLowerCase(),
  v.check((text) => text === '' || isAddress(text), 'Isi satu alamat surel, mis. nama@batam.go.id.'),
);
const when = { at: optional(line(30)), reason: optional(prose(500)) };
/** When it happened: not known unless said. */
const occurrence = {
  occurred: v.optional(v.picklist([...PRECISIONS, 'unknown'], 'Pilih seberapa pasti waktu kejadiannya.'), 'unknown'),
  occurredAt: optional(line(30)),
};
const reason = said(1000, 'Tulis alasannya.', 10);
const grade = (message: string) =>
  v.pipe(
    v.union([v.number(), v.pipe(v.string(), v.transform(Number))]),
    v.integer(message),
    v.minValue(1, message),
    v.maxValue(4, message),
  );

export const reportInput = v.object({
  kind: v.picklist(INTAKE_KINDS, 'Pilih apa yang terjadi.'),
  ownerName: filled(160, 'Isi nama pemilik sertifikat.', 2, covered),
  agency: filled(200, 'Isi Perangkat Daerah pemilik.', 2, covered),
  reporterName: optional(line(160, covered)),
  phone,
  email: optional(email),
  story: optional(prose(4000, covered)),
  detectedAt: filled(30, 'Isi tanggal dan jam diketahui.'),
  precision: v.optional(v.picklist(PRECISIONS), 'minute'),
  channel: v.optional(v.picklist(['account', 'phone']), 'account'),
  certificateId: optional(line(40)),
  /** Made by the page: the same form sent twice is one report. */
  once: v.optional(v.union([v.literal(''), v.pipe(v.string(), v.regex(/^[\w-]{32}$/))]), ''),
  /** Honeypot: a person does not see it. */
  website: v.optional(v.literal('', 'Kosongkan isian ini.'), ''),
});
export const dutyInput = v.object({
  name: filled(160, 'Isi nama petugas.'),
  phone,
  userId: optional(line(40)),
  from: filled(30, 'Isi mulai bertugas.'),
  to: filled(30, 'Isi akhir bertugas.'),
});
export const promoteInput = v.object({
  type: v.picklist(TYPES, 'Pilih jenis insiden.'),
  title: filled(200, 'Tulis judul yang menyebut apa dan siapa.', 8),
  agencyId: filled(60, 'Pilih Perangkat Daerah.'),
  description: said(4000, 'Tulis apa yang diketahui.', 10),
  /** When the Dinas knew; nothing: when the report came in. */
  knownAt: optional(line(30)),
  knownReason: optional(prose(500)),
  ...occurrence,
});
export const occurrenceInput = v.object({ ...occurrence, reason: optional(prose(1000)) });
export const moveInput = v.object({ agencyId: filled(60, 'Pilih Perangkat Daerah.'), reason });
export const reasonInput = v.object({ reason });
export const mergeInput = v.object({ incident: filled(20, 'Isi nomor insiden, mis. INS-2026-0001.'), reason });
export const assessInput = v.object({
  impact: grade('Pilih dampaknya.'),
  urgency: grade('Pilih kemendesakannya.'),
  highOffice: v.optional(
    v.union([
      v.boolean(),
      v.pipe(
        v.string(),
        v.transform((text) => text === '1'),
      ),
    ]),
    false,
  ),
  reason: optional(prose(1000)),
});
export const stampInput = v.object({ ...when, note: optional(prose(1000)) });
export const correctInput = v.object({
  at: filled(30, 'Isi waktu yang benar.'),
  reason,
  precision: v.optional(v.picklist(PRECISIONS), 'minute'),
});
export const noteInput = v.object({
  ...when,
  text: said(4000, 'Tulis peristiwanya.', 5),
  corrects: optional(line(40)),
});
export const requestInput = v.object({
  certificateId: filled(60, 'Pilih sertifikat.'),
  reasonCode: v.picklist(REVOCATION_REASONS, 'Pilih alasan pencabutan.'),
  note: optional(prose(1000)),
  ...when,
});
export const forwardInput = v.object({
  number: filled(120, 'Isi nomor permohonan ke BSrE.'),
  note: optional(prose(1000)),
  ...when,
});
export const ticketInput = v.object({
  number: filled(120, 'Isi nomor tiket BSrE.'),
  note: optional(prose(1000)),
  ...when,
});
export const letterInput = v.object({
  number: optional(line(120)),
  date: v.pipe(line(10), v.regex(/^\d{4}-\d{2}-\d{2}$/, 'Isi tanggal surat.')),
  subject: filled(240, 'Isi hal surat.', 5),
  classification: filled(60, 'Isi sifat surat.'),
  addressee: filled(160, 'Isi pejabat yang dituju.'),
  addresseePlace: optional(line(160)),
  email: v.pipe(
    line(254),
    v.toLowerCase(),
    v.check((text) => text === '' || isAddress(text), 'Isi satu alamat surel, atau kosongkan.'),
  ),
  description: said(6000, 'Tulis deskripsi insiden.', 20),
  impact: said(3000, 'Tulis dampaknya; bila belum diketahui, tulis demikian.', 10),
  measures: optional(prose(3000)),
  misuse: v.optional(v.picklist(['', 'yes', 'no', 'unknown'], 'Jawab ya, tidak, atau belum diketahui.'), ''),
  contained: v.optional(v.picklist(['', 'yes', 'no'], 'Jawab ya atau belum.'), ''),
});
export const carryInput = v.object({
  channel: v.picklist(CHANNELS.filter((c) => c !== 'email') as ['courier', 'portal', 'phone'], 'Pilih jalur.'),
  address: filled(200, 'Isi alamat, nomor, atau loket yang dituju.'),
  person: optional(line(160)),
  note: optional(prose(1000)),
  evidenceId: optional(line(40)),
  ...when,
});
export const receiptInput = v.object({
  grade: v.pipe(
    v.union([v.number(), v.pipe(v.string(), v.transform(Number))]),
    v.picklist([3, 4, 5], 'Pilih bentuk tanda terima.'),
  ),
  authorityNumber: filled(120, 'Isi nomor agenda, tiket, atau surat balasan.', 1),
  person: optional(line(160)),
  note: optional(prose(1000)),
  evidenceId: optional(line(40)),
  ...when,
});
export const reviewInput = v.object({
  rootCause: said(4000, 'Tulis akar masalahnya.', 15),
  causeKind: v.picklist(ROOT_CAUSES, 'Pilih golongan penyebab.'),
  outcome: v.picklist(OUTCOMES, 'Pilih hasil penanganan.'),
  lessons: said(4000, 'Tulis pelajarannya: yang baik, yang buruk, yang kebetulan.', 10),
  actions: said(4000, 'Tulis tindak lanjut dan penanggung jawabnya, atau mengapa tidak perlu.', 10),
});

export type ReportInput = v.InferInput<typeof reportInput>;
export type DutyInput = v.InferInput<typeof dutyInput>;
export type PromoteInput = v.InferInput<typeof promoteInput>;
export type OccurrenceInput = v.InferInput<typeof occurrenceInput>;
export type MoveInput = v.InferInput<typeof moveInput>;
export type ReasonInput = v.InferInput<typeof reasonInput>;
export type MergeInput = v.InferInput<typeof mergeInput>;
export type AssessInput = v.InferInput<typeof assessInput>;
export type StampInput = v.InferInput<typeof stampInput>;
export type CorrectInput = v.InferInput<typeof correctInput>;
export type NoteInput = v.InferInput<typeof noteInput>;
export type RequestInput = v.InferInput<typeof requestInput>;
export type ForwardInput = v.InferInput<typeof forwardInput>;
export type TicketInput = v.InferInput<typeof ticketInput>;
export type LetterInput = v.InferInput<typeof letterInput>;
export type CarryInput = v.InferInput<typeof carryInput>;
export type ReceiptInput = v.InferInput<typeof receiptInput>;
export type ReviewInput = v.InferInput<typeof reviewInput>;
