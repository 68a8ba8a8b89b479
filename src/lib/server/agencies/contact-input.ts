import * as v from 'valibot';

const line = (max: number) => v.pipe(v.string(), v.trim(), v.maxLength(max, `Paling panjang ${max} huruf.`));
const phone = v.pipe(
  line(60),
  v.regex(/^$|^[+(\d][\d\s().,/-]{5,}$/, 'Isi nomor telepon dengan angka, mis. (021) 5550 1234.'),
);

/** An entry of the address book. */
export const contactInput = v.object({
  addressee: v.pipe(line(160), v.minLength(3, 'Isi jabatan yang dituju, mis. Kepala Badan Siber dan Sandi Negara.')),
  address: v.pipe(line(240), v.minLength(3, 'Isi alamat atau kota, mis. di Jakarta.')),
  email: v.pipe(
    v.string(),
    v.trim(),
    v.toLowerCase(),
    v.maxLength(254, 'Alamat surel terlalu panjang.'),
    v.regex(
      /^$|^[^\s@<>,;:"()[\]\\]{1,64}@[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?$/,
      'Isi satu alamat surel, atau kosongkan.',
    ),
  ),
  phone,
  outOfHours: phone,
});
export type ContactInput = v.InferInput<typeof contactInput>;
