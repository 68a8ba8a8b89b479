// What people may submit about holders; messages in Indonesian.
import * as v from 'valibot';
import { isDate } from '../calendar.ts';
import { COPIED_ROUNDED, isExcelsNumber } from './cells.ts';

const trimmed = (max: number) => v.pipe(v.string(), v.trim(), v.maxLength(max, `Paling panjang ${max} huruf.`));
const line = (max: number, empty: string) => v.pipe(trimmed(max), v.nonEmpty(empty));
const day = v.pipe(v.string(), v.trim(), v.nonEmpty('Isi tanggalnya.'), v.check(isDate, 'Tanggal ini tidak ada.'));
const without = (signs: RegExp) => v.transform((text: string) => text.replace(signs, ''));

/** 18 digits, spaces and dots do not matter; '' when there is none. */
const nip = v.optional(
  v.pipe(
    trimmed(40),
    v.check((text) => !isExcelsNumber(text), COPIED_ROUNDED),
    without(/[\s.'-]/g),
    v.regex(/^(\d{18})?$/, 'NIP terdiri atas 18 angka.'),
  ),
  '',
);
const email = v.optional(
  v.pipe(
    trimmed(254),
    v.transform((text) => text.toLowerCase()),
    v.regex(/^([^\s@,;]+@[^\s@,;]+\.[^\s@,;]+)?$/, 'Alamat surel tidak lengkap, mis. nama@batam.go.id.'),
  ),
  '',
);
const name = v.pipe(
  line(200, 'Isi nama, seperti pada sertifikat.'),
  v.check((text) => /\p{L}|\p{N}/u.test(text), 'Nama harus memuat huruf.'),
);
const agency = v.optional(trimmed(40), '');
const title = v.optional(trimmed(200), '');
const why = line(300, 'Isi alasannya.');

export const newHolderInput = v.object({
  kind: v.picklist(['person', 'entity', 'system'], 'Pilih jenis pemilik.'),
  name,
  nip,
  email,
  agency,
  title,
  since: v.optional(
    v.pipe(
      v.string(),
      v.trim(),
      v.check((text) => text === '' || isDate(text), 'Tanggal ini tidak ada.'),
    ),
    '',
  ),
  /** 'yes': somebody else of the same name. */
  namesake: v.optional(v.string(), ''),
});
export type NewHolderInput = v.InferInput<typeof newHolderInput>;

export const editHolderInput = v.object({ name, nip, email });
export type EditHolderInput = v.InferInput<typeof editHolderInput>;

export const moveInput = v.object({ agency: line(40, 'Pilih Perangkat Daerah.'), title, from: day });
export type MoveInput = v.InferInput<typeof moveInput>;

export const leaveInput = v.object({
  status: v.picklist(['moved', 'retired', 'left', 'deceased'], 'Pilih apa yang terjadi.'),
  since: day,
});
export type LeaveInput = v.InferInput<typeof leaveInput>;

export const mergeInput = v.object({ other: line(64, 'Pilih catatan yang digabungkan.'), nip, why });
export type MergeInput = v.InferInput<typeof mergeInput>;

export const separateInput = v.object({ why });
export type SeparateInput = v.InferInput<typeof separateInput>;
