// What a person may submit about reports. Messages are for people.
import * as v from 'valibot';

const text = (max: number) => v.pipe(v.string(), v.trim(), v.maxLength(max, `Paling panjang ${max} huruf.`));
const needed = (max: number, message: string) => v.pipe(text(max), v.minLength(1, message));

export const REFUSED = 'Isian belum benar; periksa yang ditandai.';

export const KINDS = [
  'annual-mayor',
  'annual-governor',
  'annual-bssn',
  'annual-bsre',
  'evaluation',
  'utilisation',
  'inventory',
  'incidents',
] as const;

export const requestInput = v.object({
  kind: v.picklist(KINDS, 'Pilih jenis laporan.'),
  period: v.pipe(v.string(), v.regex(/^\d{4}(-S[12])?$/, 'Tulis tahun (2026) atau semester (2026-S1).')),
  /** Needed when an approved report is replaced. */
  reason: v.optional(text(500), ''),
});
export type RequestInput = v.InferInput<typeof requestInput>;

export const editInput = v.object({
  narrative: v.record(text(40), text(8000)),
  letterNumber: v.optional(text(80), ''),
});
export type EditInput = v.InferInput<typeof editInput>;

export const dispatchInput = v.object({
  party: v.picklist(['mayor', 'governor', 'bssn', 'bsre', 'other'], 'Pilih penerima.'),
  addressee: needed(160, 'Isi penerima.'),
  way: v.picklist(['email', 'courier', 'portal', 'hand'], 'Pilih cara penyampaian.'),
  letterNumber: v.optional(text(80), ''),
  sentAt: v.pipe(v.number('Isi waktu penyampaian.'), v.integer('Isi waktu penyampaian.')),
  receipt: v.optional(text(200), ''),
});
export type DispatchInput = v.InferInput<typeof dispatchInput>;
