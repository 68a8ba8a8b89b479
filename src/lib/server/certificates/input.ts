// What people may submit in this room; messages in Indonesian.
import * as v from 'valibot';

const id = v.pipe(v.string(), v.trim(), v.nonEmpty('Pilih salah satu.'), v.maxLength(64));
const line = (max: number) =>
  v.pipe(v.string(), v.trim(), v.nonEmpty('Kolom ini wajib diisi.'), v.maxLength(max, `Paling panjang ${max} huruf.`));
const optionalLine = (max: number) =>
  v.optional(v.pipe(v.string(), v.trim(), v.maxLength(max, `Paling panjang ${max} huruf.`)), '');

/** Hex digits of a SHA-256 as people paste it: colons, spaces and capitals do not matter. */
const fingerprint = v.pipe(
  v.string(),
  v.transform((text) =>
    text
      .replace(/^\s*sha-?256(\s+fingerprint)?\s*[:=]?\s*/i, '')
      .replace(/[\s:.\p{Cf}-]/gu, '')
      .toLowerCase(),
  ),
  v.nonEmpty('Ketik atau tempel sidik jari dari sumber resmi.'),
  v.regex(/^[0-9a-f]{64}$/, 'Sidik jari SHA-256 terdiri atas 64 angka heksadesimal.'),
);

export const trustInput = v.variant('decision', [
  v.object({
    decision: v.literal('accept'),
    fingerprint,
    note: line(500),
    /** The warnings were read, and it is trusted all the same. */
    despite: v.optional(v.boolean(), false),
  }),
  v.object({ decision: v.literal('reject'), fingerprint: v.optional(v.string(), ''), note: line(500) }),
]);
export type TrustInput = v.InferInput<typeof trustInput>;

export const assignInput = v.object({ holderId: id, why: optionalLine(300) });
export type AssignInput = v.InferInput<typeof assignInput>;

export const transferInput = v.object({ agency: line(40), why: line(300) });
export type TransferInput = v.InferInput<typeof transferInput>;

/** An act that only asks why. */
export const reasonInput = v.object({ why: line(300) });
export type ReasonInput = v.InferInput<typeof reasonInput>;

export const renewalInput = v.object({
  decision: v.picklist(['confirmed', 'rejected'], 'Pilih salah satu.'),
  why: optionalLine(300),
});
export type RenewalInput = v.InferInput<typeof renewalInput>;

/** @param moves the act asks where to */
export const bulkInput = (moves: boolean) =>
  v.object({ agency: moves ? line(40) : optionalLine(40), why: line(300), hash: v.string() });
export type BulkInput = v.InferInput<ReturnType<typeof bulkInput>>;

export const viewInput = v.object({
  name: line(60),
  query: v.pipe(v.string(), v.maxLength(1000, 'Tampilan ini terlalu rinci untuk disimpan.')),
  shared: v.optional(v.boolean(), false),
});
export type ViewInput = v.InferInput<typeof viewInput>;
