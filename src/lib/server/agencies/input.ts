// What a person may submit about an agency.
import * as v from 'valibot';
import { isDate } from '../calendar.ts';

const line = (max: number) =>
  v.pipe(v.string(), v.trim(), v.nonEmpty('Kolom ini wajib diisi.'), v.maxLength(max, `Paling panjang ${max} huruf.`));

export const renameInput = v.object({
  name: line(160),
  shortName: line(60),
  from: v.pipe(v.string(), v.check(isDate, 'Format tanggal tidak sesuai.')),
  source: line(200),
});
export const forgetInput = v.object({ key: line(200), why: line(200) });
export type ForgetInput = v.InferInput<typeof forgetInput>;

export type RenameInput = v.InferOutput<typeof renameInput>;
